import ArgumentParser
import Launch
import Model
import Reports
import ResultStore

/// `trifactor crate`: a folder of results described for repositories of data.
struct CrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crate",
    abstract: "Describe a folder of results as an RO-Crate, for repositories of data.",
    discussion: """
      Writes ro-crate-metadata.json into the folder, a Process Run Crate 0.5: every launch of the sweep with version, \
      machine, times and end, the sweep file and task files that went in, the records that came out. Nothing else in the \
      folder changes, and the sweep can go on; give the command again when it has. The same folder gives the same bytes.
      """)

  @Argument(help: "A folder of results.") var folder: String
  @Option(help: "Name of a person; may be repeated. The first has run the sweep.") var author: [String] = []
  @Option(help: "Licence of the results: an SPDX identifier, such as CC-BY-4.0, or an address.")
  var license: String?

  func validate() throws {
    if author.contains("") { throw ValidationError("--author is empty; wanted: the name of a person") }
    if let license, license.isEmpty || license.contains(where: \.isWhitespace) {
      throw ValidationError(
        "--license is '\(license)'; wanted: an SPDX identifier, such as CC-BY-4.0, or an address")
    }
  }

  func run() throws {
    let reader = try StoreReader(folder, note: printError)
    let crate = RunCrate(
      manifest: reader.manifest, content: try FolderContent(of: reader.folder), authors: author,
      license: license)
    let path = reader.folder.path + "/" + RunCrate.fileName
    try OutputFile.write(Array(try crate.json().utf8), to: path)
    let (launches, files) = (crate.manifest.launches.count, crate.content.shards.count)
    try Console.print(
      "\(path): launches: \(launches), files of records: \(files)")
  }
}
