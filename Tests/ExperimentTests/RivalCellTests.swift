import Kernels
import Model
import Plasticity
import ResultStore
import Sweep
import Testing

@testable import Experiment

/// Rivals as cells of a sweep: their constants are tuned like those of a rule, and `evaluate` finds the same numbers.
@Suite struct RivalCellTests {
  /// A small cell whose rival starts far too slowly.
  private func settings(_ rival: RivalRule) -> Settings {
    var settings = Settings()
    settings.learner = .rival(rival)
    settings.tasks = ["cue-association"]
    settings.trials = 100
    settings.network.units = 16
    settings.rule.degree = 0
    settings.rule.theta = .entries([0])
    settings.constants[.eta] = 0.002
    settings.meta.estimator = .evolution
    settings.meta.learn = ["eta", "clip", "baseline-rate", "amplitude"]
    settings.meta.lifetimes = 8
    settings.meta.iterations = 60
    settings.meta.learningRate = 0.1
    settings.meta.validationNetworks = 16
    settings.meta.validationEvery = 10
    settings.evaluation.networks = 12
    return settings
  }

  private struct Run {
    var result: ResultRecord
    var networks: [RuleRole: [EvaluationRecord]] = [:]
    /// Validation J of each validation.
    var validations: [Double] = []

    func reward(_ role: RuleRole) -> Double {
      let values = networks[role]!.map(\.reward)
      return values.reduce(0, +) / Double(values.count)
    }
  }

  private func run(_ cell: Cell, level: SIMDLevel = .highest) throws -> Run {
    let work = try Workshop(level: level, launch: 0, rank: 0).begin(cell, from: nil)
    var run: Run?
    var networks: [RuleRole: [EvaluationRecord]] = [:]
    var validations: [Double] = []
    while run == nil {
      for record in try work.advance(in: Solo()).records {
        switch record.kind {
        case .iteration:
          let validation = try IterationRecord(record).validationReward
          if !validation.isNaN { validations.append(validation) }
        case .evaluation:
          let evaluation = try EvaluationRecord(record)
          networks[evaluation.role, default: []].append(evaluation)
        case .result: run = Run(result: try ResultRecord(record))
        default: Issue.record("a record of kind \(record.kind)")
        }
      }
    }
    run!.networks = networks
    run!.validations = validations
    return run!
  }

  /// From an eta ten times too small: the tuned rival wins on the validation networks and on fresh ones.
  @Test
  func tuningMakesNodePerturbationBetter() throws {
    let run = try run(Cell(settings(.nodePerturbation)))
    #expect(run.result.status == .done && run.result.choice != 2)
    #expect(run.result[.eta] > 2 * 0.002, "eta ended at \(run.result[.eta])")
    #expect(run.result.validationReward > run.validations[0], "\(run.validations)")
    #expect(run.reward(.learned) > run.reward(.start) + 0.02)
    #expect(run.reward(.learned) > run.reward(.none) + 0.02)
    // What a rival has not: one number stands for theta, and it never moves.
    #expect(run.result.theta == [RivalRule.nodePerturbation.standardGain])
    #expect(run.result[.tauE] == 400 && run.result[.tauBar] == 15)
  }

  /// The same lifetimes to the bit, though the amplitude was tuned: the trace's scale is the configuration's.
  @Test(arguments: RivalRule.allCases)
  func theTunedRivalIsThatOfEvaluate(rival: RivalRule) throws {
    var settings = settings(rival)
    // Where the start is the best, nothing is tuned: this one is better the slower it learns.
    if rival == .rewardEprop { settings.constants[.eta] = 2 }
    settings.trials = 30
    settings.meta.iterations = 20
    settings.meta.validationEvery = 1
    settings.evaluation.networks = 4
    let cell = Cell(settings)
    let run = try run(cell)
    let tuned = [LocalConstant.eta, .clip, .baselineRate, .amplitude]
    let target = try EvaluationTarget(settings, seed: settings.seed, label: "")
    let plan = try EvaluationPlan(
      [
        Contender(
          .rival(rival), name: "tuned", gain: rival.standardGain,
          constants: Dictionary(uniqueKeysWithValues: tuned.map { ($0, run.result[$0]) })),
        Contender(.rival(rival), name: "untuned", gain: rival.standardGain), Contender(.start, name: "start"),
      ], on: [target], networks: 4, transfer: false)
    for (pair, role) in zip(plan.pairs, [RuleRole.learned, .start, .start]) {
      let seen = try #require(try plan.run(pair, level: .highest, team: Solo()))
      let stored = try #require(run.networks[role])
      #expect(seen.map(\.reward) == stored.map(\.reward), "\(pair.contender.name)")
      #expect(seen.map(\.lateAccuracy) == stored.map(\.lateAccuracy), "\(pair.contender.name)")
    }
    for constant in [LocalConstant.amplitude, .eta] {
      #expect(run.result[constant] != settings.constants[constant])
    }
  }

  /// No plasticity is no plasticity, whoever does not learn: the rewards of a silent polynomial.
  @Test func noneIsTheSameForEveryLearner() throws {
    var rival = settings(.rflo)
    rival.trials = 20
    rival.meta.iterations = 2
    var rule = rival
    rule.learner = .threeFactor
    let a = try run(Cell(rival)).networks[.none]!.map(\.reward)
    let b = try run(Cell(rule)).networks[.none]!.map(\.reward)
    #expect(a == b)
  }

  /// A rotation of tasks brings each one's own scale.
  @Test func severalTasksAreTuned() throws {
    var two = settings(.nodePerturbation)
    two.tasks = ["cue-association", "delayed-xor"]
    two.trials = 20
    two.meta.iterations = 2
    let configuration = try CellConfiguration(two)
    let scales = configuration.scales(level: .highest)
    #expect(scales.count == 2 && scales[0] != scales[1] && scales.allSatisfy { $0.count == 1 })
    #expect(try run(Cell(two)).result.status == .done)
  }

  /// More than half of a batch diverged and theta is frozen: eta falls, or else nothing ever would.
  @Test func divergenceShrinksEta() throws {
    var wild = settings(.nodePerturbation)
    wild.constants[.eta] = 1e6
    wild.constants[.clip] = .infinity
    wild.trials = 30
    wild.meta.learn = ["eta"]
    wild.meta.iterations = 10
    wild.meta.learningRate = 0
    let work = try Workshop(level: .highest, launch: 0, rank: 0).begin(Cell(wild), from: nil)
    let first = try IterationRecord(try #require(try work.advance(in: Solo()).records.first))
    #expect(first.action == MetaReport.Action.shrunk.rawValue)
    #expect(abs(LocalConstants(values: first.constants)[.eta] / 0.7e6 - 1) < 1e-12)
  }

  @Test func auditWantsARule() throws {
    let cell = Cell(settings(.eprop))
    let error = #expect(throws: RivalError.self) {
      _ = try AuditReport(cell, trials: 2, samples: 4, level: .highest)
    }
    #expect(error?.description.contains("learns by e-prop, which has no theta") == true)
  }
}

extension ResultRecord {
  fileprivate subscript(constant: LocalConstant) -> Double { LocalConstants(values: constants)[constant] }
}
