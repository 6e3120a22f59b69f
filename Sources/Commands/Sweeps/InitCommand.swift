import ArgumentParser
import Launch
import Model
import Reports
import ResultStore

/// `trifactor init`: a sweep file to start from.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write a commented sweep file to start from.")

  @Argument(help: "The file to write; one that is there is not overwritten.") var file: String

  func validate() throws { try requireName("<file>", file) }

  func run() throws {
    guard FileDoor.kind(of: file) == nil else {
      throw UsageError("\(file) is there already; give the name of a new file")
    }
    try OutputFile.write(Array(StarterSweep.text.utf8), to: file)
    try Console.print("written to \(file); `trifactor plan \(file)` says what it would cost")
  }
}
