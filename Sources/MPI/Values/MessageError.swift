/// Bytes that are not what they should be, because of a bug or a rank of another version.
public struct MessageError: Error, Equatable, CustomStringConvertible {
  public var description: String
  public init(description: String) { self.description = description }
}
