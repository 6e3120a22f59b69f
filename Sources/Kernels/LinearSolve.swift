import COpenBLAS
import Invariants

/// The outcome of solving A x = b.
public enum LinearSolution: Sendable, Equatable {
  case solution([Double])
  /// The pivot of this column is exactly 0: A has no inverse.
  case singular(column: Int)
}

/// Solves A x = b by LU with partial pivoting (LAPACK dgesv).
/// - Parameters:
///   - matrix: A, row-major, n x n with n the length of `right`.
///   - right: b.
/// - Returns: x, or `.singular`. Entries that are not finite give a solution that is not finite.
public func solveLinear(matrix: [Double], right: [Double]) -> LinearSolution {
  let size = right.count
  invariant(matrix.count == size * size, "\(matrix.count) numbers are not a matrix of \(size) x \(size)")
  guard size > 0 else { return .solution([]) }
  _ = BLASThreads.one
  var columns = [Double](repeating: 0, count: size * size)
  for i in 0..<size {
    for j in 0..<size { columns[j * size + i] = matrix[i * size + j] }
  }
  var x = right
  var n = Int32(size)
  var one: Int32 = 1
  var pivots = [Int32](repeating: 0, count: size)
  var info: Int32 = 0
  dgesv_(&n, &one, &columns, &n, &pivots, &x, &n, &info)
  invariant(info >= 0, "argument \(-info) of dgesv is wrong")
  return info == 0 ? .solution(x) : .singular(column: Int(info) - 1)
}
