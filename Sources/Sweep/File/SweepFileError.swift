/// A sweep file or rule file cannot be used: where, what is wrong with what was seen, and what to do.
///
/// Commands print `description` and exit with code 65; nothing has been written by then.
public struct SweepFileError: Error, Sendable, Equatable, CustomStringConvertible {
  public var file: String
  public var place: Place?
  /// What was seen and what was wanted.
  public var problem: String
  /// What to do next.
  public var advice: String

  public init(file: String, place: Place?, problem: String, advice: String) {
    self.file = file
    self.place = place
    self.problem = problem
    self.advice = advice
  }

  /// The problem of a file that is not there.
  public static let noFile = "there is no such file"

  /// `file:line:column: problem`, and the advice on a line of its own.
  public var description: String {
    "\(file):\(place.map { "\($0.line):\($0.column):" } ?? "") \(problem)\n  \(advice)"
  }
}

/// A position in a text file, from 1.
public struct Place: Sendable, Equatable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// Something in a sweep file that is allowed but probably not meant.
public struct SweepFileWarning: Sendable, Equatable, CustomStringConvertible {
  public var file: String
  public var place: Place?
  public var message: String

  /// `file:line:column: warning: message`.
  public var description: String {
    "\(file):\(place.map { "\($0.line):\($0.column):" } ?? "") warning: \(message)"
  }
}
