import MPI

/// What all ranks must agree on before a run starts.
public struct StartCheck: Sendable, Equatable {
  /// Version and commit of the program.
  public var version: String
  /// The keys of the plan's cells in order, so that a cell's number means the same everywhere.
  public var keys: [UInt64]
  /// The best SIMD level of this rank's machine: 0 baseline, 1 v3, 2 v4.
  public var simd: Int

  public init(version: String, keys: [UInt64], simd: Int) {
    self.version = version
    self.keys = keys
    self.simd = simd
  }

  /// Compares all ranks; every rank must call it.
  /// - Returns: the lowest SIMD level of all, which a new sweep keeps for good.
  /// - Throws: `SweepError.mismatch`, on every rank alike, naming the first ranks that differ.
  public func agree(over world: Communicator) throws -> Int {
    try Self.compare(try world.allGather(version), what: "version")
    let wanted = try world.broadcast(world.rank == 0 ? keys : nil)
    let plan = wanted == keys ? "the plan of rank 0" : "another plan of \(keys.count) cells"
    try Self.compare(try world.allGather(plan), what: "the plan")
    return try world.minimum(simd)
  }

  static func compare(_ values: [String], what: String) throws {
    guard let other = values.firstIndex(where: { $0 != values[0] }) else { return }
    throw SweepError.mismatch(
      what: what, values: [(rank: 0, value: values[0]), (rank: other, value: values[other])])
  }
}
