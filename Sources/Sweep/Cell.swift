/// One cell of a sweep: a resolved configuration and its content key.
public struct Cell: Sendable, Equatable {
  /// First 64 bits of SHA-256 of `canonical`; 16 hex digits in print.
  public var key: UInt64
  public var settings: Settings
  /// The canonical form: one `path=value` line a setting, sorted; what the key is made of.
  public var canonical: String
  public init(key: UInt64, settings: Settings, canonical: String) {
    self.key = key
    self.settings = settings
    self.canonical = canonical
  }
}
