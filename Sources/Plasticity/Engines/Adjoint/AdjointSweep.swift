import KernelCalls
import Kernels
import Model
import Tasks

/// One reverse sweep over a lifetime: all numbers of a gradient for (6d+6) N^2 T flops a trial.
///
/// With A and xi held fixed the `tangent` and `antithetic` estimates are the derivative of
/// L = (1/H) sum_h A^{h+1} <xi^h, W^{h+1}(theta)> / sigma, and `pathwise` is that of L = (1/H) sum_h R^h(theta).
/// Adjoints go backwards through the trials: that of W, which a horizon cuts on its way from W^{h+1} to W^h except for
/// the path through mu, and those of what the critic and the filters of e remember, which nothing cuts. What the critic
/// expects enters a trial twice: by way of m = R - b, and where a mechanism lets the kicks depend on it, by way of them.
struct AdjointSweep<S: KernelScalar>: ~Copyable {
  private let rows: SynapseRows
  private let units: Int
  private let steps: Int
  private let outputs: Int
  private let ld: Int
  private var shape: RuleShape?
  private var degree = 0
  private var weightDegree = 0
  private var weightAdjoint: Matrix<S>
  private var traceAdjoint: Matrix<S>
  private var outputAdjoint: [S]
  private var critic: CriticAdjoint
  private var filters: [TraceAdjointFilter<S>] = []
  /// dL/d(theta s) of a trial; and room for those of a call at fixed W, which nobody reads.
  private var products: Matrix<S>
  private var unusedProducts: Matrix<S>
  /// dL/d(theta s) so far.
  private var sums: [Double] = []
  private var scratch: Matrix<S>
  /// The constants that L is differentiated by, and dL/d their coordinates so far.
  private var constants: [LocalConstant] = []
  private var constantSums: [Double] = []
  /// Where L is differentiated by constants, or the rule sees the weight.
  private var direct: DirectTraces<S>?
  /// Room for W^m E and for E^m; for what L sees of r beside W; for direct terms.
  private var weighted: Matrix<S>
  private var part: Matrix<S>
  private var rateAdjoint: Matrix<S>
  /// Where input or readout synapses learn.
  private let layers: LayerAdjoints<S>?

  /// How L weighs a trial.
  struct LossWeights {
    /// dL/dR^h where L holds R^h itself.
    var reward: Double
    /// The same at fixed W, for the constants that move kicks.
    var kickedReward: Double
    /// A^{h+1} / (H sigma).
    var noise: Double
  }

  init(_ state: LifetimeState<S>) {
    // No closure may see a value that cannot be copied before all of it is there.
    let rows = state.rows
    self.rows = rows
    units = state.method.units
    steps = state.task.steps
    outputs = state.task.outputs
    ld = paddedCount(units)
    weightAdjoint = Matrix(rows: rows.count, columns: units)
    traceAdjoint = Matrix(rows: rows.count, columns: units)
    outputAdjoint = Array(repeating: 0, count: steps * outputs)
    critic = CriticAdjoint(state.critic.kind, conditions: state.task.conditions, units: units)
    products = Matrix(rows: 1, columns: 1)
    unusedProducts = Matrix(rows: 1, columns: 1)
    scratch = Matrix(rows: 1, columns: 1)
    weighted = Matrix(rows: 1, columns: 1)
    part = Matrix(rows: 1, columns: 1)
    let asks = state.critic.kind == .learned || !rows.readout.isEmpty
    rateAdjoint = Matrix(rows: asks ? steps : 0, columns: units)
    layers = rows.others.isEmpty ? nil : LayerAdjoints(state)
  }

  /// Readies the sweeps of a lifetime, whose state has begun.
  mutating func ready(_ request: LifetimeRequest, _ state: LifetimeState<S>) {
    let rule = state.rule
    constants = request.coordinates(of: rule).compactMap(\.constant)
    if rule.shape != shape {
      shape = rule.shape
      degree = rule.degree
      weightDegree = rule.weightDegree
      products = Matrix(rows: 1, columns: rule.theta.count)
      unusedProducts = Matrix(rows: 1, columns: rule.theta.count)
      scratch = Matrix(rows: 1, columns: max(1, state.kernels.scratchCount(units, steps, degree, 0)))
    }
    let needsRoom = weightDegree > 0 || !constants.isEmpty
    guard needsRoom else { return }
    if weighted.rows < rows.count {
      weighted = Matrix(rows: rows.count, columns: units)
      part = Matrix(rows: rows.count, columns: units)
    }
    direct = DirectTraces(state)
  }

