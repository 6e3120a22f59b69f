import Foundation
import TestSupport
import Testing

@Suite(.startsPrograms) struct PlanCommandTests {
  @Test func quickstartIsPlanned() throws {
    let result = try trifactor("plan", "sweeps/quickstart.yaml", "--ranks", "2")
    #expect(result.code == 0, "\(result)")
    #expect(
      result.output.hasPrefix(
        "sweep quickstart: Does a cubic plasticity rule learn what a linear one cannot?\n"))
    #expect(result.output.contains("12 cells, "))
    #expect(result.output.contains(" on 2 ranks, longest cell first\n"))
    #expect(result.errors.isEmpty)
  }

  @Test func theAblationIsReadyForACluster() throws {
    let result = try trifactor("plan", "sweeps/degree-ablation.yaml", "--json", "--ranks", "64")
    #expect(result.code == 0, "\(result)")
    let plan = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let cells = try #require(plan["cells"] as? [[String: Any]])
    #expect(cells.count == 300)
    #expect(Set(cells.compactMap { $0["key"] as? String }).count == 300)
    let work = cells.compactMap { $0["gflop"] as? Double }
    #expect(abs(work.reduce(0, +) / (plan["gflop"] as? Double ?? 0) - 1) < 1e-9)
    let line = try trifactor(
      "plan", "sweeps/degree-ablation.yaml", "--slurm", "--ranks", "64", "--ranks-per-cell", "4"
    ).output
    #expect(line.hasPrefix("sbatch --job-name=degree-ablation --ntasks=64 --cpus-per-task=1 --time="))
    #expect(
      line.hasSuffix(
        " slurm/sweep.sbatch sweeps/degree-ablation.yaml out/degree-ablation --ranks-per-cell 4\n"))
  }

  @Test func longPlansAreCut() throws {
    let cut = try trifactor("plan", "sweeps/degree-ablation.yaml").output
    #expect(cut.contains("... 280 more cells (--all lists them)"))
    let all = try trifactor("plan", "sweeps/degree-ablation.yaml", "--all").output
    #expect(all.split(separator: "\n").count > 300)
  }

  @Test(arguments: [
    (["--ranks", "0"], "--ranks is 0; wanted: at least 1"),
    (["--rate", "0"], "--rate is 0.0; wanted: a number above 0"),
    (
      ["--ranks", "2", "--ranks-per-cell", "3"],
      "--ranks-per-cell is 3, and there are 2 ranks; wanted: at most that"
    ),
    (["--json", "--slurm"], "--json and --slurm exclude each other; give one"),
  ])
  func wrongOptionsAreUsageErrors(_ options: [String], _ message: String) throws {
    let result = try run([try Repository.program("trifactor"), "plan", "sweeps/quickstart.yaml"] + options)
    #expect(result.code == 64, "\(result)")
    #expect(result.errors.contains(message))
  }

  @Test func settingsListsEverySettingWithItsDefault() throws {
    let all = try trifactor("settings")
    #expect(all.code == 0)
    for path in ["rule.tau-e", "meta.horizon", "evaluation.criterion.of", "options.cues", "network.units"] {
      #expect(all.output.contains("\n\(path) "), "\(path) is missing")
    }
    let few = try trifactor("settings", "horizon")
    #expect(few.output.hasPrefix("meta.horizon  trials after which U is set to 0\n"))
    #expect(few.output.split(separator: "\n").count == 2)
    #expect(try trifactor("settings", "horizont").code == 64)
  }

  @Test func whatACrashRepeatsIsSaidWhereItIsMuch() throws {
    let folder = try TemporaryFolder()
    let long = """
      base: {network.units: 200, trials: 2000, time.trial: 1000, time.step: 1, rule.degree: 5}
      axes: {seed: [0, 1]}
      """
    let sweep = try folder.write("name: long\n" + long + "\n", to: "long.yaml")
    let alone = try trifactor("plan", sweep, "--rate", "10")
    let shared = try trifactor("plan", sweep, "--rate", "10", "--ranks", "4", "--ranks-per-cell", "4")
    // 2000 trials of 1000 steps: 8 36 200^2 flops a step for the tangents, 14 for the traces and the twin; 4 lifetimes.
    // On 24 validation networks 14 more. One core does 10 GFLOP/s.
    let trial = 200.0 * 200 * 1000
    let seconds = 2000 * trial * (4 * (8 * 36 + 14 + 2) + 24 * 14) / 1e10
    let wanted = String(
      format: "a meta-iteration takes up to %.1f h: a crash repeats the one it interrupts", seconds / 3600)
    #expect(alone.output.contains(wanted), "\(wanted)\n\(alone)")
    let quarter = String(format: "a meta-iteration takes up to %.0f min:", seconds / 4 / 60)
    #expect(shared.output.contains(quarter), "\(quarter)\n\(shared)")
    let short = try folder.write(TwoCellSweep.text + "\n", to: "short.yaml")
    #expect(!(try trifactor("plan", short).output.contains("a meta-iteration takes")))
  }

  @Test func theEngineThatTakesLessTimeIsNamed() throws {
    let folder = try TemporaryFolder()
    func plan(_ base: String, ranksPerCell: Int = 1) throws -> String {
      let sweep = try folder.write(
        "name: engines\nbase: {\(base)}\naxes: {seed: [0, 1]}\n", to: "engines.yaml")
      return try trifactor("plan", sweep, "--ranks", "8", "--ranks-per-cell", "\(ranksPerCell)").output
    }
    let forward = try plan("meta: {estimator: pathwise, iterations: 1000}")
    #expect(
      forward.contains("by `engine: adjoint`, which has the same gradient, 2 cells would take about 0."),
      "\(forward)")
    for silent in ["engine: adjoint", "meta.estimator: evolution", "rule.terms: [k1l1, k3l3]"] {
      #expect(!(try plan(silent).contains("engine: adjoint`")), "\(silent)")
    }
    // More ranks than lifetimes share a cell by the directions of the forward engine.
    let shared = try plan("meta.estimator: pathwise", ranksPerCell: 8)
    #expect(!shared.contains("engine: adjoint`"), "\(shared)")
  }

  @Test func aBadFileEndsWith65AndItsPlace() throws {
    try withTemporaryFolder { folder in
      let file = try folder.write("base:\n  rule: {degre: 3}\n", to: "bad.yaml")
      let result = try trifactor("plan", file)
      #expect(result.code == 65)
      #expect(
        result.errors == "\(file):2:10: unknown setting `rule.degre`; did you mean `rule.degree`?\n"
          + "  `trifactor settings` lists every setting.\n")
      #expect(result.output.isEmpty)
    }
  }

  @Test func aFolderOfResultsShowsWhatIsLeft() throws {
    let folder = try TemporaryFolder()
    let sweep = try folder.write(TwoCellSweep.text, to: "tiny.yaml")
    let out = folder.file("OUT")
    #expect(
      try trifactor("plan", sweep, "--out", out).output.contains("\(out) is new: all of them would run\n"))
    _ = try TwoCellSweep.run(in: folder)
    let same = try trifactor("plan", sweep, "--out", out).output
    #expect(
      same.contains(
        "in \(out): the same cells as before\n2 done, 0 diverged or failed, 0 begun; left: 0 cells"))
    try folder.write(TwoCellSweep.text.replacingOccurrences(of: "[0, 1]", with: "[1, 2, 3]"), to: "tiny.yaml")
    let changed = try trifactor("plan", sweep, "--out", out).output
    #expect(changed.contains("in \(out): 2 cells added, 1 removed, 1 unchanged\n1 done, "), "\(changed)")
    #expect(changed.contains("left: 2 cells, "))
    let json = try trifactor("plan", sweep, "--out", out, "--json").output
    let plan = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let rest = try #require(plan["rest"] as? [String: Any])
    #expect(rest["added"] as? Int == 2)
    #expect((rest["left"] as? [String])?.count == 2)
  }
}
