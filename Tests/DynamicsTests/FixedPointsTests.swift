import Foundation
import Kernels
import Model
import TestSupport
import Testing

@testable import Dynamics

@Suite struct FixedPointsTests {
  /// N = 1, W = 2: x = 2 tanh x has the solutions 0 and +-1.9150080481545.
  @Test func oneUnitWithThreePoints() throws {
    let network = try FrozenNetwork(units: 1, weights: [2], inputWeights: [1], readout: [1])
    let found = try FixedPoints(of: network, input: [0])
    let places = found.points.map { $0.x[0] }.sorted()
    #expect(places.count == 3)
    for (seen, wanted) in zip(places, [-1.9150080481545, 0, 1.9150080481545]) {
      #expect(abs(seen - wanted) < 1e-9)  // residual 1e-10 over a slope of at least 0.84
    }
    #expect(found.points.map(\.hits).reduce(0, +) == found.outcomes["converged"])
    #expect(found.outcomes.values.reduce(0, +) == 200)
    for point in found.points {
      let spectrum = try #require(Spectrum(of: Jacobian(of: network, at: point.x)))
      #expect(spectrum.stability == (abs(point.x[0]) < 1e-6 ? .unstable : .stable))
    }
    // A strong input leaves one.
    #expect(try FixedPoints(of: network, input: [3]).points.count == 1)
  }

  /// W = 8 and u = -4 under a sigmoid: x = 8 / (1 + exp(-x)) - 4 = 4 tanh(x / 2), so x / 2 is 0 or +-1.9150080481545.
  @Test func oneSigmoidUnitWithThreePoints() throws {
    let network = try FrozenNetwork(
      units: 1, weights: [8], inputWeights: [1], readout: [1], nonlinearity: .sigmoid)
    let places = try FixedPoints(of: network, input: [-4]).points.map { $0.x[0] }.sorted()
    #expect(places.count == 3)
    for (seen, wanted) in zip(places, [-3.830016096309, 0, 3.830016096309]) {
      #expect(abs(seen - wanted) < 1e-9)
    }
  }

  /// Without a drive tanh has the origin and pairs; a rectified unit of W = 2 the origin and one point, and a sigmoid,
  /// which is not 0 at 0, one point that is not the origin.
  @Test func onlyOddNetworksHaveMirrorImages() throws {
    func places(_ nonlinearity: Nonlinearity) throws -> [Double] {
      let network = try FrozenNetwork(
        units: 1, weights: [2], inputWeights: [1], readout: [1], nonlinearity: nonlinearity)
      return try FixedPoints(of: network, input: [0]).points.map { $0.x[0] }.sorted()
    }
    #expect(try places(.tanh).count == 3)
    let rectified = try places(.rectifiedTanh)
    #expect(rectified.count == 2 && rectified[0] == 0 && abs(rectified[1] - 1.9150080481545) < 1e-9)
    let sigmoid = try places(.sigmoid)
    #expect(sigmoid.count == 1 && abs(sigmoid[0] - 2 / (1 + exp(-sigmoid[0]))) < 1e-9 && sigmoid[0] > 1)
  }

  @Test func aContractionHasOnlyItsOrigin() throws {
    let network = try randomNetwork(50, gain: 0.5)
    let found = try FixedPoints(of: network, input: [0, 0])
    #expect(found.points.count == 1 && found.points[0].hits == 200)
    #expect(norm(found.points[0].x) < 1e-9)
    #expect(found.slowest == nil && found.outcomes == ["converged": 200])
  }

