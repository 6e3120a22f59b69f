/// What a rank's loop does for its worker and teams: it sends messages, tells the time, and waits while answering others.
protocol WorkerHost: AnyObject {
  var post: Post { get }
  var options: SweepOptions { get }
  var surroundings: Surroundings { get }
  /// What `Team.pulse` does: looks after the messages, at most once a millisecond.
  func pulse() throws
  /// Waits until `condition` holds, answering messages.
  func wait(until condition: () -> Bool) throws
  /// Something has just been sent to rank 0, which is a sign of life too.
  func noteSent()
  /// Throws the error that concerns the whole run, if there is one.
  func checkFatal() throws
}
