import Model
import Plasticity
import ResultStore

/// Alignment along the lifetime of one network in three numbers, from its stored records.
public struct AlignmentSummary: Sendable, Equatable {
  /// Names for tables, in the order of `values`.
  public static let names = ["cosine", "noise-free cosine", "signal/noise", "late reward", "late accuracy"]

  /// Mean over the points at which mu and g are not 0; NaN where there is none.
  public var cosine: Double
  /// <E mu, E g> over |E mu| |E g|, each summed over the points: what infinitely many draws would give; NaN where noise
  /// hides one of them.
  public var noiseFreeCosine: Double
  /// |E mu| over the standard deviation of mu, both squared and summed over the points.
  public var signalToNoise: Double
  public var lateReward: Double
  public var lateAccuracy: Double

  /// - Parameter records: of all points of one network; of a diverged lifetime those that it reached count.
  public init(_ records: [AlignmentRecord]) {
    let reached = records.filter { $0.draws >= 2 }
    func sum(_ path: KeyPath<AlignmentRecord, Double>) -> Double {
      reached.isEmpty ? .nan : reached.reduce(0) { $0 + $1[keyPath: path] }
    }
    cosine = reached.map(\.cosine).filter { !$0.isNaN }.mean()
    noiseFreeCosine = AlignmentPoint.cosine(sum(\.product), sum(\.updateSquare), sum(\.gradientSquare))
    signalToNoise = AlignmentPoint.signalToNoise(sum(\.updateSquare), sum(\.updateVariance))
    lateReward = records.first?.lateReward ?? .nan
    lateAccuracy = records.first?.lateAccuracy ?? .nan
  }

  public var values: [Double] { [cosine, noiseFreeCosine, signalToNoise, lateReward, lateAccuracy] }
}
