import Ablation
import ArgumentParser
import Reports

/// `trifactor best`: which cell has learned the best rule.
struct BestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "best",
    abstract: "Show the cell with the best rule on validation networks, for every task or other setting.",
    discussion: """
      Rewards of different tasks are not compared: every value of --by has a best cell of its own. Fresh networks \
      have no part in the choice.
      """)

  @Argument(help: "A folder of results.") var folder: String
  @Option(help: "Setting whose values have a best cell each.") var by = "task"
  @Option(
    name: .customLong("where"),
    help: "Only cells with this setting: PATH=VALUE or PATH=VALUE|VALUE; may be repeated.")
  var filters: [String] = []
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    try ResultFolders([ResultFolder(folder)], allPlans: false).answer { found in
      let best = try BestCells(of: found.filtered(filters.map(SettingFilter.init(parsing:))), by: by)
      return try json ? best.json() : best.text(folder: folder)
    }
  }
}
