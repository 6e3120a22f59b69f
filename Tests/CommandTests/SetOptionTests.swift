import Foundation
import ResultStore
import TestSupport
import Testing

/// `--set` gives the results of a file that says the same, and a folder knows what it was given.
@Suite(.startsPrograms) struct SetOptionTests {
  private static let text = """
    name: given   # by hand
    base:
      trials: 12  # few
      network: {units: 8}
      meta: {iterations: 3, lifetimes: 2, validation-networks: 2}
      evaluation: {networks: 3, criterion: {correct: 4, of: 5}}
    axes:
      rule.degree: [1, 3]

    """

  @Test func aRunIsThatOfAFileThatSaysTheSame() throws {
    let sweep = try TinySweep(Self.text)
    let given = ["--set", "trials=10", "--set", "rule.eta=0.05"]
    #expect(try run(sweep.arguments(given), limit: 100).end == .exited(0))
    let same = Self.text.replacing("trials: 12", with: "rule.eta: 0.05\n  trials: 10")
    let written = try TinySweep(same)
    #expect(try run(written.arguments(), limit: 100).end == .exited(0))
    #expect(try sweep.export() == written.export())
    #expect(try String(contentsOfFile: sweep.out + "/sweep.yaml", encoding: .utf8) == same)
    let manifest = try StoreReader(sweep.out).manifest
    #expect(manifest.launches[0].command.suffix(4) == given[...])
    #expect(manifest.cells.allSatisfy { $0.settings["trials"] == 10 && $0.settings["rule.eta"] == 0.05 })

    // The same command and the copy go on with it; the file alone is another sweep.
    for again in [
      try sweep.arguments(given),
      [try Repository.program("trifactor"), "run", sweep.out + "/sweep.yaml", "--out", sweep.out],
    ] {
      let result = try run(again, limit: 100)
      #expect(result.code == 0 && result.errors.contains("0 of 2 cells to run, 2 done before"), "\(result)")
    }
    #expect(try run(sweep.arguments(given), limit: 100).code == 0)
    let alone = try run(sweep.arguments(), limit: 100)
    #expect(alone.code == 65, "\(alone)")
    for part in [
      "no cell of the sweep in \(sweep.out) is left",
      "rule.eta was 0.05 and is 0.02, trials was 10 and is 12",
      "The last launch had --set trials=10 --set rule.eta=0.05. Nothing was changed.",
    ] { #expect(alone.errors.contains(part), "\(part): \(alone)") }
  }

  @Test func everyCommandThatReadsASweepTakesIt() throws {
    let sweep = try TinySweep(Self.text)
    let plan = try trifactor("plan", sweep.file, "--set", "network.units=12", "--json")
    #expect(plan.code == 0 && plan.output.contains("\"network.units\" : \"12\""), "\(plan)")
    let line = try trifactor("plan", sweep.file, "--set", "rule.theta={k1l1: 1}", "--slurm")
    #expect(line.output.hasSuffix(" out/given --set 'rule.theta={k1l1: 1}'\n"), "\(line)")
    let one = try trifactor("lifetime", sweep.file, "--set", "trials=7", "--set", "rule.clip=none")
    #expect(one.code == 0, "\(one)")
    #expect(try trifactor("simulate", sweep.file, "--ranks", "2", "--set", "trials=7").code == 0)
    let tested = try trifactor("evaluate", sweep.file, "--networks", "2", "--set", "task=delayed-xor")
    #expect(tested.code == 0 && tested.output.contains("delayed-xor"), "\(tested)")
    let wrong = try trifactor("audit", sweep.file, "--set", "trails=7")
    #expect(
      wrong.code == 65
        && wrong.errors.hasPrefix("--set trails=7: unknown setting `trails`; did you mean `trials`?\n"),
      "\(wrong)")
    let bad = try trifactor("run", sweep.file, "--out", sweep.out, "--set", "trials")
    #expect(bad.code == 64 && bad.errors.contains("--set <PATH=VALUE>"), "\(bad)")
    #expect(!FileManager.default.fileExists(atPath: sweep.out))
  }

  @Test func aFolderOfResultsHasItsSettings() throws {
    let sweep = try TinySweep(Self.text)
    #expect(try run(sweep.arguments(), limit: 100).code == 0)
    let result = try trifactor("evaluate", sweep.out, "--networks", "2", "--set", "trials=7")
    #expect(
      result.code == 64
        && result.errors.contains("--set trials=7 changes a sweep file, and \(sweep.out) is a folder"),
      "\(result)")
  }

  /// A task file is named relative to the sweep file, and every rank gets it.
  @Test func aTaskFileIsSentToAllRanks() throws {
    let sweep = try TinySweep(Self.text)
    let task = try String(contentsOfFile: Repository.path + "/sweeps/tasks/match.yaml", encoding: .utf8)
    _ = try sweep.folder.write(task, to: "match.yaml")
    let words = try sweep.arguments(["--set", "task=match.yaml"])
    let result = try run(mpirun(ranks: 2, words), environment: mpiEnvironment, limit: 100)
    #expect(result.code == 0, "\(result)")
    #expect(FileManager.default.fileExists(atPath: sweep.out + "/tasks/index.json"))
    #expect(
      try run(sweep.arguments(["--set", "task=match.yaml"]), limit: 100).errors.contains("2 done before"))
  }
}
