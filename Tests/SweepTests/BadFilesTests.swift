import Foundation
import Sweep
import TestSupport
import Testing

/// What goes wrong with files as such: bytes, paths, rule files, and files made to hurt.
@Suite struct BadFilesTests {
  private func refusal(_ bytes: [UInt8]) -> String {
    do {
      _ = try SweepFile(bytes: bytes, file: "test.yaml", schema: testSchema) { _ in throw NoSuchFile() }
      return "read"
    } catch { return "\(error)" }
  }

  private func loadRefusal(_ path: String) -> String {
    do {
      _ = try SweepFile.load(path, schema: testSchema)
      return "read"
    } catch { return "\(error)" }
  }

  @Test func bytesThatAreNoText() {
    #expect(
      refusal(Array("base:\n  seed: ".utf8) + [0xff, 0xfe, 10])
        == "test.yaml:2:1: the file is not UTF-8 text\n  Save it as UTF-8.")
    #expect(refusal([0xc3, 0x28]).hasPrefix("test.yaml:1:1: the file is not UTF-8 text"))
    #expect(
      refusal(Array("base: {seed: 1}".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }))
        .hasPrefix("test.yaml:1:2: this character is not allowed in YAML"))
    #expect(
      refusal([UInt8](repeating: 32, count: (4 << 20) + 1))
        == "test.yaml: the file has 4194305 bytes; at most 4194304 are read\n"
        + "  A sweep file describes axes, not cells; use ranges and lists.")
  }

  /// Some editors put a mark before UTF-8, which is no part of the text; before UTF-16 it says what is wrong.
  @Test func byteOrderMarks() throws {
    let text = "base: {trials: 50}\n"
    let marked = try SweepFile(
      bytes: [0xEF, 0xBB, 0xBF] + Array(text.utf8), file: "test.yaml", schema: testSchema
    ) { _ in
      throw NoSuchFile()
    }
    #expect(marked.cells == (try read(text)).cells)
    #expect(
      refusal([0xEF, 0xBB, 0xBF] + Array("base: {trails: 50}".utf8)).hasPrefix(
        "test.yaml:1:8: unknown setting"))
    #expect(refusal([0xEF, 0xBB, 0xBF]).hasPrefix("test.yaml: the file is empty"))
    let wide = text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    #expect(
      refusal([0xFF, 0xFE] + wide)
        == "test.yaml:1:1: the file is UTF-16 text, and UTF-8 is read\n  Save it as UTF-8.")
    let rule = try RuleFile(
      bytes: [0xEF, 0xBB, 0xBF] + Array("degree: 1\ntheta: {}".utf8), file: "rule.yaml")
    #expect(rule.degree == 1)
  }

  @Test func anEmptyRuleFileIsToldWhatBelongsThere() {
    let error = #expect(throws: SweepFileError.self) { try RuleFile(bytes: [], file: "rule.yaml") }
    #expect(
      error.map { "\($0)" } == "rule.yaml: the file is empty\n"
        + "  A rule file has degree and theta; `trifactor rule miconi --to FILE` writes one.")
  }

  @Test func filesThatCanNotBeRead() throws {
    let folder = try TemporaryFolder()
    let missing = folder.file("missing.yaml")
    #expect(
      loadRefusal(missing) == "\(missing): there is no such file\n  The shipped experiments are in sweeps/.")
    #expect(
      loadRefusal(folder.path)
        == "\(folder.path): this is a folder, and a file was wanted\n"
        + "  Name a YAML file, such as \(folder.path)/quickstart.yaml.")
  }

  @Test func ruleFilesAreNamedInTheirOwnErrors() throws {
    let folder = try TemporaryFolder()
    let sweep = try folder.write("base:\n  rule.theta: rules/cubic.yaml\n", to: "sweep.yaml")
    #expect(
      loadRefusal(sweep).hasPrefix("\(sweep):2:15: the rule file `rules/cubic.yaml` cannot be read: "))
    try folder.write("degree: 3\ntheta: {k3l3: -1}\n", to: "rules/cubic.yaml")
    let cell = try SweepFile.load(sweep, schema: testSchema).cells[0]
    #expect(try read("base: {rule.theta: {k3l3: -1}}").cells[0].key == cell.key)
  }

  @Test(arguments: [
    ("theta: {k1l1: 1}", "1:1: `degree` is missing"), ("degree: 3", "1:1: `theta` is missing"),
    ("degree: 9\ntheta: {}", "1:9: degree should be a whole number from 0 to 8, and is `9`"),
    ("degree: 1\ntheta: [[1, 2], [3]]", "2:8: theta of degree 1 should be 2 rows of 2 numbers"),
    ("degree: 1\ntheta: [[1, 2], [3, x]]", "2:8: theta of degree 1 should be 2 rows of 2 numbers"),
    ("degree: 1\ntheta: [1, 2, 3, 4]", "2:8: theta of degree 1 should be 2 rows of 2 numbers"),
    ("degree: 1\ntheta: {k2l0: 1}", "2:9: `k2l0` is no coefficient of theta"),
    ("degree: 1\ntheta: {k1l1: .nan}", "2:15: `k1l1` should be a number, and is `.nan`"),
    ("degree: 1\ntheta: {k1l1: 1}\nscale: 3", "3:8: scale of degree 1 should be 2 rows of 2 numbers"),
    ("degree: 1\ntheta: {k1l1: 1}\nscales: []", "3:1: unknown key `scales`; did you mean `scale`?"),
    ("[1, 2]", "1:1: the rule file should be a mapping, and is a list"), ("", " the file is empty"),
    ("degree: 1\ntheta: 3", "2:8: theta should be a mapping, and is `3`"),
  ])
  func wrongRuleFiles(_ text: String, _ problem: String) {
    do {
      _ = try read("base: {rule.theta: rule.yaml}", rules: ["rule.yaml": text])
      Issue.record("the rule file was read")
    } catch {
      #expect("\(error)".split(separator: "\n").first.map(String.init) == "rule.yaml:\(problem)")
    }
  }

  @Test func deepNestingIsAnErrorNotACrash() {
    for (open, close) in [("[", "]"), ("{a: ", "}")] {
      let text = String(repeating: open, count: 100_000) + String(repeating: close, count: 100_000)
      #expect(refusal(Array("base: \(text)".utf8)).hasPrefix("test.yaml:"))
    }
  }

  @Test func aliasesThatMultiplyAreAnErrorAtOnce() {
    var text = "name: bomb\nquestion: &a0 [x, x]\n"
    for level in 1...60 { text += "k\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(refusal(Array(text.utf8)).hasPrefix("test.yaml:3:1: unknown key `k1`"))
  }

  /// Any bytes give cells or a `SweepFileError`; nothing crashes, hangs or throws something else.
  @Test func mutatedFilesAreReadOrRefused() throws {
    var random = SeededRandom(20_261_121)
    let sources = try ["quickstart", "degree-ablation"].map {
      try Array(Data(contentsOf: URL(fileURLWithPath: "\(Repository.path)/sweeps/\($0).yaml")))
    }
    let pieces = [
      "\n", "  ", ": ", "[", "]", "{", "}", "0..<5", "&a", "*a", "none", "1e9", "-", "\t", "'", "\"", "!!",
      "?", "|", "seed",
    ]
    .map { Array($0.utf8) }
    var refused = 0
    for _ in 0..<mutations {
      var bytes = sources[Int.random(in: 0..<2, using: &random)]
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8(Int.random(in: 0..<256, using: &random))
        case 1:
          bytes.removeSubrange(place..<min(bytes.count, place + 1 + Int.random(in: 0..<20, using: &random)))
        case 2: bytes.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &random)], at: place)
        default:
          let other = Int.random(in: 0..<bytes.count, using: &random)
          bytes.insert(
            contentsOf: bytes[min(place, other)..<min(max(place, other), min(place, other) + 60)], at: place)
        }
        if bytes.isEmpty { bytes = [10] }
      }
      do {
        _ = try SweepFile(bytes: bytes, file: "test.yaml", schema: testSchema) { _ in throw NoSuchFile() }
      } catch {
        refused += 1
        #expect(error is SweepFileError, "\(error) for \(String(decoding: bytes, as: UTF8.self))")
      }
    }
    // Most random changes hit comments or numbers and leave a sweep; enough must have been refused to count.
    #expect(refused > mutations / 10)
  }

  /// TRIFACTOR_MUTATIONS sets another number.
  private let mutations = ProcessInfo.processInfo.environment["TRIFACTOR_MUTATIONS"].flatMap(Int.init) ?? 5000
}
