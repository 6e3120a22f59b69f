import COpenMPI
import Glibc
import Model

/// A set of ranks whose messages are apart from those of all others.
///
/// `Communicator.alone` is one rank without MPI: collectives return what they are given, and a message to itself is
/// a mistake. All calls of one communicator must come from the thread that initialised MPI.
public final class Communicator {
  /// nil for a rank alone.
  let handle: shim_comm?
  private let isWorld: Bool
  /// This rank, 0 ..< size.
  public let rank: Int
  public let size: Int

  /// One rank, without MPI.
  public static var alone: Communicator { Communicator() }

  private init() {
    handle = nil
    isWorld = true
    rank = 0
    size = 1
  }

  /// Takes over a handle and makes its errors return codes.
  init(owning handle: shim_comm, isWorld: Bool = false) throws {
    try check(shim_return_errors(handle), "MPI_Comm_set_errhandler")
    var rank: Int32 = 0
    var size: Int32 = 0
    try check(shim_rank(handle, &rank), "MPI_Comm_rank")
    try check(shim_size(handle, &size), "MPI_Comm_size", rank: Int(rank))
    self.handle = handle
    self.isWorld = isWorld
    self.rank = Int(rank)
    self.size = Int(size)
  }

  /// Frees the handle; every rank of the communicator must call it, and none may use it afterwards. It does nothing to the
  /// world and to a rank alone.
  public func free() throws {
    guard var handle, !isWorld else { return }
    try check(shim_free(&handle), "MPI_Comm_free", rank: rank)
  }

  /// The same ranks with messages of their own. Every rank must call it.
  public func duplicate() throws -> Communicator {
    guard let handle else { return self }
    var copy = handle
    try check(shim_duplicate(handle, &copy), "MPI_Comm_dup", rank: rank)
    return try Communicator(owning: copy)
  }

  /// A barrier that sleeps between polls, so that a rank that waits for minutes costs nothing.
  /// - Parameter whileWaiting: called about once a millisecond.
  public func politeBarrier(whileWaiting: () throws -> Void = {}) throws {
    guard let handle else { return }
    let pending = Request(buffer: [])
    try check(shim_start_barrier(handle, &pending.handle), "MPI_Ibarrier", rank: rank)
    while try !pending.isDone() {
      try whileWaiting()
      usleep(1000)
    }
  }
}
