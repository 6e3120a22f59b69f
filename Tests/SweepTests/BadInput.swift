import Sweep
import Testing

/// A wrong sweep file and the message it gets: the place and problem after `test.yaml:`, and the advice.
struct BadInput: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  var problem: String
  var advice: String
  var testDescription: String { name }

  init(_ name: String, _ text: String, _ problem: String, _ advice: String) {
    self.name = name
    self.text = text
    self.problem = problem
    self.advice = advice
  }

  /// Messages are part of what users see, so they are compared to the letter.
  func expectRefusal(sourceLocation: SourceLocation = #_sourceLocation) {
    do {
      let file = try read(text)
      Issue.record("\(name) was read as \(file.cells.count) cells", sourceLocation: sourceLocation)
    } catch {
      #expect(error is SweepFileError, sourceLocation: sourceLocation)
      #expect("\(error)" == "test.yaml:\(problem)\n  \(advice)", sourceLocation: sourceLocation)
    }
  }
}
