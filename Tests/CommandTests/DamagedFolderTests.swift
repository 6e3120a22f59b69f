import Foundation
import TestSupport
import Testing

@testable import ResultStore

/// Every command that reads results, on folders with every kind of damage: none takes a damaged folder for a good one,
/// and none refuses what is only unfinished.
@Suite(.startsPrograms) struct DamagedFolderTests {
  static let text = """
    name: tiny
    base:
      trials: 10
      network.units: 8
      meta: {lifetimes: 2, iterations: 3, validation-networks: 1, validation-every: 1}
      evaluation: {networks: 4, criterion: {correct: 4, of: 5}}
    axes: {rule.degree: [0, 1], seed: 0..<2}
    """

  /// `OUT` stands for the folder, `SWEEP` for its sweep file, `NEW` for a place where nothing is.
  static let commands = [
    "table OUT", "table OUT --format json", "compare OUT --axis rule.degree --baseline 0",
    "compare OUT --against linear --equal-budget --networks 2 --out NEW", "export OUT --to NEW.csv",
    "export OUT --to NEW.npz", "evaluate OUT --networks 2", "evaluate SWEEP --learned OUT --networks 2",
    "rule OUT", "dynamics OUT --starts 2 --points 1", "status OUT", "status OUT --json",
    "plan SWEEP --out OUT", "simulate SWEEP --ranks 2 --measured OUT",
  ]

  /// One kind of damage, and what commands say of it.
  struct Damage: Sendable, CustomTestStringConvertible {
    var name: String
    /// What every command says, with exit code 65.
    var message: String
    var make: @Sendable (Shards) throws -> Void
    var testDescription: String { name }

    init(_ name: String, _ message: String, _ make: @escaping @Sendable (Shards) throws -> Void) {
      self.name = name
      self.message = message
      self.make = make
    }
  }

  static let evaluation = "evaluation-d1.00000.npy"

  static let damages = [
    Damage(
      "evaluation shard gone", "12 evaluations; 3 and 0 are stored; missing: networks learned 0-3, start 0-3"
    ) {
      try $0.remove(evaluation)
    },
    Damage("all evaluation shards gone", "missing: networks learned 0-3, start 0-3, none 0-3") {
      for degree in 0...1 { try $0.remove("evaluation-d\(degree).00000.npy") }
    },
    Damage("evaluation shard open, with fewer records", "missing: networks") {
      try $0.reopen(evaluation, keeping: 17)
    },
    Damage("evaluation shard open, with none", "missing: networks") { try $0.reopen(evaluation, keeping: 0) },
    Damage("evaluations told twice in the place of others", "missing: networks") {
      try $0.repeatFirstHalf(evaluation)
    },
    Damage(
      "iteration shard gone", "3 iterations and 12 evaluations; 0 and 12 are stored; missing: iteration 0 and"
    ) {
      try $0.remove("iteration-d1.00000.npy")
    },
    Damage("iteration shard open, with fewer records", "missing: iteration") {
      try $0.reopen("iteration-d1.00000.npy", keeping: 4)
    },
    Damage("result shard gone", "4 results had been stored when a launch ended, and there are 2") {
      try $0.remove("result-d1.00000.npy")
    },
    Damage("all result shards gone", "4 results had been stored when a launch ended, and there are 0") {
      for degree in 0...1 { try $0.remove("result-d\(degree).00000.npy") }
    },
    Damage(
      "result shard open, with fewer records",
      "4 results had been stored when a launch ended, and there are 3"
    ) {
      try $0.reopen("result-d1.00000.npy", keeping: 1)
    },
    Damage("a bit", "is bad (its checksum does not hold)") { try $0.flip(evaluation) },
    Damage("sealed shard cut", "evaluation-d1.00000.npy: ") { try $0.cut(evaluation, by: 100) },
    Damage("sealed shard cut by a whole record", "evaluation-d1.00000.npy: ") {
      try $0.cut(evaluation, by: RecordSchema.of(.evaluation, degree: 1).size)
    },
    Damage("shard emptied", "missing: networks") { try $0.write([], to: evaluation) },
    Damage("header overwritten", "evaluation-d1.00000.npy: ") { try $0.spoilHeader(evaluation) },
    Damage("shard of another kind under its name", "evaluation-d1.00000.npy: ") {
      try $0.write($0.bytes("iteration-d1.00000.npy"), to: evaluation)
    },
    Damage("first segment gone", "evaluation-d1.00000.npy: the segment is missing") {
      try $0.rename(evaluation, to: "evaluation-d1.00001.npy")
    },
    Damage("no shards", "shards is missing: nothing is left of the results") { try $0.removeAll() },
    Damage("plan gone", "sweep.json is missing, and there are shards") { try $0.remove("../sweep.json") },
    Damage("plan emptied", "sweep.json: it does not begin with its checksum") {
      try $0.write([], to: "../sweep.json")
    },
    Damage("plan cut", "sweep.json: damaged or edited") { try $0.cut("../sweep.json", by: 10) },
    Damage("plan edited", "sweep.json: damaged or edited") { try $0.flip("../sweep.json") },
    Damage("plan of another sweep", "that sweep.json does not have") { try $0.exchangePlan() },
  ]

