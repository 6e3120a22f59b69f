import Experiment
import Foundation
import ResultStore
import Sweep
import TaskFiles
import TestSupport
import Testing

@testable import Tasks

/// Tasks given as arrays.
@Suite(.startsPrograms) struct ArrayTests {
  /// Two conditions of three steps: u is +1 or -1 at the first step, y its sign, answered at the last two.
  static func arrays(_ changes: [String: NPYArray?] = [:]) throws -> [UInt8] {
    var arrays: [String: NPYArray] = [
      "u": NPYArray([1, 0, 0, -1, 0, 0] as [Double], shape: [2, 3, 1]),
      "y": NPYArray([1, 1, 1, -1, -1, -1] as [Double], shape: [2, 3, 1]),
      "window": NPYArray([0, 1, 1], shape: [3]), "dt": NPYArray([20.0], shape: []),
    ]
    for (name, array) in changes { arrays[name] = array }
    var archive = NPZArchive()
    for (name, array) in arrays.sorted(by: { $0.key < $1.key }) { try archive.add(name, array) }
    return archive.finished()
  }

  static func read(_ bytes: [UInt8]) throws -> TaskFile { try TaskReading.reader("mine.npz") { _ in bytes } }

  @Test func trialsAreTheRowsOfTheArrays() throws {
    let file = try Self.read(
      Self.arrays(["name": NPYArray(["mine"]), "weight": NPYArray([3.0, 1], shape: [2])]))
    #expect(file.name == "mine" && file.entry.step == 20)
    let task = try #require(try TaskReading.task(file, time: TimeGrid(step: 20)) as? ArrayTask)
    #expect(task.inputs == 1 && task.outputs == 1 && task.steps == 3 && task.conditions == 2)
    #expect(task.chance == 0.75 && task.shortcut == 0.75 && task.ceiling == 1 && task.answersAreSigns)
    let trials = FileTaskTests.trials(task, 400)
    for trial in trials {
      let sign: Float = trial.condition == 0 ? 1 : -1
      #expect(trial.inputs == [sign, 0, 0] && trial.target == [sign, sign, sign] && trial.window == 1..<3)
    }
    // 300 of 400; five standard deviations are 43.
    #expect(abs(trials.count { $0.condition == 0 } - 300) < 44)
  }

  @Test func samplesAreDrawnAndTheirCeilingIsUnknown() throws {
    let bytes = try Self.arrays([
      "u": NPYArray((0..<12).map(Double.init), shape: [2, 2, 3, 1]),
      "y": NPYArray([0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2] as [Double], shape: [2, 2, 3, 1]),
    ])
    let task = try #require(try TaskReading.task(Self.read(bytes), time: TimeGrid(step: 20)) as? ArrayTask)
    let trials = FileTaskTests.trials(task, 200)
    #expect(Set(trials.map(\.inputs)) == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]])
    #expect(!task.answersAreSigns && task.chance == 0.5 && task.ceiling.isNaN)
    for trial in trials.prefix(20) {
      let own = Double(trial.target[0])
      #expect(task.accuracy(readout: Array(repeating: own + 0.9 * (1 - own), count: 3), trial: trial) == 1)
      #expect(task.accuracy(readout: Array(repeating: own + 1.1 * (1 - own), count: 3), trial: trial) == 0)
    }
  }

  /// Packing, dates and the order in the archive are no part of what a task is.
  @Test func identityIsTheContentOfTheArrays() throws {
    let own = try Self.read(Self.arrays())
    #expect(own.name == "arrays")
    #expect(try Self.read(Self.arrays(["window": NPYArray([0, 1, 1, 0, 1, 1], shape: [2, 3])])) == own)
    #expect(try Self.read(Self.arrays(["weight": NPYArray([1.0, 1], shape: [2])])) == own)
    #expect(try Self.read(Self.arrays(["condition": NPYArray(["a", "b"])])) == own)
    for (name, array) in [
      ("dt", NPYArray([10.0], shape: [])), ("window", NPYArray([0, 0, 1], shape: [3])),
      ("u", NPYArray([1, 0, 0, -1, 0, 0.5] as [Double], shape: [2, 3, 1])), ("name", NPYArray(["mine"])),
    ] {
      #expect(try Self.read(Self.arrays([name: array])) != own, "\(name)")
    }
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var changes: [String: NPYArray?]
    var problem: String
    var testDescription: String { problem }
  }

