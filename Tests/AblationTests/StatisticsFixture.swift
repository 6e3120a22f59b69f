import Foundation

/// Values computed with numpy, scipy, lifelines and rliable by `analysis/oracles/statistics_oracle.py`.
struct StatisticsFixture: Decodable {
  struct Number: Decodable {
    var value: Double

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        value = text == "nan" ? .nan : text == "inf" ? .infinity : -.infinity
      } else {
        value = try container.decode(Double.self)
      }
    }
  }
  struct Aggregates: Decodable {
    var name: String
    var values: [Double]
    var mean, iqm, sd, q25, median, q75, q025: Number
  }
  struct Bootstrap: Decodable {
    var name, aggregate: String
    var strata: [[Double]]
    var low, high: Double
  }
  struct Survival: Decodable {
    var name: String
    var trials: [Double]
    var reached: [Bool]
    var q25, median, q75: Number
    var curveTrials, curveShares: [Double]
  }
  struct LogRank: Decodable {
    var name: String
    var firstTrials: [Double]
    var firstReached: [Bool]
    var secondTrials: [Double]
    var secondReached: [Bool]
    var chiSquare, p: Double
  }
  struct SignedRank: Decodable {
    var name: String
    var differences: [Double]
    var positive, p: Double
  }
  struct TiedComparison: Decodable {
    var trials: Int
    var value, baseline: [[Int]]
    var positive, p, probability: Double
  }
  struct PermutedLogRank: Decodable {
    var name: String
    var firstTrials: [[Double]]
    var firstReached: [[Bool]]
    var secondTrials: [[Double]]
    var secondReached: [[Bool]]
    var chiSquare, p: Double
  }
  struct Improvement: Decodable {
    var name: String
    var x, y: [Double]
    var probability: Double
  }
  struct Holm: Decodable {
    var p, adjusted: [Double]
  }
  struct Distributions: Decodable {
    struct Normal: Decodable { var z, cdf: Double }
    struct Student: Decodable { var t, freedom, cdf: Double }
    struct Quantile: Decodable { var p, freedom, t: Double }
    var normal: [Normal]
    var studentCdf: [Student]
    var studentQuantile: [Quantile]
  }
  var versions: [String: String]
  var resamples: Int
  var aggregates: [Aggregates]
  var bootstraps: [Bootstrap]
  var survivals: [Survival]
  var logRanks: [LogRank]
  var signedRanks: [SignedRank]
  var improvements: [Improvement]
  var holms: [Holm]
  var distributions: Distributions
  var tiedComparisons: [TiedComparison]
  var permutedLogRanks: [PermutedLogRank]

  static let committed: StatisticsFixture = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/statistics.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(StatisticsFixture.self, from: Data(contentsOf: file))
    } catch {
      preconditionFailure("the committed values at \(file.path) cannot be read: \(error)")
    }
  }()
}

/// Equal within a relative (and, near zero, absolute) tolerance; NaN equals NaN, infinities themselves.
func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
  if a.isInfinite || b.isInfinite { return a == b }
  return abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}

/// No number is close to nothing.
func close(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  a.map { close($0, b, tolerance) } ?? false
}
