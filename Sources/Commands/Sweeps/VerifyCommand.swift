import ArgumentParser
import Launch
import Model
import ResultStore

/// `trifactor verify`: is every stored byte what was written?
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every checksum, sequence and key of result folders.",
    discussion: """
      Prints a line for each shard. The exit code is 0 for clean folders and 1 for damaged ones. The \
      unfinished last write of a run that died is no damage; the next run removes it. --salvage copies every \
      good record to new shards, moves the old ones to `damaged`, and says what was lost; the next \
      `trifactor run` computes that again.
      """)

  @Argument(help: "Folders of results.") var folders: [String]
  @Flag(help: "Repair a damaged folder: keep every good record and put the rest aside.") var salvage = false
  @Flag(help: "Print JSON: an array, one object a folder; of a repaired one as it is afterwards.") var json =
    false

  func run() throws {
    if json { return try runJSON() }
    var isDamaged = false
    for folder in folders {
      let verification = try Verification(of: folder)
      try Self.show(verification, of: folder)
      guard !verification.isClean else { continue }
      guard salvage else {
        printError("`trifactor verify \(folder) --salvage` keeps every good record")
        isDamaged = true
        continue
      }
      for line in try Salvage(of: folder).lines { try Console.print(line) }
      let after = try Verification(of: folder)
      try Self.show(after, of: folder)
      if !after.isClean { isDamaged = true }
    }
    if isDamaged { throw ExitCode(1) }
  }

  private struct Document: Encodable {
    var folder: String
    var clean: Bool
    var records: Int
    var bytes: Int
    var shards: [Verification.Shard]
    var notes: [String]
    var problems: [String]
    /// What a repair did.
    var salvaged: [String]?
  }

  private func runJSON() throws {
    let documents = try folders.map { folder in
      var verification = try Verification(of: folder)
      var lines: [String]?
      if !verification.isClean, salvage {
        lines = try Salvage(of: folder).lines
        verification = try Verification(of: folder)
      }
      return Document(
        folder: folder, clean: verification.isClean, records: verification.records, bytes: verification.bytes,
        shards: verification.shards, notes: verification.notes, problems: verification.problems,
        salvaged: lines)
    }
    try Console.write(printedJSON(documents))
    if documents.contains(where: { !$0.clean }) { throw ExitCode(1) }
  }

  private static func show(_ verification: Verification, of folder: String) throws {
    for line in verification.lines { try Console.print(line) }
    for note in verification.notes { try Console.print("note: \(note)") }
    for problem in verification.problems { try Console.print("DAMAGED: \(problem)") }
    let problems = verification.problems.count
    try Console.print(
      "\(folder): \(verification.records) records in \(verification.lines.count) shards, "
        + "\(verification.bytes) bytes, "
        + (problems == 0 ? "no damage" : "\(problems) problem\(problems == 1 ? "" : "s")"))
  }
}
