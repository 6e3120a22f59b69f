import Kernels
import MPI
import Model
import Plasticity

/// A published experiment that `validate` repeats.
public enum PublishedExperiment: String, CaseIterable, Sendable {
  case miconiDNMS = "miconi-dnms"
  case miconiContext = "miconi-context"
  case miconiDale = "miconi-dale"
  case rflo

  /// Trials of a network if no other number is given.
  public var standardTrials: Int {
    switch self {
    case .miconiDNMS, .rflo: 10_000
    case .miconiContext: 20_000
    case .miconiDale: 30_000
    }
  }

  /// Miconi's protocol of this experiment; nil for another's.
  public func miconi(_ trace: MiconiProtocol.Trace) -> MiconiProtocol? {
    switch self {
    case .miconiDNMS: .delayedNonmatch(trace)
    case .miconiContext: .contextIntegration(trace)
    case .miconiDale: .separatePopulations(trace)
    case .rflo: nil
    }
  }
}

/// The error curves of one learner in a published experiment.
public struct PublishedRun: Sendable {
  public var experiment: PublishedExperiment
  /// The name of the learner.
  public var learner: String
  public var trials: Int
  public var seed: UInt64
  public var simd: String
  /// By network.
  public var curves: [ErrorCurve]

  public init(
    experiment: PublishedExperiment, learner: String, trials: Int, seed: UInt64, simd: String,
    curves: [ErrorCurve]
  ) {
    self.experiment = experiment
    self.learner = learner
    self.trials = trials
    self.seed = seed
    self.simd = simd
    self.curves = curves
  }
}

/// One launch of `validate` on one rank: the networks are spread over all ranks, and every rank gets all curves.
public struct ValidationLaunch {
  public var experiment: PublishedExperiment
  public var networks: Int
  public var trials: Int
  public var seed: UInt64 = 0
  /// The trace of Miconi's rule; ignored by `rflo`.
  public var trace = MiconiProtocol.Trace.cubic
  /// Replaces the published one; nil to keep it.
  public var eta: Double?
  /// Standard deviation of the weight noise, for Miconi's protocols, which have none themselves.
  public var weightNoise = 0.0

  public init(_ experiment: PublishedExperiment, networks: Int, trials: Int) {
    self.experiment = experiment
    self.networks = networks
    self.trials = trials
  }

  /// - Returns: a run for every learner of the experiment.
  public func run(world: Communicator, environment: [String: String]) throws -> [PublishedRun] {
    let own = try SIMDLevel.resolve(environment: environment)
    let level = try world.lowest(own)
    let team = WorldTeam(world) {}
    if var model = experiment.miconi(trace) {
      if let eta { model.eta = eta }
      model.weightNoise = weightNoise
      return [try run(trace.rawValue, level, team) { model.errors(of: $0, trials: trials, level: level) }]
    }
    var model = RFLONotebook()
    if let eta { model.eta = eta }
    return try RFLONotebook.Learner.allCases.map { learner in
      try run(learner.rawValue, level, team) { model.run(learner, $0, trials: trials) }
    }
  }

  /// The curves of one learner; that of a network that diverged is shorter.
  private func run(
    _ learner: String, _ level: SIMDLevel, _ team: any Team, _ errors: (LifetimeAddress) -> [Double]
  ) throws -> PublishedRun {
    let curves = try team.spread(networks) { index in
      let own = errors(LifetimeAddress(seed: seed, domain: .evaluation, index: UInt32(index)))
      return ErrorCurve(errors: Array(own.prefix { !$0.isNaN }))
    }
    return PublishedRun(
      experiment: experiment, learner: learner, trials: trials, seed: seed, simd: level.rawValue,
      curves: curves)
  }
}