  private static let good = Result { try makeGood() }

  private static func makeGood() throws -> TemporaryFolder {
    let folder = try TemporaryFolder("good")
    let sweep = try folder.write(text, to: "tiny.yaml")
    let result = try trifactor("run", sweep, "--out", folder.file("OUT"), limit: 120)
    guard result.code == 0 else { throw ProcessFailure("\(result)") }
    return folder
  }

  /// A copy of the good folder, damaged by `make`; the result of every command on a copy of its own, since some write.
  private func results(
    of commands: [String] = commands, after make: (Shards) throws -> Void
  ) throws -> [(command: String, result: ProcessResult)] {
    let good = try Self.good.get()
    return try commands.map { command in
      let folder = try TemporaryFolder("damaged")
      try FileManager.default.copyItem(atPath: good.file("OUT"), toPath: folder.file("OUT"))
      try make(Shards(path: folder.file("OUT/shards")))
      let words = command.split(separator: " ").map { word in
        switch word {
        case "OUT": folder.file("OUT")
        case "SWEEP": good.file("tiny.yaml")
        default: word.hasPrefix("NEW") ? folder.file(String(word)) : String(word)
        }
      }
      let result = try run([try Repository.program("trifactor")] + words, limit: 60)
      if result.code == 65 {
        #expect(result.output.isEmpty, "\(result)")
        #expect(!folder.contents.contains { $0.hasPrefix("NEW") }, "\(command) wrote something")
      }
      return (command, result)
    }
  }

  @Test(arguments: damages) func isRefusedByEveryCommand(_ damage: Damage) throws {
    for (_, result) in try results(after: damage.make) {
      #expect(result.code == 65, "\(result)")
      #expect(result.errors.contains(damage.message), "\(result)")
    }
    let verified = try results(of: ["verify OUT"], after: damage.make)[0].result
    #expect(verified.code == 1 && verified.output.contains("DAMAGED: "), "\(verified)")
    figure("\(damage.name): \(Self.commands.count) commands exit 65")
  }

  /// What a death, a running command or a tidy user leaves behind.
  static let harmless = [
    Damage("states gone", "") { shards in
      // A cell that has ended before its first state was due has none.
      for name in try shards.names where name.hasPrefix("state-") { try shards.remove(name) }
    },
    Damage("the unfinished write of a record", "") { shards in
      try shards.reopen(evaluation, keeping: 24)
      try shards.write(shards.bytes(evaluation) + [1, 2, 3], to: evaluation)
    },
    Damage("a file of somebody else", "") { try $0.write([1], to: "notes.txt") },
    Damage("the sweep file gone", "") { try $0.remove("../sweep.yaml") },
    Damage("the sweep file of something else", "") {
      try $0.write(Array("base: {rule.degree: 2}\n".utf8), to: "../sweep.yaml")
    },
    Damage("no progress note", "") { try $0.write([0], to: "../progress.json") },
  ]

  @Test(arguments: harmless) func isNoDamage(_ change: Damage) throws {
    let commands = Self.commands.filter { !$0.contains("--against") && !$0.contains("dynamics") }
    let changed = try results(of: commands, after: change.make)
    let before = try results(of: commands, after: { _ in })
    for ((command, result), (_, good)) in zip(changed, before) {
      #expect(result.code == 0, "\(result)")
      if command.hasPrefix("table") { #expect(result.output == good.output) }
    }
    #expect(try results(of: ["verify OUT"], after: change.make)[0].result.code == 0)
  }

  /// What a run has not finished is marked so, and no damage: whatever is missing of it.
  @Test func unfinishedCellsArePartial() throws {
    let out = try Self.good.get().file("OUT")
    let keys = try StoreReader(out).manifest.cells.map(\.key)
    let folder = try TemporaryFolder("interrupted")
    let writer = try StoreWriter(folder.file("OUT"))
    var plan = try StoreReader(out).manifest
    plan.launches[0].ended = nil
    plan.launches[0].outcome = nil
    plan.launches[0].results = nil
    try writer.save(plan)
    for name in try StoreFolder(out).listShards() where name.kind != .state {
      _ = try ShardReader(name, in: out + "/shards", files: SystemFiles()).scan { view, _ in
        // Of the last cell some evaluations and no result.
        let kind = view.schema.kind
        let isLost = kind == .result || kind == .evaluation && view.sequence % 2 == 1
        if view.cell == keys[3], isLost { return }
        try writer.append(view.encoded)
      }
    }
    for isOpen in [true, false] {
      let table = try trifactor("table", folder.file("OUT"))
      #expect(table.code == 0 && table.output.contains("PARTIAL"), "\(table)")
      #expect(
        try trifactor("export", folder.file("OUT"), "--to", folder.file("a.csv")).errors.contains(
          "partial: 1 of 4"))
      let status = try trifactor("status", folder.file("OUT"))
      #expect(status.code == 0 && status.output.contains("3 done"), "\(status)")
      #expect(try trifactor("rule", folder.file("OUT")).code == 0)
      if isOpen { writer.abandon() }
    }
  }

