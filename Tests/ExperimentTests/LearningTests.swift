import Experiment
import Kernels
import Model
import ResultStore
import Sweep
import Testing

/// Whole cells, as a sweep runs them, with METHOD's working defaults.
@Suite struct LearningTests {
  struct Scores {
    var learned: Double
    var start: Double
    var none: Double
  }

  /// The prototype measured 0.92 at d = 3 and 0.70 at d = 1, with 0.48 for no plasticity.
  @Test
  func cueAssociationIsLearned() throws {
    let cubic = try lateAccuracy(degree: 3)
    #expect(cubic.learned >= 0.85, "d = 3: \(cubic)")
    #expect(abs(cubic.none - 0.48) < 0.06, "no plasticity: \(cubic)")
    let linear = try lateAccuracy(degree: 1)
    #expect(linear.learned >= 0.6 && linear.learned < cubic.learned, "d = 1: \(linear)")
  }

  private func lateAccuracy(degree: Int) throws -> Scores {
    var settings = Settings()
    settings.rule.degree = degree
    settings.rule.theta = .standard(degree: degree)
    let work = try Workshop(level: .highest, launch: 0, rank: 0).begin(Cell(settings), from: nil)
    var sums: [RuleRole: Double] = [:]
    var progress = try work.advance(in: Solo())
    let clock = ContinuousClock()
    let start = clock.now
    while !progress.finished {
      for record in progress.records {
        if record.kind == .evaluation {
          let evaluation = try EvaluationRecord(record)
          sums[evaluation.role, default: 0] += evaluation.lateAccuracy / Double(settings.evaluation.networks)
        }
      }
      progress = try work.advance(in: Solo())
    }
    print("d \(degree): \(sums), \(clock.now - start)")
    #expect(progress.status == .done)
    return Scores(learned: sums[.learned] ?? 0, start: sums[.start] ?? 0, none: sums[.none] ?? 0)
  }
}
