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
      Every contender meets the same networks, trials and noise. A sweep file gives the configurations to test on; a \
      result folder gives them and the rules that were learned there, each tested on its own configuration or, with \
      --transfer, on all; rivals that were tuned there are contenders like them. The monomial scales are measured \
      anew for every task and network; theta stays, and so do the constants of a learned rule, its exploration and its \
      normalisation. Beside the contenders stand chance, the best shortcut, no plasticity (none) and the start rule \
      (start). --rule and --learner take settings: miconi:gain=3,clip=0.02. A learner's own eta is \
      that which suits cue-association: give it others by gain where it is to be beaten elsewhere. Runs alone or under \
      mpirun. SIGUSR1 stops after the networks being tested with exit code 75; with --out the same command goes on.
      """)

  @Argument(help: "A sweep file or a folder of results.") var source: String?
  @Option(help: "miconi, miconi-13, linear, start, none or a rule file, each with :key=value,... if wanted.")
  var rule: [String] = []
  @Option(help: ArgumentHelp("A rival, or `all`; the names are in `trifactor evaluate --help-learners`."))
  var learner: [String] = []
  @Flag(help: "List the learners and what they are told.") var helpLearners = false
  @Option(help: "Folders whose learned rules are tested too, on every configuration.") var learned: [String] =
    []
  @Option(help: "Only this task of the sweep, or another task, or a task file, in the first configuration.")
  var task: [String] = []
  @Option(help: "Fresh networks for each contender and configuration.") var networks = 60
  @Option(help: "Seed of the networks; the first cell's otherwise.") var seed: UInt64?
  @Flag(help: "Test every learned rule on every configuration.") var transfer = false
  @Flag(help: "Beside each learned rule, one with a random theta of the same norm and all else equal.")
  var random = false
  @Option(help: "Contender that differences are taken from, network by network.") var against = "none"
  @Flag(help: "Print learning curves: accuracy in 20 parts of the lifetime.") var curves = false
  @Option(help: "Folder for the results, one record a network; what is in it is not run again.")
  var out: String?
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    // As the parser says it of an argument that may not be left out.
    if source == nil, !helpLearners { throw ValidationError("Missing expected argument '<source>'") }
    try require("--networks", networks, in: Bounds.networks)
    try requireName("--out", out)
    try require("--seed", seed, in: Bounds.seeds)
  }

  func run() throws {
    if helpLearners {
      try Console.print(Self.learnerList)
      return
    }
    guard let source else { brokenInvariant("validate lets nothing through without a source") }
    let areSent =
      SentFiles.areSent(for: source) || SentFiles.isOneOfManyRanks && task.contains(where: TaskFile.isPath)
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
        return try EvaluationLaunch(request, world: world, folder: out).run { results, level in
          let report = EvaluationReport(request, results: results, level: level, against: against)
          try Console.print(json ? try report.json() : report.text(curves: curves))
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
    question.rules = rule
    question.learners = learner
    question.learned = learned
    question.tasks = task
    question.networks = networks
    question.seed = seed
    question.transfer = transfer
    question.random = random
    question.against = against
    return question
  }
}
