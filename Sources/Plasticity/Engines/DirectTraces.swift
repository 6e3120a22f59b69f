import KernelCalls
import Kernels
import Model

/// The direct terms of the constants that act inside e(T): the derivatives of e(T), at fixed trajectories of x, by the
/// coordinates of tau_e and tau_bar.
///
/// - tau_e weighs the steps: sum_t (dw_t / dtau_e) of the same sum.
/// - The factor of eta of a layer of inputs or readouts multiplies its e.
/// - tau_bar moves xbar alone, and x does not see xbar: y_{t+1} = y_t + (dt/tau_bar) (delta_t - y_t), y_0 = 0, is the
///   tangent of delta by log tau_bar, so the term is sum_t w_t sum_m W^m sum_k (dS_k^m/ddelta) y_t (r_t^k)^T.
struct DirectTraces<S: KernelScalar>: ~Copyable {
  private let units: Int
  private let steps: Int
  private let ld: Int
  private let rule: Rule
  private let timeStep: Double
  private let kernels: KernelSet<S>
  private var sum: TraceSum<S>
  private var scratch: Matrix<S>
  /// y S'_k, T x ld, and its sum with r^k, N x ld.
  private var slopes: Matrix<S>
  private var product: Matrix<S>
  private var moved: [Double]
  private let rows: SynapseRows
  /// Input and readout synapses that learn, with room of their own.
  private let layers: [PlasticLayer<S>]

  init(_ state: LifetimeState<S>) {
    units = state.method.units
    steps = state.task.steps
    ld = paddedCount(units)
    rule = state.rule
    timeStep = state.method.timeStep
    kernels = state.kernels
    sum = TraceSum(
      units: units, steps: steps, degree: rule.degree, weightDegree: rule.weightDegree, kernels: kernels)
    scratch = Matrix(rows: 1, columns: max(1, kernels.scratchCount(units, steps, rule.degree, 0)))
    slopes = Matrix(rows: steps, columns: units)
    product = Matrix(rows: units, columns: units)
    moved = Array(repeating: 0, count: units)
    rows = state.rows
    layers = state.layers.map { PlasticLayer($0.layer, state) }
  }

  /// Writes the direct term of `constant` to `trace`, all rows of synapses.
  /// - Returns: false for a constant that does not act inside e(T); `trace` is then as it was.
  mutating func write(
    _ constant: LocalConstant, _ source: TraceSource<S>, to trace: UnsafeMutablePointer<S>
  ) -> Bool {
    let own = layers.first { LocalConstants.rate(of: $0.layer) == constant }
    guard constant == .tauE || constant == .tauBar || own != nil else { return false }
    if !layers.isEmpty { trace.update(repeating: 0, count: rows.count * ld) }
    // By the logarithm of a factor of eta, a layer's e changes by itself.
    own?.write(source, to: trace)
    switch constant {
    case .tauE: writeDecay(source, trace)
    case .tauBar: writeMean(source, trace)
    default: break
    }
    return true
  }

  /// Writes E^m, m >= 1, to `part`, N x ld.
  mutating func writePart(_ m: Int, _ source: TraceSource<S>, to part: UnsafeMutablePointer<S>) {
    let terms = Rule.count(degree: rule.degree)
    let coefficients = rule.effective[m * terms..<(m + 1) * terms].map { S($0) }
    let stepWeights = rule.constants.stepWeights(timeStep: timeStep, steps: steps).map { S($0) }
    accumulate(
      rates: source.rates, fluctuations: source.fluctuations, coefficients, stepWeights, to: part)
  }

  private func accumulate(
    rates: UnsafePointer<S>, fluctuations: UnsafePointer<S>, _ coefficients: [S], _ stepWeights: [S],
    to trace: UnsafeMutablePointer<S>
  ) {
    coefficients.withUnsafeBufferPointer { coefficients in
      stepWeights.withUnsafeBufferPointer { stepWeights in
        kernels.eligibility(
          EligibilityCall(
            units: units, ld: ld, steps: steps, degree: rule.degree, rates: rates,
            fluctuations: fluctuations, coefficients: coefficients.baseAddress!,
            stepWeights: stepWeights.baseAddress!, trace: trace, scratch: scratch.pointer))
      }
    }
  }

