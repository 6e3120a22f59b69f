import ArgumentParser
import Dynamics
import Experiment
import Foundation
import Kernels
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
      the modes, input sensitivity (-J)^-1 Win. Time is in units of tau. Results are kept in DIR/dynamics, one .npz \
      file a cell and network.
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
    for (name, value) in [("--starts", starts), ("--points", points)] where value < 1 {
      throw ValidationError("\(name) is \(value); wanted: at least 1")
    }
    if let wrong = network.first(where: { !(0...Int(UInt32.max)).contains($0) }) {
      throw ValidationError("--network is \(wrong); wanted: 0, 1, ...")
    }
    if export != nil, cell.count != 1 || network.count != 1 {
      throw ValidationError("--export writes one network; wanted: one --cell and at most one --network")
    }
  }

  func run() throws {
    let source = try RuleSource(folder)
    guard source.isFolder else {
      throw UsageError(
        description: "\(folder) is a sweep file; wanted: the folder that was --out of `trifactor run`")
    }
    let level = try level()
    let chosen = try chosen(from: source)
    var settings = FixedPointSettings()
    settings.starts = starts
    var found: [NamedDynamics] = []
    for learned in chosen {
      for index in network {
        let cell = source.cells[learned.place]
        let dynamics = try CellDynamics(
          of: cell, learned: (learned.theta, learned.scale, learned.constants), network: index,
          settings: settings, limit: points, level: level)
        try keep(dynamics, cell)
        found.append(NamedDynamics(cell: cell, group: learned.groupLabel, dynamics: dynamics))
      }
    }
    if let export { try NPYBundle(found[0].dynamics.arrays(matrices: true)).write(to: export) }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(found), as: UTF8.self))
    } else {
      print(DynamicsText.lines(found, folder: folder).joined(separator: "\n"))
    }
  }

  /// The level the results were made at, so that a lifetime here is the one of the evaluation to the bit.
  private func level() throws -> SIMDLevel {
    let name = try StoreReader(folder).manifest.simd
    guard let level = SIMDLevel(rawValue: name) else {
      throw StoreError(
        .damaged, "\(folder)/sweep.json: the SIMD level is '\(name)'; wanted: baseline, v3 or v4")
    }
    let own = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
    guard level <= own else {
      throw UsageError(
        description: "\(folder) was computed at SIMD level \(level.rawValue), here it is \(own.rawValue); "
          + "run this on a machine of that level")
    }
    return level
  }

  private func chosen(from source: RuleSource) throws -> [RuleSource.Learned] {
    guard !cell.isEmpty else { return source.learned }
    return try cell.map { text in
      let key = try CellChoice(text).cell(of: source.cells).key
      guard let learned = source.learned.first(where: { $0.key == key }) else {
        throw UsageError(
          description: "cell \(CanonicalForm.text(ofKey: key)) has no learned rule yet; "
            + "`trifactor status \(folder)` says how far it is")
      }
      return learned
    }
  }

  /// Writes DIR/dynamics/KEY-nI.npz, complete or not at all.
  private func keep(_ dynamics: CellDynamics, _ cell: Cell) throws {
    let place = URL(fileURLWithPath: folder).appendingPathComponent("dynamics")
    do {
      var archive = NPZArchive()
      try archive.add(
        "about",
        NPYArray([
          "cell \(cell.keyText)", "network \(dynamics.index)", "task \(dynamics.task)", "starts \(starts)",
          "points \(points)", "trifactor \(Build.identity)",
        ]))
      for (name, array) in dynamics.arrays(matrices: false) { try archive.add(name, array) }
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try Data(archive.finished()).write(
        to: place.appendingPathComponent("\(cell.keyText)-n\(dynamics.index).npz"), options: .atomic)
    } catch let error as StoreError {
      throw error
    } catch {
      throw UsageError.unwritable(place.path, error)
    }
  }
}