  /// Two orthogonal patterns stored with strength 3 are fixed at +- a p, a = 3 tanh a, and stable.
  @Test func storedPatternsAreFound() throws {
    let n = 32
    let patterns = [(0..<n).map { $0 % 2 == 0 ? 1.0 : -1 }, (0..<n).map { $0 % 4 < 2 ? 1.0 : -1 }]
    var weights = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0..<n {
        weights[i * n + j] = 3 * patterns.reduce(0) { $0 + $1[i] * $1[j] } / Double(n)
      }
    }
    let network = try FrozenNetwork(units: n, weights: weights, inputWeights: [], readout: [])
    let found = try FixedPoints(of: network, input: [])
    var a = 3.0
    for _ in 0..<100 { a = 3 * tanh(a) }
    for pattern in patterns {
      for sign in [1.0, -1] {
        let wanted = pattern.map { sign * a * $0 }
        let point = try #require(found.points.first { distance($0.x, wanted) < 1e-8 })
        #expect(Spectrum(of: Jacobian(of: network, at: point.x))?.stability == .stable)
      }
    }
  }

  @Test(arguments: [(30, 1.5, 0.0), (30, 1.5, 1), (60, 2.5, 0), (20, 1.2, 4)])
  func everyPointIsFixedDistinctAndOfTheRightFlow(units: Int, gain: Double, scale: Double) throws {
    let network = try randomNetwork(units, gain: gain, inputScale: scale)
    let found = try FixedPoints(of: network, input: [1, -0.5])
    let drive = try network.drive(for: [1, -0.5])
    for (place, point) in found.points.enumerated() {
      #expect(point.residual <= 1e-10)
      // F in the plain order of sums.
      for i in 0..<units {
        var sum = -point.x[i] + drive[i]
        for j in 0..<units { sum += network.weights[i * units + j] * tanh(point.x[j]) }
        #expect(abs(sum) <= 2e-10)
      }
      for other in found.points[..<place] { #expect(distance(point.x, other.x) >= 1e-3) }
    }
    #expect(found.outcomes.values.reduce(0, +) == 200)
    #expect(found == (try FixedPoints(of: network, input: [1, -0.5])))
  }

  /// scipy's hybr finds no other points from 4000 starts, and none of its points is missed: the origin, however
  /// unstable, and pairs of mirror images among them.
  @Test func withoutInputThePointsAreScipys() throws {
    struct Fixture: Decodable {
      struct Case: Decodable {
        var units: Int
        var gain: Double
        var weights: [Double]
        var points: [[Double]]
      }
      var cases: [Case]
    }
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/fixed_points.json")
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    for one in fixture.cases {
      let network = try FrozenNetwork(units: one.units, weights: one.weights, inputWeights: [], readout: [])
      let found = try FixedPoints(of: network, input: [])
      let name = "N = \(one.units), g = \(one.gain)"
      #expect(
        found.points.count == one.points.count, "\(name): \(found.points.count), hybr \(one.points.count)")
      for point in one.points {
        // Residuals of 1e-10 over slopes that no two points closer than 1e-3 have.
        #expect(found.points.contains { distance($0.x, point) < 1e-6 }, "\(name): hybr's \(point) was missed")
      }
      #expect(found.points.contains { $0.x.allSatisfy { $0 == 0 } && $0.residual == 0 })
      for point in found.points {
        #expect(found.points.count { distance($0.x, point.x.map { -$0 }) < 1e-6 } == 1)
      }
    }
  }

  /// One start that ends on one of three points: the origin and the mirror image follow from symmetry. With an input
  /// nothing does.
  @Test func whatSymmetryKnowsNeedsNoStart() throws {
    let network = try FrozenNetwork(units: 1, weights: [2], inputWeights: [1], readout: [1])
    var settings = FixedPointSettings()
    settings.starts = 0
    let found = try FixedPoints(of: network, input: [0], settings: settings, extra: [[1.8]])
    #expect(found.points.map(\.hits) == [1, 0, 0] && found.outcomes == ["converged": 1])
    #expect(found.points[1].x == [0] && found.points[2].x == [-found.points[0].x[0]])
    let driven = try FixedPoints(of: network, input: [0.01], settings: settings, extra: [[1.8]])
    #expect(driven.points.count == 1)
    let none = try FixedPoints(of: network, input: [0], settings: settings)
    #expect(none.points.map(\.x) == [[0]] && none.outcomes.isEmpty)
  }

  @Test func findingNothingIsAResult() throws {
    let network = try randomNetwork(40, gain: 3)
    var settings = FixedPointSettings()
    settings.iterations = 1
    settings.starts = 20
    let found = try FixedPoints(of: network, input: [1, 0], settings: settings)
    #expect(found.points.isEmpty && (found.slowest ?? 0) > 0)
    #expect(found.outcomes["converged"] == nil && found.outcomes.values.reduce(0, +) == 20)
    settings.starts = 0
    let none = try FixedPoints(of: network, input: [1, 0], settings: settings)
    #expect(none.points.isEmpty && none.outcomes.isEmpty && none.slowest == nil)
  }

  @Test func awkwardStartsEndAsValues() throws {
    // W = 1 at x = 0: J is exactly 0 away from the tolerance (drive 1e-3).
    let network = try FrozenNetwork(units: 1, weights: [1], inputWeights: [1e-3], readout: [1])
    var settings = FixedPointSettings()
    settings.starts = 0
    let singular = try FixedPoints(of: network, input: [1], settings: settings, extra: [[0]])
    #expect(singular.outcomes == ["singular": 1] && singular.slowest == 1e-3)
    let far = try FixedPoints(of: network, input: [1], settings: settings, extra: [[.infinity], [1e300]])
    #expect(far.outcomes.values.reduce(0, +) == 2 && far.outcomes["overflowed"] == 2 || far.points.count <= 1)
    // A triple root: Newton is slow there, and the point is one.
    let triple = try FixedPoints(of: network, input: [0])
    #expect(triple.points.count == 1 && abs(triple.points[0].x[0]) < 1e-3)
  }

  @Test func extraStartsAndMerging() throws {
    let network = try FrozenNetwork(units: 1, weights: [2], inputWeights: [1], readout: [1])
    var settings = FixedPointSettings()
    settings.starts = 0
    let found = try FixedPoints(of: network, input: [0], settings: settings, extra: [[0], [1.8], [2.1]])
    #expect(found.points.map(\.hits) == [1, 2, 0])
    var points: [FixedPoint] = []
    FixedPoints.add(FixedPoint(x: [0, 0], residual: 1e-11, hits: 1), to: &points, 1e-3)
    FixedPoints.add(FixedPoint(x: [0, 9e-4], residual: 1e-12, hits: 1), to: &points, 1e-3)
    FixedPoints.add(FixedPoint(x: [9e-4, 0], residual: 1e-13, hits: 1), to: &points, 1e-3)
    #expect(points.map(\.hits) == [2, 1] && points[0].x == [0, 9e-4] && points[0].residual == 1e-12)
    #expect(throws: DynamicsError("a start has 2 numbers; wanted: N = 1")) {
      try FixedPoints(of: network, input: [0], extra: [[0, 1]])
    }
  }

  /// 200 starts at N = 200 (the method's defaults) within ten seconds of one core's time, whatever else the machine
  /// does; fewer starts where unoptimised.
  @Test func twoHundredUnits() throws {
    let network = try randomNetwork(200, gain: 1.5)
    var settings = FixedPointSettings()
    #if DEBUG
      settings.starts = 10
    #endif
    let start = threadSeconds()
    let found = try FixedPoints(of: network, input: [1, 0], settings: settings)
    let seconds = threadSeconds() - start
    #expect(!found.points.isEmpty)
    #expect(seconds < 10)
  }
}

