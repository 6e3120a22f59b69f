import ResultStore

/// Where rank 0 puts what the ranks have made. An error it throws ends the whole job: with its own
/// exit code where it is a `StoreError`, with 74 otherwise.
public protocol RecordSink: AnyObject {
  /// Stores one record. When it returns, the record survives the death of this process; a result does so after the
  /// next `commit`.
  func append(_ record: EncodedRecord) throws
  /// When it returns, everything appended survives a power cut. Called soon after the end of a cell or of several, at
  /// a drain and before an abort.
  func commit() throws
  /// Stores the result of a cell that threw an error, with status `failed`, as `append` does.
  func recordFailure(of cell: Cell, message: String, rank: Int) throws
  /// Called several times a second while the run lives: the place for commits by time and for the lock's heartbeat.
  func keepAlive() throws
}