  /// The same of a layer: y of the running mean of delta or, at the readout, of z.
  private func addMean(
    _ layer: PlasticLayer<S>, _ source: TraceSource<S>, _ trace: UnsafeMutablePointer<S>
  ) {
    let isReadout = layer.layer == .readout
    let width = isReadout ? layer.rows.count : ld
    let signal = isReadout ? source.outputFluctuations! : source.fluctuations
    let rate = timeStep / rule.constants.tauBar
    var tangents = Array(repeating: S(0), count: steps * width)
    for i in 0..<(isReadout ? width : units) {
      var moved = 0.0
      for t in 0..<steps {
        tangents[t * width + i] = S(moved)
        moved += rate * (Double(signal[t * width + i]) - moved)
      }
    }
    tangents.withUnsafeBufferPointer {
      layer.addTangent(
        source, rowTangents: isReadout ? $0.baseAddress! : nil,
        laneTangents: isReadout ? nil : $0.baseAddress!, carried: nil, to: trace)
    }
  }

  /// w_t = dt q^(T-1-t) with q = 1 - dt/tau_e: dw_t / dlog tau_e = dt (T-1-t) q^(T-2-t) dt/tau_e.
  private mutating func writeDecay(_ source: TraceSource<S>, _ trace: UnsafeMutablePointer<S>) {
    let ratio = timeStep / rule.constants.tauE
    var weights = Array(repeating: S(0), count: steps)
    var power = timeStep
    for t in stride(from: steps - 2, through: 0, by: -1) {
      weights[t] = S(power * Double(steps - 1 - t) * ratio)
      power *= 1 - ratio
    }
    let coefficients = rule.effective.map { S($0) }
    weights.withUnsafeBufferPointer { weights in
      for layer in layers { layer.write(source, stepWeights: weights.baseAddress!, to: trace) }
      guard rows.recurrentLearns else { return }
      coefficients.withUnsafeBufferPointer {
        sum.write(
          source, coefficients: $0.baseAddress!, stepWeights: weights.baseAddress!, to: trace)
      }
    }
  }

  private mutating func writeMean(_ source: TraceSource<S>, _ trace: UnsafeMutablePointer<S>) {
    let degree = rule.degree
    let terms = degree + 1
    let count = units * ld
    for layer in layers { addMean(layer, source, trace) }
    guard rows.recurrentLearns else { return }
    trace.update(repeating: 0, count: count)
    guard degree > 0 else { return }
    let effective = rule.effective
    let stepWeights = rule.constants.stepWeights(timeStep: timeStep, steps: steps).map { S($0) }
    for m in 0...rule.weightDegree {
      for k in 0...degree {
        writeSlopes(source, Array(effective[(m * terms + k) * terms..<(m * terms + k + 1) * terms]))
        var one = Array(repeating: S(0), count: terms * terms)
        one[k * terms + 1] = 1
        accumulate(
          rates: source.rates, fluctuations: slopes.pointer, one, stepWeights, to: product.pointer)
        addProduct(source.weights, power: m, product.pointer, count: count, to: trace)
      }
    }
  }

  /// slopes = y_t sum_l c_l l delta_t^(l-1).
  private mutating func writeSlopes(_ source: TraceSource<S>, _ c: [Double]) {
    let rate = timeStep / rule.constants.tauBar
    for i in moved.indices { moved[i] = 0 }
    for t in 0..<steps {
      for i in 0..<units {
        let delta = Double(source.fluctuations[t * ld + i])
        var slope = 0.0
        for l in stride(from: c.count - 1, through: 1, by: -1) { slope = slope * delta + Double(l) * c[l] }
        slopes.pointer[t * ld + i] = S(moved[i] * slope)
        moved[i] += rate * (delta - moved[i])
      }
    }
  }
}
