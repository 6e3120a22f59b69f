/// The name of one segment: `KIND-dD.SSSSS.npy`.
public struct ShardName: Sendable, Hashable, Comparable, CustomStringConvertible {
  public var kind: RecordKind
  public var degree: Int
  public var segment: Int

  public init(kind: RecordKind, degree: Int, segment: Int) {
    self.kind = kind
    self.degree = degree
    self.segment = segment
  }

  /// The parts of a file name, or nil for a file that is no shard.
  public init?(_ file: String) {
    let parts = file.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[2] == "npy", parts[1].count >= 5, let segment = Int(parts[1]),
      let dash = parts[0].lastIndex(of: "-"), parts[0][dash...].hasPrefix("-d"),
      let degree = Int(parts[0][dash...].dropFirst(2)), RecordSchema.degrees.contains(degree),
      let kind = RecordKind.allCases.first(where: { "\($0)" == parts[0][..<dash] })
    else { return nil }
    self.init(kind: kind, degree: degree, segment: segment)
    guard description == file else { return nil }
  }

  public var description: String {
    let digits = String(segment)
    return "\(kind)-d\(degree)." + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".npy"
  }

  public var schema: RecordSchema { .of(kind, degree: degree) }

  public static func < (a: ShardName, b: ShardName) -> Bool {
    (a.kind.rawValue, a.degree, a.segment) < (b.kind.rawValue, b.degree, b.segment)
  }
}
