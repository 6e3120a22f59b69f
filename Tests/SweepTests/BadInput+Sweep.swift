import Sweep
import TestSupport
import Testing

extension BadInput {
  /// As a sweep file.
  func expectRefusal(sourceLocation: SourceLocation = #_sourceLocation) {
    expectRefusal(SweepFileError.self, of: "test.yaml", sourceLocation: sourceLocation) {
      "\(try read($0).cells.count) cells"
    }
  }
}
