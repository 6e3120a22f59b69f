import KernelCalls
import Kernels
import Model
import Tasks

/// Everything that goes into one lifetime, in Double and written out: what an outsider needs to compute it again.
///
/// `kicks` are those before the gate's factor.
public struct LifetimeInputs: Sendable, Equatable {
  public var units: Int
  public var inputs: Int
  public var outputs: Int
  public var steps: Int
  public var weights: [Double]  // W0, N x N
  public var inputWeights: [Double]  // Win, N x M
  public var readout: [Double]  // Wout, K x N
  public var trials: [TrialInputs]
  /// 1 where a recurrent synapse exists, 0 elsewhere, N x N; nil where all do.
  public var mask: [Double]?
  /// 1 or -1 by presynaptic unit, N; nil where W may have any sign.
  public var signs: [Double]?

  public init(
    units: Int, inputs: Int, outputs: Int, steps: Int, weights: [Double], inputWeights: [Double],
    readout: [Double], trials: [TrialInputs], mask: [Double]? = nil, signs: [Double]? = nil
  ) {
    self.units = units
    self.inputs = inputs
    self.outputs = outputs
    self.steps = steps
    self.weights = weights
    self.inputWeights = inputWeights
    self.readout = readout
    self.trials = trials
    self.mask = mask
    self.signs = signs
  }
}

extension LifetimeInputs {
  /// The weights of all synapses that may learn, in the order of `TrialRecord.weights`.
  public func start(method: Method) -> [Double] {
    weights + (method.plastic.contains(.input) ? inputWeights : [])
      + (method.plastic.contains(.readout) ? readout : [])
  }
}

/// What goes into one trial.
public struct TrialInputs: Sendable, Equatable {
  public var initial: [Double]  // x_0, N
  public var input: [Double]  // u, T x M
  public var target: [Double]  // y, T x K
  public var window: Range<Int>
  public var condition: Int
  public var noise: [Double]  // xi, in the order of `TrialRecord.weights`
  public var kicks: [Double]  // T x N

  public init(
    initial: [Double], input: [Double], target: [Double], window: Range<Int>, condition: Int, noise: [Double],
    kicks: [Double]
  ) {
    self.initial = initial
    self.input = input
    self.target = target
    self.window = window
    self.condition = condition
    self.noise = noise
    self.kicks = kicks
  }
}

extension LearningTask {
  /// The inputs of the lifetime at `address`, drawn from the same streams as the engine draws from.
  public func inputs(_ address: LifetimeAddress, method: Method, constants: LocalConstants) -> LifetimeInputs
  {
    let kernels = Double.kernels(.baseline)
    let n = method.units
    var network = NetworkDraw<Double>(units: n, inputs: inputs, outputs: outputs, wiring: method.wiring)
    network.draw(address, method: method, kernels: kernels)
    var kicks = Kicks<Double>(units: n, steps: steps)
    kicks.begin(method.kicks, constants)
    var lifetimeStream = address.stream(.taskLifetime)
    let lifetime = drawLifetime(&lifetimeStream)
    let rows = SynapseRows(method, self)
    let noise = Matrix<Double>(rows: rows.count + 3, columns: n)
    var trials: [TrialInputs] = []
    let weights = network.weights.transposedValues(columns: n)
    let inputWeights = network.inputWeights.transposedValues(columns: n)
    for h in 0..<method.trials {
      var trial = Trial(for: self)
      var stream = address.stream(.taskTrial, trial: h)
      drawTrial(&trial, lifetime: lifetime, stream: &stream)
      if method.initialPerTrial, h > 0 {
        network.drawInitial(address, trial: h, method: method, kernels: kernels)
      }
      kicks.draw(factor: 1, stream: address.stream(.kicks, trial: h), kernels: kernels)
      address.stream(.weightNoise, trial: h).fill(noise.pointer, atLeast: rows.count * noise.stride, kernels)
      network.keepExisting(of: noise.pointer)
      if !rows.recurrentLearns { noise.pointer.update(repeating: 0, count: n * noise.stride) }
      trials.append(
        TrialInputs(
          initial: network.initial.values(columns: n), input: trial.inputs.map(Double.init),
          target: trial.target.map(Double.init), window: trial.window, condition: trial.condition,
          noise: rows.values(noise),
          kicks: kicks.values.values(rows: steps, columns: n)))
    }
    return LifetimeInputs(
      units: n, inputs: inputs, outputs: outputs, steps: steps, weights: weights, inputWeights: inputWeights,
      readout: network.readout.values(columns: n), trials: trials,
      mask: network.existing.rows == 0 ? nil : network.existing.transposedValues(columns: n),
      signs: network.signs.rows == 0 ? nil : network.signs.values(columns: n))
  }
}
