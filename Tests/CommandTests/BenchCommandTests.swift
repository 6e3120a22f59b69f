import Foundation
import TestSupport
import Testing

@Suite(.startsPrograms) struct BenchCommandTests {
  /// Every kernel and engine has a row of the agreed names, and its rate follows from its time. How fast it was says
  /// nothing here: other tests run beside it.
  @Test func rowsHoldWhatIsAgreed() throws {
    let result = try trifactor(
      "bench", "--json", "--sizes", "17,8,2;9,5,0", "--samples", "1", "--trials", "3", "--precision", "both")
    #expect(result.code == 0, "\(result)")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    let expected = [
      "name", "engine", "precision", "simd", "N", "T", "d", "ms_per_trial", "gflops", "peak_gflops",
    ]
    for row in rows {
      #expect(expected.allSatisfy { row[$0] != nil }, "\(row)")
      let peak = try #require(row["peak_gflops"] as? Double)
      #expect(peak > 0 && (row["ms_per_trial"] as? Double ?? 0) > 0, "\(row)")
    }
    #expect(Set(rows.compactMap { $0["engine"] as? String }) == ["primal", "forward", "adjoint"])
    #expect(Set(rows.compactMap { $0["precision"] as? String }) == ["float", "double"])
    // 9 kernels, 2 lifetimes without an engine and 3 estimators by both, for 2 sizes in 2 precisions.
    #expect(rows.count == 4 * (9 + 2 + 6))
    let adjoint = try #require(
      rows.first { $0["name"] as? String == "lifetime:tangent" && $0["engine"] as? String == "adjoint" })
    let time = try #require(adjoint["ms_per_trial"] as? Double)
    let rate = try #require(adjoint["gflops"] as? Double)
    // Primal 2, eligibility 2 (d + 1), adjoint 6 (d + 1), times N^2 T.
    let flops = Double((2 + 6 + 18) * 17 * 17 * 8)
    #expect(abs(rate * time * 1e6 / flops - 1) < 1e-9)
  }

  /// Every mechanism has a row beside the plain rule, with every kind of lifetime.
  @Test func mechanismsStandBesideThePlainRule() throws {
    let result = try trifactor(
      "bench", "--mechanisms", "--json", "--sizes", "9,8,2", "--samples", "1", "--trials", "3")
    #expect(result.code == 0, "\(result)")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    let names = Set(rows.compactMap { $0["name"] as? String })
    #expect(names.isSuperset(of: ["plain rule", "rule.baseline: learned", "rule.weight-degree: 1"]))
    #expect(rows.count == 3 * names.count && names.count == 20)
    for row in rows {
      let (time, ratio) = (row["ms_per_trial"] as? Double, row["over_plain"] as? Double)
      #expect(time ?? 0 > 0 && ratio ?? 0 > 0, "\(row)")
      if row["name"] as? String == "plain rule" { #expect(ratio == 1) }
    }
    #expect(Set(rows.compactMap { $0["work"] as? String }) == ["primal", "forward", "adjoint"])
  }

  /// Every task by every engine and estimator; a cell's seconds are those of its lifetimes.
  @Test func cellsCostTheirLifetimes() throws {
    let result = try trifactor(
      "bench", "--cells", "--json", "--sizes", "9,24,2", "--samples", "1", "--trials", "3")
    #expect(result.code == 0, "\(result)")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    #expect(rows.count == 10 * 8 && Set(rows.compactMap { $0["task"] as? String }).count == 10)
    for task in Dictionary(grouping: rows, by: { $0["task"] as? String ?? "" }).values {
      let primal = try #require(
        task.first { $0["estimator"] as? String == "evolution" }?["ms_per_trial"] as? Double)
      for row in task {
        let own = try #require(row["ms_per_trial"] as? Double)
        let seconds = try #require(row["seconds"] as? Double)
        #expect(row["lifetimes"] as? Int == 480 && row["test_lifetimes"] as? Int == 516, "\(row)")
        #expect(abs(seconds / (3 * (480 * own + 516 * primal) / 1e3) - 1) < 1e-9, "\(row)")
        #expect((row["joules"] as? Double ?? 1) > 0, "\(row)")
      }
    }
    let text = try trifactor("bench", "--cells", "--sizes", "9,24,2", "--samples", "1", "--trials", "3")
    #expect(text.output.contains("N = 9, T = 24, d = 2: seconds") && text.output.contains("credited GFLOP/s"))
  }

  @Test func cellsAreABenchOfTheirOwn() throws {
    let result = try trifactor("bench", "--cells", "--only", "kernels")
    #expect(result.code == 64 && result.errors.contains("--cells is another bench"), "\(result)")
    let both = try trifactor("bench", "--cells", "--mechanisms")
    #expect(both.code == 64 && both.errors.contains("benches of their own; give one"), "\(both)")
  }

  @Test func mechanismsAreABenchOfTheirOwn() throws {
    let result = try trifactor("bench", "--mechanisms", "--only", "kernels")
    #expect(result.code == 64 && result.errors.contains("--mechanisms is another bench"), "\(result)")
    let both = try trifactor("bench", "--mechanisms", "--precision", "both")
    #expect(both.code == 64 && both.errors.contains("measures one precision"), "\(both)")
  }

  @Test(arguments: [
    ("32,24", "the size '32,24' is not N,T,d; wanted: three whole numbers, as in 32,24,3"),
    ("32,24,3;", "the size '' is not N,T,d"), ("0,24,3", "the size '0,24,3' is out of range"),
  ])
  func badSizesAreRefused(sizes: String, message: String) throws {
    let result = try trifactor("bench", "--sizes", sizes)
    #expect(result.code == 64 && result.errors.contains(message), "\(result)")
  }
}
