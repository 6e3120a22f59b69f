import ArgumentParser
import Experiment
import Foundation
import Kernels
import MPI
import Model
import Plasticity
import Sweep
import TaskFiles

/// `trifactor evaluate`: rules and rival learners on fresh networks, side by side.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Test rules and learners on fresh networks: accuracy, reward, trials to criterion, transfer.",
    discussion: """
      Every contender meets the same networks, trials and noise. A sweep file gives the configurations to test on; a \
      result folder gives them and the rules that were learned there, each tested on its own configuration or, with \
      --transfer, on all; rivals that were tuned there are contenders like them. The monomial scales are measured anew for every configuration; theta stays, and so do the \
      constants that were learned. Beside the contenders stand chance, the best shortcut, no plasticity (none) and \
      the start rule (start). --rule and --learner take settings: miconi:gain=3,clip=0.02. A learner's own eta is \
      that which suits cue-association: give it others by gain where it is to be beaten elsewhere. Runs alone or under \
      mpirun. SIGUSR1 stops after the networks being tested with exit code 75; with --out the same command goes on.
      """)

  @Argument(help: "A sweep file or a folder of results.") var source: String
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
    guard networks >= 1 else { throw ValidationError("--networks is \(networks); wanted: at least 1") }
  }

  func run() throws {
    if helpLearners {
      print(Self.learnerList)
      return
    }
    let areSent =
      SentFiles.areSent(for: source) || SentFiles.isOneOfManyRanks && task.contains(where: TaskFile.isPath)
    let own = areSent ? nil : try request()
    Signals.listenToDrain()
    let code = MPI.run(exitCode: Failure.code(of:)) { world in
      let tasks = { (request: EvaluationRequest) in
        request.plan.targets.flatMap { $0.cell.settings.taskFiles.map(\.value) }
      }
      let outcome =
        try own.map { .made($0) } ?? SentFiles.make(over: world, tasks: tasks) { try request(sent: $0) }
      switch outcome {
      case .failed(let code): return code
      case .made(let request):
        return try EvaluationLaunch(request, world: world, folder: out).run { results, level in
          let report = EvaluationReport(request, results: results, level: level, against: against)
          print(json ? try report.json() : report.text(curves: curves))
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

  /// Everything that is to be tested, read and checked before MPI starts.
  /// - Parameter sent: task files that rank 0 has read, by their paths.
  func request(sent: [String: [UInt8]] = [:]) throws -> EvaluationRequest {
    let home = try RuleSource(source, sent: sent)
    let seed = seed ?? home.cells[0].settings.seed
    let found = try EvaluationTarget.targets(of: home.cells, seed: seed)
    var targets = found.targets
    var contenders = try fixedContenders(hasLearned: home.isFolder || !learned.isEmpty)
    for one in home.learned {
      let place = found.places[one.place]
      contenders += try self.contenders(one, of: home, folder: nil, source: place)
    }
    for folder in learned {
      let other = try RuleSource(folder)
      guard other.isFolder else {
        throw UsageError(
          description: "--learned '\(folder)' is no result folder; wanted: the --out of a `trifactor run`")
      }
      for one in other.learned {
        contenders += try self.contenders(
          one, of: other, folder: learned.count > 1 ? folder : nil, source: nil)
      }
    }
    if !task.isEmpty {
      let files = try Self.files(task, sent: sent)
      // A task of the sweep goes by its name, one of a file by what the file holds.
      let wanted = task.map { files[$0]?.identity ?? $0 }
      func names(_ target: EvaluationTarget) -> [String] {
        let text = target.cell.settings.tasks.joined(separator: "+")
        return [text, TaskFile.shownName(text)]
      }
      let kept = Set(targets.indices.filter { names(targets[$0]).contains(where: wanted.contains) })
      // A learned rule whose own configuration is left out is tested on what is left.
      let order = targets.indices.filter(kept.contains)
      let first = targets[0]
      let known = Set(targets.flatMap(names))
      let added = try zip(task, wanted).filter { !known.contains($1) }.map { text, _ in
        try first.with(task: text, file: files[text])
      }
      targets = order.map { targets[$0] } + added
      contenders = contenders.map { contender in
        var contender = contender
        contender.source = contender.source.flatMap { order.firstIndex(of: $0) }
        return contender
      }
    }
    let plan = try EvaluationPlan(contenders, on: targets, networks: networks, transfer: transfer)
    guard contenders.contains(where: { $0.name == against || $0.group == against }) else {
      throw UsageError(
        description: "--against '\(against)' is no contender here; they are "
          + contenders.prefix(8).map(\.group).joined(separator: ", "))
    }
    return EvaluationRequest(
      name: home.name, sweepFile: home.text, seed: seed, plan: plan, transfer: transfer)
  }

  /// The task files among the tasks asked for, by path.
  /// - Throws: `SweepFileError`.
  private static func files(_ tasks: [String], sent: [String: [UInt8]]) throws -> [String: TaskFile] {
    let paths = Set(tasks.filter(TaskFile.isPath))
    return try Dictionary(
      uniqueKeysWithValues: paths.map { path in
        (path, try TaskReading.reader(path) { name in try sent[name] ?? SweepFile.bytes(of: name) })
      })
  }

  /// The standards, then the rules and learners named; all hand-made rules where nothing is named and nothing learned.
  private func fixedContenders(hasLearned: Bool) throws -> [Contender] {
    var names = rule
    if rule.isEmpty, learner.isEmpty, !hasLearned { names = HandMadeRule.all.map(\.name) }
    let standards = ["none", "start"].filter { !names.contains($0) }
    var contenders = try (standards + names).map { text in
      try Contender(parsing: text, rivals: false) { name in
        if let known = HandMadeRule.named(name) { return (known.degree, known.theta, [:]) }
        guard FileManager.default.fileExists(atPath: name) else { return nil }
        let file = try RuleFile.load(name)
        return (file.degree, file.theta, file.constants)
      }
    }
    for name in learner.flatMap({ $0 == "all" ? RivalRule.allCases.map(\.rawValue) : [$0] }) {
      contenders.append(try Contender(parsing: name, rivals: true) { _ in nil })
    }
    return contenders
  }

  private func contenders(
    _ one: RuleSource.Learned, of home: RuleSource, folder: String?, source: Int?
  ) throws -> [Contender] {
    let prefix = folder.map { "\($0) " } ?? ""
    let word = one.rival == nil ? "learned " : "tuned "
    let rule = one.contender(
      name: prefix + word + one.label,
      group: prefix + (word + one.groupLabel).trimmingCharacters(in: .whitespaces), source: source)
    guard random, one.rival == nil else { return [rule] }
    let norm = one.theta.reduce(0) { $0 + $1 * $1 }.squareRoot()
    var control = rule
    control.kind = .rule(
      degree: one.degree, theta: randomTheta(seed: one.key, degree: one.degree).map { $0 * norm / 2 })
    control.name = prefix + "random " + one.label
    control.group = prefix + ("random " + one.groupLabel).trimmingCharacters(in: .whitespaces)
    control.constants = [:]
    control.lifetimes = 0
    return [rule, control]
  }
}

/// What `evaluate` was asked for, checked.
struct EvaluationRequest {
  var name: String
  /// The sweep file's text, kept beside the results.
  var sweepFile: String
  var seed: UInt64
  var plan: EvaluationPlan
  var transfer: Bool
}
