import ResultStore

/// What ends a whole run early. `exitCode` is what every rank's process should end with.
public enum SweepError: Error, CustomStringConvertible {
  /// Rank 0 could not store a record.
  case sink(any Error)
  /// A rank gave no sign of life for longer than it had announced.
  case silent(rank: Int, host: String, process: Int32, cell: String?, seconds: Double)
  /// SIGTERM or SIGINT.
  case terminated
  /// The ranks do not fit together: `what` differs, `values` by rank (the first that differ).
  case mismatch(what: String, values: [(rank: Int, value: String)])

  public var exitCode: Int32 {
    switch self {
    case .sink(let error): (error as? StoreError)?.exitCode ?? 74
    case .silent: 70
    case .terminated: 75
    case .mismatch: 64
    }
  }

  public var description: String {
    switch self {
    case .sink(let error):
      return "cannot store results: \(error). What was stored before is safe; run the same command again"
    case .silent(let rank, let host, let process, let cell, let seconds):
      let work = cell.map { "cell \($0)" } ?? "no cell"
      return
        "rank \(rank) (process \(process) on \(host), \(work)) has not answered for \(Int(seconds)) s; the job "
        + "ends, stored results are safe. Look after that host, then run the same command again"
    case .terminated:
      return "ended by a signal; stored results are safe. Run the same command again to go on"
    case .mismatch(let what, let values):
      let list = values.map { "rank \($0.rank): \($0.value)" }.joined(separator: ", ")
      return
        "the ranks differ in \(what) (\(list)); start all of them from the same installation and sweep file"
    }
  }
}
