import KernelCalls

/// r^k and S_k(delta) of the steps of a block, k >= 1.
struct AdjointTables<V: Lanes>: DegreeJob {
  let block: AdjointBlock<V>

  @inline(never)
  func run<D: RuleDegree>(_ degree: D) {
    let call = block.call
    let space = block.space
    let d = degree.value
    // Rows of the block follow one another in all of them.
    let size = block.steps &* call.ld
    let start = block.first &* call.ld
    writePowers(of: call.rates + start, ld: size, degree: degree, to: space.powers, step: size, V.self)
    var place = 0
    while place < size {
      let delta = V.load(call.fluctuations + start + place)
      for k in 0..<d {
        let value = hornerValue(call.coefficients + (k &+ 1) &* (d &+ 1), degree: degree, at: delta)
        value.store(space.values + k &* size + place)
      }
      place &+= V.scalarCount
    }
  }
}
