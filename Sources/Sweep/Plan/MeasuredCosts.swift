import ResultStore

/// How long cells took: seconds by key, and a rate for cells that have not run yet.
///
/// The seconds are those of a cell's last launch on the rank that led it, so a cell that was interrupted or shared by
/// several ranks counts with less than its whole work.
public struct MeasuredCosts: Sendable, Equatable {
  /// Wall seconds of every finished cell by its key.
  public let seconds: [UInt64: Double]
  /// Credited GFLOP/s a core over all of them.
  public let rate: Double

  /// - Parameter results: those of cells that failed are ignored.
  /// - Returns: nil where no cell has finished.
  public init?(_ results: some Sequence<ResultRecord>) {
    let finished = results.filter { $0.status != .failed && $0.seconds > 0 }
    guard !finished.isEmpty else { return nil }
    seconds = Dictionary(finished.map { ($0.cell, $0.seconds) }) { _, last in last }
    rate =
      finished.reduce(0) { $0 + $1.gigaflop } / finished.reduce(0) { $0 + $1.seconds }
  }

  /// That rate as a speed.
  public var speed: CoreSpeed { CoreSpeed(everywhere: rate) }

  /// How long the cell took, or how long it would take at the measured rate.
  public func seconds(of planned: PlannedCell) -> Double {
    seconds[planned.cell.key] ?? planned.gigaflop / rate
  }
}
