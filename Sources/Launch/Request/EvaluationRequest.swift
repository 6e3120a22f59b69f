import Experiment
import Foundation
import Model
import Plasticity
import Sweep
import TaskFiles

/// What `evaluate` was asked for, checked: every rank makes the same one before MPI starts.
public struct EvaluationRequest {
  public var name: String
  /// The sweep file's text, kept beside the results.
  public var sweepFile: String
  public var seed: UInt64
  public var plan: EvaluationPlan
  public var transfer: Bool
  /// What rule files leave open; rank 0 prints it.
  public var notes: [String]
  /// Where and how often alignment is measured; nil for never.
  public var alignment: AlignmentPlan?

  init(
    name: String, sweepFile: String, seed: UInt64, plan: EvaluationPlan, transfer: Bool, notes: [String] = [],
    alignment: AlignmentPlan? = nil
  ) {
    self.name = name
    self.sweepFile = sweepFile
    self.seed = seed
    self.plan = plan
    self.transfer = transfer
    self.notes = notes
    self.alignment = alignment
  }
}

/// The arguments of `evaluate`, unchecked.
public struct EvaluationQuestion {
  /// A sweep file or a folder of results.
  public var source: String
  /// Settings in place of those of a sweep file.
  public var overrides: [SettingOverride] = []
  /// Rules by name or file; `:key=value,...` may follow.
  public var rules: [String] = []
  /// Rivals, or `all`.
  public var learners: [String] = []
  /// Folders whose learned rules are tested too, on every configuration.
  public var learned: [String] = []
  /// Only these tasks; one that the sweep does not have is tested in the first configuration.
  public var tasks: [String] = []
  public var networks = 60
  /// nil for the seed of the first cell.
  public var seed: UInt64?
  /// True to test every learned rule on every configuration.
  public var transfer = false
  /// True to test beside each learned rule one with a random theta of the same norm.
  public var random = false
  /// Contender that differences are taken from.
  public var against = "none"
  /// Where and how often to measure alignment; nil for never.
  public var alignment: AlignmentPlan?

  public init(source: String) { self.source = source }
}

extension EvaluationRequest {
  /// Reads everything that is to be tested.
  /// - Parameter sent: task files that rank 0 has read, by their paths.
  /// - Throws: `UsageError`, `ContenderError`, and what reading sweep files and folders throws.
  public init(_ question: EvaluationQuestion, sent: [String: [UInt8]] = [:]) throws {
    let home = try RuleSource(question.source, sent: sent, overrides: question.overrides)
    let seed = question.seed ?? home.cells[0].settings.seed
    let found = try EvaluationTarget.targets(of: home.cells, seed: seed)
    var targets = found.targets
    var notes: [String] = []
    var contenders = try question.named(
      hasLearned: home.isFolder || !question.learned.isEmpty, notes: &notes)
    for one in home.learned {
      contenders += question.contenders(one, folder: nil, source: found.places[one.place])
    }
    for folder in question.learned {
      let other = try RuleSource(folder)
      guard other.isFolder else {
        throw UsageError("--learned '\(folder)' is no result folder; wanted: the --out of a `trifactor run`")
      }
      for one in other.learned {
        contenders += question.contenders(
          one, folder: question.learned.count > 1 ? folder : nil, source: nil)
      }
    }
    if !question.tasks.isEmpty {
      let files = try Self.files(question.tasks, sent: sent)
      (targets, contenders) = try Self.keep(question.tasks, files, of: targets, contenders)
    }
    let plan = try EvaluationPlan(
      contenders, on: targets, networks: question.networks, transfer: question.transfer)
    let against = question.against
    guard contenders.contains(where: { $0.name == against || $0.group == against }) else {
      throw UsageError(
        "--against '\(against)' is no contender here; they are "
          + contenders.prefix(8).map(\.group).joined(separator: ", "))
    }
    if let alignment = question.alignment, let reason = plan.alignmentRefusal(alignment) {
      throw UsageError("--alignment: \(reason)")
    }
    self.init(
      name: home.name, sweepFile: home.text, seed: seed, plan: plan, transfer: question.transfer,
      notes: notes, alignment: question.alignment)
  }

