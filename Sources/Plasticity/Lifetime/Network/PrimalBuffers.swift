import KernelCalls
import Kernels
import Model
import Tasks

/// W, the trajectories of one trial and e(T): what a primal lifetime needs, in the kernels' layout.
struct PrimalBuffers<S: KernelScalar>: ~Copyable {
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

  /// W of this trial, transposed.
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
  private var twinWeights: Matrix<S>
  private var twinRates: Matrix<S>
  private var twinFluctuations: Matrix<S>
  private(set) var coefficients: [S] = []
  private(set) var scales: [S] = []
  private(set) var stepWeights: [S] = []
  private var products: [S] = []
  private var scratch: Matrix<S>
  private var sum: TraceSum<S>
  /// W^m xi, where scores need it.
  private var weightedNoise: Matrix<S>

  init(method: Method, task: any LearningTask, kernels: KernelSet<S>) {
    units = method.units
    steps = task.steps
    outputs = task.outputs
    ld = paddedCount(method.units)
    self.kernels = kernels
    sigma = S(method.weightNoise)
    bound = S(method.bound)
    timeStep = method.timeStep
    leak = S(method.timeStep / method.tau)
    weights = Matrix(rows: units, columns: units)
    before = Matrix(rows: units, columns: units)
    noise = Matrix(rows: units + 3, columns: units)
    rates = Matrix(rows: steps, columns: units)
    fluctuations = Matrix(rows: steps, columns: units)
    traces = Matrix(rows: units, columns: units)
    open = Matrix(rows: units, columns: units)
    uncut = Matrix(rows: method.wiring.excitatory == nil ? 0 : units, columns: units)
    rateFunction = method.nonlinearity.rateFunction
    drive = Matrix(rows: steps, columns: units)
    twinWeights = Matrix(rows: units, columns: units)
    twinRates = Matrix(rows: steps, columns: units)
    twinFluctuations = Matrix(rows: steps, columns: units)
    scratch = Matrix(rows: 1, columns: 1)
    sum = TraceSum(units: units, steps: steps, degree: 0, weightDegree: 0, kernels: kernels)
    weightedNoise = Matrix(rows: 1, columns: 1)
  }

  /// Readies a lifetime of `rule` in `network`.
  mutating func begin(_ rule: Rule, _ network: borrowing NetworkDraw<S>) {
    weights.pointer.update(from: network.weights.pointer, count: units * ld)
    existing = network.existingPointer
    signs = network.signPointer
    if rule.degree != degree || rule.weightDegree != weightDegree || products.isEmpty {
      degree = rule.degree
      weightDegree = rule.weightDegree
      products = Array(repeating: 0, count: rule.theta.count)
      sum = TraceSum(
        units: units, steps: steps, degree: degree, weightDegree: weightDegree, kernels: kernels)
      if weightDegree > 0 { weightedNoise = Matrix(rows: units, columns: units) }
      scratch = Matrix(rows: 1, columns: max(1, kernels.scratchCount(units, steps, degree, 0)))
    }
    leakBar = S(timeStep / rule.constants.tauBar)
    coefficients = rule.effective.map { S($0) }
    scales = rule.scale.map { S($0) }
    stepWeights = rule.constants.stepWeights(timeStep: timeStep, steps: steps).map { S($0) }
  }

  /// Runs the trial; false where x left the bound.
  mutating func run(
    _ network: borrowing NetworkDraw<S>, _ kicks: borrowing Kicks<S>, _ trial: borrowing Trial
  ) -> Bool {
    fillDrive(network, kicks, trial)
    var call = PrimalCall(
      units: units, ld: ld, steps: steps, weights: weights.pointer, initial: network.initial.pointer,
      drive: drive.pointer, leak: leak, leakBar: leakBar, bound: bound, rates: rates.pointer,
      fluctuations: fluctuations.pointer, scratch: scratch.pointer)
    call.rateFunction = rateFunction
    return kernels.primal(call)
  }

  /// Runs the trial again from W - 2 sigma xi, with the same drive. Where W has a sign to keep, W here is that before
  /// its cut, and the difference is cut.
  mutating func runTwin(_ network: borrowing NetworkDraw<S>) -> Bool {
    let step = 2 * sigma
    for index in 0..<units * ld {
      twinWeights.pointer[index] = weights.pointer[index] - step * noise.pointer[index]
    }
    for j in 0..<units {
      for i in units..<ld { twinWeights.pointer[j * ld + i] = 0 }
    }
    if let signs { cutTwin(signs) }
    var call = PrimalCall(
      units: units, ld: ld, steps: steps, weights: twinWeights.pointer, initial: network.initial.pointer,
      drive: drive.pointer, leak: leak, leakBar: leakBar, bound: bound, rates: twinRates.pointer,
      fluctuations: twinFluctuations.pointer, scratch: scratch.pointer)
    call.rateFunction = rateFunction
    return kernels.primal(call)
  }

  private mutating func cutTwin(_ signs: UnsafePointer<S>) {
    for j in 0..<units {
      for index in j * ld..<j * ld + units {
        if weights.pointer[index] == 0 { twinWeights.pointer[index] += uncut.pointer[index] }
        if !(signs[j] * twinWeights.pointer[index] > 0) { twinWeights.pointer[index] = 0 }
      }
    }
  }

