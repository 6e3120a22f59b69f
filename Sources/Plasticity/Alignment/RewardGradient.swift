import KernelCalls
import Kernels
import Tasks

/// dR/dW of one trial at fixed kicks, exact, by the reverse pass of the rival `bptt`: lambda_t = dR/dx_t backwards from
/// lambda_T = 0, and dR/dW_ij = sum_t alpha lambda_{i,t+1} r_{j,t}.
///
/// One call takes about as long as the trial itself. A binary reward has no derivative: the gradient is then 0.
struct RewardGradient<S: KernelScalar>: ~Copyable {
  private var traces: RivalTraces<S>
  private var slopes: [Double]
  /// dR/dW, transposed: N x ld. Padded lanes may hold anything.
  let values: Matrix<S>

  init(_ state: LifetimeState<S>) {
    traces = RivalTraces(method: state.method, task: state.task, kernels: state.kernels)
    slopes = Array(repeating: 0, count: state.task.steps * state.task.outputs)
    values = Matrix(rows: state.method.units, columns: state.method.units)
  }

  /// That of the trial which the state has run last, at the W it ran from.
  mutating func take(_ state: LifetimeState<S>) {
    for index in slopes.indices { slopes[index] = 0 }
    state.reward.slope(state.readout, state.trial, into: &slopes)
    traces.takeSlopes(slopes)
    traces.propagateBack(
      readout: state.primal.readoutWeights(state.network), state.primal.rates, weights: state.primal.weights)
    traces.sum(pre: state.primal.rates.pointer, into: values.pointer)
  }
}