  static let bad = [
    Bad(changes: ["u": nil], problem: "the array 'u' is missing; it has dt, window, y"),
    Bad(
      changes: ["windw": NPYArray([1], shape: [1])], problem: "unknown array 'windw'; did you mean 'window'?"),
    Bad(
      changes: ["u": NPYArray([1, 0, 0, -1, 0, .nan] as [Double], shape: [2, 3, 1])],
      problem: "'u' holds nan at [1, 2, 0]; wanted: finite numbers from -1000000 to 1000000"),
    Bad(
      changes: ["y": NPYArray([1, 1, 1, -1, -5000, -1] as [Double], shape: [2, 3, 1])],
      problem: "'y' holds -5000.0 at [1, 1, 0]; wanted: finite numbers from -1000 to 1000"),
    Bad(
      changes: ["u": NPYArray([1, 0, 0] as [Double], shape: [3, 1])],
      problem:
        "'u' has the shape [3, 1]; wanted: (C, T, M) or (C, S, T, M), none of them 0, at most 134217728 numbers"
    ),
    Bad(
      changes: ["u": NPYArray([Double](), shape: [2, 0, 1])],
      problem:
        "'u' has the shape [2, 0, 1]; wanted: (C, T, M) or (C, S, T, M), none of them 0, at most 134217728 numbers"
    ),
    Bad(
      changes: ["y": NPYArray([1, 1, -1, -1] as [Double], shape: [2, 2, 1])],
      problem: "'u' has the shape [2, 3, 1] and 'y' [2, 2, 1]; wanted: the same but for the last extent"),
    Bad(
      changes: ["u": NPYArray(["a"])],
      problem:
        "'u' has the shape [1]; wanted: (C, T, M) or (C, S, T, M), none of them 0, at most 134217728 numbers"),
    Bad(
      changes: ["window": NPYArray([0, 1], shape: [2])],
      problem: "'window' has the shape [2]; wanted: (T) or (C, T), here [3] or [2, 3]"),
    Bad(
      changes: ["window": NPYArray([0, 0, 0], shape: [3])],
      problem: "'window' of condition 0 is empty; wanted: at least one step"),
    Bad(
      changes: ["window": NPYArray([0, 1, 1, 1, 0, 1], shape: [2, 3])],
      problem: "'window' of condition 1 has a gap; wanted: one stretch of steps"),
    Bad(
      changes: ["window": NPYArray([0, 0.5, 1], shape: [3])],
      problem: "'window' holds other numbers than 0 and 1"),
    Bad(changes: ["window": NPYArray(["a", "b", "c"])], problem: "'window' holds text; wanted: numbers"),
    Bad(
      changes: ["dt": NPYArray([1.0, 2], shape: [2])],
      problem: "'dt' has the shape [2]; wanted: one number, the step in ms"),
    Bad(
      changes: ["dt": NPYArray([0.0], shape: [])],
      problem: "'dt' holds 0.0 at []; wanted: finite numbers from 0.001 to 1000000"),
    Bad(
      changes: ["weight": NPYArray([1.0], shape: [1])],
      problem: "'weight' has the shape [1]; wanted: (C), here [2]"),
    Bad(
      changes: ["weight": NPYArray([1.0, 5000], shape: [2])],
      problem: "'weight' goes from 1.0 to 5000.0; wanted: a ratio of at most 1000"),
    Bad(
      changes: ["name": NPYArray(["my task"])],
      problem: "'name' is no name; wanted: letters, digits, -, _ and . (at most 60)"),
    Bad(changes: ["channel": NPYArray(["a", "b"])], problem: "'channel' has the shape [2]; wanted: [1]"),
  ]

  @Test(arguments: bad) func wrongArraysAreNamed(_ bad: Bad) throws {
    let bytes = try Self.arrays(bad.changes)
    do {
      _ = try Self.read(bytes)
      Issue.record("\(bad.problem) was not said")
    } catch let error as SweepFileError {
      #expect(error.file == "mine.npz" && error.problem == bad.problem)
      #expect(error.advice.hasPrefix("A task has the arrays u, y, window and dt"))
    }
  }

  @Test func theStepIsThatOfTheArrays() throws {
    let bytes = try Self.arrays()
    func sweep(_ text: String) throws -> SweepFile {
      try SweepFile(bytes: Array(text.utf8), file: "test.yaml", schema: .trifactor) { _ in bytes }
    }
    let own = try sweep("base: {task: mine.npz, rule.tau-bar: 30}\n")
    #expect(own.cells[0].settings.time.step == 20)
    #expect(own.cells == (try sweep("base: {task: mine.npz, time.step: 20, rule.tau-bar: 30}\n").cells))
    for (settings, problem) in [
      (
        "time.step: 10",
        "its arrays have steps of 20.0 ms, and time.step is 10.0 ms; wanted: time.step: 20.0, or no time.step at all"
      ),
      (
        "time.trial: 90",
        "its arrays last 60.0 ms and cannot be stretched to a trial of 90.0 ms; wanted: no time.trial"
      ),
    ] {
      #expect {
        try sweep("base: {task: mine.npz, rule.tau-bar: 30, \(settings)}\n")
      } throws: {
        "\($0)".contains("task arrays is impossible with these settings: task arrays: " + problem)
      }
    }
  }

  /// Draw, import, run: the same bits as the task itself, where nothing but the condition is drawn.
  @Test func whatIsDrawnCanBeImported() throws {
    let program = try Repository.program("trifactor")
    let folder = try TemporaryFolder("drawn")
    for (name, step) in [("delayed-nonmatch", "15"), ("delayed-xor", "10")] {
      let drawn = try run([program, "tasks", name, "--step", step, "--draw", folder.file("drawn.npz")])
      #expect(drawn.code == 0, "\(drawn)")
      func lifetime(_ task: String) throws -> LifetimeExport {
        let text =
          "base: {task: \(task), time.step: \(step), trials: 10, network.units: 10, rule.tau-bar: 15}\n"
        let sweep = try SweepFile(bytes: Array(text.utf8), file: "test.yaml", schema: .trifactor) {
          try InputFile.bytes(of: folder.file($0))
        }
        return try LifetimeExport(sweep.cells[0], level: .baseline)
      }
      let (own, imported) = (try lifetime(name), try lifetime("drawn.npz"))
      for (a, b) in zip(own.arrays, imported.arrays) {
        #expect(a.values.map(\.bitPattern) == b.values.map(\.bitPattern), "\(name), \(a.name)")
      }
    }
  }
}
