import Model
import ResultStore

/// What is left of a plan, given what a result folder holds. Pure: the same folder gives the same list.
public struct Resume: Sendable {
  /// What is known of one cell.
  public struct Known: Sendable {
    /// How it ended; nil if it has not, or if records that its result counts are missing.
    public var status: CellStatus?
    /// The state from which it can continue.
    public var state: EncodedRecord?
    /// Share of its work that is done in that state, 0 ... 1.
    public var share: Double

    public init(status: CellStatus? = nil, state: EncodedRecord? = nil, share: Double = 0) {
      self.status = status
      self.state = state
      self.share = share
    }
  }

  /// What has to be run, in the order of the plan.
  public private(set) var items: [SweepItem] = []
  /// How many cells of the slice have ended, in each way, and are not run again.
  public private(set) var ended: [CellStatus: Int] = [:]
  /// Cells that go on from a stored state.
  public private(set) var resumed = 0
  /// Keys of the cells that have ended and are redone because of `retry`.
  public private(set) var retried: [UInt64] = []

  /// - Parameters:
  ///   - cells: the whole plan.
  ///   - costs: estimated work of every cell from its beginning, any unit, positive.
  ///   - pulses: seconds one lifetime of every cell may take, see `SweepItem.pulse`; nil where unknown.
  ///   - slice: the part of the plan this run is for; nil for all of it.
  ///   - retry: cells that ended in these ways are run again: a failed one from its state, a diverged one from its
  ///     beginning, since the same state would diverge again.
  ///   - known: what is stored of the cell with a key.
  public init(
    cells: [Cell], costs: [Double], pulses: [Double]? = nil, slice: Slice? = nil, retry: Set<CellStatus> = [],
    known: (UInt64) throws -> Known
  ) rethrows {
    invariant(cells.count == costs.count, "\(cells.count) cells have \(costs.count) costs")
    for (index, cell) in cells.enumerated() where slice?.contains(cell.key) ?? true {
      let past = try known(cell.key)
      if let status = past.status, !retry.contains(status) {
        ended[status, default: 0] += 1
        continue
      }
      if past.status != nil { retried.append(cell.key) }
      let state = past.status == .diverged ? nil : past.state
      if state != nil { resumed += 1 }
      let left = state == nil ? 1 : 1 - min(max(past.share, 0), 0.999)
      items.append(
        SweepItem(
          cell: CellNumber(index), cost: max(costs[index] * left, .leastNormalMagnitude), state: state,
          width: Self.width(of: cell.settings), pulse: pulses?[index] ?? 0))
    }
  }

  /// How many ranks can usefully share a cell: one for every lifetime of a meta-iteration, or, in the forward engine, for
  /// every quarter of its tangent directions; with more, each rank mostly repeats the primal pass.
  public static func width(of settings: Settings) -> Int {
    let directions = settings.rule.existing
    let isForward = settings.engine == .forward && settings.meta.estimator != .evolution
    return settings.meta.lifetimes * (isForward ? min(4, directions) : 1)
  }
}

extension Resume {
  /// What is left of a plan in an opened result folder.
  public init(
    cells: [Cell], costs: [Double], pulses: [Double]? = nil, slice: Slice? = nil, retry: Set<CellStatus> = [],
    index: StoreIndex
  ) throws {
    let iterations = Dictionary(
      cells.map { ($0.key, $0.settings.meta.iterations) }, uniquingKeysWith: { a, _ in a })
    try self.init(cells: cells, costs: costs, pulses: pulses, slice: slice, retry: retry) { key in
      guard let history = index.cells[key] else { return Known() }
      if history.status != nil, !history.isComplete { return Known() }
      let all = Double(max(1, iterations[key] ?? 1))
      return Known(
        status: history.status, state: try index.state(of: key),
        share: min(1, Double(history.stateIteration) / all))
    }
  }
}

/// One of n parts of a plan, for arrays of jobs: `--slice i/n`, i = 0 ..< n.
///
/// A cell's part depends on its key alone, so that adding or removing other cells never moves it into the folder of
/// another part. Parts are therefore only about equally large.
public struct Slice: Sendable, Equatable {
  public let part: Int
  public let parts: Int

  /// - Returns: nil for anything but `i/n` with 0 <= i < n.
  public init?(_ text: String) {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let part = numbers[0], let parts = numbers[1], parts > 0,
      (0..<parts).contains(part)
    else { return nil }
    self.part = part
    self.parts = parts
  }

  public func contains(_ key: UInt64) -> Bool { key % UInt64(parts) == UInt64(part) }
}