  /// True where L is differentiated by a constant of the exploration.
  var movesKicks: Bool { constants.contains { RuleCoordinate.constant($0).movesKicks } }

  /// Begins one sweep.
  mutating func begin(_ state: LifetimeState<S>) {
    weightAdjoint.clear()
    critic.reset()
    filters = state.filters.map { filter, _ in
      let adjoints = filter.adjoints()
      invariant(adjoints != nil, "a filter of e without derivatives is on")
      return adjoints!
    }
    sums = Array(repeating: 0, count: state.rule.theta.count)
    constantSums = Array(repeating: 0, count: constants.count)
  }

  /// dL by `coordinate`, which is theta or one of the constants asked for.
  func gradient(_ coordinate: RuleCoordinate, _ rule: Rule) -> Double {
    switch coordinate {
    case .theta(let index): sums[index] * rule.scale[index]
    case .constant(let constant): constantSums[constants.firstIndex(of: constant)!]
    }
  }

  /// Goes back over a trial.
  /// - Parameters:
  ///   - state: of the lifetime; where kicks move, its kicks are those of the trial, factor and all.
  ///   - kickSlope: d log(kicks) / d b.
  mutating func step(
    _ planes: Tape<S>.Planes, _ entry: Tape<S>.Entry, _ state: LifetimeState<S>, kickSlope: Double,
    weights: LossWeights
  ) {
    let trial = entry.earned
    let m = trial.success
    if !constants.isEmpty { addUpdateSlopes(planes, trial, state, noise: weights.noise) }
    let successAdjoint = reverseUpdate(
      planes, m, state, carry: !state.method.dropsTangents(after: trial.index), noise: weights.noise)
    reverseFilters(planes, entry, state)
    if !constants.isEmpty { addDirectTraces(planes) }
    let told = critic.step(
      trial, entry.critic, successAdjoint: successAdjoint, rate: state.baselineRate)
    add(trial, state) { $0.baselineRate($1) * told.rate }
    let moves = kickSlope != 0 || movesKicks
    let kickProduct = backThroughTrial(
      planes, entry, state, rewardAdjoint: weights.reward + told.reward, featureAdjoint: told.features,
      moves: moves)
    // W was cut at 0 to keep its sign, or there is no synapse: nothing that came before it matters.
    if state.primal.signs != nil {
      for index in 0..<units * ld where planes.weights[index] == 0 { weightAdjoint.pointer[index] = 0 }
    }
    if moves {
      critic.addExpected(kickSlope * kickProduct, trial)
      add(trial, state) { $0.kick($1) * kickProduct }
    }
    for p in sums.indices { sums[p] += Double(products.pointer[p]) }
    if movesKicks, weights.kickedReward != 0 {
      let kicked = kickedProduct(planes, entry, state, rewardAdjoint: weights.kickedReward)
      add(trial, state) { $0.kick($1) * kicked }
    }
  }

  private mutating func add(
    _ trial: EarnedTrial, _ state: LifetimeState<S>, _ value: (ConstantSlopes, LocalConstant) -> Double
  ) {
    if constants.isEmpty { return }
    let slopes = ConstantSlopes(trial, state)
    for (index, constant) in constants.enumerated() { constantSums[index] += value(slopes, constant) }
  }

  /// From the adjoint of W^{h+1} to those of e(T), in `traceAdjoint`, and of W^h.
  /// - Returns: the adjoint of m.
  private mutating func reverseUpdate(
    _ planes: Tape<S>.Planes, _ m: Double, _ state: LifetimeState<S>, carry: Bool, noise: Double
  ) -> Double {
    var successAdjoint: S = 0
    withUnsafeMutablePointer(to: &successAdjoint) { successAdjoint in
      var call = AdjointUpdateCall(
        units: units, ld: ld, carry: carry, weightAdjoint: weightAdjoint.pointer,
        noise: noise == 0 ? nil : UnsafePointer(planes.noise), noiseFactor: S(noise),
        trace: planes.trace, weights: planes.weights, open: planes.open, gain: S(state.eta * m),
        eta: S(state.eta), growth: S(state.decay(success: m)),
        growthSlope: S(state.decaySlope(success: m)), traceAdjoint: traceAdjoint.pointer,
        successAdjoint: successAdjoint)
      call.rows = rows.count
      state.kernels.adjointUpdate(call)
    }
    return Double(successAdjoint)
  }

