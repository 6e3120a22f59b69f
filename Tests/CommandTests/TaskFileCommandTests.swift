import Foundation
import ResultStore
import TestSupport
import Testing

/// Tasks that are files, from the command line: run, resumed, changed, lost, on other ranks, and in every command that
/// takes a task.
@Suite(.startsPrograms) struct TaskFileCommandTests {
  static let side = """
    name: side
    inputs: [left, right]
    outputs: [z]
    periods: {cue: 90, delay: 30, decision: 90}
    show: [{channel: $cue, during: cue, noise: 0.5}]
    conditions: [{cue: left, z: 1}, {cue: right, z: -1}]
    redraw: z
    respond: decision

    """
  static let sweep = """
    name: sides
    base:
      trials: 20
      network: {units: 12}
      meta: {iterations: 4, lifetimes: 2, validation-networks: 2, validation-every: 2}
      evaluation: {networks: 3, criterion: {correct: 4, of: 5}}
    axes:
      task: [tasks/side.yaml, cue-association, [tasks/side.yaml, delayed-xor]]
      engine: [forward, adjoint]

    """

  private struct Place {
    let folder: TemporaryFolder
    let sweep: String
    var out: String { folder.file("OUT") }

    init(_ text: String = TaskFileCommandTests.sweep) throws {
      folder = try TemporaryFolder("sides")
      try folder.write(TaskFileCommandTests.side, to: "tasks/side.yaml")
      sweep = try folder.write(text, to: "sides.yaml")
    }

    func run(_ more: [String] = []) throws -> ProcessResult {
      try TestSupport.run(
        [try Repository.program("trifactor"), "run", sweep, "--out", out] + more, limit: 200)
    }

    func export(_ name: String = "all.csv") throws -> String {
      let target = folder.file(name)
      let result = try trifactor("export", out, "--to", target)
      guard result.code == 0 else { throw ProcessFailure("\(result)") }
      return try String(contentsOfFile: target, encoding: .utf8)
    }
  }

  private static let undisturbed = Result {
    let place = try Place()
    let result = try place.run()
    guard result.code == 0 else { throw ProcessFailure("\(result)") }
    return try place.export()
  }

  @Test func aRunKeepsItsTasks() throws {
    let place = try Place()
    let plan = try trifactor("plan", place.sweep)
    #expect(plan.code == 0 && plan.output.contains("task=side engine=forward"), "\(plan)")
    #expect(plan.output.contains("task: side, cue-association, [side,delayed-xor]"), "\(plan)")
    let first = try place.run()
    #expect(first.code == 0, "\(first)")
    let kept = place.folder.contents.filter { $0.hasPrefix("OUT/tasks/") }
    #expect(
      kept.count == 3
        && kept.contains { $0.wholeMatch(of: /OUT\/tasks\/side@[0-9a-f]{16}\/task.yaml/) != nil }, "\(kept)")
    let all = try place.export()
    #expect(all == (try Self.undisturbed.get()))
    let table = try trifactor("table", place.out, "--rows", "engine")
    #expect(table.code == 0 && table.output.contains("[side,delayed-xor]"), "\(table)")
    #expect(!table.output.contains("@"), "\(table)")
    let chosen = try trifactor("table", place.out, "--rows", "engine", "--where", "task=side")
    #expect(chosen.code == 0 && !chosen.output.contains("cue-association"), "\(chosen)")
    #expect(try trifactor("verify", place.out).code == 0)
    #expect(try trifactor("status", place.out).output.contains("6 done"))

    // The original is lost: everything goes on with the copy.
    try FileManager.default.removeItem(atPath: place.folder.file("tasks"))
    let again = try place.run()
    #expect(again.code == 0 && again.errors.contains("0 of 6 cells to run, 6 done before"), "\(again)")
    #expect(!again.errors.contains("changed"), "\(again)")
    let adding = try String(contentsOfFile: place.sweep, encoding: .utf8).replacing(
      "[forward, adjoint]", with: "[forward, adjoint]\n  seed: 0..<2")
    try place.folder.write(adding, to: "sides.yaml")
    let more = try place.run()
    #expect(more.code == 0 && more.errors.contains("6 cells added, 0 removed, 6 unchanged"), "\(more)")
    #expect(more.errors.contains("6 of 12 cells to run, 6 done before"), "\(more)")

