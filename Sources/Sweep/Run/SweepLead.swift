import ResultStore

/// What rank 0 brings to a run besides its own work.
public struct SweepLead {
  /// The work list: the cells that have neither ended before nor been left out. `WorkNumber` counts them.
  public var items: [SweepItem]
  public var sink: any RecordSink
  /// Takes what there is to show of the progress; called several times a second.
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
  /// Where it goes on from, nil for the beginning.
  public var state: EncodedRecord?
  /// How many ranks can share the cell with profit.
  public var width: Int
  /// Expected seconds between two calls of `Team.pulse`, 0 where unknown. Only matters for the patience with
  /// the first stretch of a cell that calls it less often than every few seconds.
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
