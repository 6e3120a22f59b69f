import ArgumentParser
import ResultStore
import Sweep

/// Where predicted times come from: a rate, or what cells took that were run before.
struct CostOptions: ParsableArguments {
  /// What a core of the last ten years sustains with AVX2; one with AVX-512 reaches twice as much.
  static let standardRate = 50.0

  @Option(help: "Credited GFLOP/s of a core; 50 if not given.") var rate: Double?
  @Option(help: "Folder of results: predict from the times that its cells took.") var measured: String?

  func validate() throws {
    if let rate, !(rate > 0 && rate.isFinite) {
      throw ValidationError("--rate is \(rate); wanted: a number above 0")
    }
    try require("--rate", rate, in: Bounds.rates)
    guard rate == nil || measured == nil else {
      throw ValidationError("--rate and --measured exclude each other; give one")
    }
  }

  /// - Returns: nil where nothing was measured.
  /// - Throws: `StoreError` for a folder that is none, is damaged or holds no finished cell.
  func load() throws -> MeasuredCosts? {
    guard let measured else { return nil }
    guard let costs = MeasuredCosts(try StoreReader(measured).results().values) else {
      throw StoreError(
        .usage, "no cell of \(measured) is finished, so nothing was measured; give --rate instead")
    }
    return costs
  }
}
