import KernelCalls
import Kernels
import Model
import Tasks

/// A lifetime in progress: its network and draws, W, the trajectories of the present trial and the critic, in buffers
/// made once.
final class LifetimeState<S: KernelScalar> {
  let method: Method
  let task: any LearningTask
  let kernels: KernelSet<S>
  let reward: Reward
  var network: NetworkDraw<S>
  var kicks: Kicks<S>
  var shown: ShownTrial
  var primal: PrimalBuffers<S>
  let critic: Critic
  /// The rule of this lifetime and what it has beside its polynomial.
  private(set) var lived = LivedRule(rule: Rule(degree: 0, theta: [0]), mechanisms: .none)
  /// What changes e(T) before an update uses it, each with its constant.
  var filters: [(filter: TraceFilter<S>, constant: LocalConstant?)] = []
  /// Input and readout synapses that learn.
  private(set) var layers: [PlasticLayer<S>] = []
  private(set) var address = LifetimeAddress(seed: 0, domain: .training, index: 0)
  /// What the kicks of the present trial were multiplied by.
  private(set) var kickFactor = 1.0
  /// Whether the antithetic twin of the present trial ran and stayed within the bound.
  var twinIsInside = false

  init(method: Method, task: any LearningTask, kernels: KernelSet<S>) {
    self.method = method
    self.task = task
    self.kernels = kernels
    reward = Reward(kind: method.reward, outputs: task.outputs)
    network = NetworkDraw(
      units: method.units, inputs: task.inputs, outputs: task.outputs, wiring: method.wiring)
    kicks = Kicks(units: method.units, steps: task.steps)
    shown = ShownTrial(of: task)
    primal = PrimalBuffers(method: method, task: task, kernels: kernels)
    critic = Critic(method.critic, conditions: task.conditions)
  }

  /// What every trial asks for of the rule's constants, looked up once.
  private(set) var eta = 0.0
  private(set) var clip = 0.0
  private(set) var baselineRate = 0.0
  private var hasMechanisms = false
  var trial: Trial { shown.trial }
  var readout: [Double] { shown.readout }
  var rule: Rule { lived.rule }
  var mechanisms: Mechanisms { lived.mechanisms }
  var rows: SynapseRows { primal.rows }

  /// Steps of the present trial that a learned critic sees.
  var shownSteps: Range<Int> { Critic.shownSteps(before: shown.trial.window, of: task.steps) }

  /// The decay of W in an update after a trial of this success; see `Mechanisms`.
  func decay(success: Double) -> Double { hasMechanisms ? mechanisms.decay(success: success) : 0 }

  func decaySlope(success: Double) -> Double { hasMechanisms ? mechanisms.decaySlope(success: success) : 0 }

  /// d log(kicks) / d b.
  func kickSlope(baseline: Double?) -> Double { hasMechanisms ? mechanisms.kickSlope(baseline: baseline) : 0 }

  func begin(_ address: LifetimeAddress, _ rule: Rule) {
    self.address = address
    lived = LivedRule(
      rule: rule, mechanisms: Mechanisms(rule.constants, traceMeanBy: method.traceMeanBy))
    hasMechanisms = !mechanisms.areIdle
    eta = rule.constants.eta
    clip = rule.constants.clip
    baselineRate = rule.constants.baselineRate
    network.draw(address, method: method, kernels: kernels)
    kicks.begin(method.kicks, rule.constants)
    primal.begin(rule, network)
    critic.reset()
    filters = mechanisms.traceFilters(count: rows.count * primal.ld, conditions: task.conditions)
    layers = newLayers()
    var stream = address.stream(.taskLifetime)
    shown.begin(task, stream: &stream)
  }

  /// Input and readout synapses that learn, with room of their own. A task without inputs has no input synapses: what the
  /// kernels of a layer write has no place then.
  func newLayers() -> [PlasticLayer<S>] {
    method.plastic.filter { $0 != .recurrent && !rows.range(of: $0).isEmpty }.map {
      PlasticLayer(
        $0, rule, rows: rows.range(of: $0), method: method, steps: task.steps, kernels: kernels)
    }
  }

  /// Draws trial h: what the task shows and wants, x_0 and the kicks.
  func draw(_ h: Int) { draw(h, of: address) }

  /// The same with the random numbers of another address.
  func draw(_ h: Int, of address: LifetimeAddress) {
    var stream = address.stream(.taskTrial, trial: h)
    shown.draw(task, stream: &stream)
    if method.initialPerTrial {
      network.drawInitial(address, trial: h, method: method, kernels: kernels)
    }
    kickFactor =
      hasMechanisms ? mechanisms.kickFactor(baseline: critic.expected(shown.trial.condition)) : 1
    drawKicks(h, of: address, factor: kickFactor)
  }

  /// The kicks of trial h, the same bits however often they are drawn.
  func drawKicks(_ h: Int, factor: Double) { drawKicks(h, of: address, factor: factor) }

  private func drawKicks(_ h: Int, of address: LifetimeAddress, factor: Double) {
    kicks.draw(factor: factor, stream: address.stream(.kicks, trial: h), kernels: kernels)
  }

  /// xi of trial h, where there is weight noise and a synapse that learns.
  func drawNoise(_ h: Int) { drawNoise(h, of: address) }

  /// The same with the random numbers of another address.
  func drawNoise(_ h: Int, of address: LifetimeAddress) {
    guard method.weightNoise > 0 else { return }
    address.stream(.weightNoise, trial: h).fill(
      primal.noise.pointer, atLeast: rows.count * primal.ld, kernels)
    if rows.recurrentLearns {
      network.keepExisting(of: primal.noise.pointer)
    } else {
      primal.noise.pointer.update(repeating: 0, count: method.units * primal.ld)
    }
  }

  /// The run of the trial that was drawn last, for the kernel.
  func call() -> PrimalCall<S> { primal.call(network, kicks, shown) }

  /// That of its antithetic twin, after `call`.
  func twinCall() -> PrimalCall<S> { primal.twinCall(network, kicks, shown) }

  /// Runs the trial that was drawn last, h; nil where it diverged.
  func run(_ h: Int) -> EarnedTrial? { kernels.primal(call()) ? earned(h) : nil }

  /// What trial h, which has run, earned; nil where that is not finite.
  func earned(_ h: Int) -> EarnedTrial? {
    primal.read(network, &shown)
    let earned = shown.value(reward)
    guard earned.isFinite else { return nil }
    if critic.kind == .learned { critic.features = primal.meanRates(shownSteps) }
    let condition = shown.trial.condition
    return EarnedTrial(
      index: h, condition: condition, reward: earned, baselineBefore: critic.judged(condition),
      expected: critic.expected(condition), kickFactor: kickFactor)
  }
}

/// A rule with its mechanisms, by reference: both hold many arrays, which whoever needs them in every trial would count.
final class LivedRule: Sendable {
  let rule: Rule
  let mechanisms: Mechanisms

  init(rule: Rule, mechanisms: Mechanisms) {
    self.rule = rule
    self.mechanisms = mechanisms
  }
}
