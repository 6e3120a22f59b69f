import Kernels

/// Which of K cues means +1: the smallest task, and the default of sweeps.
///
/// One of K one-hot cues is on during 0-0.3 of a 360-ms trial; the answer is due in 0.7-1. Half of the cues mean +1,
/// the others -1; which ones is drawn for every lifetime, so only within-lifetime plasticity can solve it.
/// K conditions, uniform. Chance 0.5. Without the cue or without the mapping nothing is known, so the shortcut is 0.5 too.
/// Source: ours; the shortest delayed form of arbitrary (conditional) association, as studied in monkeys by Asaad,
/// Rainer and Miller, Neuron 21 (1998).
public struct CueAssociation: CatalogueTask {
  public static let listing = TaskDescription(
    name: "cue-association",
    summary: "one of K cues, then a delay: +1 or -1 by cue; the mapping is redrawn for every lifetime",
    source: "ours, after Asaad, Rainer and Miller 1998, Neuron 21",
    options: [TaskOption("cues", .number(4), "K, an even number of cues; one input each")])

  /// K.
  public let inputs: Int
  public let steps: Int
  let cue: Range<Int>
  let respond: Range<Int>

  public init(_ request: TaskRequest) throws {
    inputs = try request.integer("cues", in: 2...1024)
    guard inputs.isMultiple(of: 2) else {
      throw request.error(
        option: "cues", seen: [Double(inputs)], wanted: "an even number, so that half of the cues mean +1")
    }
    let epochs = try Epochs(request, ownLength: 360)
    steps = epochs.steps
    cue = try epochs.epoch("cue", fraction: 0, 0.3)
    respond = try epochs.epoch("respond", fraction: 0.7, 1)
  }

  public var outputs: Int { 1 }
  public var conditions: Int { inputs }
  public var chance: Double { 0.5 }

  /// K values of +-1, half of each, in an order drawn by Fisher-Yates.
  public func drawLifetime(_ stream: inout RandomStream) -> LifetimeDraw {
    var values = (0..<inputs).map { $0 < inputs / 2 ? Float(1) : -1 }
    stream.shuffle(&values)
    return LifetimeDraw(values)
  }

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    let condition = stream.integer(below: inputs)
    trial.begin(condition: condition, window: respond, target: lifetime.values[condition])
    trial.set(condition, of: inputs, to: 1, during: cue)
  }
}
