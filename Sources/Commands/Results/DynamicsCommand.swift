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
    abstract: "Compute fixed points, spectra and non-normality of networks before and after learning.",
    discussion: """
      Takes fresh networks of finished cells: W0, and W after a lifetime under the learned rule, under the start rule \
      and without plasticity. With no input, and with the input of each condition held constant, it computes the fixed \
      points of -x + W tanh(x) + Win u (damped Newton from random starts), the eigenvalues of J, stability, Henrici's \
      index, the overlap of the read-out with the modes, and the input sensitivity (-J)^-1 Win. Time is in units of tau. \
      The folder keeps a record for every network, stage and held input, and all arrays in DIR/dynamics/KEY-nN.npz. What \
      it has with the same --starts and --points is not computed again; to repeat it, remove the .npz file. \
      `trifactor export --dynamics` writes the records as a table.
      """)

  @Argument(help: "The result folder.") var folder: String
  @Option(help: "Key of a cell, or its first digits; may be repeated; all finished cells if not given.")
  var cell: [String] = []
  @Option(help: "Number of an evaluation network, from 0; may be repeated.") var network: [Int] = [0]
  @Option(help: "Number of random starts of each search.") var starts = 200
  @Option(help: "Number of fixed points a search that are linearised, those that most starts lead to first.")
  var points = 10
  @Option(help: "Folder to write the arrays of one cell and network to (.npy), with W and every J.")
  var export: String?
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
      try Console.write(printedJSON(result.found))
    } else {
      let lines = DynamicsText.lines(result.found, computed: result.computed, folder: folder)
      try Console.print(lines.joined(separator: "\n"))
    }
  }
}
