import Kernels
import Model

/// The best policy of each task that ignores part of it: a claimed success must beat this, not only chance.

extension CueAssociation {
  /// Knows the task but not that the mapping is redrawn: always the first half of the cues means +1.
  public var shortcutPolicy: Policy {
    let (cues, onset) = (inputs, cue.lowerBound)
    return .decision("one fixed mapping for every lifetime", for: self) { inputs, _ in
      inputs[onset * cues..<onset * cues + cues / 2].contains(1) ? 1 : -1
    }
  }
}

extension DelayedNonmatch {
  public var shortcutPolicy: Policy {
    let onset = second.lowerBound
    return .decision("the second stimulus alone", for: self) { inputs, _ in inputs[2 * onset] == 1 ? 1 : -1 }
  }
}

extension DelayedXOR {
  public var shortcutPolicy: Policy {
    let onset = cue.lowerBound
    return .decision("the first cue alone", for: self) { inputs, _ in inputs[4 * onset] == 1 ? 1 : -1 }
  }
}

extension PerceptualDecision {
  public var shortcutPolicy: Policy { .decision("always +1", for: self) { _, _ in 1 } }
}

extension ContextIntegration {
  /// The optimal policy without the context: the log odds of the two streams are odd and increasing functions of
  /// their sums, so their mean has the sign of the total.
  public var shortcutPolicy: Policy {
    .decision("the sum of both streams, whatever the context", for: self) { inputs, _ in
      evidence(0, inputs) + evidence(1, inputs)
    }
  }
}

extension PairedAssociation {
  /// Always -1: right on 1 - 1/K, and no policy on cue or probe alone is better.
  public var shortcutPolicy: Policy { .decision("always -1", for: self) { _, _ in -1 } }
}

extension FlipFlop {
  /// Without memory: the pulse while there is one, a guess otherwise.
  public var shortcutPolicy: Policy {
    Policy("copy the input, else guess") { inputs, _, stream in
      inputs.map { $0 == 0 ? (stream.bit() ? 1 : -1) : Double($0) }
    }
  }
  /// The same with silence in place of the guess: equal in expected absolute reward, right on pulse steps only.
  public var copyPolicy: Policy {
    Policy("copy the input, else 0") { inputs, _, _ in inputs.map(Double.init) }
  }
}

extension ParametricMemory {
  /// The likelier answer given f1; a guess where both are equally likely.
  public var shortcutPolicy: Policy {
    let (onset, pairs) = (first.lowerBound, pairs)
    return .decision("f1 alone", for: self) { inputs, _ in
      let frequency = 10 + 24 * (2 * Double(inputs[2 * onset]) - 1)
      return pairs.filter { abs($0.first - frequency) < 1e-3 }
        .reduce(0.0) { $0 + ($1.first > $1.second ? 1 : -1) }
    }
  }
}

extension VariableDelayMatch {
  /// The test alone: +1 for the first half of the ring.
  public var shortcutPolicy: Policy {
    let (ring, width, tests) = (ring, inputs, timings.map(\.test))
    return .decision("the test direction alone", for: self) { inputs, _ in
      let shown = Self.lastDirection(inputs, ring: ring, width: width, epochs: tests)
      return 2 * shown < ring ? 1 : -1
    }
  }

  /// The direction shown in the latest of `epochs` that has any input on the ring.
  static func lastDirection(_ inputs: [Float], ring: Int, width: Int, epochs: [Range<Int>]) -> Int {
    for epoch in epochs.sorted(by: { $0.lowerBound > $1.lowerBound }) {
      let row = inputs[(epoch.upperBound - 1) * width..<(epoch.upperBound - 1) * width + ring]
      if let direction = row.indices.first(where: { row[$0] == 1 }) { return direction - row.startIndex }
    }
    brokenInvariant("a trial of variable-delay-match shows no direction in any of its epochs")
  }
}

extension CueTrajectory {
  /// The first cue's trajectory, whatever the cue.
  public var shortcutPolicy: Policy {
    let steps = steps
    return Policy("one trajectory for every cue") { _, lifetime, _ in
      lifetime.values[0..<steps].map(Double.init)
    }
  }
}
