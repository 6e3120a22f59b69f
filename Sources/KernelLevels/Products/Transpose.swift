import KernelCalls

/// target[i ld + j] = source[j ld + i] for i, j < units, and 0 in the padded lanes j >= units.
@inline(__always)
func transpose<V: Lanes>(
  _ source: UnsafePointer<V.Scalar>, units: Int, ld: Int, to target: UnsafeMutablePointer<V.Scalar>, _: V.Type
) {
  for j in stride(from: 0, to: ld, by: V.scalarCount) {
    for i in stride(from: 0, to: ld, by: V.scalarCount) {
      transposeBlock(
        source + j &* ld + i, rows: min(V.scalarCount, units - j), ld: ld, to: target + i &* ld + j,
        columns: min(V.scalarCount, units - i), V.self)
    }
  }
}

/// As many rows as lanes: each of log2(lanes) rounds interleaves the first half of the rows with the second.
@inline(__always)
private func transposeBlock<V: Lanes>(
  _ source: UnsafePointer<V.Scalar>, rows: Int, ld: Int, to target: UnsafeMutablePointer<V.Scalar>,
  columns: Int, _: V.Type
) {
  let half = V.scalarCount / 2
  var block = InlineArray<16, V>(repeating: V.zero)
  for n in 0..<V.scalarCount where n < rows { block[n] = V.load(source + n &* ld) }
  var width = 1
  while width < V.scalarCount {
    let before = block
    for n in 0..<half {
      let (low, high) = V.interleaved(before[n], before[n &+ half])
      block[2 &* n] = low
      block[2 &* n &+ 1] = high
    }
    width &*= 2
  }
  for n in 0..<V.scalarCount where n < columns { block[n].store(target + n &* ld) }
}

/// Copies N rows of `ld` lanes into panels as wide as one tile of the primal, each one contiguous stream.
@inline(__always)
func packPanels<V: Lanes>(
  _ source: UnsafePointer<V.Scalar>, units: Int, ld: Int, to target: UnsafeMutablePointer<V.Scalar>, _: V.Type
) {
  var target = target
  eachPanel(ld / V.scalarCount, widest: PrimalTile.vectors) { first, width in
    for j in 0..<units {
      for n in 0..<width {
        V.load(source + j * ld + (first + n) * V.scalarCount).store(target)
        target += V.scalarCount
      }
    }
  }
}
