import KernelCalls

/// Multiply-adds on as many independent accumulators as the tiles of this level use; returns their number in scalars.
///
/// The sums shrink towards a fixed point, so they neither overflow nor become subnormal, and they are looked at in
/// the end, so the loop is not dropped.
@inline(__always)
func runMultiplyAdds<V: Lanes>(_ rounds: Int, _: V.Type) -> Int {
  #if KERNELS_v4
    let height = Width<6>.self
    let width = Width<4>.self
  #elseif KERNELS_v3
    let height = Width<6>.self
    let width = Width<1>.self
  #else
    let height = Width<3>.self
    let width = Width<1>.self
  #endif
  return chainedMultiplyAdds(rounds, V.self, height, width)
}

@inline(never)
private func chainedMultiplyAdds<let MR: Int, let NV: Int, V: Lanes>(
  _ rounds: Int, _: V.Type, _: Width<MR>.Type, _: Width<NV>.Type
) -> Int {
  // Made here: vectors that came as arguments were cut into halves by the calling convention.
  let factor = V(repeating: 0.5)
  let offset = V(repeating: 0.25)
  typealias Row = InlineArray<NV, V>
  var sums = InlineArray<MR, Row>(repeating: Row(repeating: offset))
  for _ in 0..<rounds {
    for m in 0..<MR {
      for n in 0..<NV { sums[m][n] = V.fused(sums[m][n], factor, offset) }
    }
  }
  var isFinite = true
  for m in 0..<MR {
    for n in 0..<NV { isFinite = isFinite && sums[m][n].total < V.Scalar(V.scalarCount) }
  }
  precondition(isFinite, "a sum that stays below 1/2 in every lane has grown")
  return rounds * MR * NV * V.scalarCount
}
