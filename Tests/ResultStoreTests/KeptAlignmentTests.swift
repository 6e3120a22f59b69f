import Foundation
import TestSupport
import Testing

@testable import ResultStore

/// What `evaluate --alignment` adds to a folder.
@Suite("Alignment records") struct KeptAlignmentTests {
  private func folder(_ records: [EncodedRecord]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder("alignment")
    let writer = try StoreWriter(folder.path)
    try writer.save(Sample.manifest(keys: [7, 8]))
    for record in records { try writer.append(record) }
    try writer.close()
    return folder
  }

  @Test("The last of a place counts, and fewer points leave none of more behind") func again() throws {
    let many = (0..<3).map { Sample.alignment(0, point: $0, points: 3) }
    let folder = try folder(many + [Sample.alignment(1), Sample.alignment(1, point: 1)])
    let writer = try StoreWriter(folder.path)
    #expect(writer.index.counts[.alignment] == 5)
    for point in 0..<2 {
      var newer = try AlignmentRecord(Sample.alignment(0, point: point))
      newer.cosine = 0.5
      #expect(try writer.append(newer.encoded(degree: 1)), "stored beside the older one")
    }
    try writer.close()
    let records = try #require(try StoreReader(folder.path).kept(AlignmentRecord.self)[7])
    #expect(records.map(\.network) == [0, 0, 1, 1] && records.map(\.point) == [0, 1, 0, 1])
    #expect(records.prefix(2).allSatisfy { $0.cosine == 0.5 })
    let verification = try Verification(of: folder.path)
    #expect(verification.isClean)
    #expect(verification.lines.contains { $0.hasPrefix("alignment-d1.00000.npy  7 records") })
  }

  @Test("Damage is found, and a salvage keeps the rest and no cell is computed again for it") func salvage()
    throws
  {
    let folder = try folder(Sample.cell(7) + (0..<3).map { Sample.alignment($0, points: 1) })
    let path = folder.file("shards/alignment-d1.00000.npy")
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let schema = RecordSchema.of(.alignment, degree: 1)
    bytes[ShardHeader.length(of: schema) + schema.size + 90] ^= 1
    try folder.write(bytes, to: "shards/alignment-d1.00000.npy")
    #expect(throws: StoreError.self) { try StoreReader(folder.path).kept(AlignmentRecord.self) }
    #expect(try !Verification(of: folder.path).isClean)
    let salvage = try Salvage(of: folder.path)
    #expect(!salvage.lines.contains { $0.contains("the next run computes it again") }, "\(salvage.lines)")
    #expect(try StoreReader(folder.path).kept(AlignmentRecord.self)[7]?.map(\.network) == [0, 2])
    #expect(try Verification(of: folder.path).isClean)
  }

  @Test("Exported rows are sorted and hold settings and numbers; what is lacking is said") func table() throws
  {
    let folder = try folder([
      Sample.alignment(cell: 8, 1), Sample.alignment(0, point: 1), Sample.alignment(0),
    ])
    var notes: [String] = []
    let kept = try KeptAlignment(folders: [folder.path, folder.path]) { notes.append($0) }
    #expect(kept.count == 3)
    #expect(
      notes == ["partial: 1 network without all points; the same `trifactor evaluate` makes the rest"])
    let target = folder.file("kept.csv")
    try kept.write(to: target)
    let lines = try String(contentsOfFile: target, encoding: .utf8).split(separator: "\n")
    #expect(
      lines[0]
        == "key,network,point,trial,task,rule.degree,seed,wanted,draws,diverged_at,reward,late_reward,late_accuracy,"
        + "cosine,product,update_square,update_variance,gradient_square,gradient_variance")
    #expect(
      lines.dropFirst().map { $0.split(separator: ",").prefix(7).joined(separator: ",") } == [
        "0000000000000007,0,0,9,cue-association,1,0", "0000000000000007,0,1,19,cue-association,1,0",
        "0000000000000008,1,0,9,cue-association,1,1",
      ])
    #expect(
      lines[1].hasSuffix(
        ",64,63,-1,-0.25,-0.234375,-0.21875,-0.203125,-0.1875,-0.171875,-0.15625,-0.140625,-0.125"))
    let empty = try self.folder(Sample.cell(7))
    let error = try #require(throws: StoreError.self) { try KeptAlignment(folders: [empty.path]) }
    #expect(error.category == .usage)
    #expect(
      error.description
        == "\(empty.path): no alignment is stored; run `trifactor evaluate SOURCE --alignment --out \(empty.path)` "
        + "first")
  }
}
