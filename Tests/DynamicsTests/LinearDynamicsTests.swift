import Foundation
import Kernels
import Model
import Testing

@testable import Dynamics

@Suite struct LinearDynamicsTests {
  /// Central differences of F, step 1e-5: error 1e-10 from the third derivative, 1e-11 from rounding.
  @Test(arguments: Nonlinearity.allCases)
  func theJacobianIsTheDerivativeOfTheFlow(nonlinearity: Nonlinearity) throws {
    let network = try randomNetwork(20, gain: 1.5, nonlinearity: nonlinearity)
    var stream = RandomStream(seed: 2, purpose: 0, lifetime: 0)
    let x = (0..<20).map { _ in Double(stream.normal()) }
    let drive = try network.drive(for: [0.3, -1])
    let jacobian = Jacobian(of: network, at: x)
    var worst = 0.0
    for j in 0..<20 {
      var (up, down) = (x, x)
      up[j] += 1e-5
      down[j] -= 1e-5
      let difference = zip(network.flow(at: up, drive: drive), network.flow(at: down, drive: drive)).map {
        ($0 - $1) / 2e-5
      }
      for i in 0..<20 { worst = max(worst, abs(difference[i] - jacobian.values[i * 20 + j])) }
    }
    #expect(worst < 1e-9, "worst \(worst)")
  }

  @Test func aSymmetricJacobianIsNormal() throws {
    let n = 12
    var stream = RandomStream(seed: 3, purpose: 0, lifetime: 0)
    var weights = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        weights[i * n + j] = Double(stream.normal()) / 3
        weights[j * n + i] = weights[i * n + j]
      }
    }
    let network = try FrozenNetwork(units: n, weights: weights, inputWeights: [], readout: [])
    let jacobian = Jacobian(of: network, at: Array(repeating: 0, count: n))
    let spectrum = try #require(Spectrum(of: jacobian))
    #expect(NonNormality(of: jacobian, spectrum: spectrum).relative < 1e-13)
    for mode in 0..<n { #expect(abs(spectrum.condition(ofMode: mode) - 1) < 1e-10) }
    #expect(spectrum.values.allSatisfy { $0.imaginary == 0 })
    #expect(zip(spectrum.values, spectrum.values.dropFirst()).allSatisfy { $0.real >= $1.real })
  }

  /// J = [[-1, 1], [0, -1]] has one eigenvector: Henrici 3 - 2 = 1, and an eigenvalue of infinite condition.
  @Test func aDefectiveJacobianIsAResult() throws {
    let network = try FrozenNetwork(
      units: 2, weights: [0, 1, 0, 0], inputWeights: [1, 1], readout: [1, 0, 0, 0])
    let point = FixedPoint(x: [0, 0], residual: 0, hits: 1)
    let report = PointReport(of: network, point: point)
    let spectrum = try #require(report.spectrum)
    #expect(abs(try #require(report.nonNormality).henrici - 1) < 1e-12)
    #expect(spectrum.stability == .stable && spectrum.unstableDirections == 0)
    #expect(spectrum.condition(ofMode: 0) > 1e7)
    // -J p = Win: p = (2, 1).
    #expect(report.sensitivity == .sensitivity([2, 1]))
    #expect(report.outputGain == [2, 0])
    let overlap = try #require(report.overlap)
    #expect(abs(overlap.right[0] - 1) < 1e-12 && abs(overlap.left[0]) < 1e-7)
    #expect(Array(overlap.right[2...]) == [0, 0])  // a row of zeros
  }

  @Test func aSingularJacobianIsAResult() throws {
    let network = try FrozenNetwork(units: 1, weights: [1], inputWeights: [1], readout: [1])
    let report = PointReport(of: network, point: FixedPoint(x: [0], residual: 0, hits: 1))
    #expect(report.sensitivity == .singular && report.outputGain == nil)
    #expect(report.spectrum?.stability == .marginal)
    #expect(report.nonNormality == NonNormality(of: report.jacobian, spectrum: report.spectrum!))
    #expect(report.nonNormality?.relative == 0)
  }

  @Test func aJacobianThatIsNotFiniteHasNoSpectrum() {
    #expect(Spectrum(of: Jacobian(size: 1, values: [.nan])) == nil)
  }

  /// An oscillator: J = [[-1 + a, -b], [b, -1 + a]] has the eigenvalues a - 1 +- i b.
  @Test func anOscillatorHasComplexEigenvalues() throws {
    let network = try FrozenNetwork(
      units: 2, weights: [0.5, -3, 3, 0.5], inputWeights: [], readout: [])
    let spectrum = try #require(Spectrum(of: Jacobian(of: network, at: [0, 0])))
    #expect(spectrum.stability == .stable && abs(spectrum.abscissa + 0.5) < 1e-12)
    #expect(abs(spectrum.values[0].imaginary - 3) < 1e-12 && abs(spectrum.values[1].imaginary + 3) < 1e-12)
  }

  /// Moving the input by +-1e-4 moves the fixed point by p: second differences cancel, error about 1e-8 |p|.
  @Test(arguments: Nonlinearity.allCases)
  func sensitivityIsTheMotionOfTheFixedPoint(nonlinearity: Nonlinearity) throws {
    let network = try randomNetwork(25, gain: 0.8, inputs: 3, outputs: 2, nonlinearity: nonlinearity)
    var settings = FixedPointSettings()
    settings.starts = 1
    func point(_ input: [Double]) throws -> [Double] {
      try #require(try FixedPoints(of: network, input: input, settings: settings).points.first).x
    }
    func output(_ x: [Double]) -> [Double] {
      (0..<2).map { k in (0..<25).reduce(0) { $0 + network.readout[k * 25 + $1] * nonlinearity.rate(x[$1]) } }
    }
    let base = [0.2, -0.4, 1]
    let x = try point(base)
    let sensitivity = InputSensitivity(of: network, jacobian: Jacobian(of: network, at: x))
    guard case .sensitivity(let p) = sensitivity else {
      Issue.record("a contraction has an invertible Jacobian")
      return
    }
    let gain = try #require(sensitivity.outputGain(of: network, at: x))
    for channel in 0..<3 {
      var (up, down) = (base, base)
      up[channel] += 1e-4
      down[channel] -= 1e-4
      let (a, b) = (try point(up), try point(down))
      for i in 0..<25 { #expect(abs((a[i] - b[i]) / 2e-4 - p[i * 3 + channel]) < 1e-6) }
      for (k, (za, zb)) in zip(output(a), output(b)).enumerated() {
        #expect(abs((za - zb) / 2e-4 - gain[k * 3 + channel]) < 1e-6)
      }
    }
  }
}
