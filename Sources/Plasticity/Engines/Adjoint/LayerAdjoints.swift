import KernelCalls
import Kernels
import Model
import Tasks

/// Input and readout synapses that learn, read backwards through a trial.
final class LayerAdjoints<S: KernelScalar> {
  private let rows: SynapseRows
  private let steps: Int
  private let outputs: Int
  private let ld: Int
  /// dL/ddelta by way of the input synapses' e, and leak lambda_{t+1}; T x ld, no rows where inputs do not learn.
  private var fluctuation: Matrix<S>
  private var drive: Matrix<S>
  /// dL/d(zbar - z) by way of the readout synapses' e, T x K.
  private var outputFluctuation: [S]

  init(_ state: LifetimeState<S>) {
    rows = state.rows
    steps = state.task.steps
    outputs = state.task.outputs
    ld = state.primal.ld
    fluctuation = Matrix(rows: rows.input.isEmpty ? 0 : steps, columns: rows.units)
    drive = Matrix(rows: rows.input.isEmpty ? 0 : steps, columns: rows.units)
    outputFluctuation = Array(repeating: 0, count: rows.readout.isEmpty ? 0 : steps * outputs)
  }

  /// For the kernel; nil where inputs do not learn.
  var fluctuationAdjoints: UnsafePointer<S>? {
    fluctuation.rows == 0 ? nil : UnsafePointer(fluctuation.pointer)
  }
  var drives: UnsafeMutablePointer<S>? { drive.rows == 0 ? nil : drive.pointer }

  /// From E of both layers to theta, to their signals and to Wout.
  /// - Parameters:
  ///   - outputAdjoint: dL/dz of the reward, T x K; what L sees of z by way of e is added.
  ///   - rateAdjoint: dL/dr beside W, T x ld; added to.
  ///   - weightAdjoint: all rows, added to.
  func reverse(
    _ state: LifetimeState<S>, _ planes: Tape<S>.Planes, traceAdjoint: UnsafePointer<S>,
    outputAdjoint: inout [S], rateAdjoint: UnsafeMutablePointer<S>,
    weightAdjoint: UnsafeMutablePointer<S>, sums: inout [Double]
  ) {
    for layer in state.layers {
      switch layer.layer {
      case .recurrent: break
      case .input:
        fluctuation.clear()
        layer.reverse(
          traceAdjoint, planes.source, sums: &sums, rowAdjoints: nil, laneAdjoints: fluctuation.pointer,
          weightAdjoint: weightAdjoint)
      case .readout:
        for index in outputFluctuation.indices { outputFluctuation[index] = 0 }
        outputFluctuation.withUnsafeMutableBufferPointer {
          layer.reverse(
            traceAdjoint, planes.source, sums: &sums, rowAdjoints: $0.baseAddress!,
            laneAdjoints: rateAdjoint, weightAdjoint: weightAdjoint)
        }
        reverseMean(rate: state.primal.leakBar, into: &outputAdjoint)
        addReadoutWeights(planes, outputAdjoint, to: weightAdjoint)
      }
    }
  }

  /// From the adjoint of zbar - z to that of z: zbar_{t+1} = zbar_t + (dt/tau_bar) (z_t - zbar_t), zbar_0 = z_0.
  private func reverseMean(rate: S, into outputAdjoint: inout [S]) {
    for k in 0..<outputs {
      var mean: S = 0
      for t in stride(from: steps - 1, through: 0, by: -1) {
        let place = t * outputs + k
        outputAdjoint[place] += rate * mean - outputFluctuation[place]
        mean = outputFluctuation[place] + (1 - rate) * mean
      }
      outputAdjoint[k] += mean
    }
  }

  /// dL/dWout += sum_t dL/dz_t r_t.
  private func addReadoutWeights(
    _ planes: Tape<S>.Planes, _ outputAdjoint: [S], to weightAdjoint: UnsafeMutablePointer<S>
  ) {
    for k in 0..<outputs {
      let target = weightAdjoint + (rows.readout.lowerBound + k) * ld
      for t in 0..<steps where outputAdjoint[t * outputs + k] != 0 {
        add(outputAdjoint[t * outputs + k], planes.rates + t * ld, to: target)
      }
    }
  }

  /// dL/dWin += sum_t leak lambda_{t+1} u_t, after every call of the kernel.
  func addInputWeights(_ planes: Tape<S>.Planes, to weightAdjoint: UnsafeMutablePointer<S>) {
    for m in rows.input.indices {
      for t in 0..<steps {
        let u = planes.inputs[t * rows.input.count + m - rows.input.lowerBound]
        if u != 0 { add(u, drive.pointer + t * ld, to: weightAdjoint + m * ld) }
      }
    }
  }

  /// target += factor values in the lanes of units: padded lanes of rates may hold anything.
  private func add(_ factor: S, _ values: UnsafePointer<S>, to target: UnsafeMutablePointer<S>) {
    for i in 0..<rows.units { target[i] += factor * values[i] }
  }
}

extension Tape.Planes {
  /// Wout of the trial.
  func readoutWeights(_ state: LifetimeState<S>) -> UnsafePointer<S> {
    let rows = state.rows.readout
    return rows.isEmpty
      ? UnsafePointer(state.network.readout.pointer)
      : UnsafePointer(weights + rows.lowerBound * state.primal.ld)
  }
}
