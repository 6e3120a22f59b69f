import KernelCalls
import Kernels
import Model

/// Networks that learn by Miconi's protocol, one after the other, on the kernels of the engine.
///
/// The kernel's step is the protocol's: row n of its trajectories is the state before step n, so a trial takes T + 1
/// rows; clamped neurons have no incoming weights and a drive that holds them. xbar of the kernel starts at x_0 where
/// the protocol carries xtrace over from the trial before; both are linear in it, so the difference, 0.05^n of where
/// they started, is added to the fluctuations.
public final class MiconiNetwork<S: KernelScalar> {
  public let model: MiconiProtocol
  private let kernels: KernelSet<S>
  private let units: Int
  private let steps: Int
  private let ld: Int
  private let leak: Double
  /// W transposed, and the incoming weights of clamped neurons 0.
  private var weights: Matrix<S>
  private var inputWeights: Matrix<S>
  private var initial: Matrix<S>
  /// xtrace at the end of the trial before.
  private var carried: Matrix<S>
  private var drive: Matrix<S>
  private var rates: Matrix<S>
  private var fluctuations: Matrix<S>
  private var perturbations: Matrix<S>
  private var trace: Matrix<S>
  private var open: Matrix<S>
  /// By neuron, for separate populations: 1 excites, -1 inhibits; and W before its cut.
  private var signs: Matrix<S>
  private var uncut: Matrix<S>
  private var noise: Matrix<S>
  private var scratch: Matrix<S>
  private let ones: [S]

  public init(_ model: MiconiProtocol, level: SIMDLevel) {
    invariant(
      model.units > 11, "Miconi's protocol clamps neuron 11; \(model.units) neurons are too few")
    self.model = model
    kernels = S.kernels(level)
    units = model.units
    steps = model.task.steps
    ld = paddedCount(model.units)
    leak = model.timeStep / model.tau
    weights = Matrix(rows: units, columns: units)
    inputWeights = Matrix(rows: model.task.channels, columns: units)
    initial = Matrix(rows: 1, columns: units)
    carried = Matrix(rows: 1, columns: units)
    drive = Matrix(rows: steps + 1, columns: units)
    rates = Matrix(rows: steps + 1, columns: units)
    fluctuations = Matrix(rows: steps + 1, columns: units)
    perturbations = Matrix(rows: steps, columns: units)
    trace = Matrix(rows: units, columns: units)
    open = Matrix(rows: units, columns: units)
    let hasSigns = model.population == .separate
    signs = Matrix(rows: hasSigns ? 1 : 0, columns: units)
    uncut = Matrix(rows: hasSigns ? units : 0, columns: units)
    if hasSigns { for j in 0..<units { signs.pointer[j] = 2 * j < units ? 1 : -1 } }
    noise = Matrix(rows: units + 3, columns: units)
    scratch = Matrix(rows: 1, columns: kernels.scratchCount(units, steps + 1, 1, 0))
    ones = Array(repeating: 1, count: steps)
  }

  /// Learns for `trials` trials.
  /// - Parameter record: after every trial its index, E and the weights (read-only, by [i units + j]).
  /// - Returns: E of every trial; shorter where x or W stopped being finite or left 1e6.
  public func run(
    _ address: LifetimeAddress, trials: Int, record: ((Int, Double, () -> [Double]) -> Void)? = nil
  ) -> [Double] {
    begin(address)
    var running = Array(repeating: 0.0, count: MiconiTask.conditions)
    var errors: [Double] = []
    errors.reserveCapacity(trials)
    for h in 0..<trials {
      let trial = MiconiTrial(model, address, trial: h)
      prepare(trial, address, h)
      guard runPrimal() else { return errors }
      let error = self.error(trial.target)
      guard error.isFinite else { return errors }
      errors.append(error)
      if h >= model.firstUpdate {
        sumTrace()
        let mean = running[trial.condition]
        guard update(address, h, gain: -model.eta * mean * (error - mean)) else { return errors }
      }
      running[trial.condition] += model.errorRate * (error - running[trial.condition])
      record?(h, error) { self.weights.transposedValues(columns: self.units) }
    }
    return errors
  }

  private func begin(_ address: LifetimeAddress) {
    switch model.population {
    case .mixed: drawMixed(address)
    case .separate: drawSeparate(address)
    }
    releaseClamped()
    var stream = address.stream(.inputWeights)
    for channel in 0..<model.task.channels {
      for i in 0..<units {
        let weight = Float(2 * stream.uniform() - 1)
        inputWeights.pointer[channel * ld + i] = i == 0 || isClamped(i) ? 0 : S(weight)
      }
    }
    carried.clear()
  }

  private func drawMixed(_ address: LifetimeAddress) {
    address.stream(.weights).fill(noise.pointer, atLeast: units * ld, kernels)
    let factor = model.gain / Double(units).squareRoot()
    for j in 0..<units {
      for i in 0..<units { weights.pointer[j * ld + i] = S(factor * Double(noise.pointer[j * ld + i])) }
    }
  }

  /// Of either half's synapses onto a neuron, every second begins with its weight; which, is drawn.
  private func drawSeparate(_ address: LifetimeAddress) {
    var stream = address.stream(.weights)
    let half = (units + 1) / 2
    for i in 0..<units {
      for (first, end, weight) in [
        (0, half, MiconiProtocol.excitation), (half, units, MiconiProtocol.inhibition),
      ] {
        var left = (end - first) / 2
        for j in first..<end {
          // As likely as what is left to give away, over the synapses that are left.
          let isChosen = stream.integer(below: end - j) < left
          if isChosen { left -= 1 }
          weights.pointer[j * ld + i] = isChosen ? S(weight) : 0
        }
      }
    }
  }

