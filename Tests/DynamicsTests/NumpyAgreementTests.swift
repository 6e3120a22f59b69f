import Foundation
import Kernels
import TestSupport
import Testing

@testable import Dynamics

/// Eigenvalues, Henrici's index, sensitivity and overlaps against numpy on the same Jacobian.
@Suite(.startsPrograms) struct NumpyAgreementTests {
  struct Question: Encodable {
    var n: Int
    var m: Int
    var k: Int
    var jacobian: [Double]
    var inputWeights: [Double]
    var readout: [Double]
  }

  struct Answer: Decodable {
    var real: [Double]
    var imaginary: [Double]
    var henrici: Double
    var p: [Double]
    var right: [[Double]]
    var left: [[Double]]
  }

  static let script = """
    n, m, k = data["n"], data["m"], data["k"]
    J = np.array(data["jacobian"]).reshape(n, n)
    Win = np.array(data["inputWeights"]).reshape(n, m)
    Wout = np.array(data["readout"]).reshape(k, n)
    lam, V = np.linalg.eig(J)
    U = np.linalg.inv(V).conj().T
    def overlap(X):
        return np.abs(Wout @ X.conj()) / np.linalg.norm(X, axis=0) / np.linalg.norm(Wout, axis=1)[:, None]
    answer = {
        "real": lam.real.tolist(), "imaginary": lam.imag.tolist(),
        "henrici": float(np.linalg.norm(J, "fro") ** 2 - np.sum(np.abs(lam) ** 2)),
        "p": np.linalg.solve(-J, Win).ravel().tolist(),
        "right": overlap(V).tolist(), "left": overlap(U).tolist(),
    }
    """

  /// Tolerance 1e-10: two LAPACKs differ by eps ||J|| times an eigenvalue's condition, here up to about 1e3.
  @Test(arguments: [(5, 0.5), (32, 1.5), (64, 2), (200, 1.5)])
  func agrees(units: Int, gain: Double) throws {
    let network = try randomNetwork(units, gain: gain, inputs: 3, outputs: 2, inputScale: 2)
    var settings = FixedPointSettings()
    settings.starts = 20
    let found = try FixedPoints(of: network, input: [1, 0, -1], settings: settings)
    let point = try #require(found.points.first)
    let report = PointReport(of: network, point: point)
    let spectrum = try #require(report.spectrum)
    let overlap = try #require(report.overlap)
    let answer = try numpy(
      Self.script,
      Question(
        n: units, m: 3, k: 2, jacobian: report.jacobian.values, inputWeights: network.inputWeights,
        readout: network.readout), as: Answer.self)

    var free = Set(0..<units)
    var worst = 0.0
    var worstOverlap = 0.0
    for (mode, value) in spectrum.values.enumerated() {
      let nearest = try #require(
        free.min {
          hypot(answer.real[$0] - value.real, answer.imaginary[$0] - value.imaginary)
            < hypot(answer.real[$1] - value.real, answer.imaginary[$1] - value.imaginary)
        })
      free.remove(nearest)
      worst = max(
        worst, hypot(answer.real[nearest] - value.real, answer.imaginary[nearest] - value.imaginary))
      var off = 0.0
      for k in 0..<2 {
        off = max(off, abs(overlap.right[k * units + mode] - answer.right[k][nearest]))
        off = max(off, abs(overlap.left[k * units + mode] - answer.left[k][nearest]))
      }
      worstOverlap = max(worstOverlap, off)
      // Rounding turns an eigenvector by eps over the gap to its neighbours, and saturated units crowd eigenvalues
      // at -1 to gaps of 1e-6.
      let gap = spectrum.values.indices.filter { $0 != mode }.map {
        hypot(spectrum.values[$0].real - value.real, spectrum.values[$0].imaginary - value.imaginary)
      }.min()!
      #expect(off < 1e-12 + 1e-13 / gap, "overlap of mode \(mode): \(off) at a gap of \(gap)")
    }
    #expect(worst < 1e-10, "eigenvalues: worst \(worst)")
    let henrici = try #require(report.nonNormality).henrici
    #expect(abs(henrici - answer.henrici) < 1e-10 * max(1, abs(answer.henrici)))
    guard case .sensitivity(let p) = report.sensitivity else {
      Issue.record("numpy solves what we call singular")
      return
    }
    let scale = answer.p.map(abs).max()!
    let error = zip(p, answer.p).map { abs($0 - $1) }.max()!
    #expect(error < 1e-10 * max(1, scale), "p: worst \(error) of \(scale)")
    print(
      "N = \(units), g = \(gain) against numpy: eigenvalues \(worst), overlaps \(worstOverlap), "
        + "Henrici \(abs(henrici - answer.henrici)), p \(error) of \(scale)")
  }
}
