import KernelCalls

/// Sizes of the register tiles of this level, in rows and in vectors of 64 bytes: as many accumulators as the
/// registers hold beside one row of operands.
enum TileShape {
  #if KERNELS_v4
    static let rows = 6
    static let vectors = 4
  #elseif KERNELS_v3
    static let rows = 6
    static let vectors = 1
  #else
    static let rows = 3
    static let vectors = 1
  #endif
}

/// C += sum_k B[m, k] A[k, lanes]: a product whose rows m and steps k are scalars anywhere in memory and whose lanes
/// are contiguous. The sum of one element runs over k in order and starts from what C holds, or from 0.
struct LaneProduct<V: Lanes> {
  /// A: row k starts at `a + k * aStep`.
  var a: UnsafePointer<V.Scalar>
  var aStep: Int
  /// B: element (m, k) is at `b + m * bRow + k * bStep`.
  var b: UnsafePointer<V.Scalar>
  var bRow: Int
  var bStep: Int
  /// C: row m starts at `c + m * cRow`.
  var c: UnsafeMutablePointer<V.Scalar>
  var cRow: Int
  /// The number of terms.
  var count: Int
  /// False where C is overwritten.
  var accumulates: Bool

  /// The whole product: `rows` rows of `ld` lanes, columns outside so that a panel of A stays in the first cache.
  @inline(__always)
  func run(rows: Int, ld: Int) {
    let vectors = ld / V.scalarCount
    var v = 0
    while v < vectors {
      // Widths as equal as possible: 13 vectors are 4 + 3 + 3 + 3.
      let groups = (vectors - v + TileShape.vectors - 1) / TileShape.vectors
      let width = (vectors - v + groups - 1) / groups
      var m = 0
      while m < rows {
        let height = min(TileShape.rows, rows - m)
        runTile(height: height, width: width, row: m, lane: v * V.scalarCount)
        m += height
      }
      v += width
    }
  }

  @inline(__always)
  private func runTile(height: Int, width: Int, row: Int, lane: Int) {
    #if KERNELS_v4
      switch width {
      case 4: runRows(height, Width<4>.self, row, lane)
      case 3: runRows(height, Width<3>.self, row, lane)
      case 2: runRows(height, Width<2>.self, row, lane)
      default: runRows(height, Width<1>.self, row, lane)
      }
    #else
      runRows(height, Width<1>.self, row, lane)
    #endif
  }

  @inline(__always)
  private func runRows<let NV: Int>(_ height: Int, _ width: Width<NV>.Type, _ row: Int, _ lane: Int) {
    switch height {
    #if KERNELS_FUSED
      case 6: multiplyTile(self, Width<6>.self, width, row, lane)
      case 5: multiplyTile(self, Width<5>.self, width, row, lane)
      case 4: multiplyTile(self, Width<4>.self, width, row, lane)
    #endif
    case 3: multiplyTile(self, Width<3>.self, width, row, lane)
    case 2: multiplyTile(self, Width<2>.self, width, row, lane)
    default: multiplyTile(self, Width<1>.self, width, row, lane)
    }
  }
}

/// A size as a type.
enum Width<let size: Int> {}

/// One register tile of a `LaneProduct`.
@inline(never)
func multiplyTile<let MR: Int, let NV: Int, V: Lanes>(
  _ product: LaneProduct<V>, _: Width<MR>.Type, _: Width<NV>.Type, _ row: Int, _ lane: Int
) {
  typealias Row = InlineArray<NV, V>
  var sums = InlineArray<MR, Row>(repeating: Row(repeating: V.zero))
  let c = product.c + row * product.cRow + lane
  if product.accumulates {
    for m in 0..<MR {
      for n in 0..<NV { sums[m][n] = V.load(c + m * product.cRow + n * V.scalarCount) }
    }
  }
  var a = product.a + lane
  var b = product.b + row * product.bRow
  for _ in 0..<product.count {
    var left = Row(repeating: V.zero)
    for n in 0..<NV { left[n] = V.load(a + n * V.scalarCount) }
    for m in 0..<MR {
      let right = V(repeating: b[m * product.bRow])
      for n in 0..<NV { sums[m][n] = V.fused(left[n], right, sums[m][n]) }
    }
    a += product.aStep
    b += product.bStep
  }
  for m in 0..<MR {
    for n in 0..<NV { sums[m][n].store(c + m * product.cRow + n * V.scalarCount) }
  }
}
