import Kernels
import Model

/// The weights of one run of a lifetime, for another run of it to take over: what isolates a trial, or the trials
/// between two horizons, from all that came before.
public struct WeightPath: Sendable, Equatable {
  public enum Moment: Sendable {
    /// Trial h starts from W^h of the path, whatever the run's own weights have become.
    case everyTrial
    /// Where the horizon drops U after trial h, W^{h+1} = W^h of the path + the run's own mu + sigma xi. A run at a
    /// shifted theta then differs from the path by what U keeps, and by nothing else.
    case horizon
  }

  /// W^h for every trial h, in the order of `TrialRecord.weights`.
  public var weights: [[Double]]
  public var moment: Moment

  public init(_ weights: [[Double]], at moment: Moment) {
    self.weights = weights
    self.moment = moment
  }
}

/// Lets a lifetime take over the weights of a path.
struct PathFollower<S: KernelScalar>: TrialObserver {
  let path: WeightPath

  init(_ path: WeightPath) { self.path = path }

  func begins(_ h: Int, _ state: LifetimeState<S>) {
    if path.moment == .everyTrial { state.primal.take(path.weights[h]) }
  }

  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    guard path.moment == .horizon, state.method.dropsTangents(after: trial.index) else { return }
    state.primal.take(path.weights[trial.index], addingLastStep: true)
  }
}

extension PrimalBuffers {
  /// Puts `values` in the place of W; `addingLastStep` keeps the step W has just made.
  mutating func take(_ values: [Double], addingLastStep: Bool = false) {
    invariant(
      values.count == rows.count * units, "\(values.count) weights for \(rows.count) rows of \(units) units")
    for j in 0..<rows.count {
      for i in 0..<units {
        let place = j * ld + i
        let step = addingLastStep ? weights.pointer[place] - before.pointer[place] : 0
        let next = S(values[rows.place(row: j, lane: i)]) + step
        // What was cut to keep its sign is cut on the path too.
        let isCut = j < units && signs != nil && addingLastStep && weights.pointer[place] == 0
        weights.pointer[place] = isCut ? 0 : next
      }
    }
  }
}
