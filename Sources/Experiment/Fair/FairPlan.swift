import Model
import Plasticity
import Sweep

/// How much a rival's search may cost.
public enum FairBudget: Int, Sendable, CaseIterable, Codable {
  /// At least as many lifetimes from every start as the learned rule took.
  case equal = 1
  /// At least twice as many.
  case doubled = 2

  public var label: String { self == .equal ? "equal" : "doubled" }
}

/// A learned rule that is to be compared.
public struct FairRule: Sendable {
  public var cell: Cell
  /// What tells its rules from others, apart from the seed.
  public var group: String
  /// Lifetimes of training and validation of the search that found it.
  public var lifetimes: Int
  /// The same for all starts together, if the rule is the best of several.
  public var spent: Int
  public var contender: Contender

  public init(cell: Cell, group: String, lifetimes: Int, spent: Int? = nil, contender: Contender) {
    self.cell = cell
    self.group = group
    self.lifetimes = lifetimes
    self.spent = spent ?? lifetimes
    self.contender = contender
  }

  /// The lifetimes of each of so many starts of a rival: as many as this rule's search took, and all starts together as
  /// many as all of its starts took.
  func share(starts: Int) -> Int { max(lifetimes, (spent + starts - 1) / starts) }
}

/// The searches that a fair comparison needs, and the tests on fresh networks once they are done.
public struct FairPlan: Sendable {
  public let rules: [FairRule]
  public let rival: RivalSearch
  public let starts: [Double]
  /// The searches, each once: learned rules of the same configuration and budget share them.
  public private(set) var cells: [Cell] = []
  /// Places in `cells`, by rule, budget and start.
  private var places: [[[Int]]] = []

  /// - Parameter starts: factors of eta with which searches begin.
  /// - Throws: `SettingsProblem` where the rival does not suit a rule's configuration.
  public init(_ rules: [FairRule], rival: RivalSearch, starts: [Double]) throws {
    self.rules = rules
    self.rival = rival
    self.starts = starts
    var known: [UInt64: Int] = [:]
    for rule in rules {
      var own: [[Int]] = []
      for budget in FairBudget.allCases {
        own.append(
          try starts.map { start in
            let settings = try rival.settings(
              against: rule.cell.settings, start: start,
              lifetimes: budget.rawValue * rule.share(starts: starts.count))
            let cell = Cell(settings, coordinates: Self.coordinates(rule, settings))
            if let place = known[cell.key] { return place }
            known[cell.key] = cells.count
            cells.append(cell)
            return cells.count - 1
          })
      }
      places.append(own)
    }
  }

  /// The places in `cells` of the searches of a rule at a budget, in the order of the starts.
  public func searches(of rule: Int, _ budget: FairBudget) -> [Int] {
    places[rule][FairBudget.allCases.firstIndex(of: budget)!]
  }

  private static func coordinates(_ rule: FairRule, _ settings: Settings) -> [Coordinate] {
    let kept = rule.cell.coordinates.filter { $0.path == "seed" || !EvaluationTarget.isNeutral($0.path) }
    let own = [
      (LocalConstant.eta.path, settings.constants[.eta]),
      ("meta.iterations", Double(settings.meta.iterations)),
    ]
    return kept.filter { $0.path != LocalConstant.eta.path }
      + own.map { Coordinate(path: $0.0, value: shortestText(of: $0.1)) }
  }
}

/// A search that is done.
public struct FairFinding: Sendable, Equatable {
  public var validationReward: Double
  /// Lifetimes of training and validation.
  public var lifetimes: Int
  public var theta: [Double]
  public var constants: LocalConstants

  public init(validationReward: Double, lifetimes: Int, theta: [Double], constants: LocalConstants) {
    self.validationReward = validationReward
    self.lifetimes = lifetimes
    self.theta = theta
    self.constants = constants
  }
}

/// The tests of learned rules and of the best starts of their rival, on the same fresh networks.
public struct FairTests: Sendable {
  public let plan: EvaluationPlan
  /// For every rule and budget the place in `FairPlan.cells` of the start that did best on validation.
  public let best: [[Int]]

  /// - Parameters:
  ///   - findings: of the searches, in the order of `FairPlan.cells`.
  ///   - networks: fresh networks 0 ..< this of each rule's own seed, the same for both sides.
  public init(_ fair: FairPlan, findings: [FairFinding], networks: Int) throws {
    let rules = fair.rules
    best = rules.indices.map { rule in
      FairBudget.allCases.map { budget in
        let searches = fair.searches(of: rule, budget)
        // The first of equals.
        return searches.dropFirst().reduce(searches[0]) {
          findings[$1].validationReward > findings[$0].validationReward ? $1 : $0
        }
      }
    }
    var targets: [EvaluationTarget] = []
    var known: [UInt64: Int] = [:]
    func target(_ settings: Settings) throws -> Int {
      let target = try EvaluationTarget(
        settings, seed: settings.seed, label: TaskFile.shownName(settings.tasks.joined(separator: "+")))
      if let place = known[target.cell.key] { return place }
      known[target.cell.key] = targets.count
      targets.append(target)
      return targets.count - 1
    }
    var contenders = try rules.map { rule in
      var contender = rule.contender
      contender.name = Self.name(rule.cell)
      contender.source = try target(rule.cell.settings)
      return contender
    }
    for place in Set(best.flatMap { $0 }).sorted() {
      let cell = fair.cells[place]
      contenders.append(
        fair.contender(findings[place], cell: cell, name: Self.name(cell), source: try target(cell.settings)))
    }
    plan = try EvaluationPlan(contenders, on: targets, networks: networks, transfer: false)
  }

  static func name(_ cell: Cell) -> String { cell.keyText }

  /// The results of a cell's rule among `results`, which are in the order of `plan.pairs`; nil where it could not run.
  public func results(of cell: Cell, in results: [[NetworkEvaluation]?]) -> [NetworkEvaluation]? {
    plan.pairs.firstIndex { $0.contender.name == Self.name(cell) }.flatMap { results[$0] }
  }
}

extension FairPlan {
  fileprivate func contender(_ found: FairFinding, cell: Cell, name: String, source: Int) -> Contender {
    // Every constant is given; those that were not tuned are those of the search.
    let constants = Dictionary(
      uniqueKeysWithValues: LocalConstant.allCases.map { ($0, found.constants[$0]) })
    let kind: Contender.Kind
    var gain = 1.0
    if let rival = cell.settings.learner.rival {
      kind = .rival(rival)
      gain = found.theta[0]
    } else {
      kind = .rule(
        degree: cell.settings.rule.degree, theta: found.theta, layers: cell.settings.rule.shape.layers)
    }
    return Contender(
      kind, name: name, group: rival.name, source: source, trainingSeed: cell.settings.seed, gain: gain,
      lifetimes: found.lifetimes, constants: constants)
  }
}
