import Experiment
import Kernels
import ResultStore
import Sweep
import TestSupport
import Testing

@testable import Launch

/// What `evaluate` makes of its words, and what its folder remembers: on one rank, in this process.
@Suite final class EvaluationLaunchTests {
  /// Kept as long as the test.
  private let two: TwoCells

  init() throws { two = try TwoCells() }

  private func question() throws -> EvaluationQuestion {
    var question = EvaluationQuestion(source: try two.temporary.write(TwoCells.text, to: "two.yaml"))
    question.rules = ["miconi"]
    question.networks = 3
    return question
  }

  @Test func theStandardsStandBesideWhatWasNamed() throws {
    let request = try EvaluationRequest(try self.question())
    #expect(request.plan.pairs.map(\.contender.name) == ["none", "start", "miconi"])
    #expect(request.name == "two" && request.seed == 0)
  }

  @Test func aTaskTheSweepHasNotIsTestedInItsFirstConfiguration() throws {
    var question = try self.question()
    question.tasks = ["delayed-nonmatch"]
    let request = try EvaluationRequest(question)
    #expect(request.plan.targets.map(\.label) == ["delayed-nonmatch"])
    #expect(request.plan.targets[0].cell.settings.network.units == 8)
  }

  @Test func wordsThatNameNothingAreRefused() throws {
    var question = try self.question()
    question.against = "oracle"
    var error = #expect(throws: UsageError.self) { try EvaluationRequest(question) }
    #expect(
      error?.description == "--against 'oracle' is no contender here; they are none, start, miconi")
    question = try self.question()
    question.learned = [question.source]
    error = #expect(throws: UsageError.self) { try EvaluationRequest(question) }
    #expect(
      error?.description
        == "--learned '\(question.source)' is no result folder; wanted: the --out of a `trifactor run`")
  }

  @Test
  func whatTheFolderHoldsIsNotRunAgain() throws {
    let request = try EvaluationRequest(try self.question())
    var reported: [EvaluationResults] = []
    for _ in 0..<2 {
      let code = try EvaluationLaunch(request, world: .alone, folder: two.out).run { results, _ in
        reported.append(results)
      }
      #expect(code == 0)
    }
    let first = reported[0].map { $0?.map(\.reward) }
    #expect(first.count == 3 && first.allSatisfy { $0?.count == 3 })
    #expect(reported[1].map { $0?.map(\.reward) } == first)
    let manifest = try two.manifest()
    #expect(manifest.name == "evaluate-two" && manifest.launches.map(\.outcome) == ["done", "done"])

    let other = try TwoCells.sweep("name: two", "name: other")
    let path = try two.temporary.write(other.bytes, to: "other.yaml")
    var question = try self.question()
    question.source = path
    let refused = try EvaluationRequest(question)
    let error = #expect(throws: StoreError.self) {
      _ = try EvaluationLaunch(refused, world: .alone, folder: two.out).run { _, _ in }
    }
    #expect(
      error?.description
        == "\(two.out) holds the results of 'evaluate-two', not of 'evaluate-other'; nothing was changed. Give --out "
        + "another folder")
  }
}
