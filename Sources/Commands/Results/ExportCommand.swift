import ArgumentParser
import Launch
import ResultStore

/// `trifactor export`: the fresh networks of sweeps as one table.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write one row for every fresh network, for numpy or any program that reads CSV.",
    discussion: """
      Rows are sorted by cell, rule (learned, start, none) and network; columns are the settings that vary and \
      what the network did. Nothing in the file depends on when, where or on how many ranks the sweep ran. \
      --dynamics writes what `trifactor dynamics` has stored instead: a row for every network, stage and held input; \
      --alignment what `trifactor evaluate --alignment` has: a row for every network and point of its lifetime.
      """)

  @Argument(help: "Folders of results; a cell that several of them hold counts once.") var folders: [String]
  @Option(name: .customLong("to"), help: "The file to write, .npz or .csv.") var file: String

  @Flag(help: "Write the stored fixed points and their linear dynamics.") var dynamics = false

  @Flag(help: "Write the stored alignment with the gradient.") var alignment = false

  @Flag(help: "Include the cells that earlier versions of the sweep file had.") var allPlans = false

  func validate() throws {
    guard file.hasSuffix(".npz") || file.hasSuffix(".csv") else {
      throw ValidationError("--to is '\(file)'; wanted: a name that ends in .npz or .csv")
    }
    guard !(dynamics && alignment) else {
      throw ValidationError("--dynamics and --alignment exclude each other; give one")
    }
  }

  func run() throws {
    if dynamics { return try write(DynamicsRecord.self) }
    if alignment { return try write(AlignmentRecord.self) }
    let networks = try FreshNetworks(
      folders: folders, allPlans: allPlans, note: { printError("note: \($0)") })
    for reason in networks.missing { printError("partial: \(reason)") }
    try networks.write(to: file)
    printError("\(file): \(networks.count) fresh networks")
  }

  private func write<Record: KeptRecord>(_ kind: Record.Type) throws {
    let kept = try KeptTable<Record>(folders: folders, note: { printError("note: \($0)") })
    try kept.write(to: file)
    printError("\(file): \(kept.count) rows of \(Record.name)")
  }
}
