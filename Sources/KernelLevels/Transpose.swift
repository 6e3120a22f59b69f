import KernelCalls

/// target[i ld + j] = source[j ld + i] for i, j < units, and 0 in the padded lanes j >= units.
@inline(__always)
func transpose<V: Lanes>(
  _ source: UnsafePointer<V.Scalar>, units: Int, ld: Int, to target: UnsafeMutablePointer<V.Scalar>, _: V.Type
) {
  for j in stride(from: 0, to: ld, by: V.scalarCount) {
    let lanes = min(V.scalarCount, units - j)
    for i in 0..<units {
      let place = target + i &* ld + j
      if lanes < V.scalarCount { V.zero.store(place) }
      var column = source + j &* ld + i
      for n in 0..<max(lanes, 0) {
        place[n] = column.pointee
        column += ld
      }
    }
  }
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