    // What is stored is enough for the commands that read a folder.
    let evaluated = try trifactor("evaluate", place.out, "--transfer", "--networks", "2", "--json")
    #expect(evaluated.code == 0 && evaluated.output.contains("side@"), "\(evaluated.errors)")
    let copy = place.out + "/sweep.yaml"
    let lifetime = try trifactor("lifetime", copy, "--export", place.folder.file("life"))
    #expect(lifetime.code == 0, "\(lifetime)")
    let key = try #require(all.split(separator: "\n").dropFirst().first?.split(separator: ",").first)
    let dynamics = try trifactor("dynamics", place.out, "--cell", String(key), "--network", "0")
    #expect(dynamics.code == 0, "\(dynamics)")
    let audit = try trifactor("audit", copy, "--trials", "4", "--samples", "4", limit: 120)
    #expect(audit.code == 0, "\(audit)")
  }

  @Test func aChangedTaskIsNewCells() throws {
    let place = try Place()
    #expect(try place.run().code == 0)
    let before = try place.export()
    try place.folder.write(
      "# louder\n" + Self.side.replacing("source", with: "source"), to: "tasks/side.yaml")
    let same = try place.run()
    #expect(
      same.code == 0 && !same.errors.contains("changed") && same.errors.contains("0 of 6 cells to run"),
      "\(same)")
    try place.folder.write(Self.side.replacing("noise: 0.5", with: "noise: 0.6"), to: "tasks/side.yaml")
    let changed = try place.run()
    #expect(changed.code == 0, "\(changed)")
    #expect(changed.errors.contains("4 cells added, 4 removed, 2 unchanged"), "\(changed)")
    #expect(changed.errors.contains("4 of 6 cells to run, 2 done before"), "\(changed)")
    #expect(try place.export() != before)
    try place.folder.write(Self.side, to: "tasks/side.yaml")
    let back = try place.run()
    #expect(back.errors.contains("0 of 6 cells to run, 6 done before"), "\(back)")
    #expect(try place.export() == before)
  }

  /// Rank 1 has the sweep file and not the task: it gets it from rank 0. Parts of a plan keep their tasks themselves.
  @Test func otherRanksGetTheFileFromTheFirst() throws {
    let place = try Place()
    try place.folder.write(Self.sweep, to: "1/sides.yaml")
    try place.folder.write(Self.sweep, to: "0/sides.yaml")
    try place.folder.write(Self.side, to: "0/tasks/side.yaml")
    let script = #"cd "$1/$OMPI_COMM_WORLD_RANK" && exec "$0" run sides.yaml --out "$1/OUT""#
    let result = try runRanks(
      2, ["sh", "-c", script, try Repository.program("trifactor"), place.folder.path], limit: 200)
    #expect(result.code == 0, "\(result)")
    #expect(try place.export() == (try Self.undisturbed.get()))
    let evaluate =
      #"cd "$1/$OMPI_COMM_WORLD_RANK" && exec "$0" evaluate sides.yaml --networks 2 --rule linear"#
    let tested = try runRanks(
      2, ["sh", "-c", evaluate, try Repository.program("trifactor"), place.folder.path], limit: 100)
    #expect(tested.code == 0 && tested.output.contains("side: N 12"), "\(tested)")

    let parts = try Place()
    for part in 0..<2 {
      let out = parts.folder.file("part\(part)")
      let result = try run(
        [try Repository.program("trifactor"), "run", parts.sweep, "--out", out, "--slice", "\(part)/2"],
        limit: 100)
      #expect(result.code == 0, "\(result)")
      #expect(FileManager.default.fileExists(atPath: out + "/tasks/index.json"))
    }
    let table = try trifactor(
      "table", parts.folder.file("part0"), parts.folder.file("part1"), "--rows", "engine")
    #expect(table.code == 0 && table.output.contains("side"), "\(table)")
  }

  @Test func evaluateTakesATaskFile() throws {
    let place = try Place()
    let result = try trifactor(
      "evaluate", "sweeps/quickstart.yaml", "--task", place.folder.file("tasks/side.yaml"), "--rule",
      "linear",
      "--networks", "2", "--out", place.folder.file("EVAL"))
    #expect(result.code == 0 && result.output.contains("side: N 32"), "\(result)")
    #expect(place.folder.contents.contains { $0.hasPrefix("EVAL/tasks/side@") })
    #expect(try trifactor("table", place.folder.file("EVAL"), "--rows", "evaluate.contender").code == 0)
    let wrong = try trifactor("evaluate", "sweeps/quickstart.yaml", "--task", place.folder.file("no.yaml"))
    #expect(wrong.code == 65 && wrong.errors.contains("no.yaml: there is no such file"), "\(wrong)")
  }

  /// A rival, tuned and tested on a task file.
  @Test func rivalsLearnTaskFiles() throws {
    let text = Self.sweep.replacing(
      "meta: {", with: "learner: node-perturbation\n  meta: {estimator: evolution, learn: [eta], "
    )
    .replacing("[forward, adjoint]", with: "[forward]")
    let place = try Place(text)
    let result = try place.run()
    #expect(result.code == 0, "\(result)")
  }

  @Test func aTaskIsDescribedDrawnAndPictured() throws {
    let place = try Place()
    let file = place.folder.file("tasks/side.yaml")
    let result = try trifactor(
      "tasks", file, "--draw", place.folder.file("side.npz"), "--figure", place.folder.file("side.png"))
    #expect(result.code == 0 && result.errors.isEmpty, "\(result)")
    #expect(
      result.output.hasPrefix(
        """
        side (\(file))
        M 2 inputs, K 1 outputs, T 14 steps of 15.0 ms, 2 conditions
        channels: u0 left, u1 right; y0 z
        periods:
          cue       90 ms  steps 0..<6
          delay     30 ms  steps 6..<8
          decision  90 ms  steps 8..<14  response
        conditions:
            condition  cue    z
            0          left   1
            1          right  -1
        drawn once a lifetime: z shuffled among the conditions
        an answer is right where the mean of every output over the window has the sign of its target
        chance 0.500: the best constant answer
        shortcut 0.500: the best constant answer
        ceiling 1.000: likeliest answer, 4000 simulated trials, +- 0.000
        identity side@
        """), "\(result.output)")
    let picture = try Data(contentsOf: URL(fileURLWithPath: place.folder.file("side.png")))
    #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]) && picture.count > 5000)
    let again = try trifactor("tasks", place.folder.file("side.npz"))
    #expect(again.code == 0 && again.output.hasPrefix("side-drawn ("), "\(again)")
    #expect(
      again.output.contains("M 2 inputs, K 1 outputs, T 14 steps of 15.0 ms, 2 conditions of 1 sample\n"))
  }

  @Test func badFilesAreRefusedAndNothingIsWritten() throws {
    let place = try Place()
    try place.folder.write(
      Self.side.replacing("respond: decision", with: "respond: decison"), to: "tasks/side.yaml")
    let before = place.folder.contents
    let lines =
      "tasks/side.yaml:8:10: respond should name a period, and is `decison`; did you mean `decision`?"
    for command in [
      ["plan", place.sweep], ["run", place.sweep, "--out", place.out], ["lifetime", place.sweep],
      ["tasks", place.folder.file("tasks/side.yaml")],
    ] {
      let result = try run([try Repository.program("trifactor")] + command)
      #expect(result.code == 65 && result.errors.contains(lines), "\(result)")
    }
    // Of several ranks the first one speaks, and none waits.
    let ranks = try runRanks(
      3, [try Repository.program("trifactor"), "run", place.sweep, "--out", place.out], limit: 60)
    #expect(ranks.code == 65, "\(ranks)")
    #expect(ranks.errors.components(separatedBy: lines).count == 2, "\(ranks)")
    try place.folder.write([0x50, 0x4B, 3, 4] + Array(repeating: 0, count: 100), to: "bad.npz")
    let npz = try trifactor("tasks", place.folder.file("bad.npz"))
    #expect(
      npz.code == 65 && npz.errors.contains("bad.npz: this is no task: the archive is cut off or damaged"),
      "\(npz)")
    #expect(place.folder.contents == (before + ["bad.npz"]).sorted())
    let form = try trifactor("tasks", place.folder.file("tasks/side.yaml"), "--form", "short")
    #expect(
      form.code == 64 && form.errors.contains("--form and --option belong to the program's own tasks"),
      "\(form)")
  }
}
