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
    abstract: "Run a sweep, or go on with it: alone, under mpirun or under srun.",
    discussion: """
      Every cell's results go to shards in the folder as they are made. After any interruption the same command goes \
      on; cells that are done are not run again. SIGUSR1 stops at the next meta-iteration with exit code 75. \
      TRIFACTOR_SIMD=baseline|v3|v4 forces the instruction set of a new sweep.
      """)

  @OptionGroup var file: SweepArgument
  @Option(name: .customLong("out"), help: "The folder of results.") var out: String
  @Option(
    help:
      "Ranks that share one cell (at most its lifetimes times its coefficients are of use), or auto: idle ranks help."
  )
  var ranksPerCell = RanksPerCell.always(1)
  @Option(help: "Run cells again that ended as: failed or diverged.") var retry: [CellStatus] = []
  @Option(help: "Only the i-th of n parts of the cells: i/n, i from 0; every part has its own folder.")
  var slice: Slice?
  @Flag(help: "Go on in a folder with a sweep of which no cell is left; its cells stay stored and described.")
  var replace = false

  @Option(
    help:
      "Seconds between two stored states of a running cell: what a death can cost at most, or one meta-iteration where that takes longer."
  )
  var stateEvery = 3.0
  @Option(
    help:
      "Seconds a rank may be silent before it is named and the job ends; more by itself where lifetimes are long."
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
    let own = SentFiles.areSent(for: file.sweep) ? nil : try file.load(results: out)
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
