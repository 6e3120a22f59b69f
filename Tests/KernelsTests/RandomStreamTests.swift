import Foundation
import KernelCalls
import Kernels
import Testing

@Suite struct RandomStreamTests {
  /// Known answers of Random123 (kat_vectors, philox4x32 10).
  @Test func philoxKnownAnswers() {
    let ones = UInt32.max
    #expect(
      RandomStream.philox((0, 0, 0, 0), key: (0, 0)) == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      RandomStream.philox((ones, ones, ones, ones), key: (ones, ones))
        == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      RandomStream.philox(
        (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
        == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  /// `count` bulk normals of a stream.
  private func fill<S: KernelScalar>(
    _ pointer: UnsafeMutablePointer<S>, _ count: Int, _ stream: RandomStream, _ level: SIMDLevel
  ) {
    S.kernels(level).normals(
      NormalsCall(key: stream.key, counter: stream.counter, count: count, output: pointer))
  }

  /// The bulk draws are the single ones in another order, to the bit, at every level and in both types.
  @Test(arguments: levels) func bulkDrawsAreSingleDraws(_ level: SIMDLevel) {
    let stream = RandomStream(seed: 0x0123_4567_89AB_CDEF, purpose: 7, lifetime: 3, trial: 11)
    let count = 4096
    let floats = Buffer<Float>(rows: 1, columns: count)
    let doubles = Buffer<Double>(rows: 1, columns: count)
    fill(floats.pointer, count, stream, level)
    fill(doubles.pointer, count, stream, level)
    var single = stream
    for block in 0..<count / 4 {
      for w in 0..<4 {
        let value = single.normal()
        let place = 64 * (block / 16) + 16 * w + block % 16
        #expect(floats[0, place].bitPattern == value.bitPattern, "block \(block), draw \(w)")
        #expect(doubles[0, place] == Double(value))
      }
    }
  }

  /// However many are asked for, they are the first of a longer draw, and nothing behind them is written.
  @Test(arguments: levels) func aShortDrawIsTheStartOfALongOne(_ level: SIMDLevel) {
    let stream = RandomStream(seed: 3, purpose: 2, lifetime: 1, trial: 5)
    let long = Buffer<Float>(rows: 1, columns: 1024)
    fill(long.pointer, 1024, stream, level)
    for count in stride(from: 64, through: 704, by: 64) {
      let short = Buffer<Float>(rows: 1, columns: 1024)
      for n in 0..<1024 { short.pointer[n] = 99 }
      fill(short.pointer, count, stream, level)
      let isStart = (0..<count).allSatisfy { short.pointer[$0].bitPattern == long.pointer[$0].bitPattern }
      #expect(isStart && (count..<1024).allSatisfy { short.pointer[$0] == 99 }, "\(count)")
    }
  }

  /// Box-Muller in Float against the C library in Double: a few roundings of Float.
  @Test func drawsFollowTheFormula() {
    var stream = RandomStream(seed: 5, purpose: 1, lifetime: 0)
    var words = stream
    var worst = 0.0
    for _ in 0..<20_000 {
      let (a, b) = (words.word(), words.word())
      let radius = (-2 * log(Double(a >> 1) * 0x1p-31 + 0x1p-32)).squareRoot()
      let quarter = Double(b >> 30) * 0.5 * Double.pi
      let angle = quarter + Double(Int32(bitPattern: b << 2)) * 0x1p-31 * Double.pi / 4
      worst = max(worst, abs(Double(stream.normal()) - radius * cos(angle)))
      worst = max(worst, abs(Double(stream.normal()) - radius * sin(angle)))
    }
    #expect(worst < 2e-6, "worst difference \(worst)")
  }

  /// Moments and the Kolmogorov-Smirnov distance of 2^18 draws: each within 4.5 of its standard errors (and, for
  /// the distance, below its 0.9999 quantile), a failure by chance of about 1 in 10^4; the stream is fixed.
  @Test func drawsAreNormal() {
    let count = 1 << 18
    let draws = Buffer<Float>(rows: 1, columns: count)
    fill(draws.pointer, count, RandomStream(seed: 2026, purpose: 2, lifetime: 0), .current)
    let values = (0..<count).map { Double(draws[0, $0]) }.sorted()
    let n = Double(count)
    func moment(_ power: Int) -> Double { values.reduce(0) { $0 + pow($1, Double(power)) } / n }
    // Variances of x, x^2, x^3, x^4: 1, 2, 15, 96.
    for (power, mean, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
      let error = (moment(power) - mean) / (variance / n).squareRoot()
      #expect(abs(error) < 4.5, "moment \(power) is \(error) standard errors off")
    }
    var distance = 0.0
    for (place, value) in values.enumerated() {
      let cumulative = 0.5 * erfc(-value / 2.squareRoot())
      distance = max(distance, abs(cumulative - Double(place) / n), abs(cumulative - Double(place + 1) / n))
    }
    #expect(distance * n.squareRoot() < 2.23, "KS statistic \(distance * n.squareRoot())")
    let products = (1..<count).map { Double(draws[0, $0] * draws[0, $0 - 1]) }
    let correlation = products.reduce(0, +) / n.squareRoot()
    #expect(abs(correlation) < 4.5, "neighbours correlate by \(correlation) standard errors")
  }

  /// Bulk draws are those of `normal`, one by one, wherever they begin and end: within a block, with a spare, in odd
  /// numbers, in more than one group; and what follows them is the same.
  @Test(arguments: [0, 1, 2, 3, 20, 63, 64, 127, 128, 129, 200])
  func withNormalsIsNormalRepeated(count: Int) {
    for (words, singles) in [(0, 0), (1, 0), (3, 1), (0, 1), (2, 2), (5, 3)] {
      var one = RandomStream(seed: 7, purpose: 8, lifetime: 9, trial: 10)
      for _ in 0..<words { _ = one.word() }
      for _ in 0..<singles { _ = one.normal() }
      var other = one
      let expected = (0..<count).map { _ in one.normal().bitPattern }
      let found = other.withNormals(count) { $0.map(\.bitPattern) }
      #expect(found == expected, "\(count) draws after \(words) words and \(singles) draws")
      #expect(other.normal() == one.normal() && other.word() == one.word())
    }
  }
}
