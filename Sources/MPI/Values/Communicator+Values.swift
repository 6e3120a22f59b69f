import Model

/// Collective calls of typed values: every rank of the communicator must make them, in the same order.
extension Communicator {
  /// The value of rank 0 on every rank.
  /// - Parameter value: what rank 0 gives; the others give nil.
  public func broadcast<Value: Transferable>(_ value: Value?) throws -> Value {
    invariant((rank == 0) == (value != nil), "rank 0, and only rank 0, gives what is broadcast")
    if handle == nil, let value { return value }
    return try Value(bytes: broadcast(value?.bytes ?? []))
  }

  /// Every rank's value in rank order, on every rank.
  public func allGather<Value: Transferable>(_ value: Value) throws -> [Value] {
    if handle == nil { return [value] }
    return try allGather(value.bytes).map { try Value(bytes: $0) }
  }

  /// The smallest number that any rank gives, on every rank.
  public func minimum(_ value: Int) throws -> Int { Int(try allReduce([Int64(value)], .minimum)[0]) }

  /// True on every rank if any rank says true.
  public func anyIs(_ value: Bool) throws -> Bool { try allReduce([value ? 1 : 0], .maximum)[0] == 1 }
}
