import Kernels

/// A cue, then a probe: do they belong together?
///
/// Inputs: K cues and K probes, one-hot. Cue 0-200 ms, probe 400-600, answer due in 800-1000: +1 for a pair, -1 for
/// any other combination. The pairing is a permutation drawn for every lifetime. Condition: K cue + probe, uniform.
///
/// Chance 0.5. At K = 2 cue or probe alone say nothing: shortcut 0.5. At larger K only one in K combinations is a
/// pair, and the shortcut is to answer -1 always, which is right with probability 1 - 1/K.
/// Source: Sakai and Miyashita, Nature 354 (1991), as a match judgement on a redrawn pairing.
public struct PairedAssociation: CatalogueTask {
  public static let listing = TaskDescription(
    name: "paired-association",
    summary: "a cue, a delay, a probe: +1 if they are a pair; the pairing is redrawn for every lifetime",
    source: "after Sakai and Miyashita 1991, Nature 354:152",
    options: [TaskOption("cues", .number(2), "K, the number of cues and of probes; 2 K inputs")])

  /// K.
  let cues: Int
  public let steps: Int
  let cue: Range<Int>
  let probe: Range<Int>
  let respond: Range<Int>

  public init(_ request: TaskRequest) throws {
    cues = try request.integer("cues", in: 2...256)
    let epochs = try Epochs(request, ownLength: 1000)
    steps = epochs.steps
    cue = try epochs.epoch("cue", from: 0, to: 200)
    probe = try epochs.epoch("probe", from: 400, to: 600)
    respond = try epochs.epoch("respond", from: 800, to: 1000)
  }

  public var inputs: Int { 2 * cues }
  public var outputs: Int { 1 }
  public var conditions: Int { cues * cues }
  public var chance: Double { 0.5 }

  /// The probe of each cue, K values.
  public func drawLifetime(_ stream: inout RandomStream) -> LifetimeDraw {
    var partner = (0..<cues).map { Float($0) }
    stream.shuffle(&partner)
    return LifetimeDraw(partner)
  }

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    let condition = stream.integer(below: conditions)
    let (a, b) = (condition / cues, condition % cues)
    let paired = lifetime.values[a] == Float(b)
    trial.begin(condition: condition, window: respond, target: paired ? 1 : -1)
    trial.set(a, of: inputs, to: 1, during: cue)
    trial.set(cues + b, of: inputs, to: 1, during: probe)
  }
}
