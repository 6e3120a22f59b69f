import ArgumentParser
import Model
import Sweep

/// `trifactor settings`: the reference of sweep files.
struct SettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "List every setting of a sweep file with its default, and the tasks.",
    discussion: "Times are in ms; `none` means off or infinite; keys may be dotted or nested.")

  @Argument(help: "Show only settings whose path contains this text.") var part: String = ""
  @Flag(help: "Print JSON: an array, one object a setting.") var json = false

  func validate() throws {
    guard part.isEmpty || SettingsSchema.trifactor.definitions.contains(where: { $0.path.contains(part) })
    else {
      throw ValidationError("no setting has '\(part)' in its path; `trifactor settings` lists them all")
    }
  }

  func run() throws {
    if json {
      let shown = SettingsSchema.trifactor.definitions.filter { part.isEmpty || $0.path.contains(part) }
      return try Console.write(printedJSON(shown))
    }
    try Console.print(SettingsSchema.trifactor.reference(containing: part))
  }
}
