import Foundation
import TestSupport
import Testing

/// `verify` and `export` on the folders of real runs.
@Suite(.startsPrograms) struct VerifyCommandTests {
  /// One degree, two seeds, a second or so.
  private static let pair = """
    name: pair
    base: {trials: 10, network: {units: 8}, evaluation: {networks: 4}, meta: {validation-every: 3}}
    axes: {meta.iterations: [6], seed: [0, 1]}

    """

  private static func finished() throws -> TinySweep {
    let sweep = try TinySweep(pair)
    let result = try run(sweep.arguments(), limit: 120)
    guard result.end == .exited(0) else { throw ProcessFailure("\(result)") }
    return sweep
  }

  @Test
  func damageIsNamedSalvagedAndComputedAgain() throws {
    let sweep = try Self.finished()
    let export = try sweep.export()
    let clean = try trifactor("verify", sweep.out)
    #expect(clean.end == .exited(0), "\(clean)")
    #expect(clean.output.contains("iteration-d3.00000.npy  12 records"), "\(clean)")
    #expect(clean.output.hasSuffix("no damage\n"), "\(clean)")

    let shard = sweep.out + "/shards/iteration-d3.00000.npy"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: shard))
    bytes[bytes.count / 2] ^= 0x20
    try bytes.write(to: URL(fileURLWithPath: shard))
    let damaged = try trifactor("verify", sweep.out)
    #expect(damaged.end == .exited(1), "\(damaged)")
    #expect(damaged.output.contains("DAMAGED: \(shard): record "), "\(damaged)")
    for command in [
      try sweep.arguments(), [try Repository.program("trifactor"), "status", sweep.out],
      [try Repository.program("trifactor"), "verify", "--salvage", sweep.out + "/nothing"],
    ] {
      let refused = try run(command)
      #expect(refused.end == .exited(command[1] == "verify" ? 64 : 65), "\(refused)")
      if command[1] != "verify" {
        #expect(refused.errors.contains("\(shard): record "), "\(refused)")
        #expect(refused.errors.contains("trifactor verify \(sweep.out) --salvage"), "\(refused)")
      }
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: shard)) == bytes, "nothing was changed")

    let salvaged = try trifactor("verify", sweep.out, "--salvage")
    #expect(salvaged.end == .exited(0), "\(salvaged)")
    #expect(salvaged.output.contains("\(shard): dropped "), "\(salvaged)")
    #expect(salvaged.output.contains("the next run computes it again"), "\(salvaged)")
    let kept = try Data(
      contentsOf: URL(fileURLWithPath: sweep.out + "/damaged/shards.0/iteration-d3.00000.npy"))
    #expect(kept == bytes)
    let partial = try trifactor("export", sweep.out, "--to", sweep.folder.file("part.csv"))
    #expect(partial.end == .exited(0), "\(partial)")
    #expect(partial.errors.contains("partial: 1 of 2 cells are not finished"), "\(partial)")

    #expect(try run(sweep.arguments(), limit: 120).end == .exited(0))
    #expect(try sweep.export() == export)
    #expect(try trifactor("verify", sweep.out).end == .exited(0))
  }

  @Test
  func anUnfinishedWriteIsNoDamage() throws {
    let sweep = try Self.finished()
    let export = try sweep.export()
    // An open shard with half a record at its end, as a run that was killed leaves it.
    let shard = sweep.out + "/shards/state-d3.00000.npy"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: shard))
    let shape = try #require(bytes.range(of: Data("'shape': (".utf8))).upperBound
    let close = try #require(bytes[shape...].range(of: Data(",), }".utf8))).lowerBound
    let rest = String(repeating: " ", count: close - shape - 1)
    bytes.replaceSubrange(shape..<close + 5, with: Data(("0,), }" + rest).utf8))
    bytes.append(Data(repeating: 0x33, count: 77))
    try bytes.write(to: URL(fileURLWithPath: shard))
    let verified = try trifactor("verify", sweep.out)
    #expect(verified.end == .exited(0), "\(verified)")
    #expect(verified.output.contains("77 bytes after record"), "\(verified)")
    let again = try run(sweep.arguments())
    #expect(again.end == .exited(0), "\(again)")
    #expect(again.errors.contains("77 bytes after record"), "\(again)")
    #expect(try sweep.export() == export)
  }

  @Test func badArguments() throws {
    try withTemporaryFolder { folder in
      let name = try trifactor("export", folder.path, "--to", folder.file("out.txt"))
      #expect(name.end == .exited(64), "\(name)")
      #expect(name.errors.contains("wanted: a name that ends in .npz or .csv"), "\(name)")
      for command in ["export", "verify"] {
        let more = command == "export" ? ["--to", folder.file("out.csv")] : []
        let empty = try run([try Repository.program("trifactor"), command, folder.path] + more)
        #expect(empty.end == .exited(64), "\(empty)")
        #expect(empty.errors.contains("\(folder.path) is no result folder"), "\(empty)")
      }
      #expect(folder.contents == [])
    }
  }
}
