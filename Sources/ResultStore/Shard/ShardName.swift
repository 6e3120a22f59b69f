import Model

/// The name of one segment: `KIND-dD.SSSSS.npy`, or `KIND-dDmM.SSSSS.npy` where rules see the weight; `KIND-dDro.SSSSS.npy`
/// where recurrent and readout synapses have coefficients of their own (see `RuleShape`).
public struct ShardName: Sendable, Hashable, Comparable, CustomStringConvertible {
  public var kind: RecordKind
  public var shape: RuleShape
  public var segment: Int

  public init(kind: RecordKind, shape: RuleShape, segment: Int) {
    self.kind = kind
    self.shape = shape
    self.segment = segment
  }

  /// The parts of a file name, or nil for a file that is no shard.
  public init?(_ file: String) {
    let parts = file.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[2] == "npy", parts[1].count >= 5, let segment = Int(parts[1]),
      let dash = parts[0].lastIndex(of: "-"), let shape = RuleShape(parts[0][dash...].dropFirst()),
      RecordSchema.has(shape),
      let kind = RecordKind.allCases.first(where: { "\($0)" == parts[0][..<dash] })
    else { return nil }
    self.init(kind: kind, shape: shape, segment: segment)
    guard description == file else { return nil }
  }

  public var description: String {
    let digits = String(segment)
    return "\(kind)-\(shape)." + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".npy"
  }

  public var schema: RecordSchema { .of(kind, shape: shape) }

  public static func < (a: ShardName, b: ShardName) -> Bool {
    (a.kind.rawValue, a.shape, a.segment) < (b.kind.rawValue, b.shape, b.segment)
  }
}
