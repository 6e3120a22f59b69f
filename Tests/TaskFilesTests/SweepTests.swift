import Experiment
import Foundation
import Sweep
import TestSupport
import Testing

/// Task files in sweep files: wherever a task's name may stand.
@Suite struct SweepTests {
  static let match = FileTaskTests.match
  static let other = FileTaskTests.goNogo

  private static func sweep(_ text: String, files: [String: String] = [:]) throws -> SweepFile {
    let files = ["tasks/match.yaml": match, "tasks/go.yaml": other].merging(files) { $1 }
    return try SweepFile(
      bytes: Array(text.utf8), file: "sweeps/test.yaml", schema: .trifactor,
      neighbours: { _ in files.keys.sorted() }
    ) { name in
      guard let text = files[name] else {
        throw SweepFileError(file: name, place: nil, problem: SweepFileError.noFile, advice: "")
      }
      return Array(text.utf8)
    }
  }

  private static func tasks(_ sweep: SweepFile) -> [[String]] {
    sweep.cells.map { $0.settings.tasks.map(TaskFile.shownName) }
  }

  @Test func inBaseListsAxesAndConditions() throws {
    #expect(Self.tasks(try Self.sweep("base: {task: tasks/match.yaml}\n")) == [["match"]])
    let list = try Self.sweep("base: {task: [cue-association, tasks/match.yaml]}\n")
    #expect(Self.tasks(list) == [["cue-association", "match"]])
    #expect(list.cells[0].settings.taskFiles.count == 1)
    let axes = try Self.sweep(
      "axes: {task: [tasks/match.yaml, tasks/go.yaml, [tasks/go.yaml, delayed-xor]], seed: 0..<2}\n")
    #expect(Self.tasks(axes).count == 6 && Set(axes.cells.map(\.key)).count == 6)
    #expect(axes.cells[0].label == "task=match seed=0")
    let zip = try Self.sweep("zip: {task: [tasks/match.yaml, delayed-xor], seed: [1, 2]}\n")
    #expect(Self.tasks(zip) == [["match"], ["delayed-xor"]])
    let when = try Self.sweep(
      """
      axes: {task: [tasks/match.yaml, delayed-xor]}
      when: [{if: {task: tasks/match.yaml}, set: {trials: 50}}]
      """)
    #expect(when.cells.map(\.settings.trials) == [50, 200] && when.warnings.isEmpty)
    let exclude = try Self.sweep(
      """
      axes: {task: [tasks/match.yaml, delayed-xor], seed: [0, 1]}
      exclude: [{task: tasks/match.yaml, seed: 1}]
      """)
    #expect(exclude.cells.count == 3)
    let set = try Self.sweep("axes: {seed: [0, 1]}\nwhen: [{if: {seed: 1}, set: {task: tasks/go.yaml}}]\n")
    #expect(Self.tasks(set) == [["cue-association"], ["go-nogo"]])
  }

  @Test func theKeyHoldsTheContentAndNotThePath() throws {
    let own = try Self.sweep("base: {task: tasks/match.yaml}\n")
    let moved = try Self.sweep(
      "base: {task: ../elsewhere.yaml}\n", files: ["../elsewhere.yaml": "# moved\n" + Self.match])
    let changed = try Self.sweep(
      "base: {task: tasks/match.yaml}\n",
      files: ["tasks/match.yaml": Self.match.replacing("[0.5, 1]", with: "[0.5, 0.9]")])
    #expect(own.cells[0].key == moved.cells[0].key)
    #expect(own.cells[0].key != changed.cells[0].key)
    #expect(own.cells[0].canonical.contains("\ntask=match@"))
    // The stored settings lead back to the same cell.
    let task = try #require(own.taskFiles["tasks/match.yaml"])
    let schema = SettingsSchema.trifactor.adding([task.identity: task])
    #expect(Cell(try schema.settings(canonical: own.cells[0].canonical)).key == own.cells[0].key)
  }

  /// A sweep without task files has the keys it always had.
  @Test func tasksOfTheProgramKeepTheirKeys() throws {
    let plain = try Self.sweep("axes: {task: [cue-association, delayed-nonmatch]}\n")
    let mixed = try Self.sweep("axes: {task: [cue-association, delayed-nonmatch, tasks/match.yaml]}\n")
    #expect(plain.cells.map(\.key) == mixed.cells.prefix(2).map(\.key))
    #expect(mixed.cells.prefix(2).allSatisfy { $0.settings.taskFiles.isEmpty })
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    var sweep: String
    var files: [String: String] = [:]
    var message: String
    var testDescription: String { message }
  }

