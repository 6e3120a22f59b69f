import KernelCalls
import Kernels
import Testing

/// The sizes of one test trial.
struct Shape: Sendable, CustomTestStringConvertible, CaseIterable {
  var units: Int, steps: Int, degree: Int, outputs: Int
  var ld: Int { paddedCount(units) }
  var terms: Int { degree + 1 }
  var directions: Int { terms * terms }
  var testDescription: String { "N=\(units) T=\(steps) d=\(degree) K=\(outputs)" }

  /// One unit, one step, degree 0, and sizes on both sides of the vector and of the tiles.
  static let allCases = [
    Shape(units: 1, steps: 1, degree: 0, outputs: 1), Shape(units: 1, steps: 5, degree: 2, outputs: 2),
    Shape(units: 3, steps: 1, degree: 1, outputs: 1), Shape(units: 7, steps: 9, degree: 0, outputs: 1),
    Shape(units: 15, steps: 11, degree: 5, outputs: 3), Shape(units: 16, steps: 8, degree: 1, outputs: 1),
    Shape(units: 17, steps: 33, degree: 2, outputs: 1), Shape(units: 32, steps: 24, degree: 3, outputs: 1),
    Shape(units: 33, steps: 40, degree: 4, outputs: 2), Shape(units: 70, steps: 31, degree: 3, outputs: 1),
  ]
}

/// Random inputs of one trial in S, and the same numbers in Double for the reference loops.
final class TrialCase<S: KernelScalar> {
  let shape: Shape
  let leak = S(15.0 / 80), leakBar = S(0.75)
  let weights: Buffer<S>, initial: Buffer<S>, drive: Buffer<S>, readout: Buffer<S>, noise: Buffer<S>
  let carried: Buffer<S>
  let coefficients: Buffer<S>, scales: Buffer<S>, stepWeights: Buffer<S>
  let scratch: Buffer<S>
  private var stream: RandomStream

  init(_ shape: Shape, seed: UInt64 = 1) {
    self.shape = shape
    stream = RandomStream(
      seed: seed, purpose: 9000, lifetime: UInt32(shape.units), trial: UInt32(shape.steps))
    let n = shape.units
    weights = Buffer(rows: n, columns: n)
    initial = Buffer(rows: 1, columns: n)
    drive = Buffer(rows: shape.steps, columns: n)
    readout = Buffer(rows: shape.outputs, columns: n)
    noise = Buffer(rows: n, columns: n)
    carried = Buffer(rows: shape.directions * n, columns: n)
    coefficients = Buffer(rows: 1, columns: shape.directions)
    scales = Buffer(rows: 1, columns: shape.directions)
    stepWeights = Buffer(rows: 1, columns: shape.steps)
    // One space for every level that runs here.
    let counts = [SIMDLevel.baseline, .v3, .v4].filter { $0 <= .highest }.map {
      S.kernels($0).scratchCount(n, shape.steps, shape.degree, shape.directions)
    }
    scratch = Buffer(rows: 1, columns: counts.max()!)
    fill(weights, 1.5 / Double(n).squareRoot())
    fill(initial, 0.5)
    fill(drive, 0.3)
    fill(readout, 1)
    fill(noise, 1)
    fill(carried, 0.2)
    fill(coefficients, 0.5)
    for p in 0..<shape.directions { scales[0, p] = S(0.5 + stream.uniform()) }
    for t in 0..<shape.steps {
      var weight = 15.0
      for _ in t..<shape.steps - 1 { weight *= 1 - 15.0 / 400 }
      stepWeights[0, t] = S(weight / 15)
    }
  }

  private func fill(_ buffer: Buffer<S>, _ size: Double) {
    for i in 0..<buffer.rows {
      for j in 0..<buffer.columns { buffer[i, j] = S(size * Double(stream.normal())) }
    }
  }
}

/// A `Matrix` that tests may share; `pointer` is that of the matrix.
final class Buffer<S: KernelScalar> {
  private var matrix: Matrix<S>
  init(rows: Int, columns: Int) { matrix = Matrix(rows: rows, columns: columns) }
  var rows: Int { matrix.rows }
  var columns: Int { matrix.columns }
  var pointer: UnsafeMutablePointer<S> { matrix.pointer }
  var ld: Int { matrix.stride }
  subscript(i: Int, j: Int) -> S {
    get { matrix[i, j] }
    set { matrix[i, j] = newValue }
  }
  /// All rows and columns as Double, without the padding.
  var values: [[Double]] {
    (0..<rows).map { i in (0..<columns).map { j in Double(self[i, j]) } }
  }
  /// Every scalar, padding included.
  var bits: [S] { (0..<rows * ld).map { pointer[$0] } }
  /// True where the padding of all rows is 0.
  var paddingIsZero: Bool {
    (0..<rows).allSatisfy { i in (columns..<ld).allSatisfy { pointer[i * ld + $0] == 0 } }
  }
  /// Writes `value` to every scalar, padding included.
  func poison(_ value: S = .nan) { pointer.update(repeating: value, count: rows * ld) }
}

/// The largest |a - b| relative to the largest |b| (1 where b is 0 everywhere); infinite where a is not finite.
func relativeError(_ a: [[Double]], _ b: [[Double]]) -> Double {
  precondition(a.count == b.count, "\(a.count) rows against \(b.count)")
  let scale = b.joined().map { abs($0) }.max() ?? 0
  var worst = 0.0
  for (x, y) in zip(a, b) {
    precondition(x.count == y.count, "\(x.count) columns against \(y.count)")
    for (u, v) in zip(x, y) {
      let difference = abs(u - v)
      worst = difference.isFinite ? max(worst, difference) : .infinity
    }
  }
  return worst / (scale == 0 ? 1 : scale)
}

/// Relative to the largest entry: the roundings of some hundred additions.
func tolerance<S: KernelScalar>(_: S.Type) -> Double { S.self == Float.self ? 2e-5 : 2e-14 }

/// The levels this machine can run.
let levels = SIMDLevel.allCases.filter { $0 <= .highest }