  /// The remedies that the messages name lead back to the same numbers.
  @Test(arguments: [
    (damages[0], true), (damages[2], true), (damages[5], true), (damages[7], false), (damages[17], false),
    (damages[18], false),
  ]) func theRemedyLeadsBack(_ damage: Damage, _ needsSalvage: Bool) throws {
    let good = try Self.good.get()
    let folder = try TemporaryFolder("remedy")
    let out = folder.file("OUT")
    try FileManager.default.copyItem(atPath: good.file("OUT"), toPath: out)
    try damage.make(Shards(path: out + "/shards"))
    if needsSalvage {
      #expect(try trifactor("run", good.file("tiny.yaml"), "--out", out).code == 65)
      let salvage = try trifactor("verify", out, "--salvage")
      #expect(salvage.code == 0, "\(salvage)")
      #expect(try trifactor("table", out).output.contains("PARTIAL"))
    }
    let again = try trifactor("run", good.file("tiny.yaml"), "--out", out)
    #expect(again.code == 0, "\(again)")
    for place in [good.file("OUT"), out] {
      #expect(
        try trifactor("export", place, "--to", folder.file((place == out ? "b" : "a") + ".csv")).code == 0)
    }
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.file("a.csv")))
        == Data(contentsOf: URL(fileURLWithPath: folder.file("b.csv"))))
    #expect(try trifactor("verify", out).code == 0)
  }
}

/// The shards of a folder, to be damaged.
struct Shards {
  var path: String

  private func url(_ name: String) -> URL { URL(fileURLWithPath: "\(path)/\(name)") }
  private func schema(_ name: String) -> RecordSchema { ShardName(name)!.schema }

  func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }
  func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: url(name)) }
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path) } }
  func remove(_ name: String) throws { try FileManager.default.removeItem(at: url(name)) }
  func rename(_ name: String, to new: String) throws {
    try FileManager.default.moveItem(at: url(name), to: url(new))
  }
  func removeAll() throws { try FileManager.default.removeItem(atPath: path) }

  func flip(_ name: String) throws {
    var bytes = try bytes(name)
    bytes[bytes.count - 60] ^= 1
    try write(bytes, to: name)
  }

  func cut(_ name: String, by count: Int) throws { try write(try bytes(name).dropLast(count), to: name) }

  func spoilHeader(_ name: String) throws {
    var bytes = try bytes(name)
    for place in 20..<60 { bytes[place] = 0x20 }
    try write(bytes, to: name)
  }

  /// The shard as a run that goes on would leave it: no count in its header, and only the first records.
  func reopen(_ name: String, keeping records: Int) throws {
    let schema = schema(name)
    let length = ShardHeader.length(of: schema)
    let kept = try bytes(name)[length..<length + records * schema.size]
    try write(ShardHeader.bytes(of: schema, count: 0) + kept, to: name)
  }

  /// As many good records as before, of half of the networks.
  func repeatFirstHalf(_ name: String) throws {
    let shard = ShardName(name)!
    var records: [EncodedRecord] = []
    _ = try ShardReader(shard, in: path, files: SystemFiles()).scan { view, _ in records.append(view.encoded)
    }
    try remove(name)
    let writer = ShardWriter(
      kind: shard.kind, shape: shard.shape, directory: path, files: SystemFiles(), segmentBytes: 1 << 28)
    for place in records.indices { _ = try writer.append(records[place % (records.count / 2)]) }
    try writer.seal()
  }

  /// A good plan that none of the records belongs to.
  func exchangePlan() throws {
    let folder = StoreFolder(String(path.dropLast("/shards".count)))
    var plan = try folder.requireManifest()
    for place in plan.cells.indices { plan.cells[place].key ^= 1 }
    try write(plan.encoded(), to: "../sweep.json")
  }
}
