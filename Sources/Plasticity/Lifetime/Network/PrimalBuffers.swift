import KernelCalls
import Kernels
import Model
import Tasks

/// W, the trajectories of one trial and e(T): what a primal lifetime needs, in the kernels' layout.
struct PrimalBuffers<S: KernelScalar>: ~Copyable {
  let rows: SynapseRows
  let units: Int
  let steps: Int
  let outputs: Int
  let ld: Int
  let kernels: KernelSet<S>
  let sigma: S
  let bound: S
  let timeStep: Double
  let leak: S
  private(set) var leakBar: S = 0
  private(set) var degree = 0
  private(set) var weightDegree = 0

  /// W of this trial, transposed, and behind it the rows of `SynapseRows`; all planes of synapses have the same rows.
  var weights: Matrix<S>
  /// W before the last update.
  var before: Matrix<S>
  /// xi: of this trial once drawn, of the trial before until then. Three spare rows, since normals come in blocks.
  var noise: Matrix<S>
  var rates: Matrix<S>
  var fluctuations: Matrix<S>
  var traces: Matrix<S>
  /// 1 where mu was not cut, 0 where there is no synapse.
  var open: Matrix<S>
  /// W before it was cut at 0 for its sign; no rows where W may have any.
  private var uncut: Matrix<S>
  /// The wiring of the lifetime's network, which outlives it.
  private var existing: UnsafePointer<S>?
  private(set) var signs: UnsafePointer<S>?
  let rateFunction: RateFunction
  private var drive: Matrix<S>
  /// u, T x M, and zbar - z, T x K, of the trial, where input or readout synapses learn.
  private(set) var inputs: Matrix<S>
  private(set) var outputFluctuations: Matrix<S>
  private var twinWeights: Matrix<S>
  /// Of the twin's own inputs, where input synapses learn; the trial's own elsewhere.
  private var twinDrive: Matrix<S>
  private var twinScratch: Matrix<S>
  private var twinRates: Matrix<S>
  private var twinFluctuations: Matrix<S>
  /// c, (M + 1) (d + 1)^2, the scales of its terms and w_t, T: one row each.
  private(set) var coefficients = Matrix<S>(row: [])
  private(set) var scales = Matrix<S>(row: [])
  private(set) var stepWeights = Matrix<S>(row: [])
  private var products: [S] = []
  private var scratch: Matrix<S>
  private var sum: TraceSum<S>
  /// W^m xi, where scores need it.
  private var weightedNoise: Matrix<S>

  init(method: Method, task: any LearningTask, kernels: KernelSet<S>) {
    rows = SynapseRows(method, task)
    units = method.units
    steps = task.steps
    outputs = task.outputs
    ld = paddedCount(method.units)
    self.kernels = kernels
    sigma = S(method.weightNoise)
    bound = S(method.bound)
    timeStep = method.timeStep
    leak = S(method.timeStep / method.tau)
    weights = Matrix(rows: rows.count, columns: units)
    before = Matrix(rows: rows.count, columns: units)
    noise = Matrix(rows: rows.count + 3, columns: units)
    rates = Matrix(rows: steps, columns: units)
    fluctuations = Matrix(rows: steps, columns: units)
    traces = Matrix(rows: rows.count, columns: units)
    open = Matrix(rows: rows.count, columns: units)
    uncut = Matrix(rows: method.wiring.excitatory == nil ? 0 : units, columns: units)
    rateFunction = method.nonlinearity.rateFunction
    drive = Matrix(rows: steps, columns: units)
    inputs = Matrix(rows: rows.input.isEmpty ? 0 : 1, columns: steps * task.inputs)
    outputFluctuations = Matrix(rows: rows.readout.isEmpty ? 0 : 1, columns: steps * task.outputs)
    twinWeights = Matrix(rows: rows.count, columns: units)
    twinDrive = Matrix(rows: rows.input.isEmpty ? 0 : steps, columns: units)
    twinScratch = Matrix(count: kernels.scratchCount(units, 0, 0, 0))
    twinRates = Matrix(rows: steps, columns: units)
    twinFluctuations = Matrix(rows: steps, columns: units)
    scratch = Matrix(rows: 1, columns: 1)
    sum = TraceSum(units: units, steps: steps, degree: 0, weightDegree: 0, kernels: kernels)
    weightedNoise = Matrix(rows: 1, columns: 1)
  }

