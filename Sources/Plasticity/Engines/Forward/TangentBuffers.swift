import KernelCalls
import Kernels
import Model
import Tasks

/// U and what a trial needs to carry it on, for a list of directions.
///
/// Directions never meet: what is computed for one does not depend, in any bit, on which others are in the list.
struct TangentBuffers<S: KernelScalar>: ~Copyable {
  let units: Int
  let steps: Int
  let outputs: Int
  let ld: Int
  let shape: RuleShape
  let degree: Int
  let weightDegree: Int
  let directions: [RuleCoordinate]
  let kernels: KernelSet<S>

  /// U: directions x N x ld.
  private var carried: Matrix<S>
  private var isZero = true
  /// edot(T).
  private var traceTangents: Matrix<S>
  /// edot of E^m, m >= 1, one m at a time.
  private var partTangents: Matrix<S>
  private var outputTangents: [S]
  private var traceFactors: [S]
  private var weightFactors: [S]
  private var products: [S]
  /// <xi, U> of the trial updated last, U before it was cut.
  private(set) var noiseProducts: [Double]
  /// d log(kick) of this trial.
  private var kickSlopes: [S]
  private var slopes: [Double]
  private var scratch: Matrix<S>
  /// The monomial of every direction by power of the weight; -1 where it has none there.
  private let terms: [[Int]]
  /// Where constants are among the directions.
  private var direct: DirectTraces<S>?
  private var filters: [TraceTangentFilter<S>] = []
  /// rdot of every step, directions x T x ld; no rows where nobody asks.
  private var rateTangents: Matrix<S>
  private let rows: SynapseRows
  /// Where input or readout synapses learn.
  private let layers: LayerTangents<S>?

  init(_ state: LifetimeState<S>, directions: [RuleCoordinate]) {
    units = state.method.units
    steps = state.task.steps
    outputs = state.task.outputs
    ld = paddedCount(units)
    shape = state.rule.shape
    degree = shape.degree
    weightDegree = state.rule.weightDegree
    self.directions = directions
    kernels = state.kernels
    let count = directions.count
    rows = state.rows
    carried = Matrix(rows: count * rows.count, columns: units)
    traceTangents = Matrix(rows: count * rows.count, columns: units)
    partTangents = Matrix(rows: weightDegree > 0 ? count * rows.count : 0, columns: units)
    outputTangents = Array(repeating: 0, count: count * steps * outputs)
    traceFactors = Array(repeating: 0, count: count)
    weightFactors = traceFactors
    products = traceFactors
    noiseProducts = Array(repeating: 0, count: count)
    kickSlopes = traceFactors
    slopes = Array(repeating: 0, count: steps * outputs)
    scratch = Matrix(
      rows: 1, columns: max(1, count == 0 ? 1 : kernels.scratchCount(units, steps, degree, count)))
    let monomials = Rule.count(degree: degree)
    let own = state.rows.recurrentLearns ? state.rule.shape.range(of: .recurrent) : 0..<0
    terms = (0...weightDegree).map { m in
      directions.map { direction in
        guard case .theta(let index) = direction, own.contains(index), index / monomials == m else {
          return -1
        }
        return index % monomials
      }
    }
    let asks = state.critic.kind == .learned || !state.rows.readout.isEmpty
    rateTangents = Matrix(rows: asks ? count * steps : 0, columns: units)
    layers = state.layers.isEmpty ? nil : LayerTangents(state, directions: directions)
  }

  func fits(_ directions: [RuleCoordinate], _ rule: Rule) -> Bool {
    self.directions == directions && shape == rule.shape
  }

  /// Readies a lifetime, whose state has begun.
  mutating func begin(_ state: LifetimeState<S>) {
    isZero = true
    for q in noiseProducts.indices { noiseProducts[q] = 0 }
    if directions.contains(where: { $0.constant != nil }) { direct = DirectTraces(state) }
    filters = state.filters.map { filter, _ in
      let tangents = filter.tangents(directions: directions.count)
      invariant(tangents != nil, "a filter of e without derivatives is on")
      return tangents!
    }
  }

