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
    let length: Int? =
      switch engine {
      case .forward: nil
      case .adjoint(let length): max(1, min(length, method.trials))
      }
    if double {
      let lifetimes = Lifetime<Double>(
        method: method, task: self, kernels: Double.kernels(level), tapeLength: length)
      return NamedScalarRunner(
        method, run: { lifetimes.run($0, rule: $1, request: $2, record: $3) },
        network: { lifetimes.network($0) })
    }
    let lifetimes = Lifetime<Float>(
      method: method, task: self, kernels: Float.kernels(level), tapeLength: length)
    return NamedScalarRunner(
      method, run: { lifetimes.run($0, rule: $1, request: $2, record: $3) },
      network: { lifetimes.network($0) })
  }
}

/// A runner whose scalar the compiler knows. A call through a protocol into a generic class runs its unspecialised
/// code, several times slower; the closures are made where the scalar has a name, so all behind them is compiled for it.
final class NamedScalarRunner: LifetimeRunner {
  typealias Record = (Int, TrialRecord) -> Void
  typealias Network = (weights: [Double], inputWeights: [Double], readout: [Double])

  let method: Method
  private let body: (LifetimeAddress, Rule, LifetimeRequest, Record?) -> LifetimeOutcome
  private let draw: (LifetimeAddress) -> Network

  init(
    _ method: Method,
    run body: @escaping (LifetimeAddress, Rule, LifetimeRequest, Record?) -> LifetimeOutcome,
    network draw: @escaping (LifetimeAddress) -> Network
  ) {
    self.method = method
    self.body = body
    self.draw = draw
  }

  func run(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest, record: Record?
  ) -> LifetimeOutcome { body(address, rule, request, record) }

  func network(_ address: LifetimeAddress) -> Network { draw(address) }
}