  /// Readies a lifetime of `rule` in `network`.
  mutating func begin(_ rule: Rule, _ network: borrowing NetworkDraw<S>) {
    weights.pointer.update(from: network.weights.pointer, count: units * ld)
    if !rows.input.isEmpty {
      row(rows.input).update(from: network.inputWeights.pointer, count: rows.input.count * ld)
    }
    if !rows.readout.isEmpty {
      row(rows.readout).update(from: network.readout.pointer, count: rows.readout.count * ld)
    }
    existing = network.existingPointer
    signs = network.signPointer
    if rule.degree != degree || rule.weightDegree != weightDegree || products.count != rule.theta.count {
      degree = rule.degree
      weightDegree = rule.weightDegree
      products = Array(repeating: 0, count: rule.theta.count)
      sum = TraceSum(
        units: units, steps: steps, degree: degree, weightDegree: weightDegree, kernels: kernels)
      if weightDegree > 0 { weightedNoise = Matrix(rows: units, columns: units) }
      scratch = Matrix(rows: 1, columns: max(1, kernels.scratchCount(units, steps, degree, 0)))
    }
    leakBar = S(timeStep / rule.constants.tauBar)
    coefficients = Matrix(row: rule.effective)
    scales = Matrix(row: rule.scale)
    stepWeights = Matrix(row: rule.constants.stepWeights(timeStep: timeStep, steps: steps))
  }

  /// The first of these rows of the weights.
  private func row(_ range: Range<Int>) -> UnsafeMutablePointer<S> { weights.pointer + range.lowerBound * ld }

  /// Win (M x ld) and Wout (K x ld) of this trial.
  func inputWeights(_ network: borrowing NetworkDraw<S>) -> UnsafeMutablePointer<S> {
    rows.input.isEmpty ? network.inputWeights.pointer : row(rows.input)
  }

  func readoutWeights(_ network: borrowing NetworkDraw<S>) -> UnsafeMutablePointer<S> {
    rows.readout.isEmpty ? network.readout.pointer : row(rows.readout)
  }

  /// The run of the trial, for the kernel.
  mutating func call(
    _ network: borrowing NetworkDraw<S>, _ kicks: borrowing Kicks<S>, _ shown: borrowing ShownTrial
  ) -> PrimalCall<S> {
    fill(drive.pointer, inputWeights(network), kicks, shown)
    for index in 0..<inputs.rows * inputs.columns { inputs.pointer[index] = S(shown.trial.inputs[index]) }
    var call = PrimalCall(
      units: units, ld: ld, steps: steps, weights: weights.pointer, initial: network.initial.pointer,
      drive: drive.pointer, leak: leak, leakBar: leakBar, bound: bound, rates: rates.pointer,
      fluctuations: fluctuations.pointer, scratch: scratch.pointer)
    call.rateFunction = rateFunction
    return call
  }

  /// The same from W - 2 sigma xi, with the same inputs and kicks, after `call`. Where W has a sign to keep, W here is
  /// that before its cut, and the difference is cut.
  mutating func twinCall(
    _ network: borrowing NetworkDraw<S>, _ kicks: borrowing Kicks<S>, _ shown: borrowing ShownTrial
  ) -> PrimalCall<S> {
    let step = 2 * sigma
    for index in 0..<rows.count * ld {
      twinWeights.pointer[index] = weights.pointer[index] - step * noise.pointer[index]
    }
    for j in 0..<rows.count {
      for i in units..<ld { twinWeights.pointer[j * ld + i] = 0 }
    }
    if !rows.input.isEmpty {
      fill(twinDrive.pointer, twinWeights.pointer + rows.input.lowerBound * ld, kicks, shown)
    }
    if let signs { cutTwin(signs) }
    var call = PrimalCall(
      units: units, ld: ld, steps: steps, weights: twinWeights.pointer, initial: network.initial.pointer,
      drive: rows.input.isEmpty ? drive.pointer : twinDrive.pointer, leak: leak, leakBar: leakBar,
      bound: bound,
      rates: twinRates.pointer, fluctuations: twinFluctuations.pointer, scratch: twinScratch.pointer)
    call.rateFunction = rateFunction
    return call
  }

