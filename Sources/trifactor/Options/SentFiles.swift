import Foundation
import MPI
import Sweep

/// Task files on their way from rank 0 to the others, which may be on hosts that do not have them.
///
/// Sweep files are read before MPI starts, so that mistakes are told at once. A rank other than the first whose sweep
/// names task files waits with it until rank 0 has sent what it has read.
enum SentFiles {
  /// True on a rank that is to wait: not the first, with a sweep file that names task files.
  static func waits(for sweep: String) -> Bool {
    !isFirstRank(ProcessInfo.processInfo.environment) && SweepFile.namesTaskFiles(sweep)
  }

  /// Every rank must call it.
  /// - Parameter tasks: what rank 0 has read; of no meaning elsewhere.
  /// - Returns: the bytes of all files that rank 0 has read, by their paths in the sweep file.
  static func share(_ tasks: some Sequence<TaskFile>, over world: Communicator) throws -> [String: [UInt8]] {
    guard world.size > 1 else { return [:] }
    var bytes: [UInt8] = []
    if world.rank == 0 {
      let files = tasks.flatMap(\.parts).map { ($0.asked, Data($0.bytes)) }
      let encoder = PropertyListEncoder()
      encoder.outputFormat = .binary
      bytes = Array(try encoder.encode(Dictionary(files) { first, _ in first }))
    }
    let sent = Data(try world.broadcast(bytes))
    return try PropertyListDecoder().decode([String: Data].self, from: sent).mapValues { Array($0) }
  }
}
