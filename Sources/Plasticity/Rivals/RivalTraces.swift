import KernelCalls
import Kernels
import Model
import Tasks

/// The trajectories whose outer products, summed over time, are a rival's trace.
struct RivalTraces<S: KernelScalar>: ~Copyable {
  private let units: Int
  private let steps: Int
  private let outputs: Int
  private let ld: Int
  private let alpha: S
  private let readoutScale: Double
  private let nonlinearity: Nonlinearity
  private let kernels: KernelSet<S>
  /// T x ld: the postsynaptic factor.
  private var post: Matrix<S>
  /// T x ld: p_j, the presynaptic rate filtered by the membrane.
  private var filtered: Matrix<S>
  /// B^T of RFLO: K x ld.
  private var randomFeedback: Matrix<S>
  private var adjoint: Matrix<S>
  private var next: Matrix<S>
  /// W as [i ld + j], so that W^T lambda is a sum of rows.
  private var untransposed: Matrix<S>
  private var normals: Matrix<S>
  private var scratch: Matrix<S>
  /// z - y, or z - own decision, inside the window and 0 elsewhere: T x K.
  private var errors: [Double]
  private let ones: [S]
  /// Picks the one monomial r_j delta_i.
  private let product: [S] = [0, 0, 0, 1]

  init(method: Method, task: any LearningTask, kernels: KernelSet<S>) {
    units = method.units
    steps = task.steps
    outputs = task.outputs
    ld = paddedCount(method.units)
    alpha = S(method.timeStep / method.tau)
    readoutScale = method.readoutScale
    nonlinearity = method.nonlinearity
    self.kernels = kernels
    post = Matrix(rows: steps, columns: units)
    filtered = Matrix(rows: steps, columns: units)
    randomFeedback = Matrix(rows: outputs, columns: units)
    adjoint = Matrix(rows: 1, columns: units)
    next = Matrix(rows: 1, columns: units)
    untransposed = Matrix(rows: units, columns: units)
    normals = Matrix(rows: 1, columns: RandomStream.normalsCount(atLeast: outputs * ld))
    scratch = Matrix(rows: 1, columns: max(1, kernels.scratchCount(units, steps, 1, 0)))
    errors = Array(repeating: 0, count: steps * outputs)
    ones = Array(repeating: 1, count: steps)
  }

  /// B, of the size of Wout, drawn once a lifetime.
  mutating func drawFeedback(_ address: LifetimeAddress, method: Method) {
    address.stream(.feedback).fill(normals.pointer, atLeast: outputs * ld, kernels)
    let factor = readoutScale / Double(units).squareRoot()
    for k in 0..<outputs {
      for i in 0..<units {
        randomFeedback.pointer[k * ld + i] = S(factor * Double(normals.pointer[k * ld + i]))
      }
    }
  }

  /// B, N x K.
  var feedback: [Double] { randomFeedback.transposedValues(columns: units) }

  /// Node perturbation: takes all kicks but the last, which reaches no read-out.
  mutating func takeKicks(_ kicks: borrowing Kicks<S>) {
    post.pointer.update(from: kicks.values.pointer, count: (steps - 1) * ld)
    for i in 0..<ld { post.pointer[(steps - 1) * ld + i] = 0 }
  }

  /// Weight perturbation: takes the noise that the last trial added to W, over sigma; 0 in the first trial.
  func takeNoise(
    _ noise: UnsafeMutablePointer<S>, isFirst: Bool, sigma: Double, into trace: UnsafeMutablePointer<S>
  ) {
    let inverse = isFirst ? 0 : S(1 / sigma)
    for index in 0..<units * ld { trace[index] = inverse * noise[index] }
  }

  /// Takes dL/dz of any loss in the place of errors, T x K: `propagateBack` then gives the gradient of that loss.
  mutating func takeSlopes(_ slopes: [Double]) { errors = slopes }