  /// edot(T) and Rdot of the trial that `state` holds.
  /// - Parameters:
  ///   - kickSlopes: d log(kick) by direction; nil where no kick moves.
  ///   - rewardTangents: becomes Rdot; 0 for binary reward, which has no derivative.
  mutating func run(
    _ trial: EarnedTrial, _ state: LifetimeState<S>, kickSlopes: [Double]?, rewardTangents: inout [Double]
  ) {
    let reads = state.reward.kind != .binary
    let window = state.trial.window
    // Where the readout learns, its traces see z at every step.
    let firstReadStep = !rows.readout.isEmpty ? 0 : reads ? window.lowerBound : steps
    if !directions.isEmpty {
      if let kickSlopes {
        for q in kickSlopes.indices { self.kickSlopes[q] = S(kickSlopes[q]) }
        // Kicks move the state even where W has not moved yet.
        if isZero, kickSlopes.contains(where: { $0 != 0 }) {
          carried.clear()
          isZero = false
        }
      }
      writeDirectTerms(state.primal.source)
      if !isZero { layers?.fillDrives(state.primal, carried: carried.pointer) }
      for m in 0...weightDegree {
        call(
          state, power: m, kicks: kickSlopes == nil ? nil : UnsafePointer(state.kicks.values.pointer),
          firstReadStep: firstReadStep)
        if m > 0 { addPart(m, state.primal) }
      }
      addLayers(state)
      applyFilters(trial, state)
    }
    guard reads else {
      for q in rewardTangents.indices { rewardTangents[q] = 0 }
      return
    }
    state.reward.slope(state.readout, state.trial, into: &slopes)
    for q in directions.indices {
      var sum = 0.0
      for t in window {
        for k in 0..<outputs {
          sum += slopes[t * outputs + k] * Double(outputTangents[(q * steps + t) * outputs + k])
        }
      }
      rewardTangents[q] = sum
    }
  }

  /// What is no monomial of the zeroth power starts from its own direct term, or from 0.
  private mutating func writeDirectTerms(_ source: TraceSource<S>) {
    for (q, direction) in directions.enumerated() {
      let plane = traceTangents.pointer + q * rows.count * ld
      guard terms[0][q] < 0 else {
        (plane + units * ld).update(repeating: 0, count: rows.others.count * ld)
        continue
      }
      if let constant = direction.constant, direct?.write(constant, source, to: plane) == true { continue }
      plane.update(repeating: 0, count: rows.count * ld)
    }
  }

  /// edot of input and readout synapses, and what Uout adds to zdot.
  private mutating func addLayers(_ state: LifetimeState<S>) {
    guard let layers else { return }
    if !rows.recurrentLearns {
      for q in directions.indices {
        (traceTangents.pointer + q * rows.count * ld).update(repeating: 0, count: units * ld)
      }
    }
    outputTangents.withUnsafeMutableBufferPointer {
      layers.add(
        state, carried: isZero ? nil : UnsafePointer(carried.pointer), rateTangents: rateTangents.pointer,
        outputTangents: $0.baseAddress!, to: traceTangents.pointer)
    }
  }

  /// edot += W^m (edot^m) + m W^(m-1) U E^m.
  private mutating func addPart(_ m: Int, _ primal: borrowing PrimalBuffers<S>) {
    let size = units * ld
    let plane = rows.count * ld
    for q in directions.indices {
      let target = traceTangents.pointer + q * plane
      addProduct(primal.weights.pointer, power: m, partTangents.pointer + q * plane, count: size, to: target)
      guard !isZero else { continue }
      let part = primal.tracePart(m)
      let carried = UnsafePointer(carried.pointer + q * plane)
      for start in stride(from: 0, to: size, by: 16) {
        let weight = lanes(UnsafePointer(primal.weights.pointer) + start)
        var product = S(m) * (lanes(carried + start) * lanes(part + start))
        for _ in 1..<m { product *= weight }
        store(lanes(UnsafePointer(target) + start) + product, target + start)
      }
    }
  }

  private mutating func applyFilters(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    let slopes = ConstantSlopes(trial, state)
    for (filter, (_, own)) in zip(filters, state.filters) {
      let ownSlopes = directions.map { $0.constant.map { S(slopes.filter($0, of: own)) } ?? 0 }
      filter.apply(
        traceTangents.pointer, rest: state.primal.traces.pointer,
        slopes: ownSlopes.allSatisfy { $0 == 0 } ? nil : ownSlopes, condition: trial.condition)
    }
  }

  private mutating func call(
    _ state: LifetimeState<S>, power m: Int, kicks: UnsafePointer<S>?, firstReadStep: Int
  ) {
    let first = m * Rule.count(degree: degree)
    let target = m == 0 ? traceTangents.pointer : partTangents.pointer
    if m > 0 {
      for q in directions.indices where terms[m][q] < 0 {
        (target + q * rows.count * ld).update(repeating: 0, count: units * ld)
      }
    }
    outputTangents.withUnsafeMutableBufferPointer { outputTangents in
      terms[m].withUnsafeBufferPointer { terms in
        kickSlopes.withUnsafeBufferPointer { slopes in
          var call = TangentCall(
            units: units, ld: ld, steps: steps, degree: degree, outputs: outputs,
            directions: directions.count, terms: terms.baseAddress!,
            weights: state.primal.weights.pointer, rates: state.primal.rates.pointer,
            fluctuations: state.primal.fluctuations.pointer,
            coefficients: state.primal.coefficients.pointer + first,
            scales: state.primal.scales.pointer + first,
            stepWeights: state.primal.stepWeights.pointer, leak: state.primal.leak,
            leakBar: state.primal.leakBar, carried: isZero ? nil : UnsafePointer(carried.pointer),
            readout: state.primal.readoutWeights(state.network), firstReadStep: firstReadStep,
            traceTangents: target, outputTangents: outputTangents.baseAddress!,
            scratch: scratch.pointer)
          call.rateFunction = state.primal.rateFunction
          if let kicks {
            call.kicks = kicks
            call.kickSlopes = slopes.baseAddress!
          }
          call.planeRows = rows.count
          call.drives = layers?.drives
          if m == 0 {
            if rateTangents.rows > 0 { call.rateTangents = rateTangents.pointer }
            call.fluctuationTangents = layers?.fluctuationTangents
          }
          kernels.tangents(call)
        }
      }
    }
  }

