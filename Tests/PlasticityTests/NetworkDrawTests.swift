import Foundation
import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// What a lifetime's network is drawn as.
@Suite struct NetworkDrawTests {
  private func network(
    _ wiring: Wiring, units: Int = 100, gain: Double = 1.3, index: UInt32 = 0, double: Bool = true,
    level: SIMDLevel = .highest
  ) -> (weights: [Double], mask: [Double]?) {
    let method = Method(units: units, trials: 1, gain: gain, wiring: wiring)
    let task = NoiseTask()
    let address = LifetimeAddress(seed: 7, domain: .training, index: index)
    return (
      task.runner(method, double: double, level: level).network(address).weights,
      task.inputs(address, method: method, constants: LocalConstants()).mask
    )
  }

  private func radius(_ weights: [Double]) throws -> Double {
    let size = Int(Double(weights.count).squareRoot().rounded())
    return try Eigensystem(of: weights, size: size).values.map(\.length).max() ?? 0
  }

  /// Five standard errors.
  @Test(arguments: [0.1, 0.5, 0.9])
  func shareOfSynapsesIsTheConnectivity(share: Double) throws {
    let mask = try #require(network(Wiring(connectivity: share), units: 200).mask)
    let seen = mask.reduce(0, +) / 40_000
    #expect(abs(seen - share) < 5 * (share * (1 - share) / 40_000).squareRoot())
  }

  @Test func onlyAutapsesAreMissing() throws {
    let mask = try #require(network(Wiring(autapses: false)).mask)
    for s in mask.indices { #expect(mask[s] == (s % 101 == 0 ? 0 : 1)) }
  }

  /// A sparse network is the full one with larger weights where they exist: g N(0,1)/sqrt(share N). 1e-15: two roundings
  /// of the factor.
  @Test func sparseWeightsAreThoseOfTheFullNetwork() throws {
    let full = network(Wiring()).weights
    let sparse = network(Wiring(connectivity: 0.25))
    let mask = try #require(sparse.mask)
    for s in full.indices {
      #expect(abs(sparse.weights[s] - mask[s] * 2 * full[s]) <= 1e-15 * abs(2 * full[s]))
    }
  }

  @Test func masksDifferBetweenLifetimesAndNotBetweenPrecisions() {
    let wiring = Wiring(connectivity: 0.4, excitatory: 0.7)
    let one = network(wiring)
    #expect(network(wiring, index: 1).mask != one.mask)
    let single = network(wiring, double: false)
    #expect(single.mask == one.mask)
    #expect(single.weights == one.weights.map { Double(Float($0)) })
    for level in SIMDLevel.allCases where level <= .highest {
      #expect(network(wiring, level: level).weights == one.weights)
    }
  }

  /// The radius is measured by the growth of a vector, good to 2 %; a bound of 3 % over these networks.
  @Test(arguments: [(0.5, 1.0), (0.8, 1.0), (0.8, 0.3), (0.8, 0.1), (0.2, 0.5)])
  func signedWeightsHaveTheSpectralRadius(excitatory: Double, connectivity: Double) throws {
    for index in 0..<6 {
      let weights = network(
        Wiring(connectivity: connectivity, excitatory: excitatory), index: UInt32(index)
      ).weights
      let seen = try radius(weights)
      #expect(abs(seen / 1.3 - 1) < 0.03, "spectral radius \(seen) instead of 1.3")
    }
  }

  /// Excitation and inhibition are level: f of the weights are positive, the others f / (1 - f) larger. Four standard
  /// errors of the means of |N(0, 1)| over 100 x 100 synapses: 3 %.
  @Test(arguments: [0.5, 0.8])
  func inhibitionIsLargerByItsShare(excitatory: Double) {
    let weights = network(Wiring(excitatory: excitatory)).weights
    let edge = Int((100 * excitatory).rounded())
    var sums = (0.0, 0.0)
    for s in weights.indices {
      #expect(s % 100 < edge ? weights[s] > 0 : weights[s] < 0)
      if weights[s] > 0 { sums.0 += weights[s] } else { sums.1 -= weights[s] }
    }
    let means = (sums.0 / Double(edge * 100), sums.1 / Double((100 - edge) * 100))
    #expect(abs(means.1 / means.0 / (excitatory / (1 - excitatory)) - 1) < 0.06)
  }

  /// Hardly any loop: the weights stay below twice what a large network's would be.
  @Test func networksWithoutLoopsAreNotBlownUp() {
    for index in 0..<40 {
      let weights = network(
        Wiring(connectivity: 0.13, autapses: false, excitatory: 0.5), units: 8, index: UInt32(index)
      ).weights
      #expect(weights.allSatisfy { abs($0) < 20 })
    }
  }

  /// Scales are of synapses that exist, and of the network's own rates.
  @Test func scalesAreOfTheSynapsesThatExist() {
    let task = NoiseTask()
    func scales(_ wiring: Wiring, _ nonlinearity: Nonlinearity = .tanh) -> [Double] {
      Calibration.scales(
        task: task, method: Method(units: 12, trials: 5, wiring: wiring, nonlinearity: nonlinearity),
        constants: LocalConstants(), shape: RuleShape(degree: 2), level: .highest)
    }
    let full = scales(Wiring())
    let sparse = scales(Wiring(connectivity: 0.3))
    // Were absent synapses counted, s would be larger by 1 / sqrt(0.3) = 1.8 even where k = l = 0.
    #expect(abs(sparse[0] / full[0] - 1) < 1e-12)
    #expect(scales(Wiring(), .sigmoid)[3] != full[3])
  }
}
