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
  public var iterationsPerSecond: Double
  /// nil while it is not known.
  public var secondsLeft: Double?
  /// Seconds since 1970.
  public var time: Double

  public init(
    launch: Int, running: Int, waiting: [String]? = nil, iterationsPerSecond: Double, secondsLeft: Double?,
    time: Double
  ) {
    self.launch = launch
    self.running = running
    self.waiting = waiting
    self.iterationsPerSecond = iterationsPerSecond
    self.secondsLeft = secondsLeft
    self.time = time
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
