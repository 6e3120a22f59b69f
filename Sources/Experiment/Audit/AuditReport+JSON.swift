import Model
import Plasticity

extension AuditReport {
  /// Everything measured, for programs. NaN and infinity become null.
  public struct Document: Encodable {
    struct Comparison: Encodable {
      var trial: Int
      var error: Double?
      var settled: Int
      var directions: Int
    }
    struct Engine: Encodable {
      var quantity: String
      var worst: Double?
      var tolerance: Double
      var beyond: Int
      var trials: Int
    }
    struct Mean: Encodable {
      var mean: Double?
      var error: Double?
    }
    struct Estimator: Encodable {
      var name: String
      var estimates: Int
      var lifetimesEach: Int
      var gradient: [Mean]
      var bias: [Mean]
      var deviation: [Double?]
      var signalToNoise: Double?
      var gigaflop: Double?
      var biasExpected: String?
    }

    /// Name of the sweep, version and commit of the program; for the figure's signature.
    public var sweep: String?
    public var program: String?
    var cell: String
    var trials: Int
    var verdict: String
    var theta: [Double]
    var rewardTangents: [Comparison]
    var cumulatedRewardTangents: [Comparison]
    var weightTangents: [Comparison]
    var reference: [Engine]
    var float: [Engine]
    var adjoint: [Engine]
    var lifetimes: Int
    var dropped: Int
    var slope: [Mean]
    var estimators: [Estimator]
    var constants: Constants
    var horizons: Horizons

    /// What was measured by constants; numbers are by their coordinates, in the order of `names`.
    struct Constants: Encodable {
      struct Estimator: Encodable {
        var name: String
        var gradient: [Mean]
        var bias: [Mean]
      }
      var names: [String]
      /// `logarithm` or `plain`.
      var coordinates: [String]
      var rewardTangents: [Comparison]
      var cumulatedRewardTangents: [Comparison]
      var weightTangents: [Comparison]
      var reference: [Engine]
      var adjoint: [Engine]
      var slope: [Mean]
      var estimators: [Estimator]
    }

    /// Gradients under horizons; `directions` are all terms, then the constants.
    struct Horizons: Encodable {
      struct Row: Encodable {
        /// null for none.
        var horizon: Int?
        var gradient: [Mean]
        var bias: [Mean]
      }
      var estimator: String
      var lifetimes: Int
      var dropped: Int
      var directions: [String]
      var rows: [Row]
    }
  }

  public var document: Document {
    Document(
      cell: cell.keyText, trials: subject.method.trials, verdict: verdictLine, theta: start.theta,
      rewardTangents: differences.trials.enumerated().map { comparison($0, $1) },
      cumulatedRewardTangents: differences.cumulated.enumerated().map { comparison($0, $1) },
      weightTangents: differences.weights.map { comparison($0.trial, $0.comparison) },
      reference: engines.reference.map(engine), float: engines.float.map(engine),
      adjoint: engines.adjoint.map(engine),
      lifetimes: estimators.lifetimes, dropped: estimators.dropped, slope: estimators.slope.map(mean),
      estimators: estimators.estimators.map { row in
        Document.Estimator(
          name: row.estimator.rawValue, estimates: row.estimates, lifetimesEach: row.lifetimesEach,
          gradient: row.gradient.map(mean), bias: row.bias.map(mean), deviation: row.deviation.map(finite),
          signalToNoise: finite(row.signalToNoise),
          gigaflop: gigaflop[row.estimator].map { $0 * Double(row.lifetimesEach) },
          biasExpected: reasonForBias(row.estimator))
      }, constants: constantDocument, horizons: horizonDocument)
  }

  private var constantDocument: Document.Constants {
    Document.Constants(
      names: constants.map(\.name), coordinates: constants.map { "\($0.declaration.coordinate)" },
      rewardTangents: constantDifferences.trials.enumerated().map { comparison($0, $1) },
      cumulatedRewardTangents: constantDifferences.cumulated.enumerated().map { comparison($0, $1) },
      weightTangents: constantDifferences.weights.map { comparison($0.trial, $0.comparison) },
      reference: constantEngines.reference.map(engine), adjoint: constantEngines.adjoint.map(engine),
      slope: constantEstimators.slope.map(mean),
      estimators: constantEstimators.estimators.map { row in
        Document.Constants.Estimator(
          name: row.estimator.rawValue, gradient: row.gradient.map(mean), bias: row.bias.map(mean))
      })
  }

  private var horizonDocument: Document.Horizons {
    Document.Horizons(
      estimator: horizons.estimator.rawValue, lifetimes: horizons.lifetimes, dropped: horizons.dropped,
      directions: horizons.coordinates.map(name),
      rows: horizons.rows.map { row in
        Document.Horizons.Row(
          horizon: row.horizon, gradient: row.gradient.map(mean), bias: row.bias.map(mean))
      })
  }

  private func comparison(_ trial: Int, _ c: DifferenceAudit.Comparison) -> Document.Comparison {
    Document.Comparison(
      trial: trial, error: c.error.flatMap(finite), settled: c.settled, directions: c.directions)
  }

  private func engine(_ c: EngineAudit.Comparison) -> Document.Engine {
    Document.Engine(
      quantity: c.quantity, worst: finite(c.worst), tolerance: c.tolerance, beyond: c.beyond, trials: c.trials
    )
  }

  private func mean(_ m: EstimatorAudit.Mean) -> Document.Mean {
    Document.Mean(mean: finite(m.value), error: finite(m.error))
  }

  private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
}
