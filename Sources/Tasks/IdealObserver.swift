import Kernels
import Model

/// The best policy of each task, given its inputs and the lifetime's draw. Where the input is noiseless it is always
/// right, which shows that the inputs determine the targets.

extension CueAssociation {
  public var idealObserver: Policy {
    let (cues, onset) = (inputs, cue.lowerBound)
    return .decision("the mapping, read at the cue", for: self) { inputs, lifetime in
      Double(lifetime.values[hot(inputs, onset * cues, cues)])
    }
  }
}

extension DelayedNonmatch {
  public var idealObserver: Policy {
    let (a, b) = (2 * first.lowerBound, 2 * second.lowerBound)
    return .decision("both stimuli", for: self) { inputs, _ in inputs[a] == inputs[b] ? -1 : 1 }
  }
}

extension DelayedXOR {
  public var idealObserver: Policy {
    let onset = 4 * cue.lowerBound
    return .decision("both cues", for: self) { inputs, _ in inputs[onset] == inputs[onset + 2] ? -1 : 1 }
  }
}

extension PerceptualDecision {
  /// The summed evidence is sufficient, and its sign the likelier one at every coherence.
  public var idealObserver: Policy {
    let (stimulus, channels) = (stimulus, inputs)
    return .decision("the sign of the summed evidence", for: self) { inputs, _ in
      stimulus.reduce(0.0) { sum, t in
        sum + Double(inputs[channels * t]) - (channels == 2 ? Double(inputs[2 * t + 1]) : 0)
      }
    }
  }
}

extension ContextIntegration {
  public var idealObserver: Policy {
    .decision("the sum of the attended stream", for: self) { inputs, _ in
      evidence(inputs[2] == 1 ? 0 : 1, inputs)
    }
  }
}

extension PairedAssociation {
  public var idealObserver: Policy {
    let (a, b, cues) = (cue.lowerBound * inputs, probe.lowerBound * inputs, cues)
    return .decision("the pairing, read at cue and probe", for: self) { inputs, lifetime in
      lifetime.values[hot(inputs, a, cues)] == Float(hot(inputs, b + cues, cues)) ? 1 : -1
    }
  }
}

extension FlipFlop {
  public var idealObserver: Policy {
    let bits = bits
    return Policy("hold the last pulse") { inputs, _, _ in
      var held = inputs.map(Double.init)
      for n in held.indices.dropFirst(bits) where held[n] == 0 { held[n] = held[n - bits] }
      return held
    }
  }
}

extension ParametricMemory {
  public var idealObserver: Policy {
    let (a, b) = (2 * first.lowerBound, 2 * second.lowerBound)
    return .decision("both frequencies", for: self) { inputs, _ in inputs[a] > inputs[b] ? 1 : -1 }
  }
}

extension VariableDelayMatch {
  public var idealObserver: Policy {
    let (ring, width, tests, samples) = (ring, inputs, timings.map(\.test), [sample])
    return .decision("sample and test", for: self) { inputs, _ in
      let shown = Self.lastDirection(inputs, ring: ring, width: width, epochs: samples)
      return shown == Self.lastDirection(inputs, ring: ring, width: width, epochs: tests) ? 1 : -1
    }
  }
}

extension CueTrajectory {
  public var idealObserver: Policy {
    let (onset, cues, steps) = (cue.lowerBound * inputs, inputs, steps)
    return Policy("the trajectory of the cue shown") { inputs, lifetime, _ in
      let k = hot(inputs, onset, cues)
      return lifetime.values[k * steps..<(k + 1) * steps].map(Double.init)
    }
  }
}

/// The place of the 1 among `count` one-hot inputs that start at `start`.
private func hot(_ inputs: [Float], _ start: Int, _ count: Int) -> Int {
  guard let place = (0..<count).first(where: { inputs[start + $0] == 1 }) else {
    brokenInvariant("no input of a one-hot group of \(count) is on where its epoch begins")
  }
  return place
}
