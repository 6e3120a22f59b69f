import Kernels

/// Which way does a noisy stimulus point?
///
/// White noise has standard deviation s / sqrt(dt) per step, s in sqrt(ms), so that n steps of dt carry the same
/// evidence for every dt. The sign is drawn with the coherence; condition = 2 i + (sign > 0) for coherence i.
/// At coherence 0 the sign is a coin that the input does not show.
///
/// | form | inputs during the stimulus | s | coherences | fixation, stimulus, gap, respond (ms) |
/// |---|---|---|---|---|
/// | short | 1: sign coh + noise | sqrt(15), so 1 at dt = 15 | 0.25, 0.5 | 0, 216, 36, 108 |
/// | full | 2: 0.5 +- sign coh/200 + noise each | 1 | 0, 6.4, 12.8, 25.6, 51.2 % | 100, 2000, 0, 100 |
///
/// Chance and shortcut 0.5. The ideal observer sums the evidence: it is right with probability
/// Phi(coh sqrt(n dt) / s) (short) or Phi((coh/100) sqrt(n dt / 2) / s) (full), averaged over the coherences.
/// Sources: Britten et al., J. Neurosci. 12 (1992); the coding of the full form is that of neurogym's
/// PerceptualDecisionMaking (Molano-Mazon et al. 2022). The short form is ours.
public struct PerceptualDecision: CatalogueTask {
  public static let listing = TaskDescription(
    name: "perceptual-decision",
    summary: "the sign of a noisy stimulus, at several coherences",
    source: "Britten et al. 1992, J. Neurosci. 12:4745; coding of neurogym",
    forms: ["short", "full"],
    options: [
      TaskOption("coherences", .numbers([]), "short: 0.25, 0.5; full, in per cent: 0, 6.4, 12.8, 25.6, 51.2"),
      TaskOption("noise", .numbers([]), "s in sqrt(ms); short: sqrt(15), full: 1"),
      TaskOption("stimulus", .number(2000), "length of the full form's stimulus, ms"),
    ])

  public let steps: Int
  /// 1 (short) or 2 (full).
  public let inputs: Int
  /// Mean of channel 0 above the middle, by coherence, for sign +1.
  let drift: [Double]
  /// Standard deviation of the noise per step.
  let deviation: Double
  let stimulus: Range<Int>
  let respond: Range<Int>

  public init(_ request: TaskRequest) throws {
    let short = request.form == "short"
    try request.refuse("stimulus", unlessForm: "full")
    inputs = short ? 1 : 2
    let limit: Double = short ? 10 : 100
    let coherences = request.numbers(
      "coherences", standard: short ? [0.25, 0.5] : [0, 6.4, 12.8, 25.6, 51.2])
    guard coherences.count <= 64, coherences.allSatisfy({ (0...limit).contains($0) }) else {
      throw request.error(
        option: "coherences", seen: coherences,
        wanted: "1 to 64 numbers in 0...\(limit) for form \(request.form)")
    }
    drift = coherences.map { short ? $0 : $0 / 200 }
    let noise = try request.number("noise", in: 0...1e6, standard: short ? 15.0.squareRoot() : 1)
    deviation = noise / request.time.step.squareRoot()
    if short {
      let epochs = try Epochs(request, ownLength: 360)
      steps = epochs.steps
      stimulus = try epochs.epoch("stimulus", fraction: 0, 0.6)
      respond = try epochs.epoch("respond", fraction: 0.7, 1)
    } else {
      let length = try request.number("stimulus", in: 1...1e6)
      let epochs = try Epochs(request, ownLength: 100 + length + 100)
      steps = epochs.steps
      stimulus = try epochs.epoch("stimulus", from: 100, to: 100 + length)
      respond = try epochs.epoch("respond", from: 100 + length, to: epochs.ownLength)
    }
  }

  public var outputs: Int { 1 }
  public var conditions: Int { 2 * drift.count }
  public var chance: Double { 0.5 }

  /// Accuracy of the ideal observer at each coherence.
  public var ceilings: [Double] {
    let evidence = Double(stimulus.count).squareRoot() * (inputs == 1 ? 1 : 2.0.squareRoot())
    return drift.map { $0 == 0 ? 0.5 : normalCDF($0 * evidence / deviation) }
  }

  public var ceiling: Double { ceilings.reduce(0, +) / Double(drift.count) }

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    let condition = stream.integer(below: conditions)
    let sign: Double = condition % 2 == 1 ? 1 : -1
    trial.begin(condition: condition, window: respond, target: Float(sign))
    let mean = sign * drift[condition / 2]
    stream.withNormals(inputs * stimulus.count) { draws in
      for (n, t) in stimulus.enumerated() {
        if inputs == 1 {
          trial.inputs[t] = Float(mean + deviation * Double(draws[n]))
        } else {
          trial.inputs[2 * t] = Float(0.5 + mean + deviation * Double(draws[2 * n]))
          trial.inputs[2 * t + 1] = Float(0.5 - mean + deviation * Double(draws[2 * n + 1]))
        }
      }
    }
  }
}
