/// The protocol of Miconi, eLife 6:e20899 (2017), to the letter: the hand-made baseline with published figures.
///
/// One step n = 0 ..< T of a trial, with r from before the step:
///
///     exc = W r + Win u_n + perturbation_n;  x += dt/tau (-x + exc);  clamp x;  r' = tanh x
///     delta = x - xtrace;  xtrace = 0.05 xtrace + 0.95 x;  e_ij += (r_j delta_i)^3 for n > 2
///
/// Perturbations: each neuron with probability p a step, uniform in +-A, none for n <= 3. E is the mean of
/// |r'_0 - target| over the last 200 steps. After trial h > 100, counted from 0:
/// dW = clip(-eta Ebar_c e (E - Ebar_c), +-MAXDW); then Ebar_c = 0.75 Ebar_c + 0.25 E, from 0.
///
/// In the theta-space this is theta_33 = -1 with s = 1, tau_e infinite and dt/tau_bar = 0.95, and with these switches:
/// presynaptic rate before the step, factor Ebar_c, baseline from 0, xtrace never reset, x_0 of every trial uniform in
/// +-0.1, neurons 1, 10 and 11 clamped to 1, 1 and -1, read-out by neuron 0, perturbation inside dt/tau. The published
/// program gives neuron 0 no input; so does this. Weight noise is the method's own and off here by default.
public struct MiconiProtocol: Sendable, Equatable {
  /// What is added to e in a step.
  public enum Trace: String, Sendable, CaseIterable {
    /// (r_j delta_i)^3.
    case cubic
    /// r_j delta_i^3.
    case cubicFluctuation = "cubic-fluctuation"
    /// r_j delta_i.
    case linear
    /// r_j perturbation_i.
    case nodePerturbation = "node-perturbation"
  }

  /// What neurons and synapses are.
  public enum Population: String, Sendable, CaseIterable {
    /// W = g N(0,1)/sqrt(N) and r = tanh x.
    case mixed
    /// His additional experiment with Dale's law: the first half of the neurons excites, the second inhibits. Half of a
    /// neuron's synapses from either, drawn at random, begin at 0.15 and -0.18, the others at 0; W is cut at 0 after every
    /// update, on the wrong side. r = x + 2 between 0 and 20, and the targets are 0.02 and 5.98 for -0.98 and 0.98.
    case separate
  }

  public var task: MiconiTask
  public var trace: Trace = .cubic
  public var units = 200
  public var gain = 1.5
  public var timeStep = 1.0
  public var tau = 30.0
  /// p.
  public var probability = 0.003
  /// A.
  public var amplitude: Double
  public var eta: Double
  /// MAXDW.
  public var clip: Double
  /// Share of E in the running error.
  public var errorRate = 0.25
  /// First trial, from 0, after which W changes.
  public var firstUpdate = 101
  /// sigma of METHOD's weight noise, added to W with every update.
  public var weightNoise = 0.0
  public var population = Population.mixed

  /// Delayed non-match to sample: A 16, eta 0.1 (node perturbation 0.001), MAXDW 3e-4.
  public static func delayedNonmatch(_ trace: Trace = .cubic) -> MiconiProtocol {
    MiconiProtocol(
      task: .delayedNonmatch, trace: trace, amplitude: 16, eta: trace == .nodePerturbation ? 0.001 : 0.1,
      clip: 3e-4)
  }

  /// Delayed non-match in a network of excitatory and inhibitory neurons: A 16, eta 3e-5 (node perturbation 0.001),
  /// MAXDW 1e-4.
  public static func separatePopulations(_ trace: Trace = .cubic) -> MiconiProtocol {
    var model = delayedNonmatch(trace)
    model.population = .separate
    model.eta = trace == .nodePerturbation ? 0.001 : 3e-5
    model.clip = 1e-4
    return model
  }

  /// What neuron 0 is to say in a condition.
  func target(_ condition: Int) -> Double {
    let target = task.target(condition)
    return population == .mixed ? target : target > 0 ? 5.98 : 0.02
  }

  /// W of a synapse that separate populations begin with, and the largest error that still is an answer.
  public static let excitation = 0.15
  public static let inhibition = -0.18
  public var largestRightError: Double { population == .mixed ? 1 : 2.5 }

  /// Context-dependent integration: A 30, eta 0.01, MAXDW 2e-4.
  public static func contextIntegration(_ trace: Trace = .cubic) -> MiconiProtocol {
    MiconiProtocol(task: .contextIntegration, trace: trace, amplitude: 30, eta: 0.01, clip: 2e-4)
  }

  /// Neurons whose x never changes.
  public static let clamped: [(neuron: Int, x: Double)] = [(1, 1), (10, 1), (11, -1)]
  /// What xtrace keeps of itself a step.
  public static let traceKept = 0.05
  /// First step that adds to e, and first step that may be perturbed.
  public static let firstTraceStep = 3
  public static let firstPerturbedStep = 4
  /// Steps at the end of a trial that E is taken over.
  public static let responseSteps = 200
}

/// The two tasks of the paper, on its 1-ms grid. Conditions come in turn, trial h having condition h mod 4.
public enum MiconiTask: String, Sendable, CaseIterable {
  /// A or B in steps 1-200, A or B in 400-599 of 1000: 0.98 if they differ, -0.98 if not. Condition 2 a + b.
  case delayedNonmatch = "dnms"
  /// Two streams 0.5 (N(0, 1) + 0.5 s) in steps 1-500 of 700, s = +-1; two more channels say throughout which counts.
  /// The target is that stream's s; the other's is a fair coin. Conditions: first +, second +, first -, second -.
  case contextIntegration = "context"

  public var steps: Int { self == .delayedNonmatch ? 1000 : 700 }
  public var channels: Int { self == .delayedNonmatch ? 2 : 4 }
  public static let conditions = 4

  /// The target of a condition.
  public func target(_ condition: Int) -> Double {
    switch self {
    case .delayedNonmatch: condition / 2 == condition % 2 ? -0.98 : 0.98
    case .contextIntegration: condition < 2 ? 1 : -1
    }
  }
}
