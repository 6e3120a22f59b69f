import Model
import Synchronization

/// Ranks as objects in one process, for the tests, for the simulator and for a run without a launcher.
/// Each rank may live in a thread of its own.
public final class InProcessNetwork: Sendable {
  public let size: Int
  private let boxes: [Box]

  /// One rank's letter box.
  private final class Box: Sendable {
    let letters = Mutex(Queue<(source: Int, bytes: [UInt8])>())
  }

  public init(size: Int) {
    invariant(size > 0, "a network needs at least one rank, got \(size)")
    self.size = size
    boxes = (0..<size).map { _ in Box() }
  }

  public func transport(rank: Int) -> InProcessTransport {
    invariant((0..<size).contains(rank), "rank \(rank) is not in 0 ..< \(size)")
    return InProcessTransport(network: self, rank: rank)
  }

  /// Puts a message into the box of `destination`.
  func deliver(_ bytes: [UInt8], from source: Int, to destination: Int) {
    boxes[destination].letters.withLock { $0.append((source, bytes)) }
  }

  /// Takes the oldest message out of the box of `rank`.
  func take(for rank: Int) -> (source: Int, bytes: [UInt8])? {
    boxes[rank].letters.withLock { $0.popFirst() }
  }
}

/// One rank of an `InProcessNetwork`.
public final class InProcessTransport: Transport {
  public let rank: Int
  public var size: Int { network.size }
  private let network: InProcessNetwork

  init(network: InProcessNetwork, rank: Int) {
    self.network = network
    self.rank = rank
  }

  public func send(_ bytes: [UInt8], to destination: Int) {
    invariant((0..<size).contains(destination), "rank \(destination) is not in 0 ..< \(size)")
    network.deliver(bytes, from: rank, to: destination)
  }

  public func poll() -> (source: Int, bytes: [UInt8])? { network.take(for: rank) }

  public func close() {}
}
