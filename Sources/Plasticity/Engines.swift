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
      return DoubleLifetimes(
        Lifetime(method: method, task: self, kernels: Double.kernels(level), tapeLength: length))
    }
    return FloatLifetimes(
      Lifetime(method: method, task: self, kernels: Float.kernels(level), tapeLength: length))
  }
}

// A call through a protocol into a generic class runs its unspecialised code, many times slower; these two doors name
// the scalar, so that everything behind them is compiled for it.

private final class FloatLifetimes: LifetimeRunner {
  private let lifetimes: Lifetime<Float>
  init(_ lifetimes: Lifetime<Float>) { self.lifetimes = lifetimes }
  var method: Method { lifetimes.method }

  func run(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest, record: ((Int, TrialRecord) -> Void)?
  ) -> LifetimeOutcome {
    lifetimes.run(address, rule: rule, request: request, record: record)
  }

  func network(_ address: LifetimeAddress) -> (weights: [Double], inputWeights: [Double], readout: [Double]) {
    lifetimes.network(address)
  }
}

private final class DoubleLifetimes: LifetimeRunner {
  private let lifetimes: Lifetime<Double>
  init(_ lifetimes: Lifetime<Double>) { self.lifetimes = lifetimes }
  var method: Method { lifetimes.method }

  func run(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest, record: ((Int, TrialRecord) -> Void)?
  ) -> LifetimeOutcome {
    lifetimes.run(address, rule: rule, request: request, record: record)
  }

  func network(_ address: LifetimeAddress) -> (weights: [Double], inputWeights: [Double], readout: [Double]) {
    lifetimes.network(address)
  }
}
