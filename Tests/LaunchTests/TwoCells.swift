import Experiment
import Kernels
import MPI
import ResultStore
import Sweep
import TestSupport

@testable import Launch

/// A sweep of two cells that take no time, its folder, and what a launch says.
final class TwoCells {
  static let text = """
    name: two
    base:
      trials: 5
      network: {units: 8}
      meta: {iterations: 1, lifetimes: 2, validation-networks: 2}
      evaluation: {networks: 2, criterion: {correct: 2, of: 3}}
    axes:
      seed: [0, 1]
    """

  let temporary: TemporaryFolder
  let out: String
  private(set) var said: [String] = []

  init() throws {
    temporary = try TemporaryFolder("launch")
    out = temporary.file("out")
  }

  /// The sweep with parts of its text replaced: old, new, old, new, ...
  static func sweep(_ changes: String...) throws -> SweepFile {
    let text = stride(from: 0, to: changes.count, by: 2).reduce(text) {
      $0.replacing(changes[$1], with: changes[$1 + 1])
    }
    return try SweepFile(bytes: Array(text.utf8), file: "two.yaml", schema: .trifactor) { _ in [] }
  }

  /// Runs it to its end.
  func run(_ sweep: SweepFile, _ change: (inout SweepRequest) -> Void = { _ in }) throws -> Int32 {
    var request = SweepRequest(sweep, in: out)
    change(&request)
    return try SweepLaunch(request, level: .baseline, world: .alone).run { self.said.append($0) }
  }

  /// Opens the folder as rank 0 does.
  func leader(_ sweep: SweepFile, _ change: (inout SweepRequest) -> Void = { _ in }) throws -> SweepLeader {
    var request = SweepRequest(sweep, in: out)
    change(&request)
    return try SweepLeader(request, cells: sweep.cells, lowest: .baseline, ranks: 1) { self.said.append($0) }
  }

  /// What has been said since the last call.
  func heard() -> [String] {
    defer { said = [] }
    return said
  }

  func manifest() throws -> SweepManifest { try StoreFolder(out).requireManifest() }
}
