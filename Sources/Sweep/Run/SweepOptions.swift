/// How a run behaves; nothing here changes a result.
public struct SweepOptions: Sendable {
  /// G: consecutive ranks that share a cell; the last team may be smaller.
  public var ranksPerCell = 1
  /// True if idle teams help running ones at the end of the sweep, up to `SweepItem.width` ranks a cell.
  public var helping = false
  /// Seconds between two state records of a running cell, which is what a crash can cost. A step that takes longer is
  /// followed by a state at once, and a crash within it repeats all of it: there is no state within a meta-iteration,
  /// since its lifetimes are shared out among ranks by number and by direction.
  public var stateInterval = 3.0
  /// Seconds between two signs of life of a rank.
  public var beatInterval = 1.0
  /// Seconds of silence that are always allowed; a rank may be silent ten times as long as its longest stretch without
  /// a look at its messages, if that is more.
  public var patience = 60.0
  /// Records wait on their rank for at most this many seconds or bytes before they are sent together.
  public var flushInterval = 0.2
  public var flushBytes = 32 * 1024
  /// Bytes of records that a rank may have sent and rank 0 not stored; beyond, the rank waits. With R ranks, rank 0
  /// holds at most about R (window + flushBytes) bytes.
  public var window = 64 * 1024

  public init() {}

  /// The same for so many ranks: on more than a few thousand each speaks less often, so that all of them together
  /// send rank 0 about 10,000 messages with records and 1,000 bare signs of life a second at most, and a cell still
  /// loses no more than ten seconds.
  public func scaled(to ranks: Int) -> SweepOptions {
    var result = self
    let share = Double(ranks) / 10_000
    result.flushInterval = max(flushInterval, min(10, share))
    if ranks > 10_000 { result.stateInterval = max(stateInterval, min(10, share)) }
    result.beatInterval = max(beatInterval, min(patience / 6, 10 * share))
    return result
  }
}
