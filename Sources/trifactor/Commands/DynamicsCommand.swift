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
    let store = try DynamicsStore(folder, starts: starts, points: points)
    var found: [NamedDynamics] = []
    var computed = 0
    do {
      for learned in chosen {
        let cell = source.cells[learned.place]
        for index in network {
          var records = store.records(of: cell.key, network: index)
          if records == nil || export != nil {
            try store.keepLock()
            let dynamics = try CellDynamics(
              of: cell, learned: (learned.theta, learned.scale, learned.constants), network: index,
              settings: settings, limit: points, level: level, eachStage: store.keepLock)
            if records == nil {
              let made = dynamics.records(
                settings: settings, limit: points, level: level, program: Build.identity)
              try store.keep(dynamics, made, degree: learned.degree)
              records = made
              computed += 1
            }
            if let export { try NPYBundle(dynamics.arrays(matrices: true)).write(to: export) }
          }
          found.append(
            NamedDynamics(cell: cell, group: learned.groupLabel, network: index, records: records ?? []))
        }
      }
      try store.close()
    } catch {
      store.abandon()
      throw error
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(found), as: UTF8.self))
    } else {
      print(DynamicsText.lines(found, computed: computed, folder: folder).joined(separator: "\n"))
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
}
