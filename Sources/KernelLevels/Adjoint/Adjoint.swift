import CPrefetch
import KernelCalls

/// One trial read backwards; see `AdjointCall`.
///
/// With S_k(delta) = sum_l c_kl delta^l and S'_k its slope, e(T) = sum_t w_t sum_k S_k(delta_t) (r_t^k)^T gives
/// - Y_k = E r^k (lanes i): adjoint of delta_t = w_t sum_k Y_k S'_k, and products_kl = sum_t w_t <delta^l, Y_k>,
/// - Q_k = E^T S_k (lanes j): adjoint of r_t = w_t sum_k k r^(k - 1) Q_k.
/// Both are products over the steps of a block; blocks go from the last to the first, and inside a block the
/// recursion of lambda and kappa, the adjoints of x and xbar, follows step by step. Kicks enter x unscaled, so the
/// adjoint of kick_t is lambda_{t+1}.
@inline(__always)
func runAdjoint<V: Lanes>(_ call: AdjointCall<V.Scalar>, _: V.Type) {
  let space = AdjointSpace<V>(call)
  let ld = call.ld
  transpose(call.traceAdjoint, units: call.units, ld: ld, to: space.transposed, V.self)
  // W read the other way: lanes over j, in the panels of the recursion. Y and Q are not in use yet.
  let isOnePanel = ld <= PrimalTile.vectors * V.scalarCount
  transpose(call.weights, units: call.units, ld: ld, to: isOnePanel ? space.weights : space.flipped, V.self)
  if !isOnePanel { packPanels(space.flipped, units: call.units, ld: ld, to: space.weights, V.self) }
  for i in stride(from: 0, to: ld, by: V.scalarCount) {
    var sum = V.zero
    for j in 0..<call.units { sum += V.load(call.traceAdjoint + j * ld + i) }
    sum.store(space.constant + i)
    V.zero.store(space.state + i)
    V.zero.store(space.mean + i)
  }
  let terms = call.degree + 1
  for n in 0..<terms * terms { V.zero.store(space.sums + n * V.scalarCount) }
  writeSlopeCoefficients(of: call.coefficients, terms: terms, to: space.slopes)
  var kickSum = V.zero
  var next = Ahead(
    start: UnsafeRawPointer(call.next), lines: call.nextCount * MemoryLayout<V.Scalar>.stride / 64)
  let length = blockLength(call.steps)
  var first = (call.steps - 1) / length * length
  while first >= 0 {
    let steps = min(length, call.steps - first)
    let block = AdjointBlock(call: call, space: space, first: first, steps: steps)
    AdjointTables(block: block).run(degree: call.degree)
    let rows = call.degree * steps
    LaneProduct<V>(
      a: call.traceAdjoint, aStep: ld, b: space.powers, bRow: ld, bStep: 1, c: space.post, cRow: ld,
      count: call.units
    ).run(rows: rows, ld: ld) { _ in next.bring() }
    LaneProduct<V>(
      a: space.transposed, aStep: ld, b: space.values, bRow: ld, bStep: 1, c: space.pre, cRow: ld,
      count: call.units
    ).run(rows: rows, ld: ld) { _ in next.bring() }
    AdjointReduction(block: block).run(degree: call.degree)
    reverseBlock(block)
    if let drives = call.drives {
      for place in stride(from: 0, to: steps * ld, by: V.scalarCount) {
        V.load(space.lambdas + place).store(drives + first * ld + place)
      }
    }
    if let kicks = call.kicks {
      // Rows of the block follow one another in both.
      for place in stride(from: 0, to: steps * ld, by: V.scalarCount) {
        kickSum = V.fused(V.load(space.lambdas + place), V.load(kicks + first * ld + place), kickSum)
      }
    }
    LaneProduct<V>(
      a: space.lambdas, aStep: ld, b: call.rates + first * ld, bRow: 1, bStep: ld, c: call.weightAdjoint,
      cRow: ld, count: first + steps == call.steps ? steps - 1 : steps,
      start: call.weightAdjoint, startRow: ld
    ).run(rows: call.units, ld: ld) { _ in next.bring() }
    first -= length
  }
  for n in 0..<terms * terms { call.products[n] += V.load(space.sums + n * V.scalarCount).total }
  call.kickProduct?.pointee = kickSum.total / call.leak
}

/// Memory that is wanted soon, brought near a share at a time: all at once would keep the core waiting for it.
private struct Ahead {
  /// Lines of 64 bytes at a time.
  static var share: Int { 24 }
  private var start: UnsafeRawPointer?
  private var lines: Int

  @inline(__always) init(start: UnsafeRawPointer?, lines: Int) {
    self.start = start
    self.lines = lines
  }

  @inline(__always) mutating func bring() {
    guard let start, lines > 0 else { return }
    let count = min(Self.share, lines)
    for line in 0..<count { prefetchLine(start + 64 &* line) }
    self.start = start + 64 &* count
    lines -= count
  }
}