  /// leak Win u_t + kick_t; channels that are silent at a step cost nothing.
  private mutating func fillDrive(
    _ network: borrowing NetworkDraw<S>, _ kicks: borrowing Kicks<S>, _ trial: borrowing Trial
  ) {
    drive.pointer.update(from: kicks.values.pointer, count: steps * ld)
    let inputs = network.inputWeights.rows
    for t in 0..<steps {
      let row = drive.pointer + t * ld
      for m in 0..<inputs {
        let u = trial.inputs[t * inputs + m]
        if u == 0 { continue }
        let gain = leak * S(u)
        let column = network.inputWeights.pointer + m * ld
        for i in 0..<ld { row[i] += gain * column[i] }
      }
    }
  }

  /// z_t = Wout r_t at every step of the window, 0 elsewhere.
  func read(_ network: borrowing NetworkDraw<S>, _ trial: borrowing Trial, into readout: inout [Double]) {
    read(network, trial, rates.pointer, into: &readout)
  }

  func readTwin(_ network: borrowing NetworkDraw<S>, _ trial: borrowing Trial, into readout: inout [Double]) {
    read(network, trial, twinRates.pointer, into: &readout)
  }

  private func read(
    _ network: borrowing NetworkDraw<S>, _ trial: borrowing Trial, _ rates: UnsafeMutablePointer<S>,
    into readout: inout [Double]
  ) {
    for index in readout.indices { readout[index] = 0 }
    for t in trial.window {
      for k in 0..<outputs {
        readout[t * outputs + k] = Double(
          dot(network.readout.pointer + k * ld, rates + t * ld, count: ld))
      }
    }
  }

  /// The mean of r over these steps, N.
  func meanRates(_ steps: Range<Int>) -> [Double] {
    var sums = Array(repeating: 0.0, count: units)
    for t in steps { for i in sums.indices { sums[i] += Double(rates.pointer[t * ld + i]) } }
    return sums.map { $0 / Double(steps.count) }
  }

  /// e(T) of the trial.
  mutating func trace() {
    coefficients.withUnsafeBufferPointer { coefficients in
      stepWeights.withUnsafeBufferPointer { stepWeights in
        sum.write(
          source, coefficients: coefficients.baseAddress!, stepWeights: stepWeights.baseAddress!,
          to: traces.pointer)
      }
    }
  }

  /// What e(T) of the trial is made of.
  var source: TraceSource<S> {
    TraceSource(weights: weights.pointer, rates: rates.pointer, fluctuations: fluctuations.pointer)
  }

  /// E^m of the trial, m >= 1: N x ld.
  func tracePart(_ m: Int) -> UnsafePointer<S> { UnsafePointer(sum.parts.pointer + (m - 1) * units * ld) }

  /// W += mu + sigma xi with mu = clip(gain e - decay W), as the wiring allows it; false where e or W is not finite or W
  /// left the bound.
  mutating func update(gain: Double, decay: Double, clip: Double) -> Bool {
    before.pointer.update(from: weights.pointer, count: units * ld)
    var call = UpdateCall(
      units: units, ld: ld, weights: weights.pointer, trace: traces.pointer,
      noise: sigma > 0 ? UnsafePointer(noise.pointer) : nil, gain: S(gain), growth: S(decay),
      clip: S(clip), sigma: sigma, bound: bound, open: open.pointer)
    call.exists = existing
    call.signs = signs
    call.uncut = signs == nil ? nil : uncut.pointer
    return kernels.update(call)
  }

  /// Adds size x sign(mu) to `target` (N x ld) wherever the last update was cut, mu being as `update` had it.
  /// - Returns: <xi, what was added>; 0 without weight noise.
  func addCut(_ size: S, gain: S, decay: S, to target: UnsafeMutablePointer<S>) -> S {
    var product: S = 0
    for j in 0..<units {
      for place in j * ld..<j * ld + units where open.pointer[place] == 0 && exists(place) {
        let sign: S = gain * traces.pointer[place] - decay * before.pointer[place] > 0 ? 1 : -1
        target[place] += sign * size
        if sigma > 0 { product += noise.pointer[place] * sign * size }
      }
    }
    return product
  }

  /// True where there is a synapse.
  func exists(_ place: Int) -> Bool { existing.map { $0[place] != 0 } ?? true }

  /// <open W^m xi, sum_t w_t delta^l (r^k)^T> for every (k, l, m), W being that before the last update.
  mutating func scoreProducts() -> [S] {
    let terms = Rule.count(degree: degree)
    for m in 0...weightDegree {
      var noise = UnsafePointer(self.noise.pointer)
      if m > 0 {
        writeProduct(before.pointer, power: m, noise, count: units * ld, to: weightedNoise.pointer)
        noise = UnsafePointer(weightedNoise.pointer)
      }
      stepWeights.withUnsafeBufferPointer { stepWeights in
        products.withUnsafeMutableBufferPointer { products in
          kernels.score(
            ScoreCall(
              units: units, ld: ld, steps: steps, degree: degree, rates: rates.pointer,
              fluctuations: fluctuations.pointer, stepWeights: stepWeights.baseAddress!, noise: noise,
              open: open.pointer, products: products.baseAddress! + m * terms, scratch: scratch.pointer))
        }
      }
    }
    return products
  }
}

/// <a, b> over `count` lanes (a multiple of 16) in 16 partial sums, added pairwise: the same order everywhere.
func dot<S: KernelScalar>(_ a: UnsafeMutablePointer<S>, _ b: UnsafeMutablePointer<S>, count: Int) -> S {
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
