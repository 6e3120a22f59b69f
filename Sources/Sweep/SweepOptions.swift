import Glibc

/// How a run behaves; nothing here changes a result.
public struct SweepOptions: Sendable {
  /// G: consecutive ranks that share a cell; the last team may be smaller.
  public var ranksPerCell = 1
  /// True where idle teams help running ones at the end of the sweep, as far as `SweepItem.width` allows.
  public var helping = false
  /// Seconds between two state records of a running cell: what a death at any moment can cost. A step that takes
  /// longer is followed by a state at once.
  public var stateInterval = 3.0
  /// Seconds between two signs of life of a rank.
  public var beatInterval = 1.0
  /// Seconds of silence that are always allowed; ten times a rank's longest stretch without a look where that is
  /// more.
  public var patience = 60.0
  /// Records wait on their rank for at most this many seconds or bytes before they are sent together.
  public var flushInterval = 0.2
  public var flushBytes = 32 * 1024
  /// Bytes of records a rank may have on their way; it waits until rank 0 has stored some. With R ranks, rank 0
  /// holds at most about R (window + flushBytes) bytes.
  public var window = 64 * 1024

  public init() {}
}

/// What a run takes from the machine it is on; a parameter for the tests.
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

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
