/// Who holds a result folder, as the `lock` file says.
public struct LockHolder: Codable, Sendable, Equatable {
  public var host: String
  public var pid: Int32
  /// Start of the process in clock ticks after boot, since process numbers are reused.
  public var pidStart: UInt64
  /// The kernel's boot id, which changes when the machine restarts.
  public var boot: String
  /// SLURM_JOB_ID.
  public var job: String?
  /// Seconds since 1970 of the last beat.
  public var heartbeat: Double

  /// The same process on the same boot of the same host.
  func isSameProcess(as other: LockHolder) -> Bool {
    (host, pid, pidStart, boot) == (other.host, other.pid, other.pidStart, other.boot)
  }
}
