import KernelCalls
import Kernels
import Model

/// The fixed random part of one lifetime, in the kernels' layout: the wiring, W0, Win, Wout and x_0.
///
/// Every entry is a Float draw times a Double factor, rounded once to S, so a Float and a Double run of the same
/// address see the same network.
struct NetworkDraw<S: KernelScalar>: ~Copyable {
  /// W0, transposed: N x ld.
  var weights: Matrix<S>
  /// Win, transposed: M x ld.
  var inputWeights: Matrix<S>
  /// Wout: K x ld.
  var readout: Matrix<S>
  /// x_0: ld.
  var initial: Matrix<S>
  /// 1 where a recurrent synapse exists, 0 elsewhere, transposed: N x ld; no rows where all do.
  var existing: Matrix<S>
  /// 1 or -1 by presynaptic unit: ld; no rows where W may have any sign.
  var signs: Matrix<S>
  var normals: Matrix<S>

  init(units: Int, inputs: Int, outputs: Int, wiring: Wiring) {
    weights = Matrix(rows: units, columns: units)
    inputWeights = Matrix(rows: inputs, columns: units)
    readout = Matrix(rows: outputs, columns: units)
    initial = Matrix(rows: 1, columns: units)
    existing = Matrix(rows: wiring.isFull ? 0 : units, columns: units)
    signs = Matrix(rows: wiring.excitatory == nil ? 0 : 1, columns: units)
    normals = Matrix(
      rows: 1, columns: RandomStream.normalsCount(atLeast: max(units, inputs, outputs, 1) * weights.stride))
  }

  mutating func draw(_ address: LifetimeAddress, method: Method, kernels: KernelSet<S>) {
    let n = Double(method.units)
    drawExisting(address, method.wiring, units: method.units)
    if let excitatory = method.wiring.excitatoryUnits(of: method.units) {
      drawSigned(address, method, excitatory: excitatory, kernels)
    } else {
      Self.fill(
        &weights, address.stream(.weights),
        factor: method.gain / (n * method.wiring.connectivity).squareRoot(), method.units, &normals, kernels)
      keepExisting(of: weights.pointer)
    }
    Self.fill(
      &inputWeights, address.stream(.inputWeights), factor: method.inputScale, method.units, &normals, kernels
    )
    Self.fill(
      &readout, address.stream(.readout), factor: method.readoutScale / n.squareRoot(), method.units,
      &normals,
      kernels)
    drawInitial(address, trial: 0, method: method, kernels: kernels)
  }

  /// x_0 of `trial`; trial 0 is also the one draw of a lifetime that keeps its x_0.
  mutating func drawInitial(_ address: LifetimeAddress, trial: Int, method: Method, kernels: KernelSet<S>) {
    Self.fill(
      &initial, address.stream(.initialState, trial: trial), factor: method.initialScale, method.units,
      &normals,
      kernels)
  }

  private static func fill(
    _ matrix: inout Matrix<S>, _ stream: RandomStream, factor: Double, _ units: Int,
    _ normals: inout Matrix<S>,
    _ kernels: KernelSet<S>
  ) {
    let ld = matrix.stride
    guard matrix.rows > 0 else { return }
    stream.fill(normals.pointer, atLeast: matrix.rows * ld, kernels)
    for row in 0..<matrix.rows {
      for i in 0..<units {
        matrix.pointer[row * ld + i] = S(factor * Double(normals.pointer[row * ld + i]))
      }
    }
  }
}
