import Ablation
import Model

/// A number of several networks: their mean with its 95 % bootstrap interval over networks.
public struct NetworkMean: Sendable, Equatable, Encodable {
  public var mean: Double
  /// nil for one network.
  public var low: Double?
  public var high: Double?
  /// Of every network that has the number, by cell and network.
  public var networks: [Double]

  /// nil where no network has the number.
  init?(_ values: [Double], resamples: Int) {
    let values = values.filter(\.isFinite)
    guard !values.isEmpty else { return nil }
    let interval = Statistics.stratifiedBootstrap([values], of: .mean, resamples: resamples)
    mean = values.mean()
    low = interval.low.isFinite ? interval.low : nil
    high = interval.high.isFinite ? interval.high : nil
    networks = values
  }

  /// `0.412 [0.401, 0.425]`.
  var text: String {
    let mean = Ablation.printed(mean, decimals: 3)
    guard let low, let high else { return mean }
    return "\(mean) [\(Ablation.printed(low, decimals: 3)), \(Ablation.printed(high, decimals: 3))]"
  }

  /// Mean, low and high with all digits; an end that does not exist is empty.
  var csv: [String] { [mean, low, high].map { $0.map { String($0) } ?? "" } }
}
