import ResultStore

/// One fresh network under one rule, as far as tables need it.
public struct NetworkScores: Sendable, Equatable {
  /// Index of the network: the same index and seed are the same network, trials and noise in every cell.
  public var network: Int
  public var diverged: Bool
  /// Trials of the lifetime, H.
  public var trials: Int
  /// Trials run (1 ... H) when a stretch first met the criterion; nil where none did (censored).
  public var trialsToCriterion: Int?
  /// Means over all trials, and over the last fifth of them.
  public var reward: Double
  public var accuracy: Double
  public var lateReward: Double
  public var lateAccuracy: Double
  /// Over the late trials on which the shortcut is of no help; nil where the store holds none.
  public var lateIncongruentAccuracy: Double?
  /// One metric over the lifetime; nil where none was asked for.
  public var curve: NetworkCurve?

  public init(
    network: Int, diverged: Bool = false, trials: Int, trialsToCriterion: Int? = nil, reward: Double,
    accuracy: Double, lateReward: Double, lateAccuracy: Double, lateIncongruentAccuracy: Double? = nil
  ) {
    self.network = network
    self.diverged = diverged
    self.trials = trials
    self.trialsToCriterion = trialsToCriterion
    self.reward = reward
    self.accuracy = accuracy
    self.lateReward = lateReward
    self.lateAccuracy = lateAccuracy
    self.lateIncongruentAccuracy = lateIncongruentAccuracy
  }
}

/// A metric of one network in equal parts of its lifetime.
public struct NetworkCurve: Sendable, Equatable {
  /// NaN for a part that no trial falls into.
  public var values: [Double]
  /// Trial at which the lifetime diverged; nil where it did not.
  public var divergedAt: Int?
}

/// One cell of a sweep with what became of it.
public struct CellOutcome: Sendable, Equatable {
  public enum Status: String, Sendable, CaseIterable, Codable {
    case done, diverged, failed
    /// Planned, but without a result yet.
    case unfinished
  }

  public var key: UInt64
  /// Value by dotted path (`rule.degree`); a path that the cell lacks counts as `none`.
  public var settings: CellSettings
  public var status: Status
  /// Fresh networks under the learned rule, under the rule it started from and without plasticity.
  public var learned: [NetworkScores]
  public var start: [NetworkScores]
  public var none: [NetworkScores]
  /// Accuracy of the uninformed, of the part-ignoring and of the ideal policy; nil where the store does not
  /// say.
  public var chance: Double?
  public var shortcut: Double?
  public var ceiling: Double?
  /// Lifetimes run and credited GFLOP.
  public var lifetimes: UInt64
  /// Those of them that found the rule: training and validation. 0 for what was not learned.
  public var searchLifetimes: UInt64
  /// Mean J of the rule on its validation networks; nil where there were none.
  public var validationReward: Double?
  public var gigaflop: Double
  /// Why it failed; empty otherwise.
  public var message: String

  public init(
    key: UInt64, settings: CellSettings, status: Status, learned: [NetworkScores] = [],
    start: [NetworkScores] = [], none: [NetworkScores] = [], chance: Double? = nil,
    shortcut: Double? = nil, ceiling: Double? = nil, lifetimes: UInt64 = 0, searchLifetimes: UInt64 = 0,
    validationReward: Double? = nil, gigaflop: Double = 0,
    message: String = ""
  ) {
    self.key = key
    self.settings = settings
    self.status = status
    self.learned = learned
    self.start = start
    self.none = none
    self.chance = chance
    self.shortcut = shortcut
    self.ceiling = ceiling
    self.lifetimes = lifetimes
    self.searchLifetimes = searchLifetimes
    self.validationReward = validationReward
    self.gigaflop = gigaflop
    self.message = message
  }

  public subscript(_ path: String) -> ManifestValue { settings[path] ?? .null }

  /// A cell that counts in statistics: it has ended, and not by an error.
  var counts: Bool { status == .done || status == .diverged }

  /// Late accuracy is 0 and reward this in a diverged lifetime.
  var divergedReward: Double { self["reward"] == .string("binary") ? 0 : -2 }
}
