import Testing

/// A wrong file and the message it gets: the place and problem after the file's name, and the advice.
public struct BadInput: Sendable, CustomTestStringConvertible {
  public var name: String
  public var text: String
  public var problem: String
  public var advice: String
  public var testDescription: String { name }

  public init(_ name: String, _ text: String, _ problem: String, _ advice: String) {
    self.name = name
    self.text = text
    self.problem = problem
    self.advice = advice
  }

  /// A good file with one change.
  public init(
    _ name: String, in good: String, _ old: String, _ new: String, _ problem: String, _ advice: String
  ) {
    self.init(name, good.replacing(old, with: new, maxReplacements: 1), problem, advice)
  }

  /// Messages are part of what users see, so they are compared to the letter.
  public func expectRefusal<Refusal: Error>(
    _ type: Refusal.Type, of file: String, sourceLocation: SourceLocation = #_sourceLocation,
    by read: (String) throws -> String
  ) {
    do {
      Issue.record("\(name) was read as \(try read(text))", sourceLocation: sourceLocation)
    } catch {
      #expect(error is Refusal, sourceLocation: sourceLocation)
      #expect("\(error)" == "\(file):\(problem)\n  \(advice)", sourceLocation: sourceLocation)
    }
  }
}
