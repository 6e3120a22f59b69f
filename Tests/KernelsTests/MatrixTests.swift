import Kernels
import Testing

@Suite struct MatrixTests {
  @Test func layout() {
    var matrix = Matrix<Float>(rows: 3, columns: 17)
    #expect(matrix.stride == 32 && matrix.count == 96)
    #expect(UInt(bitPattern: matrix.pointer) % 64 == 0)
    for place in 0..<matrix.count { #expect(matrix.pointer[place] == 0) }
    matrix[2, 16] = 5
    #expect(matrix.pointer[2 * 32 + 16] == 5)
    matrix.pointer[33] = 7
    #expect(matrix[1, 1] == 7)
    var other = Matrix<Float>(rows: 3, columns: 17)
    other.copy(from: matrix)
    #expect(other[2, 16] == 5)
    other.clear()
    #expect(other[2, 16] == 0)
  }

  @Test func emptyMatricesExist() {
    let none = Matrix<Double>(rows: 0, columns: 4)
    #expect(none.count == 0)
    #expect(Matrix<Double>(rows: 4, columns: 0).count == 0)
    #expect(Matrix<Double>(rows: 2, columns: 5, stride: 5).count == 10)
  }
}
