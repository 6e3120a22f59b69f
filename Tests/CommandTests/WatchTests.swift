import Foundation
import Glibc
import TestSupport
import Testing

/// `status --watch`: what runs, how far, until all is done.
@Suite(.startsPrograms) struct WatchTests {
  /// The ranks stand still while they are watched, however fast they are, and then end.
  @Test func itShowsTheCellsAtWorkAndEndsWithTheSweep() throws {
    let sweep = try TinySweep(
      TinySweep.text.replacing("rule.degree: [0, 1, 3]", with: "rule.degree: [3]")
        .replacing("iterations: 6", with: "iterations: 60"))
    let process = try #require(
      try sweep.launch(sweep.arguments(), ranks: 2, until: 4_000), "the sweep ended before it was watched")
    let ranks = sweep.ranks().values
    for rank in ranks { kill(rank, SIGSTOP) }
    let seen = sweep.folder.file("seen.txt")
    let watch = try RunningProcess([
      "bash", "-c", "exec \"$0\" status \"$1\" --watch --every 0.1 > \"$2\"",
      try Repository.program("trifactor"), sweep.out, seen,
    ])
    func text() -> String { (try? String(contentsOfFile: seen, encoding: .utf8)) ?? "" }
    let line = /\n {2}[0-9a-f]{16}  [0-9]+ of 60 +-[0-9.]+  rule.degree=3 task=[a-z-]+ seed=[01]\n/
    let isShown = try watch.wait(for: "cells at work", limit: 60) { text().contains(line) }
    #expect(isShown, "\(text())")
    for rank in ranks { kill(rank, SIGCONT) }
    let ended = try process.wait()
    #expect(ended.end == .exited(0), "\(ended)")
    #expect(try watch.wait().code == 0)
    #expect(text().contains("tiny in \(sweep.out): running (process "), "\(text())")
    #expect(text().contains("\n  cell              iteration"), "\(text())")
    // The last look is what `status` says, which has nothing left to watch.
    let plain = try trifactor("status", sweep.out)
    #expect(text().hasSuffix(plain.output) && plain.output.contains(": finished\n"), "\(text())")
    let again = try trifactor("status", sweep.out, "--watch")
    #expect(again.code == 0 && again.output == plain.output, "\(again)")
  }

  @Test(arguments: [
    (["--every", "2"], "--every has no effect alone; wanted: --watch beside it"),
    (["--watch", "--json"], "--watch and --json exclude each other; give one"),
    (["--watch", "--every", "0"], "--every is 0.0; wanted: at least 0.1"),
  ]) func isRefused(_ words: [String], _ message: String) throws {
    let result = try run([Repository.program("trifactor"), "status", "none"] + words)
    #expect(result.code == 64 && result.errors.contains(message), "\(result)")
  }
}
