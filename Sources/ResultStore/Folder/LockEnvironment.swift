import Foundation
import Model

/// What a lock needs to know of the machine; tests replace it.
public struct LockEnvironment {
  /// This process; its heartbeat is not used.
  public var identity: LockHolder
  /// Seconds since 1970.
  public var now: () -> Double
  public var sleep: (_ seconds: Double) -> Void
  /// Start time of a process of this host in clock ticks after boot, nil where there is none.
  public var startOfProcess: (_ pid: Int32) -> UInt64?

  public init(
    identity: LockHolder, now: @escaping () -> Double, sleep: @escaping (Double) -> Void,
    startOfProcess: @escaping (Int32) -> UInt64?
  ) {
    self.identity = identity
    self.now = now
    self.sleep = sleep
    self.startOfProcess = startOfProcess
  }

  /// The machine as it is.
  public static func system() -> LockEnvironment {
    let pid = getpid()
    let boot = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
    let identity = LockHolder(
      host: hostName(), pid: pid,
      pidStart: start(of: pid) ?? 0, boot: boot.trimmingCharacters(in: .whitespacesAndNewlines),
      job: ProcessInfo.processInfo.environment["SLURM_JOB_ID"], heartbeat: 0)
    return LockEnvironment(
      identity: identity, now: { Date().timeIntervalSince1970 },
      sleep: { Thread.sleep(forTimeInterval: $0) }, startOfProcess: start)
  }

  /// Field 22 of /proc/PID/stat; the second field, the program's name, may hold anything and ends at the last
  /// `)`. A zombie counts as dead.
  private static func start(of pid: Int32) -> UInt64? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let close = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: close)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return UInt64(fields[19])
  }
}
