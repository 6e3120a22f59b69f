import Foundation
import Model

/// `progress.json`: how far the run that holds the lock has come. A courtesy to `status`: no result depends
/// on it, it is replaced every few seconds and may be missing.
public struct ProgressNote: Codable, Sendable, Equatable {
  /// Launch it speaks of.
  public var launch: Int
  /// Cells that ranks are at work on.
  public var running: Int
  /// Keys, as 16 hex digits, of cells that an earlier launch began and that have not made a meta-iteration in this one; nil
  /// where an earlier program wrote the note.
  public var waiting: [String]?
  /// Keys, the same way, of cells that ended before this launch and that it tries again.
  public var retried: [String]?
  public var iterationsPerSecond: Double
  /// nil while it is not known.
  public var secondsLeft: Double?
  /// Seconds since 1970.
  public var time: Double

  public init(
    launch: Int, running: Int, waiting: [String]? = nil, retried: [String]? = nil,
    iterationsPerSecond: Double, secondsLeft: Double?, time: Double
  ) {
    self.launch = launch
    self.running = running
    self.waiting = waiting
    self.retried = retried
    self.iterationsPerSecond = iterationsPerSecond
    self.secondsLeft = secondsLeft
    self.time = time
  }

  /// Cells that ended in an earlier launch, which this one tries again and has not ended yet.
  public func triedAgain(_ index: StoreIndex) throws -> Set<UInt64> {
    let keys = (retried ?? []).compactMap { UInt64($0, radix: 16) }
    return Set(try keys.filter { key in try index.result(of: key).map { Int($0.launch) < launch } ?? false })
  }

  /// The note in `folder`, nil where there is none that can be read.
  public static func load(_ folder: StoreFolder) -> ProgressNote? {
    guard FileDoor.kind(of: folder.progress) == .file,
      let bytes = try? FileDoor.bytes(folder.progress, limit: 1 << 22)
    else { return nil }
    return try? JSONDecoder().decode(ProgressNote.self, from: Data(bytes))
  }

  /// Replaces the note in `folder`; what goes wrong is of no consequence.
  public func save(_ folder: StoreFolder) {
    guard let data = try? JSONEncoder().encode(self) else { return }
    try? data.write(to: URL(fileURLWithPath: folder.progress), options: .atomic)
  }
}
