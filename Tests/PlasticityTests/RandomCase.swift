import Kernels
import Model
import Plasticity
import Tasks

/// A task of random numbers with any sizes: what oracles are compared on.
struct NoiseTask: LearningTask {
  static let name = "noise"
  var inputs = 2
  var outputs = 1
  var steps = 10
  var conditions = 2
  /// -1 turns inputs and targets round.
  var sign: Float = 1
  /// False: trials of one condition are all alike.
  var varies = true
  var chance: Double { 0.5 }
  var shortcut: Double { 0.5 }

  func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    trial.condition = stream.integer(below: conditions)
    let start = stream.integer(below: steps)
    trial.window = start..<start + 1 + stream.integer(below: steps - start)
    for index in trial.inputs.indices { trial.inputs[index] = sign * stream.normal() * 0.5 }
    if !varies {
      trial.window = steps / 2..<steps
      for index in trial.inputs.indices {
        trial.inputs[index] = (index + trial.condition) % 3 == 0 ? 0.5 : -0.2
      }
    }
    for t in 0..<steps {
      for k in 0..<outputs { trial.target[t * outputs + k] = trial.condition % 2 == k % 2 ? sign : -sign }
    }
  }
}

/// One randomly drawn configuration, named by what it switches.
struct RandomCase: CustomStringConvertible {
  var task = NoiseTask()
  var method = Method(units: 6, trials: 6, timeStep: 15, inputScale: 1, weightNoise: 0.01, horizon: nil)
  var rule = Rule(degree: 1, theta: [0, 0, 0, 0])
  var address = LifetimeAddress(seed: 1, domain: .training, index: 0)

  var description: String {
    "d \(rule.degree), \(method.reward), kicks \(method.kicks), clip \(rule.constants[.clip]), "
      + "horizon \(method.horizon.map(String.init) ?? "none"), N \(method.units), seed \(address.seed), "
      + "\(method.nonlinearity), \(method.wiring)"
  }

  /// - Parameter variant: picks reward, kicks, clip and horizon in turn, the rest at random.
  init(degree: Int, variant: Int, draw: UInt64, units: Int? = nil, trials: Int = 6) {
    var stream = RandomStream(seed: draw, purpose: 77, lifetime: UInt32(degree), trial: UInt32(variant))
    task.inputs = stream.integer(below: 3)
    task.outputs = 1 + stream.integer(below: 2)
    task.steps = 6 + stream.integer(below: 8)
    method.units = units ?? 3 + stream.integer(below: 5)
    method.trials = trials
    method.reward = RewardKind.allCases[variant % 3]
    method.kicks = KickKind.allCases[variant / 3 % 3]
    method.horizon = variant / 9 % 2 == 0 ? nil : 2
    method.initialPerTrial = stream.bit()
    let count = Rule.count(degree: degree)
    let constants = LocalConstants([
      .eta: 0.05, .clip: variant / 18 % 2 == 0 ? .infinity : 0.02, .tauE: stream.bit() ? 400 : .infinity,
      .tauBar: 25,
      .baselineRate: 0.5, .probability: 0.05, .amplitude: 0.5,
    ])
    let scale = (0..<count).map { _ in 0.02 + 0.1 * stream.uniform() }
    rule = Rule(
      degree: degree, theta: (0..<count).map { _ in 0.5 * Double(stream.normal()) }, scale: scale,
      constants: constants)
    address = LifetimeAddress(seed: draw, domain: .training, index: UInt32(variant))
  }

  var inputs: LifetimeInputs { task.inputs(address, method: method, constants: rule.constants) }
}

/// |a - b| / max |b|, in the Euclidean norm for both where `l2`.
func relativeError(_ a: [Double], _ b: [Double], l2: Bool = false) -> Double {
  if l2 {
    let difference = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    let size = b.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return size == 0 ? difference : difference / size
  }
  let difference = zip(a, b).map { abs($0 - $1) }.max() ?? 0
  let size = b.map { abs($0) }.max() ?? 0
  return size == 0 ? difference : difference / size
}