  private func isClamped(_ i: Int) -> Bool { MiconiProtocol.clamped.contains { $0.neuron == i } }

  /// Removes the incoming weights of clamped neurons, so that nothing moves them.
  private func releaseClamped() {
    for (i, _) in MiconiProtocol.clamped {
      for j in 0..<units { weights.pointer[j * ld + i] = 0 }
    }
  }

  /// x_0 and leak (Win u + perturbation) of every step.
  private func prepare(_ trial: MiconiTrial, _ address: LifetimeAddress, _ h: Int) {
    var stream = address.stream(.initialState, trial: h)
    for i in 0..<units { initial.pointer[i] = S(Float(0.1 * (2 * stream.uniform() - 1))) }
    drive.clear()
    if model.trace == .nodePerturbation { perturbations.clear() }
    let channels = model.task.channels
    for t in 0..<steps {
      let row = drive.pointer + t * ld
      for channel in 0..<channels {
        let u = trial.inputs[t * channels + channel]
        if u == 0 { continue }
        let gain = S(leak * Double(u))
        let column = inputWeights.pointer + channel * ld
        for i in 0..<ld { row[i] += gain * column[i] }
      }
    }
    for (t, i, size) in trial.perturbations where !isClamped(i) {
      drive.pointer[t * ld + i] += S(leak * Double(size))
      perturbations.pointer[t * ld + i] = S(size)
    }
    for (i, x) in MiconiProtocol.clamped {
      initial.pointer[i] = S(x)
      for t in 0..<steps { drive.pointer[t * ld + i] = S(leak * x) }
    }
  }

  private func runPrimal() -> Bool {
    var call = PrimalCall(
      units: units, ld: ld, steps: steps + 1, weights: weights.pointer, initial: initial.pointer,
      drive: drive.pointer, leak: S(leak), leakBar: S(1 - MiconiProtocol.traceKept), bound: 1e6,
      rates: rates.pointer, fluctuations: fluctuations.pointer, scratch: scratch.pointer)
    call.rateFunction = model.population == .mixed ? .tanh : .thresholdLinear
    let inside = kernels.primal(call)
    // Row n + 1 holds delta of step n, whose xtrace differs by 0.05^n of the difference at the start.
    var kept: S = 1
    for n in 0..<min(steps, 20) {
      for i in 0..<ld {
        fluctuations.pointer[(n + 1) * ld + i] += kept * (carried.pointer[i] - initial.pointer[i])
      }
      kept *= S(MiconiProtocol.traceKept)
    }
    for i in 0..<ld {
      let offset = steps < 20 ? kept * (carried.pointer[i] - initial.pointer[i]) : 0
      carried.pointer[i] = scratch.pointer[ld + i] + offset
    }
    return inside
  }

  private func error(_ target: Double) -> Double {
    let response = min(MiconiProtocol.responseSteps, steps)
    var sum = 0.0
    for n in steps - response..<steps { sum += abs(Double(rates.pointer[(n + 1) * ld]) - target) }
    return sum / Double(response)
  }

  /// e of the trial; the kernel's fluctuation is xbar - x, the protocol's x - xtrace.
  private func sumTrace() {
    let first = MiconiProtocol.firstTraceStep
    let pre = rates.pointer + first * ld
    let count = steps - first
    var post = fluctuations.pointer + (first + 1) * ld
    switch model.trace {
    case .cubic:
      for index in 0..<count * ld {
        let (r, delta) = (pre[index], post[index])
        pre[index] = r * r * r
        post[index] = -(delta * delta * delta)
      }
    case .cubicFluctuation:
      for index in 0..<count * ld {
        let delta = post[index]
        post[index] = -(delta * delta * delta)
      }
    case .linear:
      for index in 0..<count * ld { post[index] = -post[index] }
    case .nodePerturbation: post = perturbations.pointer + first * ld
    }
    let product: [S] = [0, 0, 0, 1]
    product.withUnsafeBufferPointer { product in
      ones.withUnsafeBufferPointer { ones in
        kernels.eligibility(
          EligibilityCall(
            units: units, ld: ld, steps: count, degree: 1, rates: pre, fluctuations: post,
            coefficients: product.baseAddress!, stepWeights: ones.baseAddress!, trace: trace.pointer,
            scratch: scratch.pointer))
      }
    }
  }

  private func update(_ address: LifetimeAddress, _ h: Int, gain: Double) -> Bool {
    let isNoisy = model.weightNoise > 0
    if isNoisy { address.stream(.weightNoise, trial: h).fill(noise.pointer, atLeast: units * ld, kernels) }
    var call = UpdateCall(
      units: units, ld: ld, weights: weights.pointer, trace: trace.pointer,
      noise: isNoisy ? UnsafePointer(noise.pointer) : nil, gain: S(gain), growth: 0, clip: S(model.clip),
      sigma: S(model.weightNoise), bound: 1e6, open: open.pointer)
    if model.population == .separate {
      call.signs = UnsafePointer(signs.pointer)
      call.uncut = uncut.pointer
    }
    let inside = kernels.update(call)
    releaseClamped()
    return inside
  }
}

extension MiconiProtocol {
  /// E of every trial of one network in Float; see `MiconiNetwork.run`. The class is made here and not by who asks, so
  /// that the compiler writes it out for Float: a caller of another module would run it through tables of operations,
  /// at two fifths of the speed.
  public func errors(of address: LifetimeAddress, trials: Int, level: SIMDLevel) -> [Double] {
    MiconiNetwork<Float>(self, level: level).run(address, trials: trials)
  }
}
