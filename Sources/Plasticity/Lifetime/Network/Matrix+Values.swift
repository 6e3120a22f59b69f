import KernelCalls
import Kernels

/// Doors from the kernels' padded, transposed layout to the method's own: row-major [i][j], in Double.
extension Matrix {
  /// One row of these numbers.
  init(row values: [Double]) {
    self.init(count: values.count)
    for index in values.indices { pointer[index] = S(values[index]) }
  }

  /// The first `rows` rows (all where nil) without their padding.
  func values(rows: Int? = nil, columns: Int) -> [Double] {
    var result: [Double] = []
    let rows = rows ?? self.rows
    result.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns { result.append(Double(pointer[row * stride + column])) }
    }
    return result
  }

  /// A_ij at [i * rows + j] of a matrix stored as [j][i]: `columns` rows of the first `rows` entries.
  func transposedValues(rows: Int? = nil, columns: Int) -> [Double] {
    var result: [Double] = []
    let rows = rows ?? self.rows
    result.reserveCapacity(rows * columns)
    for i in 0..<columns {
      for j in 0..<rows { result.append(Double(pointer[j * stride + i])) }
    }
    return result
  }
}

extension RandomStream {
  /// At least `count` normals at `output`, in whole blocks (`normalsCount`); see `NormalsCall`.
  func fill<S>(_ output: UnsafeMutablePointer<S>, atLeast count: Int, _ kernels: KernelSet<S>) {
    kernels.normals(
      NormalsCall(key: key, counter: counter, count: Self.normalsCount(atLeast: count), output: output))
  }
}
