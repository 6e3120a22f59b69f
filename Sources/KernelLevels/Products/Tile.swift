import KernelCalls

/// Sizes of the register tiles of this level, in rows and in vectors of 64 bytes: as many accumulators as the
/// registers hold beside one row of operands.
enum TileShape {
  #if KERNELS_v4
    static let vectors = 4
    /// The most rows of a tile of `width` vectors.
    @inline(__always) static func rows(width: Int) -> Int { width == 4 ? 6 : width == 3 ? 8 : 12 }
  #else
    static let vectors = 1
    @inline(__always) static func rows(width: Int) -> Int {
      #if KERNELS_v3
        6
      #else
        3
      #endif
    }
  #endif
}

/// C = start + sum_k B[m, k] A[k, lanes]: a product whose rows m and steps k are scalars anywhere in memory and whose
/// lanes are contiguous. The sum of one element runs over k in order.
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
  /// Where the sums start: row m at `start + m * startRow`; nil: at 0.
  var start: UnsafePointer<V.Scalar>?
  var startRow = 0

  /// The whole product: `rows` rows of `ld` lanes, columns outside so that a panel of A stays in the first cache.
  ///
  /// - Parameter beside: called before every tile: where what is wanted next can be brought near, a share a tile.
  @inline(__always)
  func run(rows: Int, ld: Int, beside: (TilePlace) -> Void = { _ in }) {
    let vectors = ld / V.scalarCount
    eachPanel(vectors, widest: TileShape.vectors) { first, width in
      eachPanel(rows, widest: TileShape.rows(width: width)) { row, height in
        beside(TilePlace(vector: first, width: width, row: row, height: height))
        runTile(height: height, width: width, row: row, lane: first * V.scalarCount)
      }
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
    #if KERNELS_v4
      if height > 6 {
        runTallRows(height, width, row, lane)
        return
      }
    #endif
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

  #if KERNELS_v4
    /// Narrow panels take more rows.
    @inline(__always)
    private func runTallRows<let NV: Int>(_ height: Int, _ width: Width<NV>.Type, _ row: Int, _ lane: Int) {
      switch height {
      case 12: multiplyTallTile(self, Width<6>.self, Width<6>.self, width, row, lane)
      case 11: multiplyTallTile(self, Width<6>.self, Width<5>.self, width, row, lane)
      case 10: multiplyTallTile(self, Width<5>.self, Width<5>.self, width, row, lane)
      case 9: multiplyTallTile(self, Width<5>.self, Width<4>.self, width, row, lane)
      case 8: multiplyTallTile(self, Width<4>.self, Width<4>.self, width, row, lane)
      default: multiplyTallTile(self, Width<4>.self, Width<3>.self, width, row, lane)
      }
    }
  #endif
}

/// Which part of a product a tile is.
struct TilePlace {
  let vector: Int, width: Int
  let row: Int, height: Int
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
  if let start = product.start {
    let first = start + row * product.startRow + lane
    for m in 0..<MR {
      for n in 0..<NV { sums[m][n] = V.load(first + m &* product.startRow + n &* V.scalarCount) }
    }
  }
  var a = product.a + lane
  var b = product.b + row * product.bRow
  for _ in 0..<product.count {
    var left = Row(repeating: V.zero)
    for n in 0..<NV { left[n] = V.load(a + n &* V.scalarCount) }
    for m in 0..<MR {
      let right = V(repeating: b[m &* product.bRow])
      for n in 0..<NV { sums[m][n] = V.fused(left[n], right, sums[m][n]) }
    }
    a += product.aStep
    b += product.bStep
  }
  for m in 0..<MR {
    for n in 0..<NV { sums[m][n].store(c + m &* product.cRow + n &* V.scalarCount) }
  }
}

/// A tile of MA + MB rows: past 6 rows the accumulators stay in registers only as two arrays.
@inline(never)
func multiplyTallTile<let MA: Int, let MB: Int, let NV: Int, V: Lanes>(
  _ product: LaneProduct<V>, _: Width<MA>.Type, _: Width<MB>.Type, _: Width<NV>.Type, _ row: Int, _ lane: Int
) {
  typealias Row = InlineArray<NV, V>
  var upper = InlineArray<MA, Row>(repeating: Row(repeating: V.zero))
  var lower = InlineArray<MB, Row>(repeating: Row(repeating: V.zero))
  let c = product.c + row * product.cRow + lane
  let d = c + MA &* product.cRow
  if let start = product.start {
    let first = start + row * product.startRow + lane
    for m in 0..<MA {
      for n in 0..<NV { upper[m][n] = V.load(first + m &* product.startRow + n &* V.scalarCount) }
    }
    let second = first + MA &* product.startRow
    for m in 0..<MB {
      for n in 0..<NV { lower[m][n] = V.load(second + m &* product.startRow + n &* V.scalarCount) }
    }
  }
  var a = product.a + lane
  var b = product.b + row * product.bRow
  for _ in 0..<product.count {
    var left = Row(repeating: V.zero)
    for n in 0..<NV { left[n] = V.load(a + n &* V.scalarCount) }
    for m in 0..<MA {
      let right = V(repeating: b[m &* product.bRow])
      for n in 0..<NV { upper[m][n] = V.fused(left[n], right, upper[m][n]) }
    }
    let e = b + MA &* product.bRow
    for m in 0..<MB {
      let right = V(repeating: e[m &* product.bRow])
      for n in 0..<NV { lower[m][n] = V.fused(left[n], right, lower[m][n]) }
    }
    a += product.aStep
    b += product.bStep
  }
  for m in 0..<MA {
    for n in 0..<NV { upper[m][n].store(c + m &* product.cRow + n &* V.scalarCount) }
  }
  for m in 0..<MB {
    for n in 0..<NV { lower[m][n].store(d + m &* product.cRow + n &* V.scalarCount) }
  }
}
