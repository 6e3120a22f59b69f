/// ebar: a slow running mean of e(T), which the update leaves out: mu = clip(eta (e - ebar) (R - Rbar_c) - growth W).
///
/// e holds what a trial does every time (drift) beside what exploration added to this one. At fixed W the mean of
/// e (R - Rbar_c) over the trials of a condition is cov(e, R) + mean(e) (mean(R) - Rbar_c); the last term is noise that
/// follows Rbar_c, and with ebar_c in place of 0 it is gone, since (mean(e) - ebar_c) is. A mean over all conditions
/// takes away only what they share. As Rbar_c, ebar is updated after use, at rate a_e, and starts as the first e it
/// meets, whose update is 0. Its tangent follows edot at the same rate, one more U for every mean that is kept.
///
/// One mean a condition costs C N^2 memories that no synapse is known to have; one a synapse is local.
public struct SlowMean: Mechanism {
  public static let name = "the running mean of e"
  public static let constants = [
    LocalConstant.Declaration(
      "trace-mean", in: "rule", standard: 0, .share, learners: .threeFactor, recordVersion: 2,
      "a_e, rate of the running mean of e that mu leaves out; 0 = off")
  ]

  public static var filterConstant: LocalConstant? { .traceMean }

  /// a_e.
  let rate: Double
  private let group: TraceMeanGroup

  public init?(_ constants: LocalConstants, traceMeanBy: TraceMeanGroup) {
    rate = constants[.traceMean]
    group = traceMeanBy
    if !(rate > 0) { return nil }
  }

  /// Means that are kept for every synapse.
  func means(of conditions: Int) -> Int { group == .condition ? conditions : 1 }
  /// The mean that a trial of `condition` uses.
  func place(of condition: Int) -> Int { group == .condition ? condition : 0 }

  public func traceFilter<S: BinaryFloatingPoint & SIMDScalar>(count: Int, conditions: Int) -> TraceFilter<S>?
  {
    SlowMeanFilter(self, count: count, conditions: conditions)
  }

  public func referenceFilter() -> ReferenceFilter? {
    var means: [Int: [Double]] = [:]
    var meanTangents: [Int: [[Double]]] = [:]
    return { trace, tangents, slopes, condition in
      let place = self.place(of: condition)
      let mean = means[place] ?? trace
      let rest = zip(trace, mean).map { $0 - $1 }
      let known = meanTangents[place] ?? tangents
      let restTangents = zip(tangents, known).map { zip($0, $1).map { $0 - $1 } }
      means[place] = zip(mean, rest).map { $0 + rate * $1 }
      meanTangents[place] = known.indices.map { q in
        rest.indices.map { known[q][$0] + rate * restTangents[q][$0] + slopes[q] * rest[$0] }
      }
      return (rest, restTangents)
    }
  }
}

extension LocalConstant {
  /// a_e of `SlowMean`.
  public static let traceMean = LocalConstant(declared: "trace-mean")
}
