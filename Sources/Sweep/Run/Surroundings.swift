import Glibc
import Model

/// What a run needs of its machine; tests replace it.
public struct Surroundings {
  /// Seconds on a clock that never goes back.
  public var now: () -> Double
  public var sleep: (Double) -> Void
  public var signals: () -> Signals.Seen
  public var host: String
  public var process: Int32

  public init(
    now: @escaping () -> Double, sleep: @escaping (Double) -> Void, signals: @escaping () -> Signals.Seen,
    host: String, process: Int32
  ) {
    self.now = now
    self.sleep = sleep
    self.signals = signals
    self.host = host
    self.process = process
  }

  /// The real ones. `Signals.listen()` must have been called for signals to be seen.
  public static var real: Surroundings {
    Surroundings(
      now: {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
      },
      sleep: { usleep(UInt32(max(0, min($0, 1)) * 1e6)) },
      signals: { Signals.seen() },
      host: hostName(), process: getpid())
  }
}
