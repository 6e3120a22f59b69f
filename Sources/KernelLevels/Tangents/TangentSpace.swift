import KernelCalls

/// Where the parts of the scratch space of `runTangents` start, and how the packed ones are laid out.
struct TangentSpace<V: Lanes> {
  typealias Pointer = UnsafeMutablePointer<V.Scalar>
  let ratePowers: Pointer  // degree x steps x ld: r_t^k, k >= 1
  let deltaPowers: Pointer  // degree x steps x ld: w_t delta_t^l, l >= 1
  let rateSlopes: Pointer  // steps x ld: f'(x_t)
  let rateSums: Pointer  // terms x ld: sum_t w_t r_t^k
  let deltaSums: Pointer  // terms x ld: sum_t w_t delta_t^l
  /// Vectors x block x (terms + degree) vectors: w_t sum_l c_kl l delta^(l - 1), then w_t k sum_l c_kl delta^l, k >= 1.
  let polynomials: Pointer
  let slopes: Pointer  // terms^2: l c_kl
  let sourcePowers: Pointer  // source groups x block x degree x TraceTile.sources: r_t^k, k >= 1
  let current: Pointer  // directions x block x ld: U r
  let state: Pointer  // directions x ld
  let mean: Pointer  // directions x ld
  let deltaTangents: Pointer  // vectors x groups x block x TraceTile.directions vectors
  let rateTangents: Pointer  // source groups x groups x block x directions x TraceTile.sources
  let factors: Pointer  // block x 2 TraceTile.sources vectors: G, H
  let groups: Int

  @inline(__always) init(_ scratch: inout Scratch<V.Scalar>, _ sizes: ScratchSizes) {
    let ld = sizes.ld
    let block = sizes.block
    let degree = sizes.degree
    groups = (sizes.directions + TraceTile.directions - 1) / TraceTile.directions
    let grouped = groups * TraceTile.directions
    ratePowers = scratch.take(degree * sizes.steps * ld)
    deltaPowers = scratch.take(degree * sizes.steps * ld)
    rateSlopes = scratch.take(sizes.steps * ld)
    rateSums = scratch.take(sizes.terms * ld)
    deltaSums = scratch.take(sizes.terms * ld)
    polynomials = scratch.take(block * (sizes.terms + degree) * ld)
    slopes = scratch.take(paddedCount(sizes.terms * sizes.terms))
    sourcePowers = scratch.take(block * degree * ld)
    current = scratch.take(sizes.directions * block * ld)
    state = scratch.take(sizes.directions * ld)
    mean = scratch.take(sizes.directions * ld)
    deltaTangents = scratch.take(grouped * block * ld)
    rateTangents = scratch.take(grouped * block * ld)
    factors = scratch.take(block * 2 * TraceTile.sources * V.scalarCount)
  }

  @inline(__always) init(_ call: TangentCall<V.Scalar>) {
    var scratch = Scratch(call.scratch)
    self.init(
      &scratch,
      ScratchSizes(
        units: call.units, steps: call.steps, degree: call.degree, directions: call.directions))
  }

  /// deltadot of the vector at lane `lane`, step t, direction q of the block.
  @inline(__always) func deltaPlace(_ lane: Int, _ t: Int, _ q: Int, steps: Int) -> Int {
    let (group, place) = q.quotientAndRemainder(dividingBy: TraceTile.directions)
    return (((lane / V.scalarCount * groups) + group) * steps + t) * (TraceTile.directions * V.scalarCount)
      + place * V.scalarCount
  }

  /// The polynomials of the vector at lane `lane`, step t of the block.
  @inline(__always) func polynomialPlace(_ lane: Int, _ t: Int, degree: Int, steps: Int) -> Int {
    (lane / V.scalarCount * steps + t) * (2 * degree + 1) * V.scalarCount
  }

  /// r^k of the source group that starts at unit j, step t of the block.
  @inline(__always) func powerPlace(_ j: Int, _ t: Int, _ k: Int, degree: Int, steps: Int) -> Int {
    ((j / TraceTile.sources * steps + t) * degree + k - 1) * TraceTile.sources
  }

  /// rdot of the source group that starts at unit j, step t, direction q of the block.
  @inline(__always) func ratePlace(_ j: Int, _ t: Int, _ q: Int, steps: Int) -> Int {
    let (group, place) = q.quotientAndRemainder(dividingBy: TraceTile.directions)
    return (((j / TraceTile.sources * groups) + group) * steps + t)
      * (TraceTile.directions * TraceTile.sources)
      + place * TraceTile.sources
  }
}
