import Model

/// The network, its noise and its reward: everything about a lifetime but the task and the rule.
///
/// The method's letters and the English names they have at the door.
///
///     N units      M inputs       K outputs      T steps        H trials       d degree
///     P = (d+1)^2  theta[k,l] at flat index p = k (d+1) + l
///     W_ij recurrent weight from j to i          x state        r = f(x)       z = Wout r
///     xbar running mean of x                     delta = xbar - x
///     e_ij eligibility trace                     s_kl scale of a monomial     ebar running mean of e
///     R reward     b what the critic expects (Rbar_c)           m = R - b       mu weight change before noise
///     xi weight noise of size sigma              kick exploration added to x
///     U = dW/dtheta                              a dot means d/dtheta[k,l]
///
/// Trial h = 0 ..< H runs with W^h, earns R^h, draws xi^h and ends with W^{h+1} and U^{h+1}. *Late* is the last
/// fifth of the trials. Times are in milliseconds.
public struct Method: Sendable, Equatable {
  /// N.
  public var units: Int
  /// H.
  public var trials: Int
  /// dt.
  public var timeStep: Double
  /// W0 = gain N(0,1) / sqrt(N), and as `wiring` has it.
  public var gain: Double
  /// Win = inputScale N(0,1).
  public var inputScale: Double
  /// Wout = readoutScale N(0,1) / sqrt(N).
  public var readoutScale: Double
  /// x_0 = initialScale N(0,1), drawn once a lifetime or, `initialPerTrial`, once a trial.
  public var initialScale: Double
  public var initialPerTrial: Bool
  public var tau: Double
  public var reward: RewardKind
  public var kicks: KickKind
  /// sigma.
  public var weightNoise: Double
  /// What ebar is kept for, where the rule has one.
  public var traceMeanBy: TraceMeanGroup
  /// What R is measured against.
  public var critic: CriticKind
  /// Trials after which U is dropped; nil: never.
  public var horizon: Int?
  /// A lifetime has diverged where |x| or |W| exceeds this.
  public var bound: Double
  /// Which recurrent synapses there are, and of what sign.
  public var wiring: Wiring
  /// f.
  public var nonlinearity: Nonlinearity
  /// The synapses that learn, ascending.
  public var plastic: [Layer]

  public init(
    units: Int = 32, trials: Int = 200, timeStep: Double = 15, gain: Double = 1.5, inputScale: Double = 4,
    readoutScale: Double = 1, initialScale: Double = 0.1, initialPerTrial: Bool = false, tau: Double = 80,
    reward: RewardKind = .absolute, kicks: KickKind = .sparse, weightNoise: Double = 0.003,
    horizon: Int? = 20, bound: Double = 1e6,
    traceMeanBy: TraceMeanGroup = .condition, critic: CriticKind = .condition, wiring: Wiring = Wiring(),
    nonlinearity: Nonlinearity = .tanh, plastic: [Layer] = [.recurrent]
  ) {
    self.units = units
    self.trials = trials
    self.timeStep = timeStep
    self.gain = gain
    self.inputScale = inputScale
    self.readoutScale = readoutScale
    self.initialScale = initialScale
    self.initialPerTrial = initialPerTrial
    self.tau = tau
    self.reward = reward
    self.kicks = kicks
    self.weightNoise = weightNoise
    self.horizon = horizon
    self.bound = bound
    self.traceMeanBy = traceMeanBy
    self.critic = critic
    self.wiring = wiring
    self.nonlinearity = nonlinearity
    self.plastic = plastic.sorted()
  }

  /// First late trial: the last fifth, at least one trial.
  public var firstLateTrial: Int { trials - max(1, trials / 5) }

  /// True where the tangents that U carried into trial `h` are dropped at its end.
  func dropsTangents(after h: Int) -> Bool {
    guard let horizon else { return false }
    return (h + 1) % horizon == 0
  }
}