  private mutating func cutTwin(_ signs: UnsafePointer<S>) {
    for j in 0..<units {
      for index in j * ld..<j * ld + units {
        if weights.pointer[index] == 0 { twinWeights.pointer[index] += uncut.pointer[index] }
        if !(signs[j] * twinWeights.pointer[index] > 0) { twinWeights.pointer[index] = 0 }
      }
    }
  }

  /// leak Win u_t + kick_t.
  private func fill(
    _ drive: UnsafeMutablePointer<S>, _ inputWeights: UnsafePointer<S>, _ kicks: borrowing Kicks<S>,
    _ shown: borrowing ShownTrial
  ) {
    let values = UnsafePointer(kicks.values.pointer)
    shown.trial.inputs.withUnsafeBufferPointer { inputs in
      guard let start = inputs.baseAddress else { return drive.update(from: values, count: steps * ld) }
      kernels.drive(
        DriveCall(
          ld: ld, steps: steps, channels: inputs.count / steps, kicks: values, inputs: start,
          inputWeights: inputWeights, leak: leak, drive: drive))
    }
  }

  /// z_t = Wout r_t at every step of the window, 0 elsewhere.
  func read(_ network: borrowing NetworkDraw<S>, _ shown: inout ShownTrial) {
    read(readoutWeights(network), rates.pointer, shown.trial.window, into: &shown.readout)
  }

  func readTwin(_ network: borrowing NetworkDraw<S>, window: Range<Int>, into readout: inout [Double]) {
    let own =
      rows.readout.isEmpty ? network.readout.pointer : twinWeights.pointer + rows.readout.lowerBound * ld
    read(own, twinRates.pointer, window, into: &readout)
  }

  private func read(
    _ weights: UnsafeMutablePointer<S>, _ rates: UnsafeMutablePointer<S>, _ window: Range<Int>,
    into readout: inout [Double]
  ) {
    for index in readout.indices { readout[index] = 0 }
    for t in window {
      for k in 0..<outputs {
        readout[t * outputs + k] = Double(
          dot(weights + k * ld, rates + t * ld, count: ld))
      }
    }
  }

  /// The mean of r over these steps, N.
  func meanRates(_ steps: Range<Int>) -> [Double] {
    var sums = Array(repeating: 0.0, count: units)
    for t in steps { for i in sums.indices { sums[i] += Double(rates.pointer[t * ld + i]) } }
    return sums.map { $0 / Double(steps.count) }
  }

  /// zbar - z of every step and output, zbar being the running mean of z with tau_bar, zbar_0 = z_0.
  private mutating func fillOutputFluctuations() {
    for k in rows.readout.indices {
      let row = weights.pointer + k * ld
      let output = k - rows.readout.lowerBound
      var mean: S = 0
      for t in 0..<steps {
        let z = dot(row, rates.pointer + t * ld, count: ld)
        if t == 0 { mean = z }
        outputFluctuations.pointer[t * outputs + output] = mean - z
        mean += leakBar * (z - mean)
      }
    }
  }

  /// e(T) of the trial, without layers of their own.
  mutating func trace() {
    if !rows.readout.isEmpty { fillOutputFluctuations() }
    // Rows of synapses that do not learn stay 0.
    guard rows.recurrentLearns else { return }
    sum.write(
      source, coefficients: coefficients.pointer, stepWeights: stepWeights.pointer, to: traces.pointer)
  }

  /// What e(T) of the trial is made of.
  var source: TraceSource<S> { source(weights: weights.pointer) }

  /// The same with other weights.
  func source(weights: UnsafePointer<S>) -> TraceSource<S> {
    TraceSource(
      weights: weights, rates: rates.pointer, fluctuations: fluctuations.pointer,
      inputs: inputs.pointer, outputFluctuations: outputFluctuations.pointer)
  }

