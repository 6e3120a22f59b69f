import ArgumentParser
import ResultStore
import Sweep

/// Where predicted times come from: a rate, or what cells took that were run before.
struct CostOptions: ParsableArguments {
  @Option(
    help:
      "Credited GFLOP/s of a core, whatever it does; if not given, what one core was measured to do at that size."
  )
  var rate: Double?
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

  /// As fast as asked for, as was measured, or as the machine of the standard speeds.
  func speed(_ measured: MeasuredCosts?) -> CoreSpeed {
    rate.map(CoreSpeed.init(everywhere:)) ?? measured?.speed ?? .standard
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
