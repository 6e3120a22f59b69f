import Glibc
import MPI

/// Ranks as MPI processes: non-blocking sends, and probes that never wait.
public final class MPITransport: Transport {
  private let world: Communicator
  /// Sends under way, oldest first.
  private var pending: [Request] = []
  private static let tag = 1

  /// Talks apart from everything else on `communicator`. Every rank of it must make its transport.
  public init(_ communicator: Communicator) throws { world = try communicator.duplicate() }

  public var rank: Int { world.rank }
  public var size: Int { world.size }

  public func send(_ bytes: [UInt8], to destination: Int) throws {
    pending.append(try world.startSend(bytes, to: destination, tag: Self.tag))
    if pending.count > 64 { try sweepPending() }
  }

  public func poll() throws -> (source: Int, bytes: [UInt8])? {
    guard let envelope = try world.probe(tag: Self.tag) else {
      if !pending.isEmpty { try sweepPending() }
      return nil
    }
    return (envelope.source, try world.receive(envelope))
  }

  public func close() throws {
    // Messages still on their way to this rank are of no interest any more, but their senders wait for them:
    // every rank receives until all of them have got rid of theirs.
    while !pending.isEmpty {
      while try poll() != nil {}
      if !pending.isEmpty { usleep(1000) }
    }
    try world.politeBarrier { while try self.poll() != nil {} }
    try world.free()
  }

  private func sweepPending() throws {
    pending = try pending.filter { try !$0.isDone() }
  }
}

/// The transport that fits the launch: MPI between ranks, none at all for a rank alone.
public func makeTransport(for world: Communicator) throws -> any Transport {
  world.size == 1 ? InProcessNetwork(size: 1).transport(rank: 0) : try MPITransport(world)
}
