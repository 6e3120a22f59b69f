import Kernels

/// Two binary cues at once, then a delay: +1 if they differ.
///
/// Inputs: two one-hot pairs (first cue: channels 0-1, second: 2-3), on together during 0-0.3 of a 360-ms trial; the
/// answer is due in 0.7-1. Conditions: 2 a + b, uniform. Either cue alone says nothing: chance and shortcut are 0.5.
/// Source: ours, after the delayed nonmatch of Miconi, eLife 6:e20899 (2017), which is an exclusive or over time;
/// here the cues come together. The form with cues in turn is `delayed-nonmatch`.
public struct DelayedXOR: CatalogueTask {
  public static let listing = TaskDescription(
    name: "delayed-xor",
    summary: "two binary cues together, then a delay: +1 if they differ, else -1",
    source: "ours, after Miconi 2017, eLife 6:e20899")

  public let steps: Int
  let cue: Range<Int>
  let respond: Range<Int>

  public init(_ request: TaskRequest) throws {
    let epochs = try Epochs(request, ownLength: 360)
    steps = epochs.steps
    cue = try epochs.epoch("cue", fraction: 0, 0.3)
    respond = try epochs.epoch("respond", fraction: 0.7, 1)
  }

  public var inputs: Int { 4 }
  public var outputs: Int { 1 }
  public var conditions: Int { 4 }
  public var chance: Double { 0.5 }

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    let condition = stream.integer(below: 4)
    let (a, b) = (condition / 2, condition % 2)
    trial.begin(condition: condition, window: respond, target: a == b ? -1 : 1)
    trial.set(a, of: 4, to: 1, during: cue)
    trial.set(2 + b, of: 4, to: 1, during: cue)
  }
}
