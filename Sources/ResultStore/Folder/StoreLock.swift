import Foundation
import Model

/// The right to write into a result folder: one run at a time.
///
/// The file is made with O_EXCL. A lock is taken over if its process is dead on this host, if it belongs to
/// our own Slurm job (which was requeued), or if its heartbeat is 60 s old and does not change while we watch. To take
/// over, a process writes the lock and reads it back after a pause, so that of two which try at once only one succeeds.
public final class StoreLock {
  public static let patience = 60.0
  public static let beatInterval = 5.0
  /// The file always has this many bytes, so that one write replaces all of it.
  static let fileSize = 512

  public let path: String
  /// The holder this lock was taken over from.
  public let previous: LockHolder?
  private let files: any FileLayer
  private let environment: LockEnvironment
  private let file: any StoreFile
  private var me: LockHolder
  private var isHeld = true

  /// - Throws: `StoreError` (locked) that names a living holder.
  public init(_ path: String, files: any FileLayer, environment: LockEnvironment = .system()) throws {
    self.path = path
    self.files = files
    self.environment = environment
    me = environment.identity
    me.heartbeat = environment.now()
    do {
      file = try files.open(path, .create)
      previous = nil
    } catch let error as StoreError where error.code == EEXIST {
      previous = try Self.judge(path, me, files, environment)
      file = try files.open(path, .update)
      try Self.write(me, to: file, path)
      environment.sleep(0.3)
      if let now = try Self.read(path, files), !now.isSameProcess(as: me) {
        try? file.close()
        throw Self.refusal(path, now, "took the folder at the same moment")
      }
      return
    }
    try Self.write(me, to: file, path)
    try files.synchroniseDirectory(parent(of: path))
  }

  /// Shows that the holder lives; to be called about every `beatInterval` seconds.
  /// - Throws: `StoreError` (locked) if another process has taken the lock meanwhile; nothing may be written then.
  public func beat() throws {
    guard let holder = try Self.read(path, files), holder.isSameProcess(as: me) else {
      isHeld = false
      throw StoreError(
        .locked,
        "\(path): the lock of this run is gone or another run has taken it; this run stops. "
          + "What it has stored is safe")
    }
    me.heartbeat = environment.now()
    try Self.write(me, to: file, path)
  }

  /// Releases the lock, so that another run can take the folder.
  public func release() throws {
    guard isHeld else { return }
    isHeld = false
    try file.close()
    if let holder = try Self.read(path, files), holder.isSameProcess(as: me) { try files.remove(path) }
  }

  /// Leaves the lock as it was found: with the dead holder it was taken from, or gone.
  func giveBack() throws {
    guard isHeld, let previous else { return try release() }
    isHeld = false
    try Self.write(previous, to: file, path)
    try file.close()
  }

  /// The holder named in a lock file; nil where there is no file or no holder in it.
  public static func read(_ path: String, _ files: any FileLayer) throws -> LockHolder? {
    guard try files.exists(path) else { return nil }
    let bytes: [UInt8]
    do { bytes = try files.contents(of: path, limit: 1 << 16) } catch let error as StoreError
      where error.code == ENOENT
    { return nil }
    return try? JSONDecoder().decode(LockHolder.self, from: Data(bytes))
  }

  private static func write(_ holder: LockHolder, to file: any StoreFile, _ path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var bytes = try Array(encoder.encode(holder))
    invariant(bytes.count < fileSize, "a lock of \(bytes.count) bytes does not fit into \(fileSize)")
    bytes += Array(repeating: 0x20, count: fileSize - 1 - bytes.count) + [0x0A]
    try file.writeAll(bytes, at: 0, path: path)
    try file.synchroniseData()
  }

  /// The dead holder of an existing lock; nil if the lock does not tell. Throws if the holder lives.
  private static func judge(
    _ path: String, _ me: LockHolder, _ files: any FileLayer, _ environment: LockEnvironment
  ) throws -> LockHolder? {
    guard let holder = try readPatiently(path, files, environment) else { return nil }
    if holder.host == me.host {
      guard holder.boot == me.boot, environment.startOfProcess(holder.pid) == holder.pidStart else {
        return holder
      }
      if !holder.isSameProcess(as: me) { throw refusal(path, holder, "runs in this folder") }
      throw refusal(path, holder, "is this process, which already has the folder open,")
    }
    if let job = me.job, job == holder.job { return holder }
    let age = environment.now() - holder.heartbeat
    guard age >= patience else {
      throw refusal(path, holder, "runs in this folder, last seen \(Int(max(0, age))) s ago,")
    }
    environment.sleep(beatInterval + 1)
    guard let later = try read(path, files), later != holder else { return holder }
    throw refusal(path, later, "runs in this folder (its clock is \(Int(age)) s behind ours)")
  }

  /// Reads a lock; if it cannot be read, again after a second, since it may just be being made.
  private static func readPatiently(
    _ path: String, _ files: any FileLayer, _ environment: LockEnvironment
  ) throws -> LockHolder? {
    if let holder = try read(path, files) { return holder }
    environment.sleep(1)
    return try read(path, files)
  }

  private static func refusal(_ path: String, _ holder: LockHolder, _ doing: String) -> StoreError {
    let job = holder.job.map { ", Slurm job \($0)" } ?? ""
    return StoreError(
      .locked,
      "\(path): process \(holder.pid) on \(holder.host)\(job) \(doing) and may be writing. Wait for it, "
        + "end it, or use another folder; if it is surely dead, remove \(path)")
  }
}

extension LockHolder {
  /// True if the holder lives: on this host its process does, elsewhere its heartbeat is less than 60 s old.
  public func isAlive(_ environment: LockEnvironment = .system()) -> Bool {
    if host == environment.identity.host {
      return boot == environment.identity.boot && environment.startOfProcess(pid) == pidStart
    }
    return environment.now() - heartbeat < StoreLock.patience
  }
}
