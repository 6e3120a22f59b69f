/// The time a program had: seconds in which it ran or slept count in full, seconds in which it waited for a processor
/// that others had do not. Limits of programs count this time, and so mean the same on a busy machine.
struct OwnTime {
  private(set) var seconds = 0.0
  /// Times at the last look, by thread. A thread that is seen for the first time counts from its start.
  private var threads: [Int32: Session.ThreadTime] = [:]

  /// Adds what of an interval was the program's.
  /// - Parameters:
  ///   - interval: seconds since the last look.
  ///   - threads: the times at its end; empty where nobody counts them.
  mutating func pass(_ interval: Double, _ now: [Int32: Session.ThreadTime]) {
    var (ran, waited) = (0.0, 0.0)
    for (thread, time) in now {
      ran += max(0, time.ran - (threads[thread]?.ran ?? 0))
      waited += max(0, time.waited - (threads[thread]?.waited ?? 0))
    }
    threads = now
    seconds += interval * (now.isEmpty ? Self.unknown : Self.share(of: interval, ran: ran, waited: waited))
  }

  /// The part of an interval that counts, where threads ran and waited so many seconds in all.
  ///
  /// Of one thread's interval what it did not wait. Of many threads that are busy all the time, which may wait for each
  /// other too, the part of their time in which they ran. Never less than a 20th: a limit of a minute is 20 by the clock
  /// at most.
  static func share(of interval: Double, ran: Double, waited: Double) -> Double {
    max(0.05, 1 - waited / max(interval, ran + waited))
  }

  /// The part that counts where the kernel does not tell.
  static let unknown = 0.2
}
