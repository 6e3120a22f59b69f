/// What `sweep.json` holds: the resolved plan of a sweep and its launches.
public struct SweepManifest: Sendable, Equatable {
  /// The highest format this program reads.
  public static let format = 1

  public var name: String
  public var question: String
  /// The SIMD level the sweep keeps: baseline, v3 or v4.
  public var simd: String
  public var cells: [ManifestCell]
  /// Keys of cells that an earlier version of the sweep file had: their records are kept.
  public var retired: [UInt64]
  /// The settings of the retired cells, as far as a plan has given them.
  public var history: [EarlierPlan] = []
  /// In the order in which they began; result records refer to them by number.
  public var launches: [Provenance]

  public init(
    name: String, question: String, simd: String, cells: [ManifestCell], retired: [UInt64] = [],
    launches: [Provenance] = []
  ) {
    self.name = name
    self.question = question
    self.simd = simd
    self.cells = cells
    self.retired = retired
    self.launches = launches
  }

  /// Gives every launch that has ended its count of results, which is never more than the folder holds now.
  mutating func countResults(_ count: Int) {
    for place in launches.indices where launches[place].ended != nil {
      launches[place].results = min(launches[place].results ?? count, count)
    }
  }

  /// Paths of the settings that are not the same in all cells, sorted.
  public var varyingPaths: [String] {
    guard let first = cells.first else { return [] }
    var paths: Set<String> = []
    for cell in cells {
      for path in cell.settings.paths where !paths.contains(path) {
        if first.settings[path] != cell.settings[path] { paths.insert(path) }
      }
      for path in first.settings.paths where cell.settings[path] == nil { paths.insert(path) }
    }
    return paths.sorted()
  }
}

/// The cells of a plan that no later plan has.
public struct EarlierPlan: Sendable, Equatable {
  /// The number of launches before the plan was replaced.
  public var launches: Int
  public var cells: [ManifestCell]

  public init(launches: Int, cells: [ManifestCell]) {
    self.launches = launches
    self.cells = cells
  }
}

extension SweepManifest {
  /// Cells of earlier plans, in the order in which they were planned.
  public var earlierCells: [ManifestCell] { history.flatMap(\.cells) }

  /// Takes over what the replaced plan says of cells that this one does not have. Cells that are back leave the history.
  mutating func succeed(_ found: SweepManifest?, stored: some Sequence<UInt64>) {
    let planned = Set(cells.map(\.key))
    var past = found?.history ?? []
    let removed = (found?.cells ?? []).filter { !planned.contains($0.key) }
    if let found, !removed.isEmpty {
      past.append(EarlierPlan(launches: found.launches.count, cells: removed))
    }
    for place in past.indices { past[place].cells.removeAll { planned.contains($0.key) } }
    history = past.filter { !$0.cells.isEmpty }
    let known = Set(retired + (found?.retired ?? []) + earlierCells.map(\.key)).union(stored)
    retired = known.subtracting(planned).sorted()
  }
}

/// One cell of the plan.
public struct ManifestCell: Sendable, Equatable {
  public var key: UInt64
  public var settings: CellSettings
  /// Accuracy of an uninformed policy, of the best policy that ignores part of the task, of an ideal
  /// observer (NaN where that is unknown).
  public var chance: Double
  public var shortcut: Double
  public var ceiling: Double

  public init(key: UInt64, settings: CellSettings, chance: Double, shortcut: Double, ceiling: Double) {
    self.key = key
    self.settings = settings
    self.chance = chance
    self.shortcut = shortcut
    self.ceiling = ceiling
  }
}

/// All settings of a cell by flat path (`network.units`).
///
/// What all cells have in common is held once, so that 100,000 cells stay small.
public struct CellSettings: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  public internal(set) var common: [String: ManifestValue] = [:]
  public internal(set) var own: [String: ManifestValue]

  public init(_ values: [String: ManifestValue]) { own = values }

  public init(dictionaryLiteral elements: (String, ManifestValue)...) {
    own = Dictionary(elements) { _, last in last }
  }

  init(common: [String: ManifestValue], own: [String: ManifestValue]) {
    self.common = common
    self.own = own
  }

  /// The settings of many cells; each cell holds only what differs from the first one with the same paths.
  public struct Pool {
    private var first: [Set<String>: [String: ManifestValue]] = [:]

    public init() {}

    /// The same as `CellSettings(values)`, but small.
    public mutating func settings(_ values: [String: ManifestValue]) -> CellSettings {
      let paths = Set(values.keys)
      guard let common = first[paths] else {
        first[paths] = values
        return CellSettings(common: values, own: [:])
      }
      return CellSettings(common: common, own: values.filter { common[$0.key] != $0.value })
    }
  }

  /// The value at `path`, nil where the cell has no such setting.
  public subscript(path: String) -> ManifestValue? { own[path] ?? common[path] }

  /// These settings and one more, or another value of one.
  public func setting(_ path: String, to value: ManifestValue) -> CellSettings {
    var settings = self
    settings.own[path] = value
    return settings
  }

  /// Every path, in no particular order.
  public var paths: [String] { Array(own.keys) + common.keys.filter { own[$0] == nil } }

  /// All of it as one dictionary.
  public var all: [String: ManifestValue] { common.merging(own) { _, own in own } }

  public static func == (a: CellSettings, b: CellSettings) -> Bool { a.all == b.all }
}
