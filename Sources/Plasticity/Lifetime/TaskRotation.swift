import Model
import Tasks

/// Several tasks inside one cell: network n of every set learns task n modulo their number, under one theta.
///
/// Each task brings its own monomial scales, so theta keeps its meaning on all of them.
public final class TaskRotation: LifetimeRunner {
  private let runners: [any LifetimeRunner]
  private let scales: [[Double]]

  /// - Parameters:
  ///   - runners: one a task, all of one method.
  ///   - scales: s of each task.
  /// - Precondition: as many scales as runners, and at least one.
  public init(_ runners: [any LifetimeRunner], scales: [[Double]]) {
    invariant(
      !runners.isEmpty && runners.count == scales.count,
      "\(runners.count) tasks come with \(scales.count) scales")
    self.runners = runners
    self.scales = scales
  }

  public var method: Method { runners[0].method }

  private func place(_ address: LifetimeAddress) -> Int { Int(address.index) % runners.count }

  public func run(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest, record: ((Int, TrialRecord) -> Void)?
  ) -> LifetimeOutcome {
    runners[place(address)].run(address, rule: own(rule, address), request: request, record: record)
  }

  /// The rule with the scales of the task that is learned there.
  private func own(_ rule: Rule, _ address: LifetimeAddress) -> Rule {
    var own = rule
    own.scale = scales[place(address)]
    return own
  }

  /// Those of each task together.
  public func run(_ jobs: [LifetimeJob]) -> [LifetimeOutcome] {
    var outcomes: [Int: LifetimeOutcome] = [:]
    for (task, runner) in runners.enumerated() {
      let places = jobs.indices.filter { place(jobs[$0].address) == task }
      let found = runner.run(
        places.map { LifetimeJob(jobs[$0].address, own(jobs[$0].rule, jobs[$0].address), jobs[$0].request) })
      for (place, outcome) in zip(places, found) { outcomes[place] = outcome }
    }
    return jobs.indices.map { outcomes[$0]! }
  }

  public func width(of request: LifetimeRequest) -> Int {
    runners.reduce(0) { $0 + $1.width(of: request) }
  }

  public func network(_ address: LifetimeAddress) -> (
    weights: [Double], inputWeights: [Double], readout: [Double]
  ) {
    runners[place(address)].network(address)
  }
}
