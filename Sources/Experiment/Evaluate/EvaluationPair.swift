import Kernels
import Model
import Plasticity
import ResultStore
import Sweep

/// One contender on one target: a cell of an evaluation's own store.
public struct EvaluationPair: Sendable {
  public var target: Int
  public var contender: Contender
  /// Networks 0 ..< this of the evaluation domain.
  public var networks: Int
  public var key: UInt64

  init(_ contender: Contender, on place: Int, _ target: EvaluationTarget, networks: Int) {
    self.target = place
    self.contender = contender
    self.networks = networks
    key = CanonicalForm.key(
      of: target.cell.canonical + contender.canonical
        + contender.frame.canonical(on: target.configuration)
        + "evaluate.networks=\(networks)\n")
  }

  /// The shape of rules under which its records are stored; that of degree 0 if it is no rule.
  public var shape: RuleShape {
    if case .rule(let degree, let theta, let layers) = contender.kind {
      RuleShape(degree: degree, coefficients: theta.count, layers: layers)
    } else {
      RuleShape(degree: 0)
    }
  }

  /// theta as stored; a rival and the standards have none.
  private var theta: [Double] {
    if case .rule(_, let theta, _) = contender.kind { theta.map { contender.gain * $0 } } else { [0] }
  }

  /// The records of networks `first`... of the evaluation domain.
  public func records(_ results: [NetworkEvaluation], from first: Int, target: EvaluationTarget)
    -> [EncodedRecord]
  {
    let trials = target.configuration.method.trials
    return results.enumerated().map { place, evaluation in
      EvaluationRecord(evaluation, cell: key, network: first + place, role: .learned, trials: trials)
        .encoded(shape: shape)
    }
  }

  /// The record that completes the pair; to be stored after those of all its networks.
  public func result(
    _ results: [NetworkEvaluation], target: EvaluationTarget, level: SIMDLevel, launch: Int
  ) -> EncodedRecord {
    let diverged = results.count { $0.divergedAt != nil }
    let status: CellStatus = 2 * diverged > networks ? .diverged : .done
    return ResultRecord(cell: key) {
      $0.status = status
      $0.simd = UInt8(level.code)
      $0.launch = UInt32(launch)
      $0.lifetimes = UInt64(networks + contender.lifetimes)
      $0.divergedLifetimes = UInt64(diverged)
      $0.evaluations = UInt32(networks)
      $0.choice = 2
      $0.seconds = 0
      $0.gigaflop = 0
      $0.theta = theta
      $0.scale = theta.map { _ in .nan }
      $0.constants = contender.constants(in: target.configuration).values
      if status == .diverged { $0.message = "diverged on \(diverged) of \(networks) fresh networks" }
    }.encoded(shape: shape)
  }

  /// The cell in the manifest: the target's settings, and the contender as `evaluate.contender`.
  public func manifestCell(_ target: EvaluationTarget) -> ManifestCell {
    var settings = CanonicalForm.values(of: target.cell.settings).mapValues {
      ManifestValue(settingText: $0)
    }
    settings["evaluate.contender"] = .string(contender.group)
    settings["evaluate.feedback"] = .string(contender.feedback?.rawValue ?? "none")
    settings["evaluate.training-seed"] = contender.trainingSeed.map { .string("\($0)") } ?? .null
    let yardsticks = target.configuration.yardsticks
    return ManifestCell(
      key: key, settings: CellSettings(settings), chance: yardsticks.chance, shortcut: yardsticks.shortcut,
      ceiling: yardsticks.ceiling)
  }
}

extension ManifestValue {
  /// A value as the canonical form writes it: numbers and switches by their type, all else as text.
  public init(settingText text: String) {
    switch text {
    case "true": self = .bool(true)
    case "false": self = .bool(false)
    default: self = Double(text).map { $0.isFinite ? .number($0) : .string(text) } ?? .string(text)
    }
  }
}
