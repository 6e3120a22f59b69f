import ResultStore

/// What only rank 0 has in a run: the work list, the sink and the progress.
public struct SweepLead {
  /// The work list: the cells that are left to run. A `WorkNumber` is a place in it.
  public var items: [SweepItem]
  public var sink: any RecordSink
  /// Shows the progress; called several times a second.
  public var report: (Progress, _ now: Double) -> Void

  public init(
    items: [SweepItem], sink: any RecordSink,
    report: @escaping (Progress, _ now: Double) -> Void = { _, _ in }
  ) {
    self.items = items
    self.sink = sink
    self.report = report
  }
}

/// A cell to run.
public struct SweepItem: Sendable {
  public var cell: CellNumber
  /// Estimated work that is left, in any unit; larger first.
  public var cost: Double
  /// The state from which it continues; nil for the beginning.
  public var state: EncodedRecord?
  /// How many ranks can usefully share the cell.
  public var width: Int
  /// Expected seconds between two calls of `Team.pulse`, 0 where unknown. It only matters where a cell calls it less often
  /// than every few seconds: others then wait longer for the first sign of life.
  public var pulse: Double

  public init(cell: CellNumber, cost: Double, state: EncodedRecord? = nil, width: Int = 1, pulse: Double = 0)
  {
    self.cell = cell
    self.cost = cost
    self.state = state
    self.width = width
    self.pulse = pulse
  }
}
