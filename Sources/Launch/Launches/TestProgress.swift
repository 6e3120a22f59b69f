import Foundation
import MPI
import Model
import Sweep

/// How far the tests of an evaluation are, on standard error of rank 0: rewritten in place on a terminal, a line every 30 s
/// elsewhere.
final class TestProgress {
  private var printer: ProgressPrinter?
  private let networks: Int

  /// - Parameter networks: of all pairs.
  init(networks: Int, _ world: Communicator) {
    self.networks = networks
    guard world.rank == 0 else { return }
    printer = ProgressPrinter(isTerminal: isatty(2) == 1, now: Surroundings.real.now()) { Console.show($0) }
  }

  /// - Parameter what: what has been done to so many networks, as in "tested".
  func show(_ what: String, _ done: Int) {
    printer?.show(line: "\(done) of \(networks) networks \(what)", now: Surroundings.real.now())
  }

  func finish() { printer?.finish() }
}
