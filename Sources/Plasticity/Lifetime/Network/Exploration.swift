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

  private mutating func drawSparse(_ factor: Double, _ stream: RandomStream) {
    values.clear()
    guard probability > 0 else { return }
    var next = 0
    var block: UInt32 = 0
    while true {
      let words = stream.words(of: block)
      guard kick(&next, words.0, words.1, factor), kick(&next, words.2, words.3, factor) else { return }
      block &+= 1
    }
  }

  /// The first kick at position `next` or behind it, by its two words; moves `next` behind it.
  /// - Returns: false where the trial ends before it.
  @inline(__always)
  private mutating func kick(_ next: inout Int, _ first: UInt32, _ second: UInt32, _ factor: Double) -> Bool {
    // Its whole part counts: below a whole number is what has its whole part below it.
    let gap = log(RandomStream.uniform(first)) * inverseLog
    guard gap < Double(steps * units - next) else { return false }
    next += Int(gap)
    let padding = values.stride - units
    let position = padding == 0 ? next : next + next / units * padding
    values.pointer[position] = gated(amplitude * (2 * RandomStream.uniform(second) - 1), factor)
    next += 1
    return true
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
