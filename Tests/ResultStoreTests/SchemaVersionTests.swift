import Model
import TestSupport
import Testing

@testable import ResultStore

/// Folders of an earlier program: evaluation records of version 1, which lack the last field of version 2.
@Suite("Schema versions") struct SchemaVersionTests {
  static let old = RecordSchema.of(.evaluation, shape: RuleShape(degree: 1), earlier: 1)!

  /// The bytes of version 1 of a record, as the earlier program laid them down: the field at the end is not there.
  static func earlier(_ record: EncodedRecord, sequence: Int) -> [UInt8] {
    var record = record
    record.bytes.removeLast(8)
    record.bytes[RecordView.schemaOffset] = 1
    record.seal(sequence: UInt64(sequence), unsynced: 0)
    return record.bytes
  }

  /// Segments that hold everything, so that only a change of version begins another.
  private static func options(pid: Int32) -> StoreWriter.Options {
    var options = SampleRun.options(pid: pid)
    options.segmentBytes = 1 << 20
    return options
  }

  static let shard = "/out/shards/evaluation-d1.00000.npy"

  /// A folder whose cell 7 is half way through its evaluations, all of version 1.
  private func files(networks: Int, sealed: Bool, torn: Int = 0) throws -> MemoryFiles {
    let files = MemoryFiles()
    let writer = try StoreWriter("/out", options: SampleRun.options(), files: files)
    try writer.save(Sample.manifest(keys: [7]))
    for record in Sample.cell(7) where record.kind == .iteration || record.kind == .state {
      try writer.append(record)
    }
    try writer.close()
    var bytes = ShardHeader.bytes(of: Self.old, count: sealed ? networks : 0)
    for network in 0..<networks {
      bytes += Self.earlier(Sample.evaluation(network), sequence: network)
    }
    bytes += Array(repeating: 7, count: torn)
    try files.replace(Self.shard, with: bytes)
    return files
  }

  private func contents(_ files: MemoryFiles) throws -> [UInt8] {
    let file = try files.open(Self.shard, .read)
    return try file.read(try file.size(), at: 0)
  }

  private func evaluations(_ files: MemoryFiles) throws -> [EvaluationRecord] {
    var found: [EvaluationRecord] = []
    try StoreReader("/out", files: files).forEachEvaluation { found.append($0) }
    return found
  }

  @Test("The earlier schema is a prefix of the present one") func layout() throws {
    let present = RecordSchema.of(.evaluation, degree: 1)
    #expect(Self.old.size == 400 && present.size == 408)
    #expect(Self.old.code == 0x0301 && present.code == 0x0302)
    #expect(Array(present.fields.prefix(Self.old.fields.count)) == Self.old.fields)
    #expect(RecordSchema.of(.evaluation, shape: RuleShape(degree: 1), earlier: 2) == nil)
    for kind in [RecordKind.iteration, .state, .result] {
      let earlier = try #require(RecordSchema.of(kind, shape: RuleShape(degree: 3), earlier: 1))
      let second = try #require(RecordSchema.of(kind, shape: RuleShape(degree: 3), earlier: 2))
      func fields(_ schema: RecordSchema) -> [RecordField] { schema.fields.filter { $0.type != .padding } }
      #expect(Array(fields(RecordSchema.of(kind, degree: 3)).dropLast()) == fields(second))
      #expect(Array(fields(second).dropLast()) == fields(earlier))
    }
    #expect(RecordSchema.of(.dynamics, shape: RuleShape(degree: 1), earlier: 1) == nil)
  }

  /// The bytes of version 1 of any record: what is at its end is not there.
  private static func cut(_ record: EncodedRecord) throws -> EncodedRecord {
    let schema = try #require(RecordSchema.of(record.kind, shape: record.shape, earlier: 1))
    var bytes = Array(record.bytes.prefix(schema.size))
    bytes[RecordView.schemaOffset] = 1
    return EncodedRecord(kind: record.kind, shape: record.shape, bytes: bytes)
  }

  @Test("Constants that came later are at their defaults in records of version 1") func laterConstants()
    throws
  {
    let iteration = Sample.iteration(0)
    var expected = try IterationRecord(iteration)
    expected.constants.replaceSubrange(10..., with: [0, 1, 1])
    // As bytes: NaN differs from itself.
    #expect(try IterationRecord(try Self.cut(iteration)).encoded(degree: 1) == expected.encoded(degree: 1))
    let state = Sample.state(iteration: 3, evaluated: 0, degree: 1)
    var expectedState = try StateRecord(state)
    for array in [
      \StateRecord.parameters, \.firstMoment, \.secondMoment, \.bestParameters, \.tailSum,
    ] {
      expectedState[keyPath: array].replaceSubrange(14..., with: [0, 0, 0])
    }
    #expect(try StateRecord(try Self.cut(state)) == expectedState)
    let result = Sample.result(iterations: 4, evaluations: 6)
    var expectedResult = try ResultRecord(result)
    expectedResult.constants.replaceSubrange(10..., with: [0, 1, 1])
    #expect(try ResultRecord(try Self.cut(result)) == expectedResult)
  }

