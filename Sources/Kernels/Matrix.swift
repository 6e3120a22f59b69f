import KernelCalls
import Invariants

/// A row-major matrix on one 64-byte aligned buffer, zero at first; rows are padded to `stride` scalars.
///
/// The layout the kernels expect: with the default stride every row starts on a vector and ends in padding that is
/// 0 until it is written. Element (row, column) is at `pointer[row * stride + column]`.
public struct Matrix<S: KernelScalar>: ~Copyable {
  public let rows: Int
  public let columns: Int
  /// Scalars from one row to the next, at least `columns`.
  public let stride: Int
  /// The first scalar. Valid for `rows * stride` scalars as long as the matrix lives.
  public let pointer: UnsafeMutablePointer<S>
  /// False where the scalars are another matrix's.
  private let owns: Bool

  /// - Parameter stride: scalars a row; the columns rounded up to 16 where nothing is given.
  public init(rows: Int, columns: Int, stride: Int? = nil) {
    let stride = stride ?? paddedCount(columns)
    invariant(rows >= 0 && columns >= 0, "a matrix cannot have \(rows) rows and \(columns) columns")
    invariant(stride >= columns, "a row of \(columns) columns does not fit a stride of \(stride)")
    let (count, overflow) = rows.multipliedReportingOverflow(by: stride)
    invariant(!overflow, "a matrix of \(rows) rows of \(stride) scalars exceeds the address space")
    self.rows = rows
    self.columns = columns
    self.stride = stride
    pointer = ScalarMemory.allocate(count)
    owns = true
  }

  /// Rows of a larger matrix of as many columns, which must live longer than this one.
  /// - Parameter start: the first scalar of the first of them.
  public init(rows: Int, columns: Int, of start: UnsafeMutablePointer<S>) {
    self.rows = rows
    self.columns = columns
    stride = paddedCount(columns)
    pointer = start
    owns = false
  }

  /// A single row of `count` columns.
  public init(count: Int) { self.init(rows: 1, columns: count) }

  deinit { if owns { ScalarMemory.free(pointer, rows * stride) } }

  /// Scalars in the buffer, padding included.
  public var count: Int { rows * stride }
}

extension Matrix {
  public subscript(row: Int, column: Int) -> S {
    get {
      checkPlace(row, column)
      return pointer[row * stride + column]
    }
    set {
      checkPlace(row, column)
      pointer[row * stride + column] = newValue
    }
  }

  private func checkPlace(_ row: Int, _ column: Int) {
    invariant(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "element (\(row), \(column)) is outside a matrix of \(rows) x \(columns)")
  }

  /// Sets every scalar, padding included, to 0.
  public mutating func clear() {
    // All bits 0 is 0 in every type of scalars: one call, also where this code is not compiled for the type.
    let bytes = UnsafeMutableRawPointer(pointer)
    bytes.initializeMemory(as: UInt8.self, repeating: 0, count: count * MemoryLayout<S>.stride)
  }

  /// Copies all scalars of a matrix of the same shape.
  public mutating func copy(from other: borrowing Matrix<S>) {
    invariant(
      rows == other.rows && columns == other.columns && stride == other.stride,
      "\(other.rows) x \(other.columns) (stride \(other.stride)) does not fit \(rows) x \(columns) (\(stride))"
    )
    pointer.update(from: other.pointer, count: count)
  }
}