  /// E^m of the trial, m >= 1: N x ld.
  func tracePart(_ m: Int) -> UnsafePointer<S> { UnsafePointer(sum.parts.pointer + (m - 1) * units * ld) }

  /// W += mu + sigma xi with mu = clip(gain e - decay W), as the wiring allows it; false where e or W is not finite or W
  /// left the bound.
  mutating func update(gain: Double, decay: Double, clip: Double) -> Bool {
    var isWithin = true
    if !rows.others.isEmpty {
      var call = updateCall(from: rows.others.lowerBound, gain: gain, decay: decay, clip: clip)
      call.rows = rows.others.count
      isWithin = kernels.update(call)
    }
    guard rows.recurrentLearns else {
      before.pointer.update(from: weights.pointer, count: units * ld)
      return isWithin
    }
    var call = updateCall(from: 0, gain: gain, decay: decay, clip: clip)
    call.exists = existing
    call.signs = signs
    call.uncut = signs == nil ? nil : uncut.pointer
    return kernels.update(call) && isWithin
  }

  private func updateCall(from row: Int, gain: Double, decay: Double, clip: Double) -> UpdateCall<S> {
    let start = row * ld
    var call = UpdateCall(
      units: units, ld: ld, weights: weights.pointer + start, trace: traces.pointer + start,
      noise: sigma > 0 ? UnsafePointer(noise.pointer + start) : nil, gain: S(gain), growth: S(decay),
      clip: S(clip), sigma: sigma, bound: bound, open: open.pointer + start)
    call.before = before.pointer + start
    return call
  }

  /// Adds size x sign(mu) to `target`, a plane of synapses, wherever the last update was cut, mu being as `update` had it.
  /// - Returns: <xi, what was added>; 0 without weight noise.
  func addCut(_ size: S, gain: S, decay: S, to target: UnsafeMutablePointer<S>) -> S {
    var product: S = 0
    for j in 0..<rows.count {
      for place in j * ld..<j * ld + units where open.pointer[place] == 0 && exists(place) {
        let sign: S = gain * traces.pointer[place] - decay * before.pointer[place] > 0 ? 1 : -1
        target[place] += sign * size
        if sigma > 0 { product += noise.pointer[place] * sign * size }
      }
    }
    return product
  }

  /// True where there is a synapse that learns.
  func exists(_ place: Int) -> Bool {
    guard place < units * ld else { return true }
    return rows.recurrentLearns && existing.map { $0[place] != 0 } ?? true
  }

  /// <open W^m xi, sum_t w_t delta^l (r^k)^T> for every (k, l, m), W being that before the last update.
  mutating func scoreProducts() -> [S] {
    for index in products.indices { products[index] = 0 }
    guard rows.recurrentLearns else { return products }
    let terms = Rule.count(degree: degree)
    for m in 0...weightDegree {
      var noise = UnsafePointer(self.noise.pointer)
      if m > 0 {
        writeProduct(before.pointer, power: m, noise, count: units * ld, to: weightedNoise.pointer)
        noise = UnsafePointer(weightedNoise.pointer)
      }
      products.withUnsafeMutableBufferPointer { products in
        kernels.score(
          ScoreCall(
            units: units, ld: ld, steps: steps, degree: degree, rates: rates.pointer,
            fluctuations: fluctuations.pointer, stepWeights: stepWeights.pointer, noise: noise,
            open: open.pointer, products: products.baseAddress! + m * terms, scratch: scratch.pointer))
      }
    }
    return products
  }
}

/// <a, b> over `count` lanes (a multiple of 16) in 16 partial sums, added pairwise: the same order everywhere.
func dot<S: KernelScalar>(_ a: UnsafePointer<S>, _ b: UnsafePointer<S>, count: Int) -> S {
  var partial = SIMD16<S>(repeating: 0)
  for start in stride(from: 0, to: count, by: 16) {
    let left = UnsafeRawPointer(a + start).loadUnaligned(as: SIMD16<S>.self)
    let right = UnsafeRawPointer(b + start).loadUnaligned(as: SIMD16<S>.self)
    partial += left * right
  }
  let eight = partial.lowHalf + partial.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}
