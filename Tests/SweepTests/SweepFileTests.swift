import Sweep
import Testing

@Suite struct SweepFileTests {
  @Test func theExampleOfTheReadmeGivesItsCells() throws {
    let file = try read(
      """
      name: degree-ablation
      question: Does a higher polynomial degree learn faster on fresh networks?
      base:
        task: cue-association
        network: {units: 32, gain: 1.5, tau: 80}
      axes:
        rule.degree: [1, 2, 3, 4, 5]
        task: [cue-association, delayed-nonmatch, perceptual-decision]
        seed: 0..<20
      when:
        - if: {task: delayed-nonmatch}
          set: {network.units: 64}
      """)
    #expect(file.name == "degree-ablation")
    #expect(file.cells.count == 300)
    // Its axis of tasks leaves nothing of the task in base.
    #expect(
      file.warnings.map(\.description)
        == ["test.yaml:4:9: warning: `task` is on an axis too, whose values replace the one given here"])
    // The first axis is the slowest.
    #expect(file.cells[1].label == "rule.degree=1 task=cue-association seed=1")
    #expect(file.cells[60].label == "rule.degree=2 task=cue-association seed=0")
    for cell in file.cells {
      #expect(cell.settings.network.units == (cell.settings.tasks == ["delayed-nonmatch"] ? 64 : 32))
      #expect(cell.settings.form == (cell.settings.tasks == ["cue-association"] ? "full" : "short"))
    }
    #expect(Set(file.cells.map(\.key)).count == 300)
  }

  @Test func nestedAndDottedKeysMeanTheSame() throws {
    let nested = try read("base: {network: {units: 16}, evaluation: {criterion: {correct: 9, of: 10}}}")
    let dotted = try read(
      "base: {network.units: 16, evaluation.criterion.correct: 9, evaluation.criterion: {of: 10}}")
    let axis = try read("axes: {network: {units: [16]}, evaluation.criterion: {correct: [9], of: [10]}}")
    #expect(nested.cells.map(\.canonical) == dotted.cells.map(\.canonical))
    #expect(nested.cells.map(\.key) == axis.cells.map(\.key))
    #expect(nested.name == "test")
  }

  @Test func emptyBaseIsAllDefaults() throws {
    let cell = try #require(try read("name: defaults").cells.first)
    var expected = Settings()
    expected.options = ["cues": [4]]
    #expect(cell.settings == expected)
    #expect(cell.label == "base")
  }

  @Test func dependentDefaults() throws {
    let cells = try read("axes: {meta.estimator: [tangent, antithetic, score, pathwise, evolution]}").cells
    #expect(cells.map(\.settings.exploration.weightNoise) == [0.01, 0.003, 0.01, 0.003, 0.003])
    let given = try read("{base: {meta.estimator: score, exploration.weight-noise: 0.003}}").cells[0]
    #expect(given.settings.exploration.weightNoise == 0.003)
    let degrees = try read("axes: {rule.degree: 0...2}").cells.map(\.settings.rule.theta)
    #expect(degrees == [.entries([0]), .entries([0, 0, 0, 0.3]), .entries([0, 0, 0, 0, 0.3, 0, 0, 0, 0])])
  }

  @Test func everySettingCanBeGiven() throws {
    let text = """
      base:
        task: [perceptual-decision, delayed-nonmatch]
        form: full
        options: {coherences: [0.064, 0.128]}
        seed: 7
        trials: 300
        reward: squared
        precision: double
        engine: adjoint
        memory: 1GiB
        network: {units: 64, gain: 2, input-scale: 5, readout-scale: 0.5, initial-scale: 0.2, initial-per-trial: true, tau: 95}
        time: {step: 10, trial: none}
        rule: {degree: 2, theta: {k1l1: -1, k2l0: 0.5}, normalise: false, eta: 0.0238, clip: none, tau-bar: 10, tau-e: none, baseline-rate: 0.25, growth: [0.1, 0.2]}
        exploration: {kind: gaussian, probability: 0.0089, amplitude: 2.776, gate: -1.5, weight-noise: 0}
        meta: {estimator: evolution, horizon: none, lifetimes: 8, iterations: 60, learning-rate: 0.02, gradient-clip: none, learn: [theta, eta, gate], validation-networks: 16, validation-every: 5}
        evaluation: {networks: 40, criterion: {correct: 9, of: 10}}
      """
    let settings = try read(text).cells[0].settings
    var expected = Settings()
    expected.tasks = ["perceptual-decision", "delayed-nonmatch"]
    expected.form = "full"
    expected.options = ["coherences": [0.064, 0.128]]
    expected.seed = 7
    expected.trials = 300
    expected.reward = .squared
    expected.precision = .double
    expected.engine = .adjoint
    expected.memory = 1 << 30
    expected.network.units = 64
    expected.network.gain = 2
    expected.network.inputScale = 5
    expected.network.readoutScale = 0.5
    expected.network.initialScale = 0.2
    expected.network.initialPerTrial = true
    expected.network.tau = 95
    expected.time.step = 10
    expected.rule.degree = 2
    expected.rule.theta = .entries([0, 0, 0, 0, -1, 0, 0.5, 0, 0])
    expected.rule.normalise = false
    expected.constants[.eta] = 0.0238
    expected.constants[.clip] = .infinity
    expected.constants[.tauBar] = 10
    expected.constants[.tauE] = .infinity
    expected.constants[.baselineRate] = 0.25
    expected.constants[.growth0] = 0.1
    expected.constants[.growth2] = 0.2
    expected.exploration.kind = .gaussian
    expected.constants[.probability] = 0.0089
    expected.constants[.amplitude] = 2.776
    expected.constants[.gate] = -1.5
    expected.exploration.weightNoise = 0
    expected.meta.estimator = .evolution
    expected.meta.horizon = nil
    expected.meta.lifetimes = 8
    expected.meta.iterations = 60
    expected.meta.learningRate = 0.02
    expected.meta.gradientClip = nil
    expected.meta.learn = ["theta", "eta", "gate"]
    expected.meta.validationNetworks = 16
    expected.meta.validationEvery = 5
    expected.evaluation.networks = 40
    expected.evaluation.criterionCorrect = 9
    expected.evaluation.criterionOf = 10
    #expect(settings == expected)
  }

  @Test func severalTasksKeepTheirOwnForms() throws {
    let settings = try read("base: {task: [cue-association, delayed-nonmatch]}").cells[0].settings
    #expect(settings.form == "default")
    #expect(testSchema.form(of: "delayed-nonmatch", in: settings) == "short")
    #expect(testSchema.form(of: "cue-association", in: settings) == "full")
  }

  @Test func rulesComeFromFiles() throws {
    let table = "degree: 1\ntheta: [[0, 0.5], [0, -1]]\nscale: [[1, 1], [1, 2]]\nprovenance: {cell: 0123}"
    let entries = "degree: 3\ntheta: {k0l1: 0.5, k1l1: -1}"
    let text = "base: {rule.theta: rules/a.yaml}\naxes: {rule.degree: [1, 3]}"
    let first = try read(text, rules: ["rules/a.yaml": table]).cells
    let second = try read(text, rules: ["rules/a.yaml": entries]).cells
    #expect(first[0].settings.rule.theta == .entries([0, 0.5, 0, -1]))
    // The content makes the key, not the path or the way of writing.
    #expect(first.map(\.key) == second.map(\.key))
    #expect(try read("base: {rule.theta: random}").cells[0].settings.rule.theta == .random)
  }

  @Test func excludeAndWhen() throws {
    let file = try read(
      """
      axes: {rule.degree: 1...3, task: [cue-association, delayed-nonmatch], seed: [0, 1]}
      when:
        - {if: {form: short}, set: {trials: 300}}
        - {if: {trials: 300, rule.degree: [2, 3]}, set: {meta.estimator: pathwise}}
      exclude:
        - {rule.degree: 2, task: delayed-nonmatch}
        - {seed: 1..<9, meta.estimator: pathwise}
      """)
    #expect(file.warnings.isEmpty)
    #expect(file.cells.count == 12 - 2 - 1)
    for cell in file.cells {
      let isLong = cell.settings.tasks == ["delayed-nonmatch"]
      #expect(cell.settings.trials == (isLong ? 300 : 200))
      #expect(
        cell.settings.meta.estimator == (isLong && cell.settings.rule.degree > 1 ? .pathwise : .antithetic))
    }
  }

  /// A condition sees the very defaults that the cell has: of two tasks with different first forms there is no form
  /// `full`, and no option of the first one.
  @Test func conditionsSeeTheDefaultsOfTheCell() throws {
    let text = """
      base: {task: [cue-association, delayed-nonmatch]}
      when:
        - {if: {form: full}, set: {trials: 101}}
        - {if: {options.cues: 4}, set: {trials: 102}}
        - {if: {form: default, exploration.weight-noise: 0.003}, set: {network.units: 16}}

      """
    let settings = try #require(try read(text).cells.first).settings
    #expect(settings.form == "default" && settings.options.isEmpty)
    #expect(settings.trials == 200 && settings.network.units == 16)
    let alone = text.replacing("[cue-association, delayed-nonmatch]", with: "cue-association")
    #expect(try read(alone).cells.map(\.settings.trials) == [102])
  }

  @Test func aHundredThousandCellsAreRead() throws {
    let file = try read("axes: {seed: 0..<20000, rule.degree: 1...5}")
    #expect(file.cells.count == 100_000)
    #expect(Set(file.cells.map(\.key)).count == 100_000)
    #expect(file.cells[99_999].label == "seed=19999 rule.degree=5")
  }
}
