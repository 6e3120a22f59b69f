/// A question that the results cannot answer; the message says what was seen and what is possible.
public struct AblationError: Error, CustomStringConvertible, Equatable {
  public var description: String
  public init(_ description: String) { self.description = description }
}
