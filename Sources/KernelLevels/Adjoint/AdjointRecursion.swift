import KernelCalls

/// The recursion of lambda and kappa through a block, from its last step to its first; leaves leak lambda_{t+1} of
/// every step in `lambdas`.
///
/// rbar_t = w_t sum_k k r^(k - 1) Q_k + Wout^T zbar_t + leak W^T lambda_{t+1},
/// lambda_t = (1 - leak) lambda_{t+1} + leakBar kappa_{t+1} - deltabar_t + f'(x_t) rbar_t,
/// kappa_t = (1 - leakBar) kappa_{t+1} + deltabar_t.
@inline(__always)
func reverseBlock<V: Lanes>(_ block: AdjointBlock<V>) {
  let call = block.call
  let space = block.space
  let first = block.first
  let steps = block.steps
  let ld = call.ld
  writeSlopes(
    call.rateFunction, of: call.rates + first * ld, count: steps * ld, to: space.rateSlopes, V.self)
  for i in stride(from: 0, to: ld, by: V.scalarCount) {
    (V.load(space.state + i) * V(repeating: call.leak)).store(space.lambdas + (steps - 1) * ld + i)
  }
  var t = steps - 1
  while t >= 0 {
    eachPanel(ld / V.scalarCount, widest: PrimalTile.vectors) { panel, width in
      let lane = panel * V.scalarCount
      let step = ReverseStep<V>(call: call, space: space, first: first, steps: steps, t: t, lane: lane)
      switch width {
      #if KERNELS_v4
        case 4: step.run(Width<4>.self)
        case 3: step.run(Width<3>.self)
        case 2: step.run(Width<2>.self)
      #endif
      default: step.run(Width<1>.self)
      }
    }
    t -= 1
  }
}

/// One panel of one step of the recursion.
struct ReverseStep<V: Lanes> {
  let call: AdjointCall<V.Scalar>
  let space: AdjointSpace<V>
  let first: Int
  let steps: Int
  let t: Int
  let lane: Int

  @inline(__always)
  func run<let NV: Int>(_ width: Width<NV>.Type) {
    let ld = call.ld
    let row = space.lambdas + t * ld
    // lambda_T = 0.
    let isLast = first + t + 1 == call.steps
    let currents = panelProduct(
      space.weights + call.units * lane, row, count: isLast ? 0 : call.units, V.self, width)
    for n in 0..<NV {
      let i = lane + n * V.scalarCount
      let rateAdjoint = V.load(space.rateAdjoints + t * ld + i) + currents[n]
      let delta = V.load(space.deltas + t * ld + i)
      let lambda = V.load(space.state + i)
      let kappa = V.load(space.mean + i)
      var next = V.fused(lambda, -call.leak, lambda)
      next = V.fused(kappa, call.leakBar, next) - delta
      next = V.fused(V.load(space.rateSlopes + t * ld + i), rateAdjoint, next)
      next.store(space.state + i)
      (V.fused(kappa, -call.leakBar, kappa) + delta).store(space.mean + i)
      if t > 0 { (next * V(repeating: call.leak)).store(row - ld + i) }
    }
  }
}
