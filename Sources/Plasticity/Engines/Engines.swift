import Kernels
import Tasks

/// How a gradient is computed.
public enum GradientEngine: Sendable, Equatable {
  /// Tangents of every direction, carried forward with the trials.
  case forward
  /// One reverse sweep over a tape of at most so many trials at once.
  case adjoint(tapeLength: Int)
}

extension LearningTask {
  /// The engine that runs lifetimes of this task.
  public func runner(
    _ method: Method, double: Bool, level: SIMDLevel, engine: GradientEngine = .forward
  ) -> any LifetimeRunner {
    // Everything is said twice, so that every scalar has a name: see `NamedScalarRunner`.
    if double {
      let state = LifetimeState(method: method, task: self, kernels: Double.kernels(level))
      switch engine {
      case .forward:
        return NamedScalarRunner(Lifetime(state, ThreeFactor(state), ForwardGradient(state)))
      case .adjoint(let length):
        return NamedScalarRunner(
          Lifetime(state, ThreeFactor(state), ReverseGradient(state, tapeLength: length)))
      }
    }
    let state = LifetimeState(method: method, task: self, kernels: Float.kernels(level))
    switch engine {
    case .forward:
      return NamedScalarRunner(Lifetime(state, ThreeFactor(state), ForwardGradient(state)))
    case .adjoint(let length):
      return NamedScalarRunner(
        Lifetime(state, ThreeFactor(state), ReverseGradient(state, tapeLength: length)))
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
  private let body: (LifetimeAddress, Rule, LifetimeRequest, Record?) -> LifetimeOutcome
  private let draw: (LifetimeAddress) -> Network

  /// - Parameter primal: true leaves out all that requests ask for beyond rewards, twins and alignment.
  @inline(__always)
  init<Y, G>(_ lifetime: Lifetime<Y, G>, primal: Bool = false) {
    method = lifetime.loop.state.method
    body = {
      lifetime.run($0, rule: $1, request: primal ? $2.primal : $2, record: $3)
    }
    draw = { lifetime.network($0) }
  }

  func run(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest, record: Record?
  ) -> LifetimeOutcome { body(address, rule, request, record) }

  func network(_ address: LifetimeAddress) -> Network { draw(address) }
}
