import Kernels

/// A policy can ignore every pulse after the one that it holds (it never flips), or every pulse that is over (it has no
/// memory); with two channels also one of them, or the flips of one of them.
///
/// All of them copy the input during a pulse, for which no memory is needed.
extension FlipFlop {
  /// How a channel is answered.
  enum Faculty: Sendable {
    /// By the last pulse.
    case flip
    /// By one pulse, held for good from when it comes; `holds` decides at each pulse.
    case hold
    /// By the pulse that is on, and a guess where there is none.
    case copy
    /// By a guess throughout.
    case guess
  }

  public var shortcuts: [Shortcut] {
    let plan = HoldingPlan(self)
    func shortcut(_ ignores: String, _ summary: String, _ faculties: [Faculty]) -> Shortcut {
      Shortcut(
        ignoring: ignores, accuracy: accuracy(of: faculties, plan), policy(summary, faculties, plan))
    }
    let all = [
      shortcut(
        "pulses after the one that is held", "hold one pulse for good, copy the others while they are on",
        Array(repeating: .hold, count: bits)),
      shortcut(
        "pulses that are over", "copy the input, else guess", Array(repeating: .copy, count: bits)),
    ]
    guard bits == 2 else { return all }
    return all + [
      shortcut(
        "the flips of channel 1", "follow channel 0; of channel 1 hold one pulse for good, copy the others",
        [.flip, .hold]),
      shortcut("channel 1", "follow channel 0, guess channel 1", [.flip, .guess]),
    ]
  }

  /// Expected share of counted (step, bit) that are right.
  private func accuracy(of faculties: [Faculty], _ plan: HoldingPlan) -> Double {
    // By the slot of the first pulse of a bit: the counted steps depend on nothing else.
    let firsts = pulses.indices.filter { plan.first[$0] > 0 }
    let counted = pulses.map { Double(steps - $0.lowerBound) }
    let right = faculties.map { faculty in
      pulses.indices.map { slot in
        switch faculty {
        case .flip: counted[slot]
        case .hold: plan.held[slot]
        case .copy: plan.copied[slot]
        case .guess: counted[slot] / 2
        }
      }
    }
    if bits == 1 { return firsts.reduce(0) { $0 + plan.first[$1] * right[0][$1] / counted[$1] } }
    var sum = 0.0
    for a in firsts {
      for b in firsts {
        sum += plan.first[a] * plan.first[b] * (right[0][a] + right[1][b]) / (counted[a] + counted[b])
      }
    }
    return sum
  }

  private func policy(_ summary: String, _ faculties: [Faculty], _ plan: HoldingPlan) -> Policy {
    let (bits, steps, pulses) = (bits, steps, pulses)
    return Policy(summary) { inputs, _, stream in
      var readout = [Double](repeating: 0, count: steps * bits)
      for (bit, faculty) in faculties.enumerated() {
        var seen = 0
        var held = 0.0
        var slot = 0
        for t in 0..<steps {
          if slot < pulses.count, t == pulses[slot].lowerBound {
            let pulse = Double(inputs[t * bits + bit])
            if pulse != 0 {
              seen += 1
              if faculty == .flip || faculty == .hold && held == 0 && plan.holds(slot, seen: seen) {
                held = pulse
              }
            }
            slot += 1
          }
          let shown = faculty == .guess ? 0 : Double(inputs[t * bits + bit])
          let answer = shown != 0 ? shown : held
          readout[t * bits + bit] = answer != 0 ? answer : stream.bit() ? 1 : -1
        }
      }
      return readout
    }
  }
}

/// The best rule for when to hold a pulse for good, by backward induction over the slots, and what it earns.
struct HoldingPlan: Sendable {
  /// P(the first pulse of a channel comes in this slot).
  let first: [Double]
  /// Expected right steps of a channel from its first pulse on, by that pulse's slot: holding one pulse for good, and
  /// copying alone.
  let held: [Double]
  let copied: [Double]
  /// By slot: whether to hold its pulse where it is the channel's first, and where it is a later one.
  private let isHeld: [[Bool]]

  /// True where a pulse in `slot`, the `seen`-th of its channel, is to be held.
  func holds(_ slot: Int, seen: Int) -> Bool { isHeld[slot][min(seen, 2) - 1] }

  init(_ task: FlipFlop) {
    let slots = task.pulses.count
    // Expected right steps from a slot on, by the number of pulses before it (1, or 2 and more): holding the last one,
    // having held an earlier one or none (right by a coin where there is no pulse), and free to hold the next.
    var kept = [0.0, 0]
    var lost = [0.0, 0]
    var free = [0.0, 0]
    var held = [Double](repeating: 0, count: slots)
    var copied = held
    var isHeld = [[Bool]](repeating: [false, false], count: slots)
    for slot in (0..<slots).reversed() {
      let end = slot + 1 < slots ? task.pulses[slot + 1].lowerBound : task.steps
      let width = Double(end - task.pulses[slot].lowerBound)
      let pulse = Double(task.pulses[slot].count)
      // What a pulse here earns that is only copied.
      let passing = pulse + (width - pulse) / 2
      isHeld[slot] = [0, 1].map { width + kept[$0] >= passing + free[$0] }
      copied[slot] = passing + lost[0]
      held[slot] = isHeld[slot][0] ? width + kept[0] : passing + free[0]
      let chance = task.chances[slot]
      let (oldKept, oldLost, oldFree) = (kept, lost, free)
      for before in 0...1 {
        // One pulse more is the second or a later one.
        let (p, q) = (chance[before + 1], 1 - chance[before + 1])
        kept[before] = p * (passing + oldLost[1]) + q * (width + oldKept[before])
        lost[before] = p * (passing + oldLost[1]) + q * (width / 2 + oldLost[before])
        free[before] =
          p * (isHeld[slot][1] ? width + oldKept[1] : passing + oldFree[1]) + q
          * (width / 2 + oldFree[before])
      }
    }
    var before = 1.0
    first = (0..<slots).map { slot in
      defer { before *= 1 - task.chances[slot][0] }
      return before * task.chances[slot][0]
    }
    self.held = held
    self.copied = copied
    self.isHeld = isHeld
  }
}