@Suite struct FrozenNetworkTests {
  @Test func errorsSayWhatWasSeen() {
    func message(_ units: Int, _ w: [Double], _ win: [Double], _ out: [Double]) -> String {
      do {
        _ = try FrozenNetwork(units: units, weights: w, inputWeights: win, readout: out)
        return "made"
      } catch { return "\(error)" }
    }
    #expect(message(0, [], [], []).contains("a network of 0 units"))
    #expect(message(2, [1], [], []) == "W has 1 numbers; wanted: N x N = 4")
    #expect(message(2, [0, 0, 0, 0], [1], []) == "Win has 1 numbers; wanted: N x M with N = 2")
    #expect(message(2, [0, 0, .nan, 0], [], []).hasPrefix("W[1, 0] is nan"))
    #expect(message(2, [0, 0, 0, 0], [], [0, 0, 0, .infinity]).hasPrefix("Wout[1, 1] is inf"))
    #expect(message(2, [0, 0, 0, 0], [], []) == "made")
  }

  @Test func driveChecksItsInput() throws {
    let network = try FrozenNetwork(
      units: 2, weights: [0, 0, 0, 0], inputWeights: [1, 2, 3, 4], readout: [])
    #expect(try network.drive(for: [1, 10]) == [21, 43])
    #expect(throws: DynamicsError.self) { try network.drive(for: [1]) }
    #expect(throws: DynamicsError.self) { try network.drive(for: [1, .nan]) }
  }
}
