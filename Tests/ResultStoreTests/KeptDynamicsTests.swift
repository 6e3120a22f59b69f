import Foundation
import TestSupport
import Testing

@testable import ResultStore

/// What `trifactor dynamics` adds to a folder.
@Suite("Dynamics records") struct KeptDynamicsTests {
  private func folder(_ records: [EncodedRecord], keys: [UInt64] = [7, 8]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder("dynamics")
    let writer = try StoreWriter(folder.path)
    try writer.save(Sample.manifest(keys: keys))
    for record in records { try writer.append(record) }
    try writer.close()
    return folder
  }

  @Test("A later writer goes on behind them, and the last of a place counts") func again() throws {
    let folder = try folder(Sample.cell(7) + [Sample.dynamics(0, condition: 1), Sample.dynamics(0)])
    let writer = try StoreWriter(folder.path)
    #expect(writer.index.counts[.dynamics] == 2)
    var newer = try DynamicsRecord(Sample.dynamics(0))
    newer.fixedPoints = 5
    #expect(try writer.append(newer.encoded(degree: 1)), "stored beside the older one")
    try writer.close()
    let records = try #require(try StoreReader(folder.path).dynamics()[7])
    #expect(records.map(\.condition) == [0, 1] && records.map(\.fixedPoints) == [5, 3])
    let verification = try Verification(of: folder.path)
    #expect(
      verification.isClean && verification.lines.contains { $0.hasPrefix("dynamics-d1.00000.npy  3 records") }
    )
  }

  @Test("Damage is found, and a salvage keeps the rest and no cell is computed again for it") func salvage()
    throws
  {
    let folder = try folder(Sample.cell(7) + (0..<3).map { Sample.dynamics($0) })
    let path = folder.file("shards/dynamics-d1.00000.npy")
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    bytes[
      ShardHeader.length(of: .of(.dynamics, degree: 1)) + RecordSchema.of(.dynamics, degree: 1).size + 90] ^=
      1
    try folder.write(bytes, to: "shards/dynamics-d1.00000.npy")
    #expect(throws: StoreError.self) { try StoreReader(folder.path).dynamics() }
    #expect(try !Verification(of: folder.path).isClean)
    let salvage = try Salvage(of: folder.path)
    #expect(!salvage.lines.contains { $0.contains("the next run computes it again") }, "\(salvage.lines)")
    #expect(try StoreReader(folder.path).dynamics()[7]?.map(\.network) == [0, 2])
    #expect(try Verification(of: folder.path).isClean)
  }

  @Test("Exported rows are sorted and hold settings, counts and numbers") func table() throws {
    let folder = try folder(
      [
        Sample.dynamics(cell: 8, 1, .before), Sample.dynamics(0, .none),
        Sample.dynamics(0, .before, condition: -1),
      ])
    let kept = try KeptDynamics(folders: [folder.path, folder.path])
    #expect(kept.count == 3)
    let target = folder.file("kept.csv")
    try kept.write(to: target)
    let lines = try String(contentsOfFile: target, encoding: .utf8).split(separator: "\n")
    #expect(
      lines[0].hasPrefix(
        "key,network,stage,condition,task,rule.degree,seed,diverged_at,starts,limit,fixed_points,analysed,"))
    #expect(lines[0].hasSuffix(",first_imaginary,first_henrici,program"))
    #expect(
      lines.dropFirst().map { $0.split(separator: ",").prefix(7).joined(separator: ",") } == [
        "0000000000000007,0,before,-1,cue-association,1,0", "0000000000000007,0,none,0,cue-association,1,0",
        "0000000000000008,1,before,0,cue-association,1,1",
      ])
    #expect(lines[1].hasSuffix(",1.0.0 abc"))
    let empty = try self.folder(Sample.cell(7))
    let error = try #require(throws: StoreError.self) { try KeptDynamics(folders: [empty.path]) }
    #expect(error.category == .usage && error.description.contains("run `trifactor dynamics"))
  }
}
