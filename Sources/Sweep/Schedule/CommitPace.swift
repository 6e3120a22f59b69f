/// When rank 0 brings results to the disk: few of them at once, many of them in groups, so that it waits for the disk for
/// at most a tenth of its time. Pure: time comes with the calls, in seconds on any steady clock.
struct CommitPace: Sendable {
  /// The largest share of rank 0's time that commits may take.
  static let share = 0.1
  /// No result waits longer than this, in seconds, however slow the disk is.
  static let longestWait = 1.0
  private var due = -Double.infinity

  func isDue(now: Double) -> Bool { now >= due }

  /// Takes note of a commit that lasted from `began` to `ended`.
  mutating func note(began: Double, ended: Double) {
    due = ended + min(Self.longestWait, max(0, ended - began) * (1 / Self.share - 1))
  }
}
