import ArgumentParser
import Foundation
import Kernels
import Launch
import Model
import Reports
import ResultStore
import Sweep

/// `trifactor dynamics`: what learning did to the fixed points of fresh networks.
struct DynamicsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dynamics",
    abstract: "Fixed points, spectra and non-normality of networks before and after learning.",
    discussion: """
      Takes fresh networks of cells that have ended: W0, and W after a lifetime under the learned rule, the start \
      rule and none. For no input and each condition's input held constant: fixed points of -x + W tanh(x) + Win u \
      (damped Newton from random starts), eigenvalues of J, stability, Henrici's index, overlap of the read-out with \
      the modes, input sensitivity (-J)^-1 Win. Time is in units of tau. Results go into the store: a record a \
      network, stage and held input, and all arrays in DIR/dynamics/KEY-nN.npz. What is there with the same --starts \
      and --points is not computed again; remove the .npz file to have it done anew. `trifactor export --dynamics` \
      writes the records as a table.
      """)

  @Argument(help: "The result folder.") var folder: String
  @Option(help: "Key of a cell or its first digits; may be repeated. All that have ended otherwise.")
  var cell: [String] = []
  @Option(help: "Evaluation network; may be repeated.") var network: [Int] = [0]
  @Option(help: "Random starts of each search.") var starts = 200
  @Option(help: "Fixed points a search whose linear dynamics are looked at, those most starts lead to first.")
  var points = 10
  @Option(help: "Folder for .npy files of one cell and network, with W and every J.") var export: String?
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    try require("--starts", starts, in: 1...1_000_000)
    try requireName("--export", export)
    try require("--points", points, in: 1...10_000)
    if let wrong = network.first(where: { !(0...Int(UInt32.max)).contains($0) }) {
      throw ValidationError("--network is \(wrong); wanted: 0, 1, ...")
    }
    if export != nil, cell.count != 1 || network.count != 1 {
      throw ValidationError("--export writes one network; wanted: one --cell and at most one --network")
    }
  }

  func run() throws {
    let launch = try DynamicsLaunch(folder, starts: starts, points: points)
    let result = try launch.run(
      cells: cell, networks: network, environment: ProcessInfo.processInfo.environment,
      each: export.map { folder in { try NPYBundle($0.arrays(matrices: true)).write(to: folder) } })
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try Console.print(String(decoding: try encoder.encode(result.found), as: UTF8.self))
    } else {
      let lines = DynamicsText.lines(result.found, computed: result.computed, folder: folder)
      try Console.print(lines.joined(separator: "\n"))
    }
  }
}
