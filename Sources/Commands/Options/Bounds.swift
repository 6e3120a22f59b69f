import ArgumentParser
import Foundation
import Launch
import Plasticity

/// The largest numbers that options take: beyond them a command would only run out of memory or never end.
enum Bounds {
  /// Ranks of a job, and ranks that share a cell.
  static let ranks = 1...1_000_000
  /// Fresh networks, as `evaluation.networks` of a sweep file.
  static let networks = 1...1_000_000
  /// Trials of a lifetime, as `trials` of a sweep file.
  static let trials = 1...10_000_000
  /// 2^53 - 1, as of a sweep file: exact in JSON and numpy.
  static let seeds: ClosedRange<UInt64> = 0...9_007_199_254_740_991
  static let resamples = 1...1_000_000
  /// Of `evaluate --alignment`: a spread needs two draws.
  static let alignmentPoints = 1...100_000
  static let alignmentDraws = 2...65_536
  /// Credited GFLOP/s of a core.
  static let rates = 1e-6...1e9
  /// Cells that are simulated.
  static let simulatedCells = 10_000_000
  /// Numbers that are held at once, 8 bytes each.
  static let heldNumbers = 1 << 28
}

/// Refuses a number that is out of bounds, by the name of its option: `--ranks is 0; wanted: at least 1`.
/// - Throws: `ValidationError`.
func require<Number: Comparable>(_ option: String, _ value: Number, in range: ClosedRange<Number>) throws {
  guard !range.contains(value) else { return }
  // NaN is neither below nor above.
  let wanted =
    value < range.lowerBound
    ? "at least \(range.lowerBound)"
    : value > range.upperBound
      ? "at most \(range.upperBound)" : "a number from \(range.lowerBound) to \(range.upperBound)"
  throw ValidationError("\(option) is \(value); wanted: \(wanted)")
}

/// The same for an option that may be left out.
func require<Number: Comparable>(_ option: String, _ value: Number?, in range: ClosedRange<Number>) throws {
  if let value { try require(option, value, in: range) }
}

/// Refuses numbers that are in bounds each and too many together.
/// - Throws: `ValidationError`.
func require(_ options: String, _ first: Int, times second: Int, atMost most: Int, _ what: String) throws {
  let (product, overflows) = first.multipliedReportingOverflow(by: second)
  guard overflows || product > most else { return }
  throw ValidationError("\(options): \(first) x \(second) \(what); wanted: at most \(most) in all")
}

/// Refuses what this machine cannot hold.
/// - Parameter what: what takes the memory, as the beginning of a sentence.
/// - Throws: `UsageError`.
func requireMemory(_ bytes: Double, _ what: String) throws {
  let present = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
  guard bytes > present else { return }
  throw UsageError(
    String(format: "%@, %.0f GB, and this machine has %.0f; wanted: fewer", what, bytes / 1e9, present / 1e9))
}

/// Refuses numbers of a measurement of alignment that are out of bounds, or that nobody asked for.
/// - Throws: `ValidationError`.
func requireAlignment(_ isMeasured: Bool, points: Int?, draws: Int?) throws {
  try require("--alignment-points", points, in: Bounds.alignmentPoints)
  try require("--alignment-draws", draws, in: Bounds.alignmentDraws)
  let given = [("--alignment-points", points), ("--alignment-draws", draws)].first { $0.1 != nil }
  if let (option, _) = given, !isMeasured {
    throw ValidationError("\(option) has no effect alone; wanted: --alignment beside it")
  }
}

extension AlignmentPlan {
  /// nil for the standard numbers.
  init(points: Int?, draws: Int?) {
    self.init(points: points ?? Self.standardPoints, draws: draws ?? Self.standardDraws)
  }
}

/// Refuses an empty name of a file or folder.
/// - Throws: `ValidationError`.
func requireName(_ option: String, _ path: String?) throws {
  if path == "" { throw ValidationError("\(option) is empty; wanted: the name of a file or folder") }
}