  /// Keeps the targets of some tasks. A learned rule whose own configuration is left out is tested on the others.
  /// - Parameter files: those of the tasks that are files, by path.
  private static func keep(
    _ tasks: [String], _ files: [String: TaskFile], of targets: [EvaluationTarget], _ contenders: [Contender]
  ) throws -> ([EvaluationTarget], [Contender]) {
    // A task of the program is known by its name, one of a file by the content of the file.
    let wanted = tasks.map { files[$0]?.identity ?? $0 }
    let known = targets.map { target in
      let text = target.cell.settings.tasks.joined(separator: "+")
      return [text, TaskFile.shownName(text)]
    }
    let order = targets.indices.filter { known[$0].contains(where: wanted.contains) }
    let others = try zip(tasks, wanted).filter { !known.joined().contains($1) }.map { text, _ in
      try targets[0].with(task: text, file: files[text])
    }
    let moved = contenders.map { contender in
      var contender = contender
      contender.source = contender.source.flatMap { order.firstIndex(of: $0) }
      return contender
    }
    return (order.map { targets[$0] } + others, moved)
  }
}

extension EvaluationRequest {
  /// The tasks of files that are tested on.
  public var taskFiles: [TaskFile] { plan.targets.flatMap { $0.cell.settings.taskFiles.map(\.value) } }

  /// The task files among the tasks asked for, by path.
  /// - Throws: `SweepFileError`.
  private static func files(_ tasks: [String], sent: [String: [UInt8]]) throws -> [String: TaskFile] {
    try Dictionary(
      uniqueKeysWithValues: Set(tasks.filter(TaskFile.isPath)).map { path in
        (
          path,
          try TaskReading.reader(path) { name in try sent[name] ?? InputFile.bytes(of: name, kind: .task) }
        )
      })
  }
}

extension EvaluationQuestion {
  /// The standards, then the rules and learners named; all hand-made rules where nothing is named and nothing learned.
  fileprivate func named(hasLearned: Bool, notes: inout [String]) throws -> [Contender] {
    var names = rules
    if rules.isEmpty, learners.isEmpty, !hasLearned { names = HandMadeRule.all.map(\.name) }
    let standards = ["none", "start"].filter { !names.contains($0) }
    var contenders = try (standards + names).map { text in
      try Contender(parsing: text, rivals: false) { name in
        if let known = HandMadeRule.named(name) {
          return RuleFile(degree: known.degree, theta: known.theta)
        }
        guard FileManager.default.fileExists(atPath: name) else { return nil }
        let file = try RuleFile.load(name)
        if let note = file.assumption(file: name, source: "each configuration that it is tested on") {
          notes.append(note)
        }
        return file
      }
    }
    for name in learners.flatMap({ $0 == "all" ? RivalRule.allCases.map(\.rawValue) : [$0] }) {
      contenders.append(try Contender(parsing: name, rivals: true) { _ in nil })
    }
    return contenders
  }

  /// A learned rule, and its random control where one is wanted.
  fileprivate func contenders(_ one: RuleSource.Learned, folder: String?, source: Int?) -> [Contender] {
    let prefix = folder.map { "\($0) " } ?? ""
    let word = one.rival == nil ? "learned " : "tuned "
    let rule = one.contender(
      name: prefix + word + one.label,
      group: prefix + (word + one.groupLabel).trimmingCharacters(in: .whitespaces), source: source)
    guard random, one.rival == nil else { return [rule] }
    let norm = one.theta.reduce(0) { $0 + $1 * $1 }.squareRoot()
    var control = rule
    control.kind = .rule(
      degree: one.degree,
      theta: randomTheta(
        seed: one.key, shape: one.settings.rule.shape, terms: one.settings.rule.places
      ).map { $0 * norm / 2 },
      layers: one.settings.rule.shape.layers)
    control.name = prefix + "random " + one.label
    control.group = prefix + ("random " + one.groupLabel).trimmingCharacters(in: .whitespaces)
    control.constants = [:]
    control.lifetimes = 0
    return [rule, control]
  }
}
