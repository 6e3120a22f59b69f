import Foundation
import TestSupport
import Testing

/// Wrong command lines, folders and environments: exit code, message, and nothing written.
@Suite(.startsPrograms) struct BadCommandTests {
  /// `SWEEP` stands for a good sweep file, `NEW` for a folder that is not there.
  struct Line: Sendable, CustomTestStringConvertible {
    var arguments: String
    var code: Int32
    var message: String
    var environment: [String: String] = [:]
    var testDescription: String { arguments }

    init(_ arguments: String, _ code: Int32, _ message: String, environment: [String: String] = [:]) {
      self.arguments = arguments
      self.code = code
      self.message = message
      self.environment = environment
    }
  }

  static let lines = [
    Line("rum", 64, "Unexpected argument 'rum'"),
    Line("--verbose", 64, "Unknown option '--verbose'"),
    Line("run SWEEP", 64, "Missing expected argument '--out <out>'"),
    Line("run --out NEW", 64, "Missing expected argument '<sweep>'"),
    Line("run SWEEP --out", 64, "Missing value for '--out <out>'"),
    Line("run SWEEP --out NEW --slice 3/2", 64, "The value '3/2' is invalid for '--slice <slice>'"),
    Line("run SWEEP --out NEW --slice 0", 64, "The value '0' is invalid for '--slice <slice>'"),
    Line("run SWEEP --out NEW --ranks-per-cell 0", 64, "The value '0' is invalid for '--ranks-per-cell"),
    Line("run SWEEP --out NEW --ranks-per-cell two", 64, "The value 'two' is invalid for '--ranks-per-cell"),
    Line("run SWEEP --out NEW --retry done", 64, "--retry takes failed or diverged"),
    Line("run SWEEP --out NEW --retry maybe", 64, "Please provide one of 'failed' and 'diverged'"),
    Line("run SWEEP --output NEW", 64, "--out <out>"),
    Line("run missing.yaml --out NEW", 65, "missing.yaml: there is no such file"),
    Line("run sweeps --out NEW", 65, "sweeps: this is a folder, and a file was wanted"),
    Line("run README.md --out NEW", 65, "README.md:"),
    Line("run SWEEP --out /proc/none", 74, "/proc/none: mkdir failed"),
    Line("run SWEEP --out README.md", 74, "README.md"),
    Line("run SWEEP --out README.md/out", 74, "Not a directory"),
    Line(
      "run SWEEP --out NEW", 64, "TRIFACTOR_SIMD is \"v9\", expected baseline, v3 or v4",
      environment: ["TRIFACTOR_SIMD": "v9"]),
    Line("plan", 64, "Missing expected argument '<sweep>'"),
    Line("plan SWEEP --ranks many", 64, "The value 'many' is invalid for '--ranks <ranks>'"),
    Line("plan SWEEP more", 64, "Unexpected argument 'more'"),
    Line("status NEW", 64, "is no result folder: it has no sweep.json"),
    Line("status README.md", 64, "README.md is no result folder"),
    Line("tasks xor", 64, "unknown task 'xor'"),
    Line("settings horizont", 64, "no setting has 'horizont' in its path"),
    Line("lifetime SWEEP --cell 123 --export NEW", 64, "--cell '123' fits 0 of 12 cells"),
    Line("lifetime SWEEP --rule none-such --export NEW", 64, "is neither a rule file nor a hand-made rule"),
    Line("lifetime SWEEP --precision half --export NEW", 64, "Please provide one of 'float' and 'double'"),
    Line("lifetime SWEEP --trials 0 --export NEW", 64, "--trials is 0; wanted: at least 1"),
  ]

  @Test(arguments: lines) func isRefused(_ line: Line) throws {
    let folder = try TemporaryFolder()
    let new = folder.file("new")
    let words = line.arguments.split(separator: " ").map { word in
      switch word {
      case "SWEEP": "sweeps/quickstart.yaml"
      case "NEW": new
      default: String(word)
      }
    }
    let result = try run(
      [try Repository.program("trifactor")] + words, environment: line.environment.mapValues { $0 })
    #expect(result.code == line.code, "\(result)")
    #expect(result.errors.contains(line.message), "\(result)")
    #expect(folder.contents.isEmpty)
  }

  @Test func everyRankRefusesABadFileAndOneSaysSo() throws {
    let folder = try TemporaryFolder()
    let sweep = try folder.write("base: {rule.degre: 3}\n", to: "bad.yaml")
    let result = try runRanks(
      3, [try Repository.program("trifactor"), "run", sweep, "--out", folder.file("OUT")])
    #expect(result.code == 65, "\(result)")
    #expect(result.errors.components(separatedBy: "unknown setting `rule.degre`").count == 2)
    #expect(folder.contents == ["bad.yaml"])
  }

  @Test func aRankThatAloneReadsABadFileSpeaksForItself() throws {
    let folder = try TemporaryFolder()
    try folder.write(TwoCellSweep.text, to: "0.yaml")
    try folder.write("base: {rule.degre: 3}\n", to: "1.yaml")
    let script = #"exec "$0" run "$1/$OMPI_COMM_WORLD_RANK.yaml" --out "$1/OUT""#
    let result = try runRanks(
      2, ["sh", "-c", script, try Repository.program("trifactor"), folder.path])
    #expect(result.code == 65, "\(result)")
    #expect(result.errors.contains(/rank 1 on \S+: \S+1.yaml:1:8: unknown setting `rule.degre`/), "\(result)")
  }

  @Test func aFolderOfAnotherSweepIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    let (_, out) = try TwoCellSweep.run(in: folder)
    let before = folder.contents
    let other = try trifactor("run", "sweeps/quickstart.yaml", "--out", out, "--slice", "0/12")
    #expect(other.code == 65, "\(other)")
    #expect(other.errors.contains("\(out) holds another sweep, 'tiny'"))
    #expect(folder.contents == before)
    #expect(try trifactor("status", out).output.contains("2 done"))
  }

  @Test(arguments: ["nothing at all", "{\"format\": 99}", ""]) func aSpoiledManifestIsNamed(_ text: String)
    throws
  {
    let folder = try TemporaryFolder()
    let (sweep, out) = try TwoCellSweep.run(in: folder)
    try folder.write(text, to: "OUT/sweep.json")
    for command in [["run", sweep, "--out", out], ["status", out]] {
      let result = try run([try Repository.program("trifactor")] + command)
      #expect(result.code == 65, "\(result)")
      #expect(result.errors.contains("OUT/sweep.json: "), "\(result)")
    }
  }

  @Test func aDamagedShardIsNamed() throws {
    let folder = try TemporaryFolder()
    let (sweep, out) = try TwoCellSweep.run(in: folder)
    let shard = folder.file("OUT/shards/iteration-d1.00000.npy")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: shard))
    // NPY 1.0: bytes 8 and 9 hold the length of the header after them.
    let header = 10 + Int(bytes[8]) + 256 * Int(bytes[9])
    bytes[header + 100] ^= 1
    try bytes.write(to: URL(fileURLWithPath: shard))
    for command in [["run", sweep, "--out", out], ["status", out]] {
      let result = try run([try Repository.program("trifactor")] + command)
      #expect(result.code == 65, "\(result)")
      #expect(
        result.errors.contains(
          "iteration-d1.00000.npy: record 0 at byte \(header) is bad (its checksum does not hold)"))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: shard)) == bytes)
  }
}
