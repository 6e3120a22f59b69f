import Foundation
import TestSupport
import Testing

/// Folders that a run must not touch, each with its message and exit code.
@Suite(.startsPrograms) struct FolderTests {
  private static let single = """
    name: single
    base: {trials: 10, network: {units: 8}}
    axes: {meta.iterations: [1], seed: [0]}

    """

  @Test
  func anotherSweep() throws {
    let sweep = try TinySweep(Self.single)
    #expect(try run(sweep.arguments()).end == .exited(0))
    let before = sweep.folder.contents
    let other = try sweep.folder.write(
      Self.single.replacingOccurrences(of: "single", with: "other").replacingOccurrences(
        of: "[0]", with: "[1]"),
      to: "other.yaml")
    let result = try trifactor("run", other, "--out", sweep.out)
    #expect(result.end == .exited(65), "\(result)")
    #expect(result.errors.contains("holds another sweep, 'single'"), "\(result)")
    #expect(sweep.folder.contents == (before + ["other.yaml"]).sorted())
  }

  @Test
  func aLivingRun() throws {
    let sweep = try TinySweep(TinySweep.longText)
    let first = try RunningProcess(sweep.arguments())
    _ = try first.wait(for: "sweep.json") {
      FileManager.default.fileExists(atPath: sweep.out + "/sweep.json")
    }
    let second = try run(sweep.arguments())
    #expect(second.end == .exited(69), "\(second)")
    #expect(second.errors.contains("process \(first.pid) on"), "\(second)")
    #expect(try trifactor("status", sweep.out).output.contains("running (process \(first.pid)"))
    first.send(SIGUSR1)
    #expect(try first.wait().end == .exited(75))
  }

  @Test
  func aFileInThePlaceOfTheFolder() throws {
    let sweep = try TinySweep(Self.single)
    try sweep.folder.write("not a folder", to: "out")
    let result = try run(sweep.arguments())
    #expect(result.end == .exited(74), "\(result)")
    #expect(result.errors.contains(sweep.out), "\(result)")
  }

  @Test
  func aNewerFormat() throws {
    let sweep = try TinySweep(Self.single)
    #expect(try run(sweep.arguments()).end == .exited(0))
    let plan = try String(contentsOfFile: sweep.out + "/sweep.json", encoding: .utf8)
    let newer = plan.replacingOccurrences(of: "\"format\":1", with: "\"format\":9")
    #expect(newer != plan)
    try newer.write(toFile: sweep.out + "/sweep.json", atomically: true, encoding: .utf8)
    let result = try run(sweep.arguments())
    #expect(result.end == .exited(65), "\(result)")
    #expect(result.errors.contains("sweep.json"), "\(result)")
  }

  @Test
  func aLowerLevelThanTheSweepBeganWith() throws {
    let sweep = try TinySweep(Self.single)
    #expect(try run(sweep.arguments()).end == .exited(0))
    let plan = try String(contentsOfFile: sweep.out + "/sweep.json", encoding: .utf8)
    let level = plan.contains("\"simd\":\"baseline\"")
    let result = try run(sweep.arguments(), environment: ["TRIFACTOR_SIMD": "baseline"])
    if level {
      #expect(result.end == .exited(0))
    } else {
      #expect(result.end == .exited(64), "\(result)")
      #expect(result.errors.contains("TRIFACTOR_SIMD"), "\(result)")
    }
  }
}
