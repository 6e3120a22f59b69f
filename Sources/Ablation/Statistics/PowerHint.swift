import Foundation
import Model

/// What the signed-rank test can and cannot find with so many pairs.
public struct PowerHint: Sendable, Equatable {
  public var pairs: Int
  /// The smallest mean difference that the test finds at 5 % with 80 % power if the differences are normal with the
  /// spread seen; nil where so few pairs can find none, or `isOdd`.
  public var detectable: Double?
  /// Pairs needed to find the difference seen with the same power; nil where the test has found it, where it is zero,
  /// where more than a million would be needed, or `isOdd`.
  public var pairsNeeded: Int?
  /// True where the test would have found a mean as large as the one seen among normal differences, and did not: these
  /// are not normal (few large ones among many small or opposite ones), and their spread says nothing about the test.
  public var isOdd: Bool
}

extension Statistics {
  /// The level of all tests here.
  static let significance = 0.05

  /// - Parameters:
  ///   - differences: paired differences, ties merged.
  ///   - p: of their signed-rank test, so that the hint cannot contradict it.
  /// - Returns: nil for fewer than two differences or a NaN: no spread, no hint.
  public static func powerHint(_ differences: [Double], p: Double) -> PowerHint? {
    let spread = standardDeviation(differences)
    guard !spread.isNaN else { return nil }
    let seen = abs(differences.mean())
    let detectable = (signedRankReach(pairs: differences.count) * spread).finite
    var hint = PowerHint(pairs: differences.count, detectable: detectable, pairsNeeded: nil, isOdd: false)
    guard p > significance else { return hint }
    func isFound(_ difference: Double, _ pairs: Int) -> Bool {
      let reach = signedRankReach(pairs: pairs)
      return reach.isFinite && reach * spread <= difference
    }
    if let detectable, seen >= detectable {
      hint.detectable = nil
      hint.isOdd = true
    } else if seen > 0, isFound(seen, 1_000_000) {
      var (low, high) = (differences.count, max(8, 2 * differences.count))
      while !isFound(seen, high) { (low, high) = (high, high * 2) }
      while high - low > 1 {
        let middle = (low + high) / 2
        if isFound(seen, middle) { high = middle } else { low = middle }
      }
      hint.pairsNeeded = high
    }
    return hint
  }

  /// The mean, in standard deviations, of normal differences that the two-sided signed-rank test at 5 % finds with 80 %
  /// power; infinity where its smallest p, 2^(1 - n), is above 5 % (fewer than six pairs).
  ///
  /// Up to 20 pairs from 4000 samples of the exact test, drawn once: shifted by d, W+ is the number of Walsh averages
  /// (means of two differences) above -d (Hodges and Lehmann 1963), so each sample says at which shift it becomes
  /// significant. Beyond, the sample size of the t test (Cohen 1988) over the signed-rank test's efficiency 3/pi
  /// (Pitman's, for normal differences); the two meet within 3 % at 20.
  static func signedRankReach(pairs: Int) -> Double {
    guard pairs >= 6 else { return .infinity }
    if pairs <= 20 { return smallReaches[pairs - 6] }
    let freedom = Double(pairs - 1)
    let factor = studentQuantile(0.975, freedom: freedom) + studentQuantile(0.8, freedom: freedom)
    return factor * (Double.pi / 3 / Double(pairs)).squareRoot()
  }

  /// By pairs, from 6 to 20.
  private static let smallReaches: [Double] = (6...20).map { pairs in
    let wanted = signedRankBar(pairs: pairs)
    let shifts = concurrently(4000) { number in
      var draws = ResampleDraws(resample: number)
      let sample = (0..<pairs).map { _ in normal(&draws) }
      var averages: [Double] = []
      averages.reserveCapacity(pairs * (pairs + 1) / 2)
      for i in 0..<pairs { for j in i..<pairs { averages.append((sample[i] + sample[j]) / 2) } }
      averages.sort(by: >)
      return -averages[wanted - 1]
    }
    return quantile(sorted: shifts.sorted(), 0.8)
  }

  /// The smallest W+ of so many differences without ties whose two-sided p is at most 5 %.
  private static func signedRankBar(pairs: Int) -> Int {
    let most = pairs * (pairs + 1) / 2
    let doubled = (1...pairs).map { 2 * $0 }
    return (most / 2 + 1...most).first { exactSignedRank(doubled, positive: 2 * $0) <= significance }!
  }

  /// A standard normal number by Box and Muller.
  private static func normal(_ draws: inout ResampleDraws) -> Double {
    let u = (Double(draws.index(below: 1 << 30)) + 0.5) / Double(1 << 30)
    let v = Double(draws.index(below: 1 << 30)) / Double(1 << 30)
    return (-2 * log(u)).squareRoot() * cos(2 * Double.pi * v)
  }
}
