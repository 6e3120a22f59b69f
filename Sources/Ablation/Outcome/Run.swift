import Model
import ResultStore

/// What statistics count as one run: a seed.
///
/// Cells of one seed that differ in other settings (sizes, tasks, estimators) share networks, trials and noise, so an
/// entry that pools them has one run a seed, not one a cell. Where rules learned elsewhere are tested on one seed's
/// networks, the runs are the seeds they were learned with.
struct Run: Hashable {
  /// The settings that tell runs apart.
  static let paths: Set<String> = ["seed", "evaluate.training-seed"]

  var seed: ManifestValue
  var trainingSeed: ManifestValue

  init(of cell: CellOutcome) {
    seed = cell["seed"]
    trainingSeed = cell["evaluate.training-seed"]
  }

  /// `items` grouped by the run of their cells, runs and items in the order in which they first appear.
  static func grouped<Item>(_ items: [Item], by cell: (Item) -> CellOutcome) -> [[Item]] {
    var place: [Run: Int] = [:]
    place.reserveCapacity(items.count)
    var groups: [[Item]] = []
    for item in items {
      let run = Run(of: cell(item))
      if let index = place[run] {
        groups[index].append(item)
      } else {
        place[run] = groups.count
        groups.append([item])
      }
    }
    return groups
  }

  /// The scores of a run's networks: a network counts once, with the mean over the run's cells that evaluated it.
  ///
  /// A cell that diverged before its evaluation has the diverged score on all networks of the others.
  static func scores(of cells: [CellOutcome], metric: Metric) -> [Double] {
    if cells.count == 1 {
      let cell = cells[0]
      return cell.learned.isEmpty
        ? [metric.divergedScore(of: cell)] : cell.learned.map { metric.score($0, of: cell) }
    }
    let lost = cells.filter(\.learned.isEmpty).map { metric.divergedScore(of: $0) }
    let networks = cells.flatMap { cell in
      cell.learned.map { (network: $0.network, score: metric.score($0, of: cell)) }
    }
    return networks.isEmpty ? [lost.mean()] : meansByNetwork(networks, lost: lost)
  }

  /// One mean a network, by its index; `lost` counts with every network.
  static func meansByNetwork(
    _ values: [(network: Int, score: Double)], lost: [Double] = []
  ) -> [Double] {
    Dictionary(grouping: values, by: \.network).sorted { $0.key < $1.key }.map {
      ($0.value.map(\.score) + lost).mean()
    }
  }
}

extension [CellOutcome] {
  /// Which of `paths` take more than one value here, and how many.
  func poolings(of paths: [String]) -> [String: Int] {
    var found: [String: Int] = [:]
    for path in paths {
      let values = Set(map { $0[path] }).count
      if values > 1 { found[path] = values }
    }
    return found
  }
}
