import KernelCalls

/// Runs the network of one trial and keeps r_t and delta_t; see `PrimalCall`.
///
/// The product W r of one lane is summed in four chains (j mod 4), whatever the sizes.
@inline(__always)
func runPrimal<V: Lanes>(_ call: PrimalCall<V.Scalar>, _: V.Type) -> Bool {
  let state = call.scratch
  let mean = call.scratch + call.ld
  for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
    V.load(call.initial + i).store(state + i)
    V.load(call.initial + i).store(mean + i)
  }
  var inside = V(repeating: 1)
  for t in 0..<call.steps {
    let rates = call.rates + t * call.ld
    let fluctuations = call.fluctuations + t * call.ld
    for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
      let x = V.load(state + i)
      let xbar = V.load(mean + i)
      inside *= x.within(call.bound)
      x.tanhLanes().store(rates + i)
      (xbar - x).store(fluctuations + i)
      V.fused(x - xbar, call.leakBar, xbar).store(mean + i)
    }
    for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
      let current: V = rowProduct(call.weights + i, rates, count: call.units, stride: call.ld)
      let x = V.load(state + i)
      (V.fused(current - x, call.leak, x) + V.load(call.drive + t * call.ld + i)).store(state + i)
    }
  }
  return inside.total == V.Scalar(V.scalarCount)
}

/// sum_j a[j stride ...] b[j], j < count, in four chains.
@inline(__always)
func rowProduct<V: Lanes>(
  _ a: UnsafePointer<V.Scalar>, _ b: UnsafePointer<V.Scalar>, count: Int, stride: Int
) -> V {
  var c0 = V.zero
  var c1 = V.zero
  var c2 = V.zero
  var c3 = V.zero
  var j = 0
  while j + 4 <= count {
    c0 = V.fused(V.load(a + j * stride), b[j], c0)
    c1 = V.fused(V.load(a + (j + 1) * stride), b[j + 1], c1)
    c2 = V.fused(V.load(a + (j + 2) * stride), b[j + 2], c2)
    c3 = V.fused(V.load(a + (j + 3) * stride), b[j + 3], c3)
    j += 4
  }
  if j < count { c0 = V.fused(V.load(a + j * stride), b[j], c0) }
  if j + 1 < count { c1 = V.fused(V.load(a + (j + 1) * stride), b[j + 1], c1) }
  if j + 2 < count { c2 = V.fused(V.load(a + (j + 2) * stride), b[j + 2], c2) }
  return (c0 + c1) + (c2 + c3)
}
