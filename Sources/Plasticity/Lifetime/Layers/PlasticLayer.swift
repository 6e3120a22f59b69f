import KernelCalls
import Kernels
import Model

/// Input or readout synapses that learn by the rule: what they make of the signals of one trial.
///
/// e = sum_m W^m E^m as at recurrent synapses, times the layer's factor of eta, with the presynaptic u_m and the
/// postsynaptic delta_i at an input synapse, and the presynaptic r_j and the postsynaptic zbar_k - z_k at a readout synapse.
final class PlasticLayer<S: KernelScalar> {
  let layer: Layer
  /// In the plane of `SynapseRows`.
  let rows: Range<Int>
  /// Places in theta of the coefficients that it uses.
  let places: Range<Int>
  private let ld: Int
  private let steps: Int
  private let degree: Int
  private let powers: Int
  private let kernels: KernelSet<S>
  /// What multiplies theta s: the layer's factor of eta.
  let factor: Double
  private let scale: [Double]
  /// A row for every power of the weight: [power of the row's signal][power of the lane's signal].
  private var coefficients: Matrix<S>
  /// The same with one entry, for direct terms, and room for sums.
  private var one: Matrix<S>
  private var stepWeights: Matrix<S>
  /// E^m, m >= 1, of the trace written last; and room for one product.
  private var parts: Matrix<S>
  private var product: Matrix<S>
  private var scratch: Matrix<S>

  init(
    _ layer: Layer, _ rule: Rule, rows: Range<Int>, method: Method, steps: Int, kernels: KernelSet<S>
  ) {
    invariant(!rows.isEmpty, "the layer \(layer) has no synapses")
    self.layer = layer
    self.rows = rows
    self.steps = steps
    self.kernels = kernels
    places = rule.shape.range(of: layer)
    ld = paddedCount(method.units)
    degree = rule.degree
    powers = rule.weightDegree + 1
    factor = rule.constants.rate(of: layer)
    scale = Array(rule.scale[places])
    let width = rule.degree + 1
    let effective = rule.effective[places].map { $0 * rule.constants.rate(of: layer) }
    let isTransposed = layer == .readout
    coefficients = Matrix(rows: powers, columns: width * width)
    one = Matrix(rows: 1, columns: width * width)
    for m in 0..<powers {
      for place in 0..<width * width {
        let (k, l) = place.quotientAndRemainder(dividingBy: width)
        let value = effective[m * width * width + (isTransposed ? l * width + k : place)]
        coefficients.pointer[m * coefficients.stride + place] = S(value)
      }
    }
    let weights = rule.constants.stepWeights(timeStep: method.timeStep, steps: steps)
    stepWeights = Matrix(rows: 1, columns: steps)
    for t in weights.indices { stepWeights.pointer[t] = S(weights[t]) }
    parts = Matrix(rows: (powers - 1) * rows.count, columns: method.units)
    product = Matrix(rows: rows.count, columns: method.units)
    scratch = Matrix(
      rows: 1, columns: max(1, kernels.scratchCount(method.units, steps, rule.degree, 0)))
  }

  private var count: Int { rows.count * ld }

  /// Place of theta[k,l,m] here among the coefficients, which are transposed where the row is postsynaptic.
  private func place(_ term: Term) -> Int {
    layer == .readout ? term.l * (degree + 1) + term.k : term.k * (degree + 1) + term.l
  }

  private func signals(_ source: TraceSource<S>) -> (rows: UnsafePointer<S>, lanes: UnsafePointer<S>) {
    layer == .readout
      ? (source.outputFluctuations!, source.rates) : (source.inputs!, source.fluctuations)
  }

  /// Writes e(T) to `plane`, all rows x ld.
  /// - Parameter stepWeights: other weights of the steps than the rule's.
  func write(
    _ source: TraceSource<S>, stepWeights: UnsafePointer<S>? = nil, to plane: UnsafeMutablePointer<S>
  ) {
    let target = plane + rows.lowerBound * ld
    for m in 0..<powers {
      let part = m == 0 ? target : parts.pointer + (m - 1) * count
      run(source, power: m, stepWeights: stepWeights, to: part)
      if m > 0 { addProduct(weights(source), power: m, part, count: count, to: target) }
    }
  }

  /// Adds the direct term of a coefficient of the layer, by its place in theta, to `plane`.
  func addDirect(
    _ index: Int, _ shape: RuleShape, _ source: TraceSource<S>, to plane: UnsafeMutablePointer<S>
  ) {
    let target = plane + rows.lowerBound * ld
    let term = shape.term(index)
    one.clear()
    one.pointer[place(term)] = S(factor * scale[index - places.lowerBound])
    run(source, coefficients: one.pointer, to: product.pointer)
    addProduct(weights(source), power: term.m, product.pointer, count: count, to: target)
  }

  /// Adds the change of e(T) along tangents of the signals, steps x rows and steps x ld, and of the weights.
  /// - Parameter carried: U of the layer, rows x ld; nil where it is 0. E^m is that of the trace written last.
  func addTangent(
    _ source: TraceSource<S>, rowTangents: UnsafePointer<S>?, laneTangents: UnsafePointer<S>?,
    carried: UnsafePointer<S>?, to plane: UnsafeMutablePointer<S>
  ) {
    let target = plane + rows.lowerBound * ld
    for m in 0..<powers {
      if rowTangents != nil || laneTangents != nil {
        run(source, power: m, rowTangents, laneTangents, to: product.pointer)
        addProduct(weights(source), power: m, product.pointer, count: count, to: target)
      }
      guard m > 0, let carried else { continue }
      addWeightSlope(m, weights(source), carried, to: target)
    }
  }

