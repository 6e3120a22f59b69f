/// A cell key as people see it: 16 hex digits.
public func hex(_ key: UInt64) -> String {
  let digits = String(key, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
