import COpenBLAS
import Numerics
import Invariants

/// Eigenvalues and eigenvectors of a real square matrix A (LAPACK dgeev): A v = lambda v, u^H A = lambda u^H.
///
/// Values come as LAPACK orders them, conjugate pairs side by side, the positive imaginary part first. Vectors have
/// Euclidean norm 1 and a real largest component; `right[n * size + i]` is component i of vector n, likewise `left`.
public struct Eigensystem: Sendable {
  public let size: Int
  public let values: [Complex<Double>]
  public let right: [Complex<Double>]
  public let left: [Complex<Double>]

  /// - Parameter matrix: A, row-major, `size * size` finite numbers.
  /// - Throws: `LinearAlgebraError` where an entry is not finite or the QR iteration does not converge.
  public init(of matrix: [Double], size: Int) throws {
    invariant(
      size >= 0 && matrix.count == size * size,
      "\(matrix.count) numbers are not a matrix of \(size) x \(size)")
    if let place = matrix.firstIndex(where: { !$0.isFinite }) {
      throw LinearAlgebraError.notFinite(row: place / size, column: place % size, value: matrix[place])
    }
    self.size = size
    guard size > 0 else {
      (values, right, left) = ([], [], [])
      return
    }
    _ = BLASThreads.one
    // Column-major LAPACK reads A transposed: its left vectors are the conjugates of our right ones.
    var a = matrix
    var n = Int32(size)
    var real = [Double](repeating: 0, count: size)
    var imaginary = real
    var vl = [Double](repeating: 0, count: size * size)
    var vr = vl
    var work = [0.0]
    var workCount: Int32 = -1
    var info: Int32 = 0
    dgeev_("V", "V", &n, &a, &n, &real, &imaginary, &vl, &n, &vr, &n, &work, &workCount, &info)
    workCount = Int32(work[0])
    work = Array(repeating: 0, count: Int(workCount))
    dgeev_("V", "V", &n, &a, &n, &real, &imaginary, &vl, &n, &vr, &n, &work, &workCount, &info)
    invariant(info >= 0, "argument \(-info) of dgeev is wrong")
    guard info == 0 else { throw LinearAlgebraError.notConverged(size: size, found: size - Int(info)) }
    values = zip(real, imaginary).map { Complex($0, $1) }
    right = Self.unpacked(vl, imaginary)
    left = Self.unpacked(vr, imaginary)
  }

  /// LAPACK keeps a conjugate pair of vectors as two real columns, real part then imaginary
  /// part; the transposition asks for the conjugates.
  private static func unpacked(_ packed: [Double], _ imaginary: [Double]) -> [Complex<Double>] {
    let size = imaginary.count
    var result: [Complex<Double>] = []
    result.reserveCapacity(size * size)
    var n = 0
    while n < size {
      let isPair = imaginary[n] != 0
      for i in 0..<size {
        result.append(Complex(packed[n * size + i], isPair ? -packed[(n + 1) * size + i] : 0))
      }
      if isPair {
        for i in 0..<size {
          result.append(Complex(packed[n * size + i], packed[(n + 1) * size + i]))
        }
      }
      n += isPair ? 2 : 1
    }
    return result
  }
}

/// An input or an outcome of LAPACK without a result.
public enum LinearAlgebraError: Error, Equatable, CustomStringConvertible {
  case notFinite(row: Int, column: Int, value: Double)
  case notConverged(size: Int, found: Int)

  public var description: String {
    switch self {
    case .notFinite(let row, let column, let value):
      "element (\(row), \(column)) of the matrix is \(value), expected a finite number; "
        + "check that the network it comes from did not diverge"
    case .notConverged(let size, let found):
      "the QR iteration found \(found) of \(size) eigenvalues; scale the matrix or perturb it slightly"
    }
  }
}
