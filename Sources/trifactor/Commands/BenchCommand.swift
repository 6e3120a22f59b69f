import ArgumentParser
import Experiment
import Foundation
import Kernels
import Sweep

/// `trifactor bench`: how fast this core is, and how close to its peak the kernels and lifetimes come.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time kernels and whole lifetimes against the multiply-add peak of this core.",
    discussion: """
      One core, warmed up; medians with quartiles. GFLOP/s are credited: 2 N^2 T for the primal, 2 (d+1) N^2 T for \
      the eligibility, 8 P N^2 T for forward tangents, (6d+6) N^2 T for the adjoint, the work of a cell's plan. \
      That is what a formula is worth, not \
      what was executed. The peak is the best seen in the same run. Lifetimes include every draw; kernels one \
      trial's part each. Nothing else should run on the machine.
      """)

  @Option(
    help: ArgumentHelp(
      "Sizes N,T,d, joined by semicolons; 32,24,1-5 and five larger ones otherwise.", valueName: "N,T,d;..."))
  var sizes: String?
  @Option(help: "float, double or both.") var precision = BenchPrecision.float
  @Option(help: "Trials (H) of a lifetime; 200 for small networks and 20 for large ones otherwise.")
  var trials: Int?
  @Option(help: "Samples of each row; slow rows take fewer, at least 3.") var samples = 15
  @Option(help: "kernels or lifetimes, to measure only these.") var only: BenchPart?
  @Flag(help: "Print a JSON array, one object a row.") var json = false

  func validate() throws {
    if let trials, trials < 1 { throw ValidationError("--trials is \(trials); wanted: at least 1") }
    guard samples >= 1 else { throw ValidationError("--samples is \(samples); wanted: at least 1") }
    _ = try chosenSizes()
  }

  private func chosenSizes() throws -> [BenchSize] {
    guard let sizes else { return BenchSize.standard }
    do { return try BenchSize.list(sizes) } catch { throw ValidationError("--sizes: \(error)") }
  }

  func run() throws {
    let level = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
    var bench = Bench(sizes: try chosenSizes(), level: level)
    bench.precisions = precision.precisions
    bench.trials = trials
    bench.kernels = only != .lifetimes
    bench.lifetimes = only != .kernels
    bench.effort.samples = samples
    bench.effort.leastSamples = min(3, samples)
    bench.note = { printError("bench: \($0)") }
    let report = try bench.run()
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(report.rows), as: UTF8.self))
    } else {
      print(report.lines.joined(separator: "\n"))
    }
  }
}

enum BenchPart: String, ExpressibleByArgument, CaseIterable { case kernels, lifetimes }

enum BenchPrecision: String, ExpressibleByArgument, CaseIterable {
  case float, double, both

  var precisions: [Precision] {
    switch self {
    case .float: [.float]
    case .double: [.double]
    case .both: [.float, .double]
    }
  }
}

extension BenchReport {
  /// The report as text, a line a row.
  var lines: [String] {
    let peak = Precision.allCases.map {
      String(format: "%@ %.0f GFLOP/s", $0.rawValue, peaks[$0] ?? .nan)
    }
    let heads = ["", "ms a trial", "quartiles", "trials/s", "GFLOP/s", "of peak"]
    var lines = [
      "\(machine.processor), SIMD level \(machine.level), peak of one core: " + peak.joined(separator: ", ")
    ]
    var last: String?
    for row in rows {
      let size = "N = \(row.size.units), T = \(row.size.steps), d = \(row.size.degree), \(row.precision)"
      if size != last {
        lines += ["", Self.line([size] + heads.dropFirst())]
        last = size
      }
      lines.append(Self.line(Self.cells(row)))
    }
    return lines
  }

  private static func cells(_ row: BenchRow) -> [String] {
    let time = row.timing
    let credited = row.flops > 0
    return [
      "  \(row.name)" + (row.name.hasPrefix("lifetime") ? " \(row.engine) (H = \(row.trials))" : ""),
      number(time.median), "\(number(time.low)) - \(number(time.high))",
      String(format: "%.0f", 1e3 / time.median), credited ? String(format: "%.1f", row.gigaflops) : "-",
      credited ? String(format: "%.0f %%", 100 * row.gigaflops / row.peak) : "-",
    ]
  }

  /// Three significant digits or more.
  private static func number(_ value: Double) -> String {
    String(format: value < 0.1 ? "%.5f" : value < 10 ? "%.3f" : "%.1f", value)
  }

  private static func line(_ cells: [String]) -> String {
    let widths = [11, 19, 9, 8, 7]
    let first = cells[0].padding(toLength: max(42, cells[0].count), withPad: " ", startingAt: 0)
    return zip(cells.dropFirst(), widths).reduce(first) { text, cell in
      text + " " + String(repeating: " ", count: max(0, cell.1 - cell.0.count)) + cell.0
    }
  }
}
