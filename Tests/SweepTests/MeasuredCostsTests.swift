import Model
import ResultStore
import TestSupport
import Testing

@testable import Sweep

@Suite struct MeasuredCostsTests {
  private func result(_ cell: UInt64, status: CellStatus = .done, seconds: Double, gigaflop: Double)
    -> ResultRecord
  {
    ResultRecord(cell: cell) {
      $0.status = status
      $0.simd = 2
      $0.iterations = 1
      $0.lifetimes = 1
      $0.validationReward = 0
      $0.seconds = seconds
      $0.gigaflop = gigaflop
      $0.theta = [0]
      $0.scale = [1]
      $0.constants = Array(repeating: 0, count: LocalConstant.allCases.count)
    }
  }

  /// A finished cell costs what it took, another its work at the rate of all that finished; failed ones do not count.
  @Test func secondsAndRate() throws {
    let sweep = try read("name: two\nbase: {trials: 10, meta.iterations: 3}\naxes: {rule.degree: [1, 2]}\n")
    let plan = try Plan(sweep.cells, schema: testSchema)
    let (first, second) = (plan.cells[0], plan.cells[1])
    let costs = try #require(
      MeasuredCosts([
        result(first.cell.key, seconds: 2, gigaflop: 60), result(99, seconds: 1, gigaflop: 60),
        result(second.cell.key, status: .failed, seconds: 0.1, gigaflop: 500),
      ]))
    #expect(costs.rate == 40)
    #expect(costs.seconds(of: first) == 2)
    #expect(costs.seconds(of: second) == second.gigaflop / 40)
    #expect(MeasuredCosts([result(1, status: .failed, seconds: 1, gigaflop: 1)]) == nil)
  }
}
