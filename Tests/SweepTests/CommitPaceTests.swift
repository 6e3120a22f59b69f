import Testing

@testable import Sweep

@Suite struct CommitPaceTests {
  @Test func theFirstResultGoesAtOnce() {
    #expect(CommitPace().isDue(now: 0))
    #expect(CommitPace().isDue(now: -1e9))
  }

  @Test("After a commit the next one waits nine times as long as it took, and a second at most")
  func wait() {
    for (took, wait) in [(0.0, 0.0), (0.01, 0.09), (0.1, 0.9), (5, 1), (-1, 0)] {
      var pace = CommitPace()
      pace.note(began: 100, ended: 100 + took)
      let due = 100 + took + wait
      #expect(!pace.isDue(now: due - 1e-6), "a commit of \(took) s")
      #expect(pace.isDue(now: due + 1e-6), "a commit of \(took) s")
    }
  }
}
