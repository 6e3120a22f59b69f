import Numerics
import Foundation
import Kernels
import Testing

@Suite struct LinearAlgebraTests {
  /// A v = lambda v and u^H A = lambda u^H, to the backward error of LAPACK.
  @Test(arguments: [1, 2, 5, 32]) func eigenvectorsSolveTheirEquations(_ size: Int) throws {
    var stream = RandomStream(seed: 3, purpose: 1, lifetime: UInt32(size))
    let a = (0..<size * size).map { _ in Double(stream.normal()) }
    let system = try Eigensystem(of: a, size: size)
    #expect(system.values.count == size)
    var worst = 0.0
    for (n, value) in system.values.enumerated() {
      for i in 0..<size {
        let v = system.right[n * size + i]
        let u = system.left[n * size + i]
        // The conjugate of u on the left: sum_j conj(u_j) A_ji = lambda conj(u_i).
        var (right, left) = (-(value * v), -(value * u.conjugate))
        for j in 0..<size {
          right += system.right[n * size + j].multiplied(by: a[i * size + j])
          left += system.left[n * size + j].conjugate.multiplied(by: a[j * size + i])
        }
        worst = max(worst, right.magnitude, left.magnitude)
      }
    }
    #expect(worst < 1e-13 * Double(size), "worst residual \(worst)")
  }

  @Test func rotationHasAnImaginaryPair() throws {
    let system = try Eigensystem(of: [0, -2, 2, 0], size: 2)
    #expect(abs(system.values[0].imaginary - 2) < 1e-15 && abs(system.values[1].imaginary + 2) < 1e-15)
    #expect(abs(system.values[0].length - 2) < 1e-15)
  }

  @Test func damagedMatrixIsRefused() {
    let error = #expect(throws: LinearAlgebraError.self) {
      try Eigensystem(of: [1, 2, .nan, 4], size: 2)
    }
    #expect(
      error?.description
        == "element (1, 0) of the matrix is nan, expected a finite number; "
        + "check that the network it comes from did not diverge")
  }

  @Test func linearSystems() {
    let matrix = [2.0, 1, 0, 1, 3, -1, 0, 0.5, 4]
    guard case .solution(let x) = solveLinear(matrix: matrix, right: [4, 6, 13]) else {
      Issue.record("a regular matrix was called singular")
      return
    }
    for (i, right) in [4.0, 6, 13].enumerated() {
      let product = (0..<3).reduce(0) { $0 + matrix[i * 3 + $1] * x[$1] }
      #expect(abs(product - right) < 1e-14 * 13)
    }
    #expect(solveLinear(matrix: [1, 2, 2, 4], right: [1, 1]) == .singular(column: 1))
    #expect(solveLinear(matrix: [], right: []) == .solution([]))
  }
}
