/// Notices ranks that have stopped answering. Pure: time comes with the events, in seconds on any steady clock.
///
/// Every rank says with each sign of life how long it may stay silent at most (`patience`): ten times the longest
/// stretch it has seen in its present cell, and never less than the floor. Only the time counts in which
/// this rank itself was looking: others are not blamed for a long computation here, or a suspension of the whole job.
public struct Watch: Sendable {
  private var silence: [Double]
  private var patience: [Double]
  private var last: Double
  /// The most seconds that one look may add to a silence.
  public static let longestLook = 5.0

  /// - Parameters:
  ///   - count: how many are watched; all count as heard at `now`.
  ///   - patience: seconds of silence allowed until the first sign of life.
  public init(count: Int, patience: Double, now: Double) {
    silence = Array(repeating: 0, count: count)
    self.patience = Array(repeating: patience, count: count)
    last = now
  }

  /// `index` has given a sign of life; `patience` replaces the one it announced before.
  public mutating func heard(_ index: Int, patience: Double? = nil) {
    silence[index] = 0
    if let patience { self.patience[index] = patience }
  }

  /// Adds the time since the last look, to be called after all messages that have arrived were heard.
  /// - Returns: those that have been silent for longer than they announced, with the seconds.
  public mutating func look(now: Double) -> [(index: Int, silence: Double)] {
    let step = min(max(0, now - last), Self.longestLook)
    last = now
    var silent: [(index: Int, silence: Double)] = []
    for index in silence.indices {
      silence[index] += step
      if silence[index] > patience[index] { silent.append((index, silence[index])) }
    }
    return silent
  }
}
