import Kernels
import Model
import Plasticity
import Sweep

/// How a learned rule loses its terms one by one.
///
/// A step tunes the constants of the rule as it is, by evolution on training networks, with the search and the budget of
/// `RivalSearch`; theta stays. Then every term is left out in turn, without tuning, and the one whose loss costs least on
/// the validation networks is dropped for good, and the next step goes on from there. The last rule has then been tuned
/// once for every term. What it is compared with, so that no difference comes of tuning alone, is the rule with all
/// terms, tuned in one search with as many lifetimes as all steps together.
public struct Pruning: Sendable {
  /// The cell that learned the rule: its task, network, seed and validation.
  public let learned: Cell
  /// Training and validation lifetimes of every search, at least.
  public let lifetimes: Int

  public init(_ learned: Cell, lifetimes: Int) {
    self.learned = learned
    self.lifetimes = lifetimes
  }

  /// The rule that the cell's result holds, with the scales that it was learned with.
  public func start(theta: [Double], constants: LocalConstants, level: SIMDLevel) throws -> PrunedRule {
    PrunedRule(
      learned.settings.rule.shape, theta: theta,
      scales: try CellConfiguration(learned.settings).scales(level: level), constants: constants)
  }

  /// The search that tunes the constants of a rule.
  /// - Parameter times: how many steps it is to stand for.
  /// - Throws: `SettingsProblem` where there is none to tune.
  public func search(_ rule: PrunedRule, times: Int = 1, level: SIMDLevel) throws -> Cell {
    // Scales do not depend on theta, only on the constants that the search starts from.
    let first = try settings(rule, theta: rule.theta, times)
    let scales = try CellConfiguration(first).scales(level: level)
    let settings = try settings(rule, theta: rule.theta(inUnitsOf: scales), times)
    let coordinate = Coordinate(path: "meta.iterations", value: "\(settings.meta.iterations)")
    return Cell(settings, coordinates: [coordinate])
  }

  private func settings(_ rule: PrunedRule, theta: [Double], _ times: Int) throws -> Settings {
    let constants = Dictionary(
      uniqueKeysWithValues: LocalConstant.allCases.map { ($0, rule.constants[$0]) })
    let search = RivalSearch(
      name: "pruned",
      kind: .rule(degree: rule.shape.degree, theta: theta, layers: rule.shape.layers), constants: constants)
    return try search.settings(against: learned.settings, start: 1, lifetimes: times * lifetimes)
  }

  /// What a search made of its rule.
  public func found(_ finding: FairFinding, in cell: Cell, level: SIMDLevel) throws -> PrunedRule {
    PrunedRule(
      cell.settings.rule.shape, theta: finding.theta,
      scales: try CellConfiguration(cell.settings).scales(level: level), constants: finding.constants)
  }

  /// J on the cell's validation networks of the rule without each of its terms, in the order of `terms`; all members of
  /// the team must call it, and all get every number.
  public func losses(of step: PruneStep, level: SIMDLevel, team: any Team) throws -> [Double] {
    let configuration = try CellConfiguration(step.cell.settings)
    let runner = try configuration.runner(level: level, scales: step.rule.scales)
    let networks = configuration.meta.validationNetworks
    let rules = step.rule.terms.map { step.rule.without($0).rule }
    let width = runner.width(of: LifetimeRequest())
    let scores = try team.spread(rules.count * networks, groupsOf: width) { group in
      let jobs = group.map { index in
        LifetimeJob(
          LifetimeAddress(
            seed: configuration.meta.seed, domain: .validation, index: UInt32(index % networks)),
          rules[index / networks])
      }
      return runner.run(jobs).map { ValidationScore(reward: $0.score(runner.method.reward)) }
    }
    return rules.indices.map { place in
      scores[place * networks..<(place + 1) * networks].map(\.reward).mean()
    }
  }
}

/// J of one validation network.
private struct ValidationScore: TeamRow {
  var reward = Double.nan
  init() {}
  init(reward: Double) { self.reward = reward }
  static var fields: [TeamField<Self>] { [.number(\.reward)] }
}

/// The tests of all steps on the same fresh networks, the rule as it was learned among them.
public struct PruneTests: Sendable {
  public let plan: EvaluationPlan

  /// - Parameters:
  ///   - learned: the rule as it was learned.
  ///   - reference: the rule with all terms, tuned as long as all steps together.
  ///   - networks: fresh networks 0 ..< this of the cell's own seed.
  public init(
    _ pruning: Pruning, learned: Contender, reference: PruneStep, steps: [PruneStep], networks: Int
  ) throws {
    var targets: [EvaluationTarget] = []
    var contenders: [Contender] = []
    func add(_ contender: Contender, _ settings: Settings, named name: String) throws {
      var contender = contender
      let target = try EvaluationTarget(settings, seed: settings.seed, label: name)
      (contender.name, contender.group, contender.source) = (name, name, targets.count)
      targets.append(target)
      contenders.append(contender)
    }
    try add(learned, pruning.learned.settings, named: "as learned")
    for (place, step) in ([reference] + steps).enumerated() {
      let constants = Dictionary(
        uniqueKeysWithValues: LocalConstant.allCases.map { ($0, step.rule.constants[$0]) })
      let shape = step.rule.shape
      let contender = Contender(
        .rule(degree: shape.degree, theta: step.rule.theta, layers: shape.layers), name: "",
        trainingSeed: pruning.learned.settings.seed, lifetimes: step.lifetimes, constants: constants)
      try add(contender, step.cell.settings, named: place == 0 ? "all terms" : "step \(place - 1)")
    }
    plan = try EvaluationPlan(contenders, on: targets, networks: networks, transfer: false)
  }

  /// What the rule as it was learned, the reference and every step did on the fresh networks; `results` are in the order
  /// of the plan.
  public func outcomes(_ results: [[NetworkEvaluation]?]) -> (
    learned: [NetworkEvaluation], reference: [NetworkEvaluation], steps: [[NetworkEvaluation]]
  ) {
    let all = plan.pairs.indices.map { results[$0] ?? [] }
    return (all[0], all[1], Array(all.dropFirst(2)))
  }
}