  @Test("Records of version 1 are read, without the number they lack", arguments: [true, false])
  func read(sealed: Bool) throws {
    let files = try files(networks: 3, sealed: sealed)
    let found = try evaluations(files)
    #expect(found.map(\.network) == [0, 1, 2])
    for (network, record) in found.enumerated() {
      #expect(record == (try EvaluationRecord(Sample.evaluation(network))))
      #expect(record.lateIncongruentAccuracy == nil)
    }
    #expect(try Verification(of: "/out", files: files).problems == [])
  }

  @Test(
    "A run goes on behind them in a new segment", arguments: [true, false], [0, 3])
  func goesOn(sealed: Bool, networks: Int) throws {
    let files = try files(networks: networks, sealed: sealed && networks > 0, torn: sealed ? 0 : 13)
    var notes: [String] = []
    let writer = try StoreWriter("/out", options: Self.options(pid: 101), files: files) {
      notes.append($0)
    }
    #expect(notes.isEmpty == sealed, "\(notes)")
    // Computed again, a stored network is the same although it now has a number more; another one is refused.
    for network in 0..<networks {
      var record = try EvaluationRecord(Sample.evaluation(network))
      record.lateIncongruentAccuracy = 0.5
      #expect(try !writer.append(record.encoded(degree: 1)))
      #expect(throws: StoreError.self) { try writer.append(Sample.evaluation(network, accuracy: 0.25)) }
    }
    for network in networks..<6 {
      var record = try EvaluationRecord(Sample.evaluation(network))
      record.lateIncongruentAccuracy = Double(network) / 8
      #expect(try writer.append(record.encoded(degree: 1)))
    }
    try writer.append(Sample.result(iterations: 4, evaluations: 6))
    try writer.close()
    #expect(try Verification(of: "/out", files: files).problems == [])
    let shards = try StoreFolder("/out").listShards(files).filter { $0.kind == .evaluation }
    #expect(shards.map(\.segment) == (networks == 0 ? [0] : [0, 1]))
    let found = try evaluations(files)
    #expect(found.map(\.network) == [0, 1, 2, 3, 4, 5])
    #expect(
      found.map(\.lateIncongruentAccuracy)
        == (0..<6).map { $0 < networks ? nil : Double($0) / 8 })
    // And once more, with nothing left to do.
    let again = try StoreWriter("/out", options: Self.options(pid: 102), files: files)
    #expect(again.index.cells[7]?.isComplete == true)
    try again.close()
    #expect(try evaluations(files) == found)
  }

  @Test("A salvage writes the good ones in the present version") func salvage() throws {
    let files = try files(networks: 4, sealed: true)
    var bytes = try contents(files)
    bytes[ShardHeader.length(of: Self.old) + Self.old.size + 60] ^= 1
    try files.replace(Self.shard, with: bytes)
    #expect(throws: StoreError.self) { try evaluations(files) }
    let salvage = try Salvage(of: "/out", files: files, lock: SampleRun.options().lock)
    #expect(salvage.lostBytes == Self.old.size)
    #expect(try Verification(of: "/out", files: files).problems == [])
    #expect(try evaluations(files).map(\.network) == [0, 2, 3])
    let start = try contents(files).prefix(4096)
    #expect(String(decoding: start, as: UTF8.self).contains("late_incongruent_accuracy"))
  }

  @Test("The Python reader joins both versions", .startsPrograms) func python() throws {
    let folder = try TemporaryFolder("versions")
    let writer = try StoreWriter(folder.path)
    try writer.save(Sample.manifest(keys: [7]))
    try writer.close()
    var bytes = ShardHeader.bytes(of: Self.old, count: 2)
    for network in 0..<2 { bytes += Self.earlier(Sample.evaluation(network), sequence: network) }
    try SystemFiles().replace(folder.path + "/shards/evaluation-d1.00000.npy", with: bytes)
    let next = try StoreWriter(folder.path)
    var record = try EvaluationRecord(Sample.evaluation(2))
    record.lateIncongruentAccuracy = 0.625
    try next.append(record.encoded(degree: 1))
    try next.close()
    let seen = try PythonReaderTests.run(
      """
      a = shards.load(sys.argv[1]).evaluations[1]
      print(a["network"].tolist(), a["late_incongruent_accuracy"].tolist(), a["late_accuracy"].tolist())
      print([len(r) for r in shards.records(sys.argv[1], "evaluation")], shards.load(sys.argv[1]).left_out)
      """, folder.path)
    #expect(seen == "[0, 1, 2] [nan, nan, 0.625] [0.875, 0.875, 0.875]\n[2, 1] []\n")
  }
}
