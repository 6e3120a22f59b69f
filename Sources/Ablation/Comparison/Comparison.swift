import Model
import ResultStore

/// What a comparison is asked for.
public struct ComparisonRequest: Sendable, Equatable {
  /// Path of the compared setting, and the value that all others are compared with.
  public var axis: String
  public var baseline: String?
  /// The setting's default: the baseline where none is given and some cell has it.
  public var standard: String?
  /// Path of the setting that splits the comparison into groups.
  public var by: String
  public var metric: Metric
  public var filters: [SettingFilter]
  /// As in `TableRequest`.
  public var bestOf: String?
  public var resamples: Int

  public init(
    axis: String, baseline: String?, standard: String? = nil, by: String = "task", metric: Metric = .accuracy,
    filters: [SettingFilter] = [], bestOf: String? = nil, resamples: Int = Statistics.standardResamples
  ) {
    self.axis = axis
    self.baseline = baseline
    self.standard = standard
    self.by = by
    self.metric = metric
    self.filters = filters
    self.bestOf = bestOf
    self.resamples = resamples
  }
}

/// Every value of an axis compared with a baseline, paired by seed and network, with p values adjusted for the whole
/// family.
public struct Comparison: Sendable, Equatable {
  public var axis: String
  public var baseline: ManifestValue
  public var by: String
  public var metric: Metric
  /// True while cells of the sweep have no result yet.
  public var partial: Bool
  public var rows: [ComparisonRow]
  public var planned: Int
  public var ended: Int
  public var failed: Int
  public var resamples: Int
  /// As in `AblationTable`: settings that take several values within a row, over which a run is the mean.
  public var pooled: [String: Int]

  /// - Throws: `AblationError` for unknown paths, a baseline that no cell has, fewer than two values of the
  ///   axis, or pairs that are not unique.
  public init(_ request: ComparisonRequest, of all: OutcomeSelection) throws {
    var selection = try all.filtered(request.filters)
    if let path = request.bestOf { selection = try selection.best(of: path) }
    try selection.requirePath(request.axis)
    try selection.requirePath(request.by)
    guard request.axis != request.by else {
      throw AblationError(
        "--axis and --by are both \(request.axis): group by another setting, such as --by seed")
    }
    guard !Run.paths.contains(request.axis) else {
      throw AblationError(
        "--axis \(request.axis): cells of different seeds share no network, so nothing pairs them; compare another "
          + "setting, such as rule.degree")
    }
    invariant(request.resamples > 0, "a bootstrap needs resamples, not \(request.resamples)")
    let values = ManifestValue.ordered(selection.cells.lazy.map { $0[request.axis] })
    let names = values.map(\.label).joined(separator: ", ")
    let baseline = try Self.baseline(request, among: values)
    guard values.count > 1 else {
      throw AblationError("\(request.axis) is \(names) in all cells: there is nothing to compare with it")
    }
    axis = request.axis
    by = request.by
    metric = request.metric
    resamples = request.resamples
    self.baseline = baseline
    planned = selection.cells.count
    ended = selection.cells.count { $0.status != .unfinished }
    failed = selection.cells.count { $0.status == .failed }
    partial = ended < planned

    let varying = selection.varyingPaths()
    try selection.requireComparableFolders(shown: [axis, by], hidden: [])
    rows = []
    pooled = [:]
    for group in ManifestValue.ordered(selection.cells.lazy.map { $0[request.by] }) {
      let members = selection.cells.filter { $0[request.by] == group }
      let sides = Dictionary(grouping: members) { $0[request.axis] }
      guard let base = sides[baseline] else { continue }
      for value in values where value != baseline {
        guard let side = sides[value] else { continue }
        let pairing = try Pairing(value: side, baseline: base, axis: request.axis, varying: varying)
        let hidden = varying.filter { path in
          path != request.axis && !Run.paths.contains(path) && !pairing.entangled.contains(path)
        }
        pooled.merge(pairing.pairs.map(\.value).poolings(of: hidden), uniquingKeysWith: max)
        rows.append(
          ComparisonRow(
            group: group, value: value, of: pairing, metric: request.metric, resamples: request.resamples))
      }
    }
    let adjusted = Statistics.holm(rows.map { $0.p ?? .nan })
    for index in rows.indices { rows[index].adjusted = adjusted[index].finite }
  }
}

extension Comparison {
  /// The value asked for; otherwise the setting's default where a cell has it, otherwise the first value.
  private static func baseline(_ request: ComparisonRequest, among values: [ManifestValue]) throws
    -> ManifestValue
  {
    if let wanted = request.baseline {
      if let found = values.first(where: { $0.matches(wanted) }) { return found }
      throw AblationError(
        "--baseline \(wanted): no cell has \(request.axis) = \(wanted); its values are "
          + values.map(\.label).joined(separator: ", "))
    }
    let standard = request.standard.flatMap { text in values.first { $0.matches(text) } }
    guard let chosen = standard ?? values.first else {
      throw AblationError("there are no cells in these folders")
    }
    return chosen
  }
}

extension Comparison: Encodable {
  private enum CodingKeys: String, CodingKey {
    case axis, baseline, by, metric, partial, rows, planned, ended, failed, resamples, pooled, notes, warnings
    case printed
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(axis, forKey: .axis)
    try container.encode(baseline, forKey: .baseline)
    try container.encode(by, forKey: .by)
    try container.encode(metric, forKey: .metric)
    try container.encode(partial, forKey: .partial)
    try container.encode(rows, forKey: .rows)
    try container.encode(planned, forKey: .planned)
    try container.encode(ended, forKey: .ended)
    try container.encode(failed, forKey: .failed)
    try container.encode(resamples, forKey: .resamples)
    try container.encode(pooled, forKey: .pooled)
    try container.encode(explanations, forKey: .notes)
    try container.encode(warnings, forKey: .warnings)
    try container.encode(grid, forKey: .printed)
  }
}
