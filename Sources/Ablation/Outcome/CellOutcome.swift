import Model
import ResultStore

/// One fresh network of a cell. What it did is read as its own: `network.lateAccuracy`.
@dynamicMemberLookup
public struct NetworkScores: Sendable, Equatable {
  /// Index of the network: the same index and seed are the same network, trials and noise in every cell.
  public var network: Int
  /// Trials of the lifetime, H.
  public var trials: Int
  /// Without curves.
  public var evaluation: NetworkEvaluation
  /// One metric over the lifetime; nil where none was asked for.
  public var curve: NetworkCurve?

  public init(network: Int, trials: Int, evaluation: NetworkEvaluation) {
    self.network = network
    self.trials = trials
    self.evaluation = evaluation
  }

  public subscript<Value>(dynamicMember path: WritableKeyPath<NetworkEvaluation, Value>) -> Value {
    get { evaluation[keyPath: path] }
    set { evaluation[keyPath: path] = newValue }
  }

  var diverged: Bool { evaluation.divergedAt != nil }
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
  /// Lifetimes of training and validation alone, which found the rule; 0 for a rule that was not learned.
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

  /// What tells cells apart: the key, and the folder where that is a setting.
  package struct Identity: Hashable, Sendable {
    package var key: UInt64
    package var folder: ManifestValue

    package init(key: UInt64, folder: String?) {
      self.key = key
      self.folder = folder.map { .string($0) } ?? .null
    }
  }

  package var identity: Identity { Identity(key: key, folder: self[ResultFolder.setting].string) }

  public subscript(_ path: String) -> ManifestValue { settings[path] ?? .null }

  /// True for a cell that counts in statistics: it has ended, and not by an error.
  var counts: Bool { status == .done || status == .diverged }

  /// The reward of a diverged lifetime, whose accuracy is 0.
  var divergedReward: Double { self["reward"] == .string("binary") ? 0 : -2 }
}
