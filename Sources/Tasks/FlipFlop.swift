import Kernels

/// Remember the sign of the last pulse, on one or two channels.
///
/// The trial is `slots` slots of 100 ms. In every slot and on every channel a pulse comes with probability `rate`; it
/// is +1 or -1 (a fair coin) and lasts the first 50 ms of the slot. A channel that would stay without any pulse gets
/// one in a slot drawn uniformly, so that every trial can be judged. Target of each output: the sign of its channel's
/// last pulse, from the pulse's first step on; 0 before the first. The window is the whole trial.
///
/// Accuracy is the share of (step, bit) with the right sign among those whose target is not 0; steps before the
/// first pulse count for R only. Chance 0.5. Shortcut: copy the input while there is a pulse and guess otherwise, the
/// best a policy without memory can do; it is right on s + (1 - s) / 2, s the mean share of counted steps that lie in
/// a pulse, summed exactly over the first pulses' slots. ("Copy, else 0" has the same expected absolute reward and
/// is right on s only.)
/// Source: Sussillo and Barak, Neural Computation 25 (2013), with timed slots in place of Poisson pulses.
public struct FlipFlop: CatalogueTask {
  public static let listing = TaskDescription(
    name: "flip-flop",
    summary: "hold the sign of the last pulse on each channel; reward over the whole trial, given at its end",
    source: "Sussillo and Barak 2013, Neural Comput. 25:626",
    options: [
      TaskOption("bits", .number(1), "1 or 2 channels"),
      TaskOption("rate", .number(0.1), "probability of a pulse per 100-ms slot"),
      TaskOption("slots", .number(10), "100-ms slots in a trial"),
    ])

  let bits: Int
  let rate: Double
  public let steps: Int
  /// The steps of each slot's pulse.
  let pulses: [Range<Int>]

  public init(_ request: TaskRequest) throws {
    bits = try request.integer("bits", in: 1...2)
    rate = try request.number("rate", in: 0...1)
    let slots = try request.integer("slots", in: 1...1000)
    let epochs = try Epochs(request, ownLength: 100 * Double(slots))
    steps = epochs.steps
    pulses = try (0..<slots).map { slot in
      let start = 100 * Double(slot)
      return try epochs.epoch("pulse", from: start, to: start + 50)
    }
  }

  public var inputs: Int { bits }
  public var outputs: Int { bits }
  public var conditions: Int { 1 }
  public var hasMovingTarget: Bool { true }
  public var chance: Double { 0.5 }
  public var shortcut: Double { 0.5 + pulseShare / 2 }

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    trial.begin(condition: 0, window: 0..<steps, target: 0)
    for bit in 0..<bits {
      var any = false
      for slot in pulses.indices where stream.uniform() < rate {
        any = true
        put(slot, bit, stream.bit() ? 1 : -1, in: &trial)
      }
      if !any {
        let slot = stream.integer(below: pulses.count)
        put(slot, bit, stream.bit() ? 1 : -1, in: &trial)
      }
    }
  }

  private func put(_ slot: Int, _ bit: Int, _ sign: Float, in trial: inout Trial) {
    trial.set(bit, of: bits, to: sign, during: pulses[slot])
    for t in pulses[slot].lowerBound..<steps { trial.target[t * bits + bit] = sign }
  }

  public func accuracy(readout: [Double], trial: Trial) -> Double {
    var right = 0
    var counted = 0
    for n in trial.target.indices where trial.target[n] != 0 {
      counted += 1
      if readout[n] * Double(trial.target[n]) > 0 { right += 1 }
    }
    return Double(right) / Double(counted)
  }

  /// The expected share of counted (step, bit) that lie in a pulse.
  var pulseShare: Double {
    // By the slot of a bit's first pulse: its probability, the counted steps, the expected steps in pulses.
    let slots = pulses.count
    var none = 1.0
    for _ in 0..<slots { none *= 1 - rate }
    var first: [(probability: Double, counted: Double, inPulse: Double)] = []
    var before = 1.0
    for slot in 0..<slots {
      let natural = before * rate
      let given = none / Double(slots)
      before *= 1 - rate
      let own = Double(pulses[slot].count)
      let later = pulses[(slot + 1)...].reduce(0.0) { $0 + Double($1.count) }
      let probability = natural + given
      let inPulse = probability > 0 ? own + rate * later * natural / probability : own
      first.append((probability, Double(steps - pulses[slot].lowerBound), inPulse))
    }
    if bits == 1 { return first.reduce(0) { $0 + $1.probability * $1.inPulse / $1.counted } }
    var sum = 0.0
    for a in first {
      for b in first {
        sum += a.probability * b.probability * (a.inPulse + b.inPulse) / (a.counted + b.counted)
      }
    }
    return sum
  }
}
