import ResultStore

/// What cells took where they ran: seconds by key, and the rate that stands in for cells not run yet.
///
/// The seconds are those of a cell's last launch on the rank that led it, so a cell that was interrupted or shared by
/// several ranks counts with less than its whole work.
public struct MeasuredCosts: Sendable, Equatable {
  /// Wall seconds of every finished cell by its key.
  public let seconds: [UInt64: Double]
  /// Credited GFLOP/s a core over all of them.
  public let rate: Double

  /// - Parameter results: nothing is taken from cells that failed.
  /// - Returns: nil where no cell has finished.
  public init?(_ results: some Sequence<ResultRecord>) {
    let finished = results.filter { $0.status != .failed && $0.seconds > 0 }
    guard !finished.isEmpty else { return nil }
    seconds = Dictionary(finished.map { ($0.cell, $0.seconds) }) { _, last in last }
    rate =
      finished.reduce(0) { $0 + $1.gigaflop } / finished.reduce(0) { $0 + $1.seconds }
  }

  /// What a cell took, or what it would at the measured rate.
  public func seconds(of planned: PlannedCell) -> Double {
    seconds[planned.cell.key] ?? planned.gigaflop / rate
  }
}
