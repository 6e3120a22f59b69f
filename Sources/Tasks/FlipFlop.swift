import Kernels

/// Remember the sign of the last pulse, on one or two channels.
///
/// The trial is `slots` slots of 100 ms. In every slot and on every channel a pulse comes with probability `rate`; it
/// is +1 or -1 (a fair coin) and lasts the first 50 ms of the slot. Every channel has at least two pulses in a trial,
/// so that holding the first pulse is not enough: with one pulse, as most trials would have at the default rate, nothing
/// would ever have to flip. (The slots are drawn one by one, with their probabilities given at least two pulses; at rate 0
/// any two slots are equally likely to have the pulses.) Target of each
/// output: the sign of its channel's last pulse, from the pulse's first step on; 0 before the first. The window is the
/// whole trial.
///
/// Accuracy is the share of (step, bit) with the right sign among those whose target is not 0; steps before the
/// first pulse count for R only. Chance 0.5. The shortcut is the best policy that never flips, found by backward
/// induction: hold one pulse for good (most often the first) and copy the others while they are on. With two channels it
/// is still better to follow one of them and never flip on the other.
/// Source: Sussillo and Barak, Neural Computation 25 (2013), with timed slots in place of Poisson pulses.
public struct FlipFlop: CatalogueTask {
  public static let listing = TaskDescription(
    name: "flip-flop",
    summary: "hold the sign of the last pulse on each channel; reward over the whole trial, given at its end",
    source: "Sussillo and Barak 2013, Neural Comput. 25:626",
    options: [
      TaskOption("bits", .number(1), "1 or 2 channels"),
      TaskOption(
        "rate", .number(0.1), "probability of a pulse per 100-ms slot; at least two come in a trial"),
      TaskOption("slots", .number(10), "100-ms slots in a trial, two at least"),
    ])

  let bits: Int
  let rate: Double
  public let steps: Int
  /// The steps of each slot's pulse.
  let pulses: [Range<Int>]
  /// P(a pulse in a slot | so many before it on its channel, at least two in the trial), by slot and by 0, 1 or more.
  let chances: [[Double]]

  public init(_ request: TaskRequest) throws {
    bits = try request.integer("bits", in: 1...2)
    rate = try request.number("rate", in: 0...1)
    let slots = try request.integer("slots", in: 2...1000)
    let epochs = try Epochs(request, ownLength: 100 * Double(slots))
    steps = epochs.steps
    pulses = try (0..<slots).map { slot in
      let start = 100 * Double(slot)
      return try epochs.epoch("pulse", from: start, to: start + 50)
    }
    chances = Self.chances(slots: slots, rate: rate)
  }

  /// With m slots left (the present one too) and k pulses still wanted: rate P(k - 1 in m - 1) / P(k in m), where
  /// P(k in m) is the chance of at least k pulses in m slots; k/m where the rate is 0 or too small for a Double.
  private static func chances(slots: Int, rate: Double) -> [[Double]] {
    var enough = [1.0, 0, 0]
    var result: [[Double]] = []
    for left in 1...slots {
      let next = (0...2).map { rate * enough[max(0, $0 - 1)] + (1 - rate) * enough[$0] }
      result.append(
        [2, 1, 0].map { wanted in
          if wanted == 0 { return rate }
          if wanted >= left { return 1 }
          return next[wanted] > 0
            ? rate * enough[wanted - 1] / next[wanted] : Double(wanted) / Double(left)
        })
      enough = next
    }
    return result.reversed()
  }

  public var inputs: Int { bits }
  public var outputs: Int { bits }
  public var conditions: Int { 1 }
  public var hasMovingTarget: Bool { true }
  public var chance: Double { 0.5 }

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    trial.begin(condition: 0, window: 0..<steps, target: 0)
    for bit in 0..<bits {
      var seen = 0
      for slot in pulses.indices where stream.uniform() < chances[slot][min(seen, 2)] {
        seen += 1
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
}
