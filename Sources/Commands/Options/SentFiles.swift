import ArgumentParser
import Foundation
import Launch
import MPI
import Model
import Sweep

/// Task files on their way from rank 0 to the others, which may be on hosts that do not have them.
///
/// Sweep files are read before MPI starts, so that mistakes are told at once. Where a sweep file names task files and
/// there are several ranks, rank 0 reads them after the start and sends what it has read; where it fails, all ranks end
/// with its exit code.
enum SentFiles {
  /// What rank 0 has read made on this rank, or the exit code of the mistake that rank 0 has told.
  enum Outcome<Value> {
    case made(Value)
    case failed(Int32)
  }

  /// True in one of several ranks whose sweep file, or a setting given beside it, names task files.
  static func areSent(for sweep: String, _ overrides: [SettingOverride]) -> Bool {
    isOneOfManyRanks && SweepFile.namesTaskFiles(sweep, overrides: overrides)
  }

  /// True where a launcher has started this process.
  static var isOneOfManyRanks: Bool { rankText(ProcessInfo.processInfo.environment) != nil }

  /// Every rank must call it.
  /// - Parameters:
  ///   - tasks: those of the value that come from files.
  ///   - make: reads files from the disk, but for those it is given, by their paths in the sweep file.
  static func make<Value>(
    over world: Communicator, tasks: (Value) -> [TaskFile], _ make: ([String: [UInt8]]) throws -> Value
  ) throws -> Outcome<Value> {
    guard world.rank == 0 else {
      let message = try world.broadcast([])
      guard message.first == 0 else { return .failed(Int32(message.first ?? 70)) }
      let sent = try PropertyListDecoder().decode([String: Data].self, from: Data(message.dropFirst()))
      return .made(try make(sent.mapValues { Array($0) }))
    }
    let value: Value
    do { value = try make([:]) } catch {
      // `SweepArgument` has told its errors already.
      let code = (error as? ExitCode)?.rawValue ?? Failure.code(of: error)
      if !(error is ExitCode) { printError("error: \(Failure(error)?.message ?? "\(error)")") }
      _ = try world.broadcast([UInt8(truncatingIfNeeded: code)])
      return .failed(code)
    }
    let files = tasks(value).flatMap(\.parts).map { ($0.asked, Data($0.bytes)) }
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    _ = try world.broadcast([0] + Array(try encoder.encode(Dictionary(files) { first, _ in first })))
    return .made(value)
  }
}
