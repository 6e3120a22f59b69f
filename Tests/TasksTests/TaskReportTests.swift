import Testing

@testable import Tasks

@Suite struct TaskReportTests {
  @Test func catalogueHasARowForEveryForm() throws {
    let lines = try TaskReport.catalogue(time: TimeGrid(step: 15))
    #expect(lines.count == 1 + everyForm.count)
    let xor = try #require(lines.first { $0.hasPrefix("delayed-xor") })
    let fields = xor.split(separator: " ").map(String.init)
    #expect(Array(fields[1..<9]) == ["full", "4", "1", "24", "4", "0.500", "0.500", "1.000"])
    #expect(throws: TaskError.self) { try TaskReport.catalogue(time: TimeGrid(step: 0)) }
  }

  @Test func detailsNameOptionsAndPolicies() throws {
    let lines = TaskReport.details(of: try make("context-integration"), form: "full")
    #expect(lines.contains("shortcut 0.750: the sum of both streams, whatever the context"))
    #expect(
      lines.contains("  without stream 0 0.750: the other stream where it is attended, else a guess"))
    #expect(lines.contains { $0.hasPrefix("  drift  0.25") })
    #expect(TaskReport.details(of: try make("delayed-xor"), form: "full").last == "options: none")
    #expect(
      TaskReport.details(of: try make("flip-flop"), form: "full")[3].hasSuffix("reward: binary is refused"))
  }

  @Test func numbers() {
    #expect(TaskReport.rounded(1) == "1.000")
    #expect(TaskReport.rounded(0.0996) == "0.100")
    #expect(TaskReport.rounded(0.0004) == "0.000")
    #expect(TaskReport.text(.number(2)) == "2" && TaskReport.text(.number(0.5)) == "0.5")
    #expect(TaskReport.text(.numbers([])) == "by form" && TaskReport.text(.numbers([1, 2.5])) == "[1, 2.5]")
    #expect(TaskReport.aligned([]) == [])
  }

  @Test func aShownTrial() throws {
    let task = try make("delayed-xor")
    let trials = DrawnConditions(of: task, seed: 0).trials
    #expect(trials.map(\.condition) == [0, 1, 2, 3])
    let view = TrialView(of: trials[2], task: task, step: 15)
    #expect(
      view.lines == [
        "condition 2, 24 steps of 15.0 ms, 1 to a column",
        "  u0      ........................",
        "  u1      #######.................",
        "  u2      #######.................",
        "  u3      ........................",
        "  y0      ########################",
        "  window                  ^^^^^^^^",
      ])
    let narrow = TrialView(of: trials[0], task: task, step: 15, columns: 6)
    #expect(narrow.lines[1] == "  u0      #8....")
    #expect(narrow.lines[5] == "  y0      ======")
    #expect(narrow.lines[6] == "  window      ^^")
  }
}
