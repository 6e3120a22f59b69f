import ResultStore
import SweepFakes
import Testing

@testable import Sweep

@Suite struct ResumeTests {
  static let cells = FakeWorkshop.sweepCells(5)
  static let state = EncodedRecord(kind: .state, degree: 1, bytes: [7])
  static let known: [UInt64: Resume.Known] = [
    1: .init(status: .done), 2: .init(status: .failed, state: state, share: 0.25),
    3: .init(status: .diverged, state: state, share: 0.5), 4: .init(state: state, share: 0.75),
  ]

  static func resume(retry: Set<CellStatus> = [], slice: Slice? = nil) -> Resume {
    Resume(cells: cells, costs: [10, 20, 40, 80, 160], slice: slice, retry: retry) { known[$0] ?? .init() }
  }

  @Test func whatHasEndedStays() {
    let resume = Self.resume()
    #expect(resume.items.map(\.cell) == [3, 4])
    #expect(resume.items.map(\.cost) == [20, 160])
    #expect(resume.items.map { $0.state != nil } == [true, false])
    #expect(resume.ended == [.done: 1, .failed: 1, .diverged: 1])
    #expect(resume.resumed == 1 && resume.retried.isEmpty)
    // Four lifetimes, and four slices of the directions of each.
    #expect(resume.items.map { $0.width } == [16, 16])
  }

  @Test func aFailedCellGoesOnAndADivergedOneBeginsAnew() {
    let resume = Self.resume(retry: [.failed, .diverged])
    #expect(resume.items.map(\.cell) == [1, 2, 3, 4])
    #expect(resume.items.map(\.cost) == [15, 40, 20, 160])
    #expect(resume.items.map { $0.state != nil } == [true, false, true, false])
    #expect(resume.retried.count == 2)
  }

  @Test func slicesShareAPlanWithoutOverlap() throws {
    let parts = (0..<3).map { Self.resume(slice: Slice("\($0)/3")) }
    #expect(parts.flatMap(\.items).map(\.cell).sorted() == [3, 4])
    #expect(parts.flatMap(\.ended.values).reduce(0, +) == 3)
    for wrong in ["", "1", "3/3", "-1/2", "0/0", "1/2/3", "a/2", "1/", "/2"] { #expect(Slice(wrong) == nil) }
  }
}

@Suite struct ProgressTests {
  @Test func line() {
    var progress = Progress(costs: [10, 10, 20], teams: 2, now: 100)
    #expect(progress.line(now: 100) == "done 0 of 3, running 0, 0 iterations/s, time left unknown")
    progress.start(item: 0)
    progress.start(item: 2)
    for i in 1...10 { progress.note(item: 0, iteration: i, iterations: 10) }
    progress.end(item: 0, status: .done)
    progress.note(item: 2, iteration: 1, iterations: 4)
    // 10 + 20 / 4 of 40 units in 30 s; 25 are left. Of these 15 in one cell, which has half of the rate.
    #expect(progress.line(now: 130) == "done 1 of 3, running 1, 0.367 iterations/s, 1 min 00 s left")
    progress.end(item: 2, status: .failed)
    progress.start(item: 1)
    progress.end(item: 1, status: .diverged)
    #expect(progress.line(now: 140) == "done 1 of 3, running 0, failed 1, diverged 1, 0.275 iterations/s")
  }

  @Test func aResumedCellCountsFromWhereItBegan() {
    var progress = Progress(costs: [10, 10], teams: 1, now: 0)
    progress.start(item: 0)
    progress.note(item: 0, iteration: 81, iterations: 100)
    #expect(progress.iterations == 1)
    progress.note(item: 0, iteration: 90, iterations: 100)
    #expect(progress.iterations == 10)
    // Half of what was left took 10 s: 5 of 20 units.
    #expect(progress.timeLeft(now: 10) == 30)
  }

  @Test func numbersForPeople() {
    let rates: [(Double, String)] = [
      (0, "0"), (0.05312, "0.053"), (0.9996, "1.000"), (1.239, "1.24"), (34.5, "34.5"), (1200.4, "1200"),
      (.nan, "0"),
    ]
    for (value, text) in rates { #expect(Progress.rate(value) == text) }
    let times: [(Double, String)] = [
      (0, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (3599, "59 min 59 s"), (3661, "1 h 01 min"),
      (90_000, "1 d 01 h"), (.infinity, "for ever"),
    ]
    for (value, text) in times { #expect(Progress.duration(value) == text) }
  }

  @Test func aTerminalLineIsRewrittenAndAPlainOneComesEveryHalfMinute() {
    var out: [String] = []
    var progress = Progress(costs: [1], teams: 1, now: 0)
    var terminal = ProgressPrinter(isTerminal: true, now: 0) { out.append($0) }
    terminal.show(progress, now: 0.4)
    terminal.show(progress, now: 0.5)
    terminal.show(progress, now: 0.9)
    progress.start(item: 0)
    progress.end(item: 0, status: .done)
    terminal.show(progress, now: 1)
    terminal.finish()
    let long = "\rdone 0 of 1, running 0, 0 iterations/s, time left unknown"
    let short = "\rdone 1 of 1, running 0, 0 iterations/s"
    #expect(out == [long, short + String(repeating: " ", count: long.count - short.count), "\n"])
    out = []
    var plain = ProgressPrinter(isTerminal: false, now: 0) { out.append($0) }
    for second in 0...61 { plain.show(progress, now: Double(second)) }
    plain.show(line: "too early", now: 89)
    plain.show(line: "3 of 7 networks tested", now: 90)
    plain.finish()
    let line = String(short.dropFirst()) + "\n"
    #expect(out == [line, line, "3 of 7 networks tested\n"])
  }
}
