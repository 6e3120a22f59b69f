import Kernels

/// Two noisy streams at once and a context that says which one counts: the sign of the attended stream.
///
/// Inputs: two streams during 0-500 ms of 700, mean sign * drift, noise s / sqrt(dt) per step (s in sqrt(ms));
/// channels 2 and 3 are the context, one of them 1 throughout. The answer is due in 500-700. Condition:
/// 2 attended + (sign > 0); the other stream's sign is a fair coin.
///
/// Miconi's stream 0.5 (N(0, 1) + 0.5 sign) per 1-ms step is drift 0.25, s = 0.5: the defaults. Ideal observer:
/// Phi(drift sqrt(n dt) / s), 1 to rounding at the defaults. A policy that ignores the context can do no better than
/// the sign of the summed streams: it is right with probability Phi(sqrt(2) drift sqrt(n dt) / s) on congruent trials and
/// 0.5 on the others, 0.75 at the defaults. `isCongruent` tells the two kinds apart, and accuracy on incongruent trials is reported by itself.
///
/// Sources: Mante, Sussillo, Shenoy and Newsome, Nature 503 (2013); Miconi, eLife 6:e20899 (2017).
public struct ContextIntegration: CatalogueTask {
  public static let listing = TaskDescription(
    name: "context-integration",
    summary: "two noisy streams; the context says whose sign is the answer",
    source: "Mante et al. 2013, Nature 503:78; Miconi 2017, eLife 6:e20899",
    options: [
      TaskOption("drift", .number(0.25), "mean of a stream, times its sign"),
      TaskOption("noise", .number(0.5), "s in sqrt(ms): the noise of a step has deviation s / sqrt(dt)"),
    ])

  public let steps: Int
  let stimulus: Range<Int>
  let respond: Range<Int>
  let drift: Double
  /// Standard deviation of the noise per step.
  let deviation: Double

  public init(_ request: TaskRequest) throws {
    let epochs = try Epochs(request, ownLength: 700)
    steps = epochs.steps
    stimulus = try epochs.epoch("stimulus", from: 0, to: 500)
    respond = try epochs.epoch("respond", from: 500, to: 700)
    drift = try request.number("drift", in: 1e-6...1e3)
    deviation = try request.number("noise", in: 0...1e6) / request.time.step.squareRoot()
  }

  public var inputs: Int { 4 }
  public var outputs: Int { 1 }
  public var conditions: Int { 4 }
  public var chance: Double { 0.5 }
  public var ceiling: Double { normalCDF(discriminability) }

  /// Mean of a stream's sum in units of its standard deviation.
  var discriminability: Double { drift * Double(stimulus.count).squareRoot() / deviation }

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    let condition = stream.integer(below: 4)
    let attended = condition / 2
    let sign: Double = condition % 2 == 1 ? 1 : -1
    let other: Double = stream.bit() ? 1 : -1
    trial.begin(condition: condition, window: respond, target: Float(sign))
    trial.set(2 + attended, of: 4, to: 1, during: 0..<steps)
    stream.withNormals(2 * stimulus.count) { draws in
      for (n, t) in stimulus.enumerated() {
        for channel in 0..<2 {
          let mean = drift * (channel == attended ? sign : other)
          trial.inputs[4 * t + channel] = Float(mean + deviation * Double(draws[2 * n + channel]))
        }
      }
    }
  }

  /// The sum over the stimulus of one stream.
  func evidence(_ channel: Int, _ inputs: [Float]) -> Double {
    stimulus.reduce(0) { $0 + Double(inputs[4 * $1 + channel]) }
  }

  public var hasIncongruentTrials: Bool { true }
  public func isIncongruent(_ trial: Trial) -> Bool { !isCongruent(trial) }

  /// True where both streams point the same way, judged from their sums.
  public func isCongruent(_ trial: Trial) -> Bool {
    evidence(0, trial.inputs) * evidence(1, trial.inputs) > 0
  }
}
