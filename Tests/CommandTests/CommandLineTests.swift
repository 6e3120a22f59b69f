import Foundation
import TestSupport
import Testing

/// What people type: names with blanks, pipes, half-remembered commands, empty words.
@Suite(.startsPrograms) struct CommandLineTests {
  private func bash(_ script: String, _ arguments: String..., directory: String = Repository.path) throws
    -> ProcessResult
  {
    try run(
      ["bash", "-c", script, try Repository.program("trifactor")] + arguments, directory: directory, limit: 60
    )
  }

  @Test(arguments: [
    ("rum", "Unexpected argument 'rum'; did you mean 'run'?"), ("tabel", "did you mean 'table'?"),
    ("stauts", "did you mean 'status'?"), ("evalute", "did you mean 'evaluate'?"),
    ("frobnicate", "Unexpected argument 'frobnicate'; the commands are init, plan, simulate, run, "),
  ]) func anUnknownCommandHasASuggestion(_ word: String, _ message: String) throws {
    let result = try trifactor(word, "x.yaml")
    #expect(result.code == 64 && result.errors.contains(message), "\(result)")
  }

  @Test func theLearnersAreListedAsTheHelpSays() throws {
    let result = try trifactor("evaluate", "--help-learners")
    #expect(result.code == 0 && result.output.contains("node-perturbation"), "\(result)")
    let none = try trifactor("evaluate")
    #expect(none.code == 64 && none.errors.contains("Missing expected argument '<source>'"), "\(none)")
  }

