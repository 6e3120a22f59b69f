/// Bytes that are not a message: a bug, or a rank of another version.
public struct MessageError: Error, Equatable, CustomStringConvertible {
  public var description: String
}
