import ArgumentParser
import Launch
import MPI
import Model
import Plasticity
import Reports
import Sweep

/// `trifactor evaluate`: rules and rival learners on fresh networks, side by side.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Test rules and learners on fresh networks: accuracy, reward, trials to criterion, transfer.",
    discussion: """
      Every contender meets the same networks, trials and noise. A sweep file gives the configurations to test on. A \
      result folder also gives the rules that were learned there and the rivals that were tuned there, each tested on \
      its own configuration or, with --transfer, on all. The monomial scales are measured anew for every task and \
      network; theta, constants, exploration and normalisation of a learned rule stay. Chance, the best shortcut, no \
      plasticity (none) and the start rule (start) are shown beside the contenders. --rule and --learner take settings: \
      miconi:gain=3,clip=0.02. The eta of a learner suits cue-association; try several gains before you claim to beat it \
      on another task. --alignment asks at points along each lifetime whether the learner moves W uphill: the cosine \
      between the mean change of W that one trial makes and the mean gradient of that trial's reward, exact by reverse \
      differentiation, over draws of trial, kicks and weight noise; `table --alignment` and `export --alignment` read \
      what --out stores of it. Runs alone or under mpirun. SIGUSR1 stops after the networks at hand with exit code 75; with \
      --out the same command continues.
      """)

  @Argument(help: "A sweep file or a folder of results.") var source: String?
  @OptionGroup var given: GivenSettings
  @Option(
    help:
      "miconi, miconi-13, linear, start, none or a rule file; settings may follow as :key=value,...; may be repeated."
  )
  var rule: [String] = []
  @Option(
    help: ArgumentHelp(
      "A rival learner, or `all`; `trifactor evaluate --help-learners` lists them; may be repeated."))
  var learner: [String] = []
  @Flag(help: "List the rival learners and the feedback that each of them gets.") var helpLearners = false
  @Option(help: "Folders whose learned rules are tested too, on every configuration.") var learned: [String] =
    []
  @Option(
    help:
      "Test only on this task; one that the sweep does not have, or a task file, in the first configuration.")
  var task: [String] = []
  @Option(help: "Number of fresh networks for each contender and configuration.") var networks = 60
  @Option(help: "Seed of the networks; if not given, that of the first cell.") var seed: UInt64?
  @Flag(help: "Test every learned rule on every configuration.") var transfer = false
  @Flag(help: "Test beside each learned rule one with a random theta of the same norm, all else equal.")
  var random = false
  @Option(help: "Contender that the others are compared with, network by network.") var against = "none"
  @Flag(help: "Print learning curves: the accuracy in 20 parts of the lifetime.") var curves = false
  @Flag(help: "Measure alignment with the gradient; a draw costs about three trials.") var alignment = false
  @Option(
    help:
      "Points along a lifetime at which alignment is measured: the ends of as many equal parts; 10 if not given."
  )
  var alignmentPoints: Int?
  @Option(help: "Draws of trial, kicks and weight noise at each point; 64 if not given.")
  var alignmentDraws: Int?
  @Option(help: "Folder to store the results in, one record a network; what is stored is not run again.")
  var out: String?
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    // As the parser says it of an argument that may not be left out.
    if source == nil, !helpLearners { throw ValidationError("Missing expected argument '<source>'") }
    try require("--networks", networks, in: Bounds.networks)
    try requireName("--out", out)
    try require("--seed", seed, in: Bounds.seeds)
    try requireAlignment(alignment, points: alignmentPoints, draws: alignmentDraws)
  }

  func run() throws {
    if helpLearners {
      try Console.print(Self.learnerList)
      return
    }
    guard let source else { brokenInvariant("validate lets nothing through without a source") }
    let areSent =
      SentFiles.areSent(for: source, given.overrides)
      || SentFiles.isOneOfManyRanks && task.contains(where: TaskFile.isPath)
    let own = areSent ? nil : try EvaluationRequest(question(about: source))
    Signals.listenToDrain()
    let code = MPI.run(exitCode: Failure.code(of:)) { world in
      let outcome =
        try own.map { .made($0) }
        ?? SentFiles.make(over: world, tasks: \.taskFiles) { sent in
          try EvaluationRequest(question(about: source), sent: sent)
        }
      switch outcome {
      case .failed(let code): return code
      case .made(let request):
        if world.rank == 0 { request.notes.forEach { printError("note: \($0)") } }
        return try EvaluationLaunch(request, world: world, folder: out).run {
          results, alignment, level in
          let report = EvaluationReport(
            request, results: results, alignment: alignment, level: level, against: against)
          try Console.write(json ? try report.json() : report.text(curves: curves) + "\n")
        }
      }
    }
    if code != 0 { throw ExitCode(code) }
  }

  static var learnerList: String {
    RivalRule.allCases.map { rule in
      let name = rule.rawValue.padding(toLength: 20, withPad: " ", startingAt: 0)
      let told = rule.feedback.rawValue.padding(toLength: 20, withPad: " ", startingAt: 0)
      return "\(name)\(told)\(rule.summary)"
    }.joined(separator: "\n")
      + """


      The trace of each has rms 1, and its eta is the configuration's times a gain: of 0.03 to 30 the one that
      suited cue-association at the default settings best (40 networks). Other tasks may want another, so a learner
      that loses elsewhere has not been tuned there: try NAME:gain=G for several G before you claim to beat it.
      """
  }

  private func question(about source: String) -> EvaluationQuestion {
    var question = EvaluationQuestion(source: source)
    question.overrides = given.overrides
    question.rules = rule
    question.learners = learner
    question.learned = learned
    question.tasks = task
    question.networks = networks
    question.seed = seed
    question.transfer = transfer
    question.random = random
    question.against = against
    if alignment { question.alignment = AlignmentPlan(points: alignmentPoints, draws: alignmentDraws) }
    return question
  }
}