  static let wrong = [
    Wrong(
      sweep: "base: {task: tasks/mach.yaml}\n",
      message: """
        sweeps/test.yaml:1:14: the task file `tasks/mach.yaml` is not there; did you mean `tasks/match.yaml`?
          Paths are relative to the folder of the sweep file.
        """),
    Wrong(
      sweep: "base: {task: tasks/match.yaml}\n",
      files: ["tasks/match.yaml": match.replacing("respond:", with: "repond:")],
      message: """
        sweeps/tasks/match.yaml:15:1: unknown key `repond`; did you mean `respond`?
          A task file has name, source, inputs, outputs, periods, show, columns, conditions, redraw, respond, curves.
        """),
    Wrong(
      sweep: "axes: {task: [tasks/match.yaml, b.yaml]}\n", files: ["b.yaml": match + "\nredraw: z\n"],
      message: """
        sweeps/test.yaml:1:33: the task files `tasks/match.yaml` and `b.yaml` are both named `match`, and they differ
          Give one of them another `name`, so that results can be told apart.
        """),
    Wrong(
      sweep: "base: {task: b.yaml}\n",
      files: ["b.yaml": match.replacing("name: match", with: "name: flip-flop")],
      message: """
        sweeps/test.yaml:1:14: the task file `b.yaml` is named `flip-flop`, as a task of the program is
          Give it another `name`, so that results can be told apart.
        """),
    Wrong(
      sweep: "base: {task: tasks/match.yaml, form: short}\n",
      message: """
        sweeps/test.yaml:1:38: task match has no form `short`
          Its forms: full. Where only some tasks of a sweep have the form, set it under `when`.
        """),
    Wrong(
      sweep: "base: {task: tasks/match.yaml, options.cues: 2}\n",
      message: """
        sweeps/test.yaml:1:46: task match has no option `cues`
          It has none. Where only some tasks of a sweep have the option, set it under `when`.
        """),
    Wrong(
      sweep: "base: {task: tasks/match.yaml, time.step: 50, network.tau: 200, rule.tau-bar: 50}\n",
      message: """
        sweeps/test.yaml:1:43: task match is impossible with these settings: task match: epoch 'sample' (0.0 to 30.0 of \
        120.0 ms, stretched to a trial of 120.0 ms) holds no step of 50.0 ms; wanted: a shorter time.step or a longer \
        time.trial
          Look at time.step, time.trial, form and options of the task.
        """),
    Wrong(
      sweep: "base: {task: c.yaml, reward: binary, meta.estimator: score}\n",
      files: ["c.yaml": FileTaskTests.curves],
      message: """
        sweeps/test.yaml:1:30: binary reward needs a target that stands still; that of two-curves moves
          Use absolute or squared reward.
        """),
    Wrong(
      sweep: "base: {task: c.yaml, learner: reward-e-prop, meta: {estimator: evolution, learn: [eta]}}\n",
      files: ["c.yaml": FileTaskTests.curves],
      message: """
        sweeps/test.yaml:1:14: learner reward-e-prop learns from the network's own decision, and the moving target of \
        two-curves leaves it none
          Leave the task or the learner out under `exclude`.
        """),
  ]

  @Test(arguments: wrong) func mistakesAreNamed(_ wrong: Wrong) throws {
    do {
      _ = try Self.sweep(wrong.sweep, files: wrong.files)
      Issue.record("\(wrong.sweep) was read")
    } catch {
      #expect("\(error)" == wrong.message)
    }
  }

  /// What a folder of results keeps serves when the originals are gone or other ones.
  @Test func copiesStandForTheOriginals() throws {
    let folder = try TemporaryFolder("kept")
    try folder.write(Self.match, to: "tasks/match.yaml")
    let path = try folder.write("base: {task: tasks/match.yaml}\n", to: "sweep.yaml")
    let own = try SweepFile.load(path, schema: .trifactor)
    for (name, bytes) in try KeptFiles.files(of: own.taskFiles) { try folder.write(bytes, to: "OUT/" + name) }
    try folder.write(own.bytes, to: "OUT/sweep.yaml")
    #expect(folder.contents.contains("OUT/tasks/\(own.cells[0].settings.tasks[0])/task.yaml"))

    try folder.write(Self.match.replacing("[0.5, 1]", with: "[0.5, 0.9]"), to: "tasks/match.yaml")
    let changed = try SweepFile.load(path, schema: .trifactor, results: folder.file("OUT"))
    #expect(changed.cells[0].key != own.cells[0].key)
    #expect(try SweepFile.load(folder.file("OUT/sweep.yaml"), schema: .trifactor).cells == own.cells)

    try FileManager.default.removeItem(atPath: folder.file("tasks"))
    #expect(try SweepFile.load(path, schema: .trifactor, results: folder.file("OUT")).cells == own.cells)
    #expect(throws: SweepFileError.self) { try SweepFile.load(path, schema: .trifactor) }

    let identity = own.cells[0].settings.tasks[0]
    let kept = try KeptFiles.task(identity, in: folder.file("OUT"), schema: .trifactor)
    #expect(kept.identity == identity)
    try folder.write(Self.match.replacing("z: 1", with: "z: 2"), to: "OUT/tasks/\(identity)/task.yaml")
    #expect {
      try KeptFiles.task(identity, in: folder.file("OUT"), schema: .trifactor)
    } throws: {
      "\($0)".contains("this copy has been changed: it is match@")
        && "\($0)".contains("should be \(identity)")
    }
  }
}
