import Foundation
import KernelCalls
import Kernels
import Model

/// The kicks of one trial: what exploration adds to x, before the gate's factor.
///
/// Sparse kicks are drawn by their gaps (geometric skipping over positions t N + i), so a trial costs as many draws as
/// it has kicks; each has two words, gap then size.
struct Kicks<S: KernelScalar>: ~Copyable {
  /// T x ld, 0 where nothing is added; three spare rows, since normals come in blocks of 64.
  var values: Matrix<S>
  private var positions: [Int] = []
  private let units: Int
  private let steps: Int
  private var kind = KickKind.none
  private var amplitude = 0.0
  private var probability = 0.0
  /// 1 / log(1 - probability): what a gap is made with.
  private var inverseLog = 0.0

  init(units: Int, steps: Int) {
    self.units = units
    self.steps = steps
    values = Matrix(rows: steps + 3, columns: units)
    positions.reserveCapacity(64)
  }

  /// Readies a lifetime.
  mutating func begin(_ kind: KickKind, _ constants: LocalConstants) {
    self.kind = kind
    amplitude = constants.amplitude
    probability = constants.probability
    inverseLog = probability > 0 && probability < 1 ? 1 / log1p(-probability) : 0
  }

  /// Draws the kicks of one trial, each times `factor` (the gate).
  mutating func draw(factor: Double, stream: RandomStream, kernels: KernelSet<S>) {
    switch kind {
    case .none: break
    case .sparse: drawSparse(factor, stream)
    case .gaussian: drawGaussian(factor, stream, kernels)
    }
  }

  private mutating func erase() {
    for position in positions { values.pointer[position] = 0 }
    positions.removeAll(keepingCapacity: true)
  }

  private mutating func drawSparse(_ factor: Double, _ start: RandomStream) {
    erase()
    guard probability > 0 else { return }
    var stream = start
    let count = steps * units
    let ld = values.stride
    var next = 0
    while true {
      // Its whole part counts: below a whole number is what has its whole part below it.
      let gap = log(stream.uniform()) * inverseLog
      guard gap < Double(count - next) else { return }
      next += Int(gap)
      let size = amplitude * (2 * stream.uniform() - 1)
      let (t, i) = next.quotientAndRemainder(dividingBy: units)
      let position = t * ld + i
      values.pointer[position] = gated(size, factor)
      positions.append(position)
      next += 1
      if next >= count { return }
    }
  }

  /// A kick is a Float like every draw; the gate multiplies it unrounded, so that Double sees the gate's slope.
  private func gated(_ size: Double, _ factor: Double) -> S { S(Double(Float(size)) * factor) }

  private mutating func drawGaussian(_ factor: Double, _ stream: RandomStream, _ kernels: KernelSet<S>) {
    let ld = values.stride
    stream.fill(values.pointer, atLeast: steps * ld, kernels)
    for t in 0..<steps {
      let row = values.pointer + t * ld
      for i in 0..<units { row[i] = gated(amplitude * Double(row[i]), factor) }
      for i in units..<ld { row[i] = 0 }
    }
  }
}
