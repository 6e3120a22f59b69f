import MPI
import Model

/// All ranks as the team that networks are spread over.
public final class WorldTeam: Team {
  private let world: Communicator
  private let beat: () throws -> Void

  /// - Parameter beat: called between lifetimes.
  public init(_ world: Communicator, beat: @escaping () throws -> Void) {
    self.world = world
    self.beat = beat
  }

  public var member: Int { world.rank }
  public var size: Int { world.size }
  public func pulse() throws { try beat() }

  public func gather(_ numbers: [Double]) throws -> [[Double]] {
    // Ranks that are done early sleep while they wait.
    try world.politeBarrier(whileWaiting: beat)
    return try world.allGather(numbers)
  }
}
