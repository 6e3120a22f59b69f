import KernelCalls
import Invariants

/// Multiply-adds on as many independent accumulators as the tiles of this level use; returns their number in scalars.
///
/// The sums shrink towards a fixed point, so they neither overflow nor become subnormal, and they are looked at in
/// the end, so the loop is not dropped.
@inline(__always)
func runMultiplyAdds<V: Lanes>(_ rounds: Int, _: V.Type) -> Int {
  #if KERNELS_v4
    let (height, width) = (6, 4)
  #elseif KERNELS_v3
    let (height, width) = (6, 1)
  #else
    let (height, width) = (3, 1)
  #endif
  let vectors = height * width
  let bytes = (vectors + 1) * MemoryLayout<V>.stride
  withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 64) { raw in
    let state = raw.bindMemory(to: V.Scalar.self).baseAddress!
    let sums = vectors * V.scalarCount
    state.update(repeating: 0.25, count: sums + 2)
    state[sums] = 0.5
    #if KERNELS_v4
      chainMultiplyAdds(rounds, state, Width<6>.self, Width<4>.self, V.self)
    #elseif KERNELS_v3
      chainMultiplyAdds(rounds, state, Width<6>.self, Width<1>.self, V.self)
    #else
      chainMultiplyAdds(rounds, state, Width<3>.self, Width<1>.self, V.self)
    #endif
    for place in 0..<sums {
      invariant(state[place] <= 0.5, "a sum that stays at or below 1/2 has grown to \(state[place])")
    }
  }
  return rounds * vectors * V.scalarCount
}

/// state holds MR x NV accumulators, then the factor and the offset as scalars. All come from memory and sums go back
/// to it: where the optimiser knows their values or takes them apart at the end, it splits every vector in halves inside
/// the loop and the peak comes out at half.
@inline(never)
private func chainMultiplyAdds<let MR: Int, let NV: Int, V: Lanes>(
  _ rounds: Int, _ state: UnsafeMutablePointer<V.Scalar>, _: Width<MR>.Type, _: Width<NV>.Type, _: V.Type
) {
  typealias Row = InlineArray<NV, V>
  var sums = InlineArray<MR, Row>(repeating: Row(repeating: V.zero))
  for m in 0..<MR {
    for n in 0..<NV { sums[m][n] = V.load(state + (m * NV + n) * V.scalarCount) }
  }
  let factor = V(repeating: state[MR * NV * V.scalarCount])
  let offset = V(repeating: state[MR * NV * V.scalarCount + 1])
  for _ in 0..<rounds {
    for m in 0..<MR {
      for n in 0..<NV { sums[m][n] = V.fused(sums[m][n], factor, offset) }
    }
  }
  for m in 0..<MR {
    for n in 0..<NV { sums[m][n].store(state + (m * NV + n) * V.scalarCount) }
  }
}
