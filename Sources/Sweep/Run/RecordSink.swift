import ResultStore

/// Where rank 0 puts the records of all ranks. An error that it throws ends the whole job: a `StoreError` with its own
/// exit code, any other with 74.
public protocol RecordSink: AnyObject {
  /// Stores one record. When it returns, the record survives the death of this process; a result does so after the
  /// next `commit`.
  func append(_ record: EncodedRecord) throws
  /// When it returns, everything appended survives a power cut. It is called soon after cells have ended, at a drain and
  /// before an abort.
  func commit() throws
  /// Stores the result of a cell that threw an error, with status `failed`, as `append` does.
  func recordFailure(of cell: Cell, message: String, rank: Int) throws
  /// Called several times a second during the run, for commits by time and the lock's heartbeat.
  func keepAlive() throws
}
