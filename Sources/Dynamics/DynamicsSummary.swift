/// A `DynamicsReport` in a few numbers. Means are over conditions (no input left out) and their analysed points,
/// each condition counting the same; NaN where no condition has a point to speak of.
public struct DynamicsSummary: Sendable, Equatable {
  /// Fixed points a condition.
  public var points = Double.nan
  /// Share of starts that converged.
  public var converged = Double.nan
  /// Share of the analysed points that are stable.
  public var stable = Double.nan
  /// Largest real part of an eigenvalue, in 1/tau.
  public var abscissa = Double.nan
  /// Eigenvalues with positive real part.
  public var unstableDirections = Double.nan
  /// Henrici's index over ||J||_F^2.
  public var nonNormality = Double.nan
  /// Overlap of the read-out rows with the right eigenvector of the slowest mode.
  public var slowOverlap = Double.nan
  /// Frobenius norm of p = (-J)^{-1} Win.
  public var sensitivity = Double.nan
  /// Frobenius norm of dz/du.
  public var outputGain = Double.nan

  /// Names and values in print order.
  public var entries: [(name: String, value: Double)] {
    [
      ("fixed points", points), ("converged", converged), ("stable", stable), ("abscissa", abscissa),
      ("unstable directions", unstableDirections), ("non-normality", nonNormality),
      ("slow overlap", slowOverlap), ("sensitivity", sensitivity), ("output gain", outputGain),
    ]
  }

  init(of report: DynamicsReport) {
    let conditions = report.held.filter { $0.condition >= 0 }
    /// Mean over conditions of the mean over points that have a value.
    func mean(_ value: (PointReport) -> Double?) -> Double {
      average(
        conditions.compactMap { held in held.points.compactMap(value) }.filter { !$0.isEmpty }.map(average))
    }
    func norm(_ values: [Double]?) -> Double? {
      values.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    }
    points = average(conditions.map { Double($0.search.points.count) })
    converged = average(
      conditions.compactMap { held in
        let starts = held.search.outcomes.values.reduce(0, +)
        return starts > 0 ? Double(held.search.outcomes["converged"] ?? 0) / Double(starts) : nil
      })
    stable = mean { $0.spectrum.map { $0.stability == .stable ? 1 : 0 } }
    abscissa = mean { $0.spectrum?.abscissa }
    unstableDirections = mean { $0.spectrum.map { Double($0.unstableDirections) } }
    nonNormality = mean { $0.nonNormality?.relative }
    slowOverlap = mean { point in
      guard let overlap = point.overlap, overlap.outputs > 0, overlap.modes > 0 else { return nil }
      return average((0..<overlap.outputs).map { overlap.right[$0 * overlap.modes] })
    }
    sensitivity = mean { point in
      guard case .sensitivity(let p) = point.sensitivity else { return nil }
      return norm(p)
    }
    outputGain = mean { norm($0.outputGain) }
  }
}

private func average(_ values: [Double]) -> Double {
  values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
}