  /// The error against the target, or against the sign of each output's window mean.
  mutating func takeErrors(_ readout: [Double], _ trial: borrowing Trial, decided: Bool) {
    for index in errors.indices { errors[index] = 0 }
    for k in 0..<outputs {
      var sum = 0.0
      for t in trial.window { sum += readout[t * outputs + k] }
      let decision: Double = sum > 0 ? 1 : sum < 0 ? -1 : 0
      for t in trial.window {
        let wanted = decided ? decision : Double(trial.target[t * outputs + k])
        errors[t * outputs + k] = readout[t * outputs + k] - wanted
      }
    }
  }

  /// post = [B err] psi, with B random or Wout^T.
  mutating func project(randomly: Bool, _ network: borrowing NetworkDraw<S>, _ rates: borrowing Matrix<S>) {
    let feedback = randomly ? randomFeedback.pointer : network.readout.pointer
    for t in 0..<steps {
      let row = post.pointer + t * ld
      for i in 0..<ld { row[i] = 0 }
      for k in 0..<outputs {
        let error = S(errors[t * outputs + k])
        if error == 0 { continue }
        for i in 0..<ld { row[i] += error * feedback[k * ld + i] }
      }
      for i in 0..<ld {
        row[i] *= nonlinearity.slope(rate: rates.pointer[t * ld + i])
      }
    }
  }

  /// p_j(t+1) = (1 - alpha) p_j(t) + alpha r_j(t).
  mutating func filterRates(_ rates: borrowing Matrix<S>) {
    for i in 0..<ld { filtered.pointer[i] = 0 }
    for t in 1..<max(steps, 1) {
      for i in 0..<ld {
        let p = filtered.pointer[(t - 1) * ld + i]
        filtered.pointer[t * ld + i] = p + alpha * (rates.pointer[(t - 1) * ld + i] - p)
      }
    }
  }

  /// BPTT: post_t = alpha lambda_{t+1} with lambda_t = dL/dx_t of L = sum |err|^2 / 2, backwards from lambda_T = 0.
  mutating func propagateBack(
    readout: UnsafePointer<S>, _ rates: borrowing Matrix<S>, weights: borrowing Matrix<S>
  ) {
    for i in 0..<units {
      for j in 0..<units { untransposed.pointer[i * ld + j] = weights.pointer[j * ld + i] }
    }
    adjoint.clear()
    let lambda = adjoint.pointer
    let through = next.pointer
    for t in stride(from: steps - 1, through: 0, by: -1) {
      let row = post.pointer + t * ld
      for i in 0..<ld { row[i] = alpha * lambda[i] }
      for j in 0..<ld { through[j] = 0 }
      for i in 0..<units {
        let weight = row[i]
        let source = untransposed.pointer + i * ld
        for j in 0..<ld { through[j] += weight * source[j] }
      }
      for j in 0..<ld {
        let slope = nonlinearity.slope(rate: rates.pointer[t * ld + j])
        lambda[j] =
          (1 - alpha) * lambda[j] + slope * (through[j] + outputSlope(t, j, readout))
      }
    }
  }

  /// sum_k Wout_kj err_k(t).
  private func outputSlope(_ t: Int, _ j: Int, _ readout: UnsafePointer<S>) -> S {
    var sum: S = 0
    for k in 0..<outputs { sum += S(errors[t * outputs + k]) * readout[k * ld + j] }
    return sum
  }

  /// e_ij = sum_t post_i(t) p_j(t).
  mutating func sumFiltered(into trace: UnsafeMutablePointer<S>) { sum(pre: filtered.pointer, into: trace) }

  /// e_ij = sum_t post_i(t) pre_j(t), transposed (N x ld), from a trajectory of T x ld.
  func sum(pre: UnsafeMutablePointer<S>, into trace: UnsafeMutablePointer<S>) {
    product.withUnsafeBufferPointer { product in
      ones.withUnsafeBufferPointer { ones in
        kernels.eligibility(
          EligibilityCall(
            units: units, ld: ld, steps: steps, degree: 1, rates: pre, fluctuations: post.pointer,
            coefficients: product.baseAddress!, stepWeights: ones.baseAddress!, trace: trace,
            scratch: scratch.pointer))
      }
    }
  }
}
