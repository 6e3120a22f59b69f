import Kernels
import Model

/// The engine of learners that have no gradient.
struct NoGradient<S: KernelScalar>: LifetimeGradient {
  func begin(_ request: LifetimeRequest, _ state: LifetimeState<S>) {}

  func estimates(
    _ request: LifetimeRequest, _ loop: TrialLoop<some Synapse<S>>
  ) -> [Estimator: [Double]] { [:] }
}
