import TestSupport
import Testing

@Suite(.startsPrograms) struct SimulateCommandTests {
  @Test func aTableOfRanks() throws {
    let sweep = Repository.path + "/sweeps/degree-ablation.yaml"
    let result = try trifactor("simulate", sweep, "--ranks", "1,64", "--copies", "2")
    #expect(result.end == .exited(0), "\(result)")
    let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.count == 4 && lines[0][0] == "600")
    #expect(lines[1].prefix(3) == ["ranks", "wall", "utilisation"])
    #expect(lines[2][0] == "1" && lines[3][0] == "64")
    #expect(lines[2].contains("100.0"))
  }

  /// Cells that were run take the time they took.
  @Test func replaysMeasuredCosts() throws {
    let folder = try TemporaryFolder("simulate")
    let (sweep, out) = try TwoCellSweep.run(in: folder)
    let result = try trifactor("simulate", sweep, "--measured", out, "--ranks", "1", "--copies", "40")
    #expect(result.end == .exited(0), "\(result)")
    #expect(result.output.hasPrefix("80 cells"), "\(result)")
    let planned = try trifactor("plan", sweep, "--measured", out)
    #expect(planned.output.contains("GFLOP/s a core"), "\(planned)")
    let both = try trifactor("simulate", sweep, "--measured", out, "--rate", "5")
    #expect(both.end == .exited(64) && both.errors.contains("--measured"), "\(both)")
    let none = try trifactor("simulate", sweep, "--measured", folder.file("none"))
    #expect(none.end == .exited(64) && none.errors.contains("no result folder"), "\(none)")
  }

  @Test(arguments: [
    ["--ranks", "0"], ["--ranks", "4,x"], ["--rate", "0"], ["--ranks-per-cell", "0"], ["--restart", "-1"],
  ])
  func badOptions(options: [String]) throws {
    let sweep = Repository.path + "/sweeps/degree-ablation.yaml"
    let result = try TestSupport.run([try Repository.program("trifactor"), "simulate", sweep] + options)
    #expect(result.end == .exited(64), "\(result)")
    #expect(result.errors.contains(options[0]), "\(result)")
  }
}
