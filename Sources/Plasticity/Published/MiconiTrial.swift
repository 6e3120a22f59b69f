import Kernels

/// The inputs and perturbations of one trial of Miconi's protocol, drawn from the streams of its address.
struct MiconiTrial {
  var condition: Int
  var target: Double
  /// u, T x channels.
  var inputs: [Float]
  /// (step, neuron, size), size in +-A.
  var perturbations: [(step: Int, neuron: Int, size: Float)] = []

  init(_ model: MiconiProtocol, _ address: LifetimeAddress, trial h: Int) {
    let task = model.task
    condition = h % MiconiTask.conditions
    target = model.target(condition)
    inputs = Array(repeating: 0, count: task.steps * task.channels)
    switch task {
    case .delayedNonmatch:
      for t in 1...200 { inputs[2 * t + condition / 2] = 1 }
      for t in 400..<600 { inputs[2 * t + condition % 2] = 1 }
    case .contextIntegration:
      var stream = address.stream(.taskTrial, trial: h)
      let attended = condition % 2
      let other: Double = stream.bit() ? 1 : -1
      for t in 0..<task.steps {
        inputs[4 * t + 2 + attended] = 1
        guard (1...500).contains(t) else { continue }
        for channel in 0..<2 {
          let sign = channel == attended ? target : other
          inputs[4 * t + channel] = Float(0.5 * (Double(stream.normal()) + 0.5 * sign))
        }
      }
    }
    perturb(model, address.stream(.kicks, trial: h))
  }

  /// Draws the perturbations by the gaps between them, so that a trial costs as many draws as it has perturbations.
  private mutating func perturb(_ model: MiconiProtocol, _ start: RandomStream) {
    var stream = start
    let first = MiconiProtocol.firstPerturbedStep
    var gaps = GeometricGaps(probability: model.probability, count: (model.task.steps - first) * model.units)
    while let place = gaps.next(&stream) {
      let size = Float(model.amplitude * (2 * stream.uniform() - 1))
      perturbations.append((first + place / model.units, place % model.units, size))
    }
  }
}