  /// target += m W^(m-1) E^m values.
  private func addWeightSlope(
    _ m: Int, _ weights: UnsafePointer<S>, _ values: UnsafePointer<S>, to target: UnsafeMutablePointer<S>
  ) {
    let part = UnsafePointer(parts.pointer + (m - 1) * count)
    for start in stride(from: 0, to: count, by: 16) {
      let value = lanes(values + start)
      var slope = S(m) * (value * lanes(part + start))
      for _ in 1..<m { slope *= lanes(weights + start) }
      // Padded lanes of E^m may hold anything.
      slope.replace(with: SIMD16<S>(repeating: 0), where: value .== 0)
      store(lanes(UnsafePointer(target) + start) + slope, target + start)
    }
  }

  private func weights(_ source: TraceSource<S>) -> UnsafePointer<S> {
    source.weights + rows.lowerBound * ld
  }

  private func run(
    _ source: TraceSource<S>, power m: Int = 0, coefficients: UnsafePointer<S>? = nil,
    stepWeights: UnsafePointer<S>? = nil, _ rowTangents: UnsafePointer<S>? = nil,
    _ laneTangents: UnsafePointer<S>? = nil, to trace: UnsafeMutablePointer<S>
  ) {
    let (rowSignals, laneSignals) = signals(source)
    var call = LayerCall(
      rows: rows.count, ld: ld, steps: steps, degree: degree, rowSignals: rowSignals,
      laneSignals: laneSignals, coefficients: coefficients ?? UnsafePointer(row(m)),
      stepWeights: stepWeights ?? UnsafePointer(self.stepWeights.pointer), trace: trace,
      scratch: scratch.pointer)
    call.rowTangents = rowTangents
    call.laneTangents = laneTangents
    kernels.layer(call)
  }

  /// Coefficients of power m.
  private func row(_ m: Int) -> UnsafeMutablePointer<S> { coefficients.pointer + m * coefficients.stride }

  // MARK: - Read backwards

  /// Goes back from E = dL/de to the coefficients, the signals and, where the rule sees them, the weights.
  /// - Parameters:
  ///   - plane: E of all rows.
  ///   - sums: dL/d(theta s), all of theta; added to.
  ///   - rowAdjoints: steps x rows, added to; nil where the row's signal is given.
  ///   - laneAdjoints: steps x ld, added to.
  ///   - weightAdjoint: all rows, added to.
  func reverse(
    _ plane: UnsafePointer<S>, _ source: TraceSource<S>, sums: inout [Double],
    rowAdjoints: UnsafeMutablePointer<S>?, laneAdjoints: UnsafeMutablePointer<S>,
    weightAdjoint: UnsafeMutablePointer<S>
  ) {
    let own = plane + rows.lowerBound * ld
    for m in 0..<powers {
      if m > 0 { run(source, power: m, to: parts.pointer + (m - 1) * count) }
      writeProduct(weights(source), power: m, own, count: count, to: product.pointer)
      addProducts(m, product.pointer, source, &sums, rowAdjoints, laneAdjoints)
      if m > 0 {
        addWeightSlope(m, weights(source), own, to: weightAdjoint + rows.lowerBound * ld)
      }
    }
  }

  /// Adds <noise, S> without its factor eta m to `sums`, where S is the direct sensitivity of e by theta.
  /// - Parameter noise: all rows, 0 in padded lanes and where the update was cut.
  func addScore(_ noise: UnsafePointer<S>, _ source: TraceSource<S>, to sums: inout [Double]) {
    for m in 0..<powers {
      writeProduct(
        weights(source), power: m, noise + rows.lowerBound * ld, count: count, to: product.pointer)
      addProducts(m, product.pointer, source, &sums, nil, nil)
    }
  }

  private func addProducts(
    _ m: Int, _ adjoint: UnsafePointer<S>, _ source: TraceSource<S>, _ sums: inout [Double],
    _ rowAdjoints: UnsafeMutablePointer<S>?, _ laneAdjoints: UnsafeMutablePointer<S>?
  ) {
    let (rowSignals, laneSignals) = signals(source)
    let width = degree + 1
    one.clear()
    kernels.layerAdjoint(
      LayerAdjointCall(
        rows: rows.count, ld: ld, steps: steps, degree: degree, rowSignals: rowSignals,
        laneSignals: laneSignals, coefficients: row(m), stepWeights: stepWeights.pointer,
        traceAdjoint: adjoint, products: one.pointer, rowAdjoints: rowAdjoints, laneAdjoints: laneAdjoints,
        scratch: scratch.pointer))
    for place in 0..<width * width {
      let (a, b) = place.quotientAndRemainder(dividingBy: width)
      let index = layer == .readout ? b * width + a : place
      sums[places.lowerBound + m * width * width + index] += factor * Double(one.pointer[place])
    }
  }
}
