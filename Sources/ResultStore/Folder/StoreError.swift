/// What is wrong with a result folder, in words for the person who runs the command.
public struct StoreError: Error, Equatable, CustomStringConvertible, Sendable {
  /// What kind of trouble; the raw value is the exit code of a command that ends with it.
  public enum Category: Int32, Sendable {
    case usage = 64
    case damaged = 65
    case locked = 69
    case `internal` = 70
    case io = 74
  }

  public var category: Category
  public var description: String
  /// The system's error number where a system call failed.
  public var code: Int32?

  public init(_ category: Category, _ description: String, code: Int32? = nil) {
    self.category = category
    self.description = description
    self.code = code
  }

  public var exitCode: Int32 { category.rawValue }
}
