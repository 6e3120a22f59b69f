import Model

/// An observer that ends a lifetime with estimates of the gradient.
protocol LifetimeGradient<S>: TrialObserver {
  /// Readies a lifetime; `state` has begun.
  func begin(_ request: LifetimeRequest, _ state: LifetimeState<S>)
  /// The estimates asked for, by the directions asked for, after a lifetime that did not diverge; one that is not finite
  /// is left out.
  func estimates(
    _ request: LifetimeRequest, _ loop: TrialLoop<some Synapse<S>>
  ) -> [Estimator: [Double]]
  /// Rdot of the trial, and U after it, directions x synapses; empty where they are not carried forward.
  var rewardTangents: [Double] { get }
  var tangents: [Double] { get }
}

extension LifetimeGradient {
  var rewardTangents: [Double] { [] }
  var tangents: [Double] { [] }
}
