import Kernels
import Model

/// The shortcuts of the tasks that ask for one decision a trial.

extension CueAssociation {
  public var shortcuts: [Shortcut] {
    let (cues, onset) = (inputs, cue.lowerBound)
    return [
      Shortcut(
        ignoring: "the mapping", accuracy: 0.5,
        .decision("one fixed mapping for every lifetime", for: self) { inputs, _ in
          inputs[onset * cues..<onset * cues + cues / 2].contains(1) ? 1 : -1
        }),
      Shortcut(
        ignoring: "the cue", accuracy: 0.5,
        .decision("the first cue's answer, whatever the cue", for: self) { _, lifetime in
          Double(lifetime.values[0])
        }),
    ]
  }
}

extension DelayedNonmatch {
  public var shortcuts: [Shortcut] {
    let (a, b) = (2 * first.lowerBound, 2 * second.lowerBound)
    return [
      Shortcut(
        ignoring: "the first stimulus", accuracy: 0.5,
        .decision("the second stimulus alone", for: self) { inputs, _ in inputs[b] == 1 ? 1 : -1 }),
      Shortcut(
        ignoring: "the second stimulus", accuracy: 0.5,
        .decision("the first stimulus alone", for: self) { inputs, _ in inputs[a] == 1 ? 1 : -1 }),
    ]
  }
}

extension DelayedXOR {
  public var shortcuts: [Shortcut] {
    let onset = 4 * cue.lowerBound
    return [
      Shortcut(
        ignoring: "the second cue", accuracy: 0.5,
        .decision("the first cue alone", for: self) { inputs, _ in inputs[onset] == 1 ? 1 : -1 }),
      Shortcut(
        ignoring: "the first cue", accuracy: 0.5,
        .decision("the second cue alone", for: self) { inputs, _ in inputs[onset + 2] == 1 ? 1 : -1 }),
    ]
  }
}

extension PerceptualDecision {
  /// The sign is all there is to know, so a policy that ignores part of the task ignores the stimulus.
  public var shortcuts: [Shortcut] {
    [Shortcut(ignoring: "the stimulus", accuracy: 0.5, .decision("always +1", for: self) { _, _ in 1 })]
  }
}

extension ContextIntegration {
  /// Without the context the best policy adds the streams: their log odds are odd and increasing functions of their
  /// sums, so their mean has the sign of the total. It is right on congruent trials as often as both streams together
  /// allow, and on half of the others. A policy without one of the streams is right where the other one is attended.
  public var shortcuts: [Shortcut] {
    [
      Shortcut(
        ignoring: "the context", accuracy: 0.25 + 0.5 * normalCDF(2.0.squareRoot() * discriminability),
        .decision("the sum of both streams, whatever the context", for: self) { inputs, _ in
          evidence(0, inputs) + evidence(1, inputs)
        })
    ]
      + (0..<2).map { stream in
        Shortcut(
          ignoring: "stream \(stream)", accuracy: 0.25 + 0.5 * ceiling,
          .decision("the other stream where it is attended, else a guess", for: self) { inputs, _ in
            inputs[2 + stream] == 1 ? 0 : evidence(1 - stream, inputs)
          })
      }
  }
}

extension PairedAssociation {
  /// Without cue, probe or pairing one in K combinations is a pair, whatever is seen: -1 is right with probability
  /// 1 - 1/K.
  public var shortcuts: [Shortcut] {
    ["the pairing", "the cue", "the probe"].map { part in
      Shortcut(
        ignoring: part, accuracy: 1 - 1 / Double(cues),
        .decision("always -1", for: self) { _, _ in -1 })
    }
  }
}

extension ParametricMemory {
  /// The likelier answer given one frequency; a guess where both are equally likely.
  public var shortcuts: [Shortcut] {
    let pairs = pairs
    func alone(
      _ name: String, _ other: String, _ onset: Int,
      _ key: @escaping @Sendable ((first: Double, second: Double)) -> Double
    ) -> Shortcut {
      Shortcut(
        ignoring: other,
        accuracy: Self.bestGuess(pairs.map { (seen: key($0), isUp: $0.first > $0.second) }),
        .decision("\(name) alone", for: self) { inputs, _ in
          let frequency = 10 + 24 * (2 * Double(inputs[2 * onset]) - 1)
          return pairs.filter { abs(key($0) - frequency) < 1e-3 }
            .reduce(0.0) { $0 + ($1.first > $1.second ? 1 : -1) }
        })
    }
    return [
      alone("f1", "f2", first.lowerBound) { $0.first }, alone("f2", "f1", second.lowerBound) { $0.second },
    ]
  }
}

extension VariableDelayMatch {
  /// Sample and test are each uniform for both answers, so +1 for the first half of the ring is as good as anything.
  public var shortcuts: [Shortcut] {
    let (ring, width) = (ring, inputs)
    func alone(_ name: String, _ other: String, _ epochs: [Range<Int>]) -> Shortcut {
      Shortcut(
        ignoring: other, accuracy: 0.5,
        .decision("the \(name) direction alone", for: self) { inputs, _ in
          2 * Self.lastDirection(inputs, ring: ring, width: width, epochs: epochs) < ring ? 1 : -1
        })
    }
    return [alone("test", "the sample", timings.map(\.test)), alone("sample", "the test", [sample])]
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
