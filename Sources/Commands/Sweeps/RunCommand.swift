import ArgumentParser
import Foundation
import Kernels
import Launch
import MPI
import ResultStore
import Sweep

/// `trifactor run`: learns the rules of a sweep, on one rank or many, from the start or from where it stopped.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run or continue a sweep: alone, under mpirun or under srun.",
    discussion: """
      Stores results in the folder as they are computed. After any interruption the same command continues the sweep; \
      cells that are done are not run again. SIGUSR1 stops the run after the present meta-iterations, with exit code 75. \
      TRIFACTOR_SIMD=baseline|v3|v4 chooses the instruction set of a new sweep.
      """)

  @OptionGroup var file: SweepArgument
  @Option(name: .customLong("out"), help: "The folder of results.") var out: String
  @Option(
    help:
      "Number of ranks that share a cell, at most its lifetimes times its coefficients; or auto: idle ranks help."
  )
  var ranksPerCell = RanksPerCell.always(1)
  @Option(help: "Run cells again that have failed, or that have diverged; may be repeated.") var retry:
    [CellStatus] = []
  @Option(
    help: "Run only part i of n of the cells, as i/n with i from 0; every part needs a folder of its own.")
  var slice: Slice?
  @Flag(help: "Allow a sweep that shares no cell with the one in the folder; the old cells stay stored.")
  var replace = false

  @Option(
    help:
      "Seconds between two stored states of a running cell; a crash costs at most this time, or one meta-iteration if that is longer."
  )
  var stateEvery = 3.0
  @Option(
    help:
      "Seconds that a rank may be silent before the job ends and names it; longer where lifetimes are long."
  )
  var patience = 60.0

  func validate() throws {
    try requireName("--out", out)
    guard stateEvery >= 0, stateEvery <= 10 else {
      throw ValidationError("--state-every is \(stateEvery); wanted: 0 to 10 seconds")
    }
    guard patience >= 1 else { throw ValidationError("--patience is \(patience); wanted: at least 1 second") }
    // A week.
    try require("--patience", patience, in: 1...604_800)
    try ranksPerCell.requireBounds()
    guard !retry.contains(.done) else { throw ValidationError("--retry takes failed or diverged") }
  }

  func run() throws {
    let own = file.areTaskFilesSent ? nil : try file.load(results: out)
    let level = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
    Signals.listen()
    let code = MPI.run(exitCode: Failure.code(of:)) { world in
      let outcome =
        try own.map { .made($0) }
        ?? SentFiles.make(over: world, tasks: { $0.taskFiles.map(\.value) }) { sent in
          try file.load(results: out, sent: sent)
        }
      switch outcome {
      case .failed(let code): return code
      case .made(let sweep): return try SweepLaunch(request(sweep), level: level, world: world).run()
      }
    }
    throw ExitCode(code)
  }

  private func request(_ sweep: SweepFile) -> SweepRequest {
    var request = SweepRequest(sweep, in: out)
    request.ranksPerCell = ranksPerCell
    request.stateEvery = stateEvery
    request.patience = patience
    request.retry = Set(retry)
    request.slice = slice
    request.replace = replace
    return request
  }
}

extension CellStatus: ExpressibleByArgument {
  public init?(argument: String) {
    switch argument {
    case "done": self = .done
    case "diverged": self = .diverged
    case "failed": self = .failed
    default: return nil
    }
  }
  public var defaultValueDescription: String { "\(self)" }
  public static var allValueStrings: [String] { ["failed", "diverged"] }
}

extension Slice: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