  /// The constants that act in mu itself: eta, clip and what makes W decay.
  private mutating func addUpdateSlopes(
    _ planes: Tape<S>.Planes, _ trial: EarnedTrial, _ state: LifetimeState<S>, noise: Double
  ) {
    let gain = S(state.eta * trial.success)
    let decay = S(state.decay(success: trial.success))
    var (trace, weight, cut) = (0.0, 0.0, 0.0)
    for j in 0..<rows.count {
      for place in j * ld..<j * ld + units {
        var adjoint = Double(weightAdjoint.pointer[place])
        if noise != 0 { adjoint += noise * Double(planes.noise[place]) }
        if planes.open[place] != 0 {
          trace += adjoint * Double(planes.trace[place])
          weight += adjoint * Double(planes.weights[place])
        } else if state.primal.exists(place) {
          cut += gain * planes.trace[place] - decay * planes.weights[place] > 0 ? adjoint : -adjoint
        }
      }
    }
    add(trial, state) { $0.gain($1) * trace - $0.decay($1) * weight + $0.cut($1) * cut }
  }

  private mutating func reverseFilters(
    _ planes: Tape<S>.Planes, _ entry: Tape<S>.Entry, _ state: LifetimeState<S>
  ) {
    for index in filters.indices.reversed() {
      let slope = filters[index].apply(
        traceAdjoint.pointer, rest: planes.trace, startedAnew: entry.startsAnew[index],
        condition: entry.earned.condition)
      add(entry.earned, state) { $0.filter($1, of: state.filters[index].constant) * slope }
    }
  }

  /// The constants that act inside e(T): <E, direct term>.
  private mutating func addDirectTraces(_ planes: Tape<S>.Planes) {
    for (index, constant) in constants.enumerated() {
      guard direct?.write(constant, planes.source, to: part.pointer) == true else { continue }
      var sum = 0.0
      for j in 0..<rows.count {
        for place in j * ld..<j * ld + units {
          sum += Double(traceAdjoint.pointer[place]) * Double(part.pointer[place])
        }
      }
      constantSums[index] += sum
    }
  }

  /// Fills `products` and adds to the adjoint of W.
  /// - Returns: sum_t <lambda_{t+1}, kick_t>, 0 where no kick moves.
  private mutating func backThroughTrial(
    _ planes: Tape<S>.Planes, _ entry: Tape<S>.Entry, _ state: LifetimeState<S>, rewardAdjoint: Double,
    featureAdjoint: [Double], moves: Bool
  ) -> Double {
    let reads = fillOutputAdjoint(entry, state, rewardAdjoint)
    fillRateAdjoint(featureAdjoint, Critic.shownSteps(before: entry.window, of: steps))
    products.clear()
    layers?.reverse(
      state, planes, traceAdjoint: traceAdjoint.pointer, outputAdjoint: &outputAdjoint,
      rateAdjoint: rateAdjoint.pointer, weightAdjoint: weightAdjoint.pointer, sums: &sums)
    let readsAll = !rows.readout.isEmpty
    var kickProduct = call(
      planes, state, power: 0, next: entry.next, traceAdjoint: traceAdjoint.pointer,
      reads: readsAll ? 0..<steps : reads ? entry.window : nil,
      seesRates: readsAll || !featureAdjoint.isEmpty, moves: moves, weightAdjoint: weightAdjoint.pointer)
    for m in 0..<weightDegree {
      kickProduct += backThroughPart(m + 1, planes, state, moves: moves)
    }
    return kickProduct
  }

  /// The part W^m E^m of e(T): E^m by way of the trial, and W itself.
  private mutating func backThroughPart(
    _ m: Int, _ planes: Tape<S>.Planes, _ state: LifetimeState<S>, moves: Bool
  ) -> Double {
    let count = units * ld
    writeProduct(planes.weights, power: m, traceAdjoint.pointer, count: count, to: weighted.pointer)
    let product = call(
      planes, state, power: m, traceAdjoint: weighted.pointer, reads: nil, seesRates: false, moves: moves,
      weightAdjoint: weightAdjoint.pointer)
    direct!.writePart(m, planes.source, to: part.pointer)
    for start in stride(from: 0, to: count, by: 16) {
      let weight = lanes(UnsafePointer(planes.weights) + start)
      let adjoint = lanes(UnsafePointer(traceAdjoint.pointer) + start)
      var slope = S(m) * (adjoint * lanes(UnsafePointer(part.pointer) + start))
      for _ in 1..<m { slope *= weight }
      // Padded lanes of E^m may hold anything.
      slope.replace(with: SIMD16<S>(repeating: 0), where: adjoint .== 0)
      let target = weightAdjoint.pointer + start
      store(lanes(UnsafePointer(target)) + slope, target)
    }
    return product
  }

