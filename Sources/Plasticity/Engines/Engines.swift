import Model
import Kernels
import Tasks

/// How a gradient is computed.
public enum GradientEngine: Sendable, Equatable {
  /// Tangents of every direction, carried forward with the trials.
  case forward
  /// One reverse sweep over a tape of at most so many trials at once, in so many lifetimes side by side at most.
  case adjoint(tapeLength: Int, tapes: Int = 1)

  /// Tapes that may be in memory at once.
  var tapes: Int {
    if case .adjoint(_, let tapes) = self { tapes } else { 1 }
  }
}

extension LearningTask {
  /// The engine that runs lifetimes of this task.
  public func runner(
    _ method: Method, double: Bool, level: SIMDLevel, engine: GradientEngine = .forward
  ) -> any LifetimeRunner {
    // Everything is said twice, so that every scalar has a name: see `NamedScalarRunner`.
    let width = LifetimeWidth(units: method.units, tapes: engine.tapes)
    if double {
      let kernels = Double.kernels(level)
      switch engine {
      case .forward:
        return NamedScalarRunner(method, width) {
          let state = LifetimeState(method: method, task: self, kernels: kernels)
          return Lifetime(state, ThreeFactor(state), ForwardGradient(state))
        }
      case .adjoint(let length, _):
        return NamedScalarRunner(method, width) {
          let state = LifetimeState(method: method, task: self, kernels: kernels)
          return Lifetime(state, ThreeFactor(state), ReverseGradient(state, tapeLength: length))
        }
      }
    }
    let kernels = Float.kernels(level)
    switch engine {
    case .forward:
      return NamedScalarRunner(method, width) {
        let state = LifetimeState(method: method, task: self, kernels: kernels)
        return Lifetime(state, ThreeFactor(state), ForwardGradient(state))
      }
    case .adjoint(let length, _):
      return NamedScalarRunner(method, width) {
        let state = LifetimeState(method: method, task: self, kernels: kernels)
        return Lifetime(state, ThreeFactor(state), ReverseGradient(state, tapeLength: length))
      }
    }
  }
}

/// A runner whose scalar the compiler knows. A call through a protocol into a generic class runs its unspecialised
/// code, several times slower; the closures are made where all types have names, so all behind them is compiled for
/// them.
final class NamedScalarRunner: LifetimeRunner {
  typealias Record = (Int, TrialRecord) -> Void
  typealias Network = (weights: [Double], inputWeights: [Double], readout: [Double])

  let method: Method
  private let width: LifetimeWidth
  private let one: (LifetimeAddress, Rule, LifetimeRequest, Record?) -> LifetimeOutcome
  private let several: ([LifetimeJob]) -> [LifetimeOutcome]
  private let draw: (LifetimeAddress) -> Network
  /// True leaves out all that requests ask for beyond rewards, twins and alignment.
  private let isPrimal: Bool

  /// - Parameter make: one more of the lifetimes that run side by side.
  @inline(__always)
  init<Y, G>(
    _ method: Method, _ width: LifetimeWidth, primal: Bool = false, _ make: @escaping () -> Lifetime<Y, G>
  ) {
    self.method = method
    self.width = width
    isPrimal = primal
    let group = LifetimeGroup(make)
    one = { group.first.run($0, rule: $1, request: $2, record: $3) }
    several = { group.run($0) }
    draw = { group.first.network($0) }
  }

  func run(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest, record: Record?
  ) -> LifetimeOutcome { one(address, rule, isPrimal ? request.primal : request, record) }

  func width(of request: LifetimeRequest) -> Int {
    request.needsTangents && !isPrimal ? width.gradient : width.primal
  }

  func run(_ jobs: [LifetimeJob]) -> [LifetimeOutcome] {
    var jobs = jobs
    if isPrimal { for index in jobs.indices { jobs[index].request = jobs[index].request.primal } }
    let narrowest = jobs.map { width(of: $0.request) }.min() ?? 1
    return jobs.parts(of: narrowest).flatMap { several(Array($0)) }
  }

  func network(_ address: LifetimeAddress) -> Network { draw(address) }
}

/// The lifetimes that a runner has side by side, made as they are needed.
final class LifetimeGroup<Y: Synapse, G: LifetimeGradient> where Y.S == G.S {
  let first: Lifetime<Y, G>
  private var members: [Lifetime<Y, G>]
  private let make: () -> Lifetime<Y, G>

  init(_ make: @escaping () -> Lifetime<Y, G>) {
    self.make = make
    first = make()
    members = [first]
  }

  func run(_ jobs: [LifetimeJob]) -> [LifetimeOutcome] {
    while members.count < jobs.count { members.append(make()) }
    return Lifetime.run(jobs, in: Array(members.prefix(jobs.count)))
  }
}