  @Test func aSlurmLineIsOneThatAShellTakesWhole() throws {
    let folder = try TemporaryFolder("it's a $(folder)")
    let sweep = try folder.write(TwoCellSweep.text.replacing("name: tiny\n", with: ""), to: "my sweep;x.yaml")
    let out = folder.file("two words")
    let line = try trifactor("plan", sweep, "--slurm", "--out", out, "--ranks", "4", "--ranks-per-cell", "2")
    #expect(line.code == 0, "\(line)")
    let words = try bash("sbatch() { printf '%s\\n' \"$@\"; }; eval \"$1\"", line.output).output.split(
      separator: "\n")
    #expect(words.first == "--job-name=my sweep;x", "\(line)")
    #expect(
      words.suffix(5) == ["slurm/sweep.sbatch", sweep[...], out[...], "--ranks-per-cell", "2"], "\(line)")
    let dashed = try trifactor("plan", sweep, "--slurm", "--out=-out")
    #expect(dashed.output.hasSuffix(" ./-out\n"), "\(dashed)")
  }

  @Test(arguments: [
    ["run", "SWEEP", "--out="], ["plan", "SWEEP", "--out="],
    ["compare", "OUT", "--against", "linear", "--equal-budget", "--out="],
    ["evaluate", "SWEEP", "--out="], ["lifetime", "SWEEP", "--export="], ["audit", "SWEEP", "--export="],
    ["rule", "miconi", "--to="], ["tasks", "cue-association", "--draw="], ["validate", "rflo", "--errors="],
    ["dynamics", "OUT", "--export="], ["rule", "OUT", "--prune", "--out="], ["status", ""], ["table", ""],
    ["verify", ""], ["dynamics", ""],
    ["simulate", "SWEEP", "--measured="], ["export", "", "--to", "NEW.csv"],
    ["compare", "", "--axis", "seed"], ["evaluate", "SWEEP", "--learned="],
  ]) func anEmptyNameIsNoPlace(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    let sweep = try folder.write(TwoCellSweep.text, to: "tiny.yaml")
    // `--out=` with nothing behind it never gets past the parser of the arguments; `--out ''` does.
    let line = words.flatMap { $0.hasSuffix("=") ? [String($0.dropLast()), ""] : [$0] }.map {
      $0 == "SWEEP" ? sweep : ["OUT", "NEW.csv"].contains($0) ? folder.file($0) : $0
    }
    let result = try run([try Repository.program("trifactor")] + line, directory: folder.path, limit: 20)
    #expect(result.code == 64 || result.code == 65, "\(result)")
    #expect(result.errors.contains("empty"), "\(result)")
    #expect(folder.contents == ["tiny.yaml"])
    #expect(!FileManager.default.fileExists(atPath: "/shards"))
  }

  @Test func aNameThatIsNotUTF8IsRefused() throws {
    let folder = try TemporaryFolder()
    let sweep = try folder.write(TwoCellSweep.text, to: "tiny.yaml")
    let result = try bash(#""$0" run "$1" --out $'out\xff'"#, sweep, directory: folder.path)
    #expect(
      result.code == 64 && result.errors.contains("argument 4, 'out\u{fffd}', is not UTF-8"), "\(result)")
    #expect(folder.contents == ["tiny.yaml"])
  }

  @Test func sweepAndRuleFilesMayComeFromPipes() throws {
    let folder = try TemporaryFolder()
    let sweep = try folder.write(TwoCellSweep.text, to: "tiny.yaml")
    let piped = try bash(
      #""$0" plan <(cat "$1") && "$0" plan /dev/stdin < "$1" && cat "$1" | "$0" plan /dev/stdin"#, sweep)
    #expect(piped.code == 0 && piped.output.components(separatedBy: "2 cells, ").count == 4, "\(piped)")
    let out = folder.file("OUT")
    #expect(try bash(#""$0" run <(cat "$1") --out "$2""#, sweep, out).code == 0)
    #expect(try bash(#"cmp "$1/sweep.yaml" "$2""#, out, sweep).code == 0)
    let rule = try bash(
      #""$0" rule miconi --to "$1" > /dev/null && "$0" rule <(cat "$1")"#, folder.file("rule.yaml"))
    #expect(rule.code == 0 && rule.output.contains("degree 3"), "\(rule)")
  }

  @Test func whatCannotBeReadSaysWhy() throws {
    let folder = try TemporaryFolder()
    let empty = try folder.write("", to: "empty.yaml")
    for (words, message) in [
      (["rule", empty], "empty.yaml: the file is empty\n  A rule file has degree and theta;"),
      (["plan", empty], "empty.yaml: the file is empty\n  A sweep file has at least `base:`"),
      (["rule", "/dev/zero"], "/dev/zero: this is a device, and a file was wanted"),
      (["plan", "/proc/self/mem"], "/proc/self/mem: the file cannot be read: Input/output error (errno 5)"),
      (
        ["plan", folder.file(String(repeating: "x", count: 300))],
        "the file cannot be read: File name too long (errno 36)"
      ),
      (
        ["rule", folder.path],
        "this is a folder, and a file was wanted\n  Name a rule file; a folder of results has a sweep.json."
      ),
    ] {
      let result = try run([try Repository.program("trifactor")] + words, limit: 20)
      #expect(result.code == 65 || result.code == 64, "\(result)")
      #expect(result.errors.contains(message), "\(result)")
    }
  }

  /// Files that commands write beside results: the system's reason, and the name that was given.
  @Test(arguments: [
    ["rule", "miconi", "--to"], ["tasks", "cue-association", "--draw"],
    ["lifetime", "SWEEP", "--trials", "2", "--export"],
    ["audit", "SWEEP", "--trials", "4", "--samples", "4", "--export"], ["export", "OUT", "--to"],
    ["validate", "rflo", "--networks", "1", "--trials", "2", "--errors"],
    ["dynamics", "OUT", "--cell", "KEY", "--starts", "2", "--points", "1", "--export"],
  ]) func whatCannotBeWrittenSaysWhy(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    let (sweep, out) = try TwoCellSweep.run(in: folder)
    let key =
      try trifactor("plan", sweep, "--all").output.firstMatch(of: /[0-9a-f]{16}/).map { String($0.output) }
      ?? ""
    let line = words.map { ["SWEEP": sweep, "OUT": out, "KEY": key][$0] ?? $0 }
    for place in ["/proc/none/x.npz", "\(sweep)/x.npz"] {
      let result = try run([try Repository.program("trifactor")] + line + [place], limit: 60)
      #expect(result.code == 74, "\(result)")
      #expect(
        result.errors.contains("cannot write to '\(place)")
          || result.errors.contains("cannot write to '\(place.dropLast(4))"), "\(result)")
      #expect(result.errors.contains("(errno ") && !result.errors.contains("Cocoa"), "\(result)")
    }
  }

  /// A device that takes everything stays what it is.
  @Test func aDeviceIsNotReplaced() throws {
    #expect(
      try bash(#""$0" rule miconi --to /dev/null && test -c /dev/null && test ! -e /dev/null.tmp"#).code == 0)
  }

  /// Control characters of a sweep's texts are shown, not obeyed.
  @Test func aTextDoesNotSteerTheTerminal() throws {
    let folder = try TemporaryFolder()
    let sweep = try folder.write(
      TwoCellSweep.text.replacing("name: tiny", with: #"name: tiny\#nquestion: "a\e[31mb\x9bc""#),
      to: "tiny.yaml")
    let out = folder.file("OUT")
    let run = try trifactor("run", sweep, "--out", out)
    #expect(run.code == 0, "\(run)")
    for words in [["plan", sweep], ["status", out], ["table", out], ["plan", sweep, "--json"]] {
      let result = try TestSupport.run([try Repository.program("trifactor")] + words)
      #expect(result.code == 0, "\(result)")
      #expect(
        !result.output.unicodeScalars.contains {
          $0.value < 0x20 && $0 != "\n" || (0x7f..<0xa0).contains($0.value)
        })
    }
    #expect(try trifactor("plan", sweep).output.contains(#"a\u001b[31mb\u009bc"#))
    let name = try trifactor("plan", "none\u{1b}[2J.yaml")
    #expect(name.errors.contains(#"none\u001b[2J.yaml: there is no such file"#), "\(name)")
  }

  @Test func lateIsExplained() throws {
    let help = try trifactor("table", "--help").output.replacing("\n", with: " ").split(separator: " ")
      .joined(separator: " ")
    #expect(help.contains("means over the last fifth of a lifetime's trials"), "\(help)")
  }

  /// The setting's default where the sweep has it, otherwise the first value.
  @Test func aComparisonHasADefaultBaseline() throws {
    let folder = try TemporaryFolder()
    let (_, out) = try TwoCellSweep.run(in: folder)
    let first = try trifactor("compare", out, "--axis", "rule.degree", "--format", "json")
    #expect(first.code == 0 && first.output.contains(/"baseline" ?: ?0/), "\(first)")
    #expect(
      first.output
        == (try trifactor("compare", out, "--axis", "rule.degree", "--baseline", "0", "--format", "json")
          .output))
    let other = try folder.write(TwoCellSweep.text.replacing("[0, 1]", with: "[1, 3]"), to: "other.yaml")
    #expect(try trifactor("run", other, "--out", folder.file("OTHER")).code == 0)
    let standard = try trifactor("compare", folder.file("OTHER"), "--axis", "rule.degree", "--format", "json")
    #expect(standard.output.contains(/"baseline" ?: ?3/), "\(standard)")
  }
}
