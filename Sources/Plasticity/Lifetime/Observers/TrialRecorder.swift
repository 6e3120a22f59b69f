import Kernels

/// Hands everything that went into and came out of a trial to `record`; comes after all that changes W or U.
struct TrialRecorder<G: LifetimeGradient>: TrialObserver {
  typealias S = G.S
  /// Whose tangents the record holds; nil where none are carried.
  let gradient: G?
  /// True: U of every trial; false: of the last only.
  let recordsAllTangents: Bool
  let record: (Int, TrialRecord) -> Void

  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    let n = state.method.units
    let hasTangents = recordsAllTangents || trial.index == state.method.trials - 1
    record(
      trial.index,
      TrialRecord(
        initial: state.network.initial.values(columns: n), trial: state.trial.inputs.map(Double.init),
        target: state.trial.target.map(Double.init), window: state.trial.window, condition: trial.condition,
        noise: state.rows.values(state.primal.noise),
        kicks: state.kicks.values.values(rows: state.task.steps, columns: n),
        reward: trial.reward, baseline: trial.baseline,
        weights: state.rows.values(state.primal.weights),
        tangents: hasTangents ? gradient?.tangents ?? [] : [],
        rewardTangents: gradient?.rewardTangents ?? [], twinReward: trial.twin))
  }
}
