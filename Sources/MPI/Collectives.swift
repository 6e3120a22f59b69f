import COpenMPI

/// Collective calls: every rank of the communicator must make them, in the same order.
extension Communicator {
  /// The bytes of `root` on every rank; what other ranks give is ignored. Any length up to the largest message.
  public func broadcast(_ bytes: [UInt8], from root: Int = 0) throws -> [UInt8] {
    guard let handle else { return bytes }
    var length = Int64(bytes.count)
    try check(shim_broadcast(handle, &length, 8, Int32(root)), "MPI_Bcast", rank: rank)
    guard length <= Int64(Self.largestMessage) else {
      let text = "\(length) bytes are more than \(Self.largestMessage); broadcast them in parts"
      throw MPIError(code: 0, call: "MPI_Bcast", text: text, rank: rank)
    }
    var data = rank == root ? bytes : [UInt8](repeating: 0, count: Int(length))
    let code = data.withUnsafeMutableBytes {
      shim_broadcast(handle, $0.baseAddress, Int32($0.count), Int32(root))
    }
    try check(code, "MPI_Bcast", rank: rank)
    return data
  }

  /// Every rank's bytes in rank order on `root`, empty elsewhere. Lengths may differ and may be 0.
  public func gather(_ bytes: [UInt8], to root: Int = 0) throws -> [[UInt8]] {
    guard let handle else { return [bytes] }
    var counts = [Int32](repeating: 0, count: size)
    try check(shim_gather_counts(handle, Int32(bytes.count), &counts, Int32(root)), "MPI_Gather", rank: rank)
    if rank != root {
      let code = bytes.withUnsafeBytes {
        shim_gather(handle, $0.baseAddress, Int32($0.count), nil, nil, nil, Int32(root))
      }
      try check(code, "MPI_Gatherv", rank: rank)
      return []
    }
    let starts = try Self.starts(of: counts, call: "MPI_Gatherv", rank: rank)
    var all = [UInt8](repeating: 0, count: counts.reduce(0) { $0 + Int($1) })
    let code = all.withUnsafeMutableBytes { all in
      bytes.withUnsafeBytes {
        shim_gather(handle, $0.baseAddress, Int32($0.count), all.baseAddress, counts, starts, Int32(root))
      }
    }
    try check(code, "MPI_Gatherv", rank: rank)
    return Self.parts(of: all, counts: counts)
  }

  /// Every rank's bytes in rank order, on every rank. Lengths may differ and may be 0.
  public func allGather(_ bytes: [UInt8]) throws -> [[UInt8]] {
    guard let handle else { return [bytes] }
    var counts = [Int32](repeating: 0, count: size)
    try check(shim_allgather_counts(handle, Int32(bytes.count), &counts), "MPI_Allgather", rank: rank)
    let starts = try Self.starts(of: counts, call: "MPI_Allgatherv", rank: rank)
    var all = [UInt8](repeating: 0, count: counts.reduce(0) { $0 + Int($1) })
    let code = all.withUnsafeMutableBytes { all in
      bytes.withUnsafeBytes {
        shim_allgather(handle, $0.baseAddress, Int32($0.count), all.baseAddress, counts, starts)
      }
    }
    try check(code, "MPI_Allgatherv", rank: rank)
    return Self.parts(of: all, counts: counts)
  }

  /// How integers of all ranks become one; exact, so the order does not matter.
  public enum Reduction: Int32, Sendable {
    case sum = 0
    case minimum = 1
    case maximum = 2
  }

  /// Element by element over the ranks; every rank gives the same number of integers.
  public func allReduce(_ values: [Int64], _ reduction: Reduction) throws -> [Int64] {
    guard let handle else { return values }
    var result = values
    try check(
      shim_allreduce_integers(handle, values, &result, Int32(values.count), reduction.rawValue),
      "MPI_Allreduce", rank: rank)
    return result
  }

  private static func starts(of counts: [Int32], call: String, rank: Int) throws -> [Int32] {
    var starts: [Int32] = []
    var sum = 0
    for count in counts {
      starts.append(Int32(truncatingIfNeeded: sum))
      sum += Int(count)
    }
    guard sum <= largestMessage else {
      let text = "\(sum) bytes in all are more than \(largestMessage); gather them in parts"
      throw MPIError(code: 0, call: call, text: text, rank: rank)
    }
    return starts
  }

  private static func parts(of all: [UInt8], counts: [Int32]) -> [[UInt8]] {
    var start = 0
    return counts.map { count in
      defer { start += Int(count) }
      return Array(all[start..<start + Int(count)])
    }
  }
}