  /// sum_t <lambda_{t+1}, kick_t> of R alone, W held fixed.
  private mutating func kickedProduct(
    _ planes: Tape<S>.Planes, _ entry: Tape<S>.Entry, _ state: LifetimeState<S>, rewardAdjoint: Double
  ) -> Double {
    guard fillOutputAdjoint(entry, state, rewardAdjoint) else { return 0 }
    weighted.clear()
    return call(
      planes, state, power: 0, traceAdjoint: weighted.pointer, reads: entry.window, seesRates: false,
      moves: true, weightAdjoint: part.pointer)
  }

  /// dL/dz; false where R has no derivative.
  private mutating func fillOutputAdjoint(
    _ entry: Tape<S>.Entry, _ state: LifetimeState<S>, _ rewardAdjoint: Double
  ) -> Bool {
    for index in outputAdjoint.indices { outputAdjoint[index] = 0 }
    guard state.method.reward != .binary else { return false }
    for index in entry.window.lowerBound * outputs..<entry.window.upperBound * outputs {
      outputAdjoint[index] = S(rewardAdjoint * entry.slopes[index])
    }
    return true
  }

  /// dL/dr by way of f, at every step that f is the mean of.
  private mutating func fillRateAdjoint(_ featureAdjoint: [Double], _ shown: Range<Int>) {
    rateAdjoint.clear()
    guard !featureAdjoint.isEmpty else { return }
    for t in shown {
      for i in 0..<units { rateAdjoint.pointer[t * ld + i] = S(featureAdjoint[i] / Double(shown.count)) }
    }
  }

  private mutating func call(
    _ planes: Tape<S>.Planes, _ state: LifetimeState<S>, power m: Int,
    next: UnsafeBufferPointer<S>? = nil, traceAdjoint: UnsafePointer<S>, reads window: Range<Int>?,
    seesRates: Bool, moves: Bool, weightAdjoint: UnsafeMutablePointer<S>
  ) -> Double {
    let first = m * Rule.count(degree: degree)
    let products =
      weightAdjoint == self.weightAdjoint.pointer ? self.products.pointer : unusedProducts.pointer
    var kickProduct: S = 0
    outputAdjoint.withUnsafeBufferPointer { outputAdjoint in
      withUnsafeMutablePointer(to: &kickProduct) { kickProduct in
        var call = AdjointCall(
          units: units, ld: ld, steps: steps, degree: degree, outputs: outputs, weights: planes.weights,
          rates: planes.rates, fluctuations: planes.fluctuations,
          coefficients: state.primal.coefficients.pointer + first,
          stepWeights: state.primal.stepWeights.pointer,
          leak: state.primal.leak, leakBar: state.primal.leakBar, traceAdjoint: traceAdjoint,
          readout: planes.readoutWeights(state), firstReadStep: window?.lowerBound ?? steps,
          outputAdjoint: window == nil ? nil : outputAdjoint.baseAddress!, weightAdjoint: weightAdjoint,
          products: products + first, scratch: scratch.pointer)
        call.rateFunction = state.primal.rateFunction
        call.next = next?.baseAddress
        call.nextCount = next?.count ?? 0
        if moves {
          call.kicks = UnsafePointer(state.kicks.values.pointer)
          call.kickProduct = kickProduct
        }
        if seesRates { call.rateAdjoints = UnsafePointer(rateAdjoint.pointer) }
        let isOwn = weightAdjoint == self.weightAdjoint.pointer
        if isOwn, m == 0 { call.fluctuationAdjoints = layers?.fluctuationAdjoints }
        if isOwn { call.drives = layers?.drives }
        state.kernels.adjoint(call)
        if isOwn { layers?.addInputWeights(planes, to: weightAdjoint) }
      }
    }
    return Double(kickProduct)
  }
}