  /// fdot: the mean of rdot over these steps, directions x N; empty where the state has not moved.
  func featureTangents(_ shown: Range<Int>) -> [Double] {
    guard !isZero, rateTangents.rows > 0 else { return [] }
    var sums = Array(repeating: 0.0, count: directions.count * units)
    for q in directions.indices {
      for t in shown {
        for i in 0..<units { sums[q * units + i] += Double(rateTangents.pointer[(q * steps + t) * ld + i]) }
      }
    }
    return sums.map { $0 / Double(shown.count) }
  }

  /// U of the next trial, and <xi, U> for its credit. Call it after the update of W.
  /// - Parameter successTangents: mdot.
  mutating func update(_ trial: EarnedTrial, _ state: LifetimeState<S>, successTangents: [Double]) {
    guard !directions.isEmpty else { return }
    let m = trial.success
    let eta = state.eta
    let growth = S(state.decay(success: m))
    let growthSlope = S(state.decaySlope(success: m))
    let slopes = ConstantSlopes(trial, state)
    for (q, direction) in directions.enumerated() {
      traceFactors[q] = S(eta) * S(successTangents[q])
      weightFactors[q] = -(growthSlope * S(successTangents[q]))
      guard let constant = direction.constant else { continue }
      traceFactors[q] += S(slopes.gain(constant))
      weightFactors[q] -= S(slopes.decay(constant))
    }
    traceFactors.withUnsafeBufferPointer { traceFactors in
      weightFactors.withUnsafeBufferPointer { weightFactors in
        products.withUnsafeMutableBufferPointer { products in
          kernels.tangentUpdate(
            TangentUpdateCall(
              rows: rows.count, ld: ld, directions: directions.count,
              carry: !state.method.dropsTangents(after: trial.index), carriedIsZero: isZero,
              tangents: carried.pointer, traceTangents: traceTangents.pointer,
              trace: state.primal.traces.pointer, weights: state.primal.before.pointer,
              open: state.primal.open.pointer, gain: S(eta * m), growth: growth,
              traceFactors: traceFactors.baseAddress!, weightFactors: weightFactors.baseAddress!,
              noise: state.primal.sigma > 0 ? UnsafePointer(state.primal.noise.pointer) : nil,
              products: products.baseAddress!))
        }
      }
    }
    isZero = false
    for q in products.indices { noiseProducts[q] = Double(products[q]) }
    for (q, direction) in directions.enumerated() {
      guard let constant = direction.constant, slopes.cut(constant) != 0 else { continue }
      noiseProducts[q] += Double(
        state.primal.addCut(
          S(slopes.cut(constant)), gain: S(eta * m), decay: growth, to: carried.pointer + q * rows.count * ld)
      )
    }
    if state.primal.signs != nil { cut(where: state.primal.weights) }
  }

  /// U is 0 where W was cut at 0 to keep its sign, and where there is no synapse. <xi, U> has been taken before: what
  /// follows from W depends on the noise by way of W before its cut.
  private mutating func cut(where weights: borrowing Matrix<S>) {
    for q in 0..<directions.count {
      let plane = carried.pointer + q * rows.count * ld
      for index in 0..<units * ld { plane[index] = weights.pointer[index] == 0 ? 0 : plane[index] }
    }
  }

  /// Sum of the squares of edot(T) over the synapses of a layer, by its rows, and all directions.
  func traceSquares(in network: borrowing NetworkDraw<S>, layer: Range<Int>) -> Double {
    var sum = 0.0
    for q in directions.indices {
      for j in layer {
        for i in 0..<units {
          if j < units, network.existing.rows > 0, network.existing.pointer[j * ld + i] == 0 { continue }
          let value = Double(traceTangents.pointer[(q * rows.count + j) * ld + i])
          sum += value * value
        }
      }
    }
    return sum
  }

  /// U in Double, directions x synapses in the order of `TrialRecord.weights`.
  var values: [Double] { rows.values(carried, planes: directions.count) }
}
