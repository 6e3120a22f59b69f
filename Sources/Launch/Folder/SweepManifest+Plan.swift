import Experiment
import Kernels
import ResultStore
import Sweep

extension SweepManifest {
  /// `sweep.json` for these cells: every setting by its path, and what their tasks are measured against; no launch yet.
  public init(_ sweep: SweepFile, cells: [Cell], level: SIMDLevel) throws {
    var pool = CellSettings.Pool()
    self.init(
      name: sweep.name, question: sweep.question, simd: level.rawValue,
      cells: try cells.map { cell in
        let yardsticks = try CellConfiguration(cell.settings).yardsticks
        let settings = CanonicalForm.values(of: cell.settings).mapValues { ManifestValue(settingText: $0) }
        return ManifestCell(
          key: cell.key, settings: pool.settings(settings), chance: yardsticks.chance,
          shortcut: yardsticks.shortcut, ceiling: yardsticks.ceiling)
      })
  }
}
