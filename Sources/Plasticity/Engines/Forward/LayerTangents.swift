import KernelCalls
import Kernels
import Model
import Tasks

/// What input and readout synapses that learn add to the tangents of a trial, for a list of directions:
/// xdot' gains (dt/tau) Uin u, zdot is Wout rdot + Uout r, and edot follows their signals.
final class LayerTangents<S: KernelScalar> {
  private let rows: SynapseRows
  private let steps: Int
  private let outputs: Int
  private let ld: Int
  private let directions: [RuleCoordinate]
  /// Uin u, directions x T x ld; no rows where inputs do not learn.
  private var drive: Matrix<S>
  /// deltadot, the same.
  private var fluctuation: Matrix<S>
  /// zbardot - zdot of one direction, T x K.
  private var outputFluctuation: [S]

  init(_ state: LifetimeState<S>, directions: [RuleCoordinate]) {
    rows = state.rows
    steps = state.task.steps
    outputs = state.task.outputs
    ld = state.primal.ld
    self.directions = directions
    let count = rows.input.isEmpty ? 0 : directions.count * steps
    drive = Matrix(rows: count, columns: rows.units)
    fluctuation = Matrix(rows: count, columns: rows.units)
    outputFluctuation = Array(repeating: 0, count: rows.readout.isEmpty ? 0 : steps * outputs)
  }

  /// For the kernels; nil where inputs do not learn.
  var drives: UnsafePointer<S>? { drive.rows == 0 ? nil : UnsafePointer(drive.pointer) }
  var fluctuationTangents: UnsafeMutablePointer<S>? { fluctuation.rows == 0 ? nil : fluctuation.pointer }

  /// Uin u of every step and direction.
  func fillDrives(_ primal: borrowing PrimalBuffers<S>, carried: UnsafePointer<S>) {
    guard drive.rows > 0 else { return }
    drive.clear()
    for q in directions.indices {
      let plane = carried + q * rows.count * ld
      for t in 0..<steps {
        let target = drive.pointer + (q * steps + t) * ld
        for m in rows.input.indices {
          let u = primal.inputs.pointer[t * rows.input.count + m - rows.input.lowerBound]
          if u == 0 { continue }
          for i in stride(from: 0, to: ld, by: 16) {
            store(lanes(UnsafePointer(target) + i) + u * lanes(plane + m * ld + i), target + i)
          }
        }
      }
    }
  }

  /// Adds Uout r to zdot, directions x T x K, and edot of both layers, all rows of every direction.
  /// - Parameters:
  ///   - carried: U; nil where it is 0 and nothing moves.
  ///   - rateTangents: rdot, directions x T x ld.
  func add(
    _ state: LifetimeState<S>, carried: UnsafePointer<S>?, rateTangents: UnsafePointer<S>,
    outputTangents: UnsafeMutablePointer<S>, to planes: UnsafeMutablePointer<S>
  ) {
    let source = state.primal.source
    for (q, direction) in directions.enumerated() {
      let plane = planes + q * rows.count * ld
      for layer in state.layers {
        if case .theta(let index) = direction, layer.places.contains(index) {
          layer.addDirect(index, state.rule.shape, source, to: plane)
        }
        guard let carried else { continue }
        let own = carried + q * rows.count * ld + layer.rows.lowerBound * ld
        switch layer.layer {
        case .recurrent: break
        case .input:
          layer.addTangent(
            source, rowTangents: nil, laneTangents: fluctuation.pointer + q * steps * ld, carried: own,
            to: plane)
        case .readout:
          let zdot = outputTangents + q * steps * outputs
          addReadout(own, state.primal.rates.pointer, to: zdot)
          follow(zdot, rate: state.primal.leakBar)
          outputFluctuation.withUnsafeBufferPointer {
            layer.addTangent(
              source, rowTangents: $0.baseAddress!, laneTangents: rateTangents + q * steps * ld,
              carried: own, to: plane)
          }
        }
      }
    }
  }

  private func addReadout(
    _ own: UnsafePointer<S>, _ rates: UnsafeMutablePointer<S>, to zdot: UnsafeMutablePointer<S>
  ) {
    for t in 0..<steps {
      for k in 0..<outputs {
        zdot[t * outputs + k] += dot(own + k * ld, rates + t * ld, count: ld)
      }
    }
  }

  /// zbardot - zdot, zbardot_0 = zdot_0.
  private func follow(_ zdot: UnsafePointer<S>, rate: S) {
    for k in 0..<outputs {
      var mean = zdot[k]
      for t in 0..<steps {
        let own = zdot[t * outputs + k]
        outputFluctuation[t * outputs + k] = mean - own
        mean += rate * (own - mean)
      }
    }
  }
}
