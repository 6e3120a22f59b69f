/// The arguments of every kernel: plain pointers and sizes, checked by the callers in `Plasticity`.
///
/// **Layout.** `N` units are padded to `ld = paddedCount(N)` lanes; lanes run over the *postsynaptic* index i.
/// A synaptic matrix A_ij is stored transposed, `a[j * ld + i]`, j < N. A trajectory is `a[t * ld + i]`.
/// Tangent directions come first: `a[(q * N + j) * ld + i]`. Padded lanes of W, x0, drive, U and Wout are 0
/// and every kernel leaves those of W and U at 0; those of e and edot are unspecified.
/// Letters are those of the method: W, e, U, xi, r = f(x), delta = xbar - x, m = R - Rbar.
public let laneMultiple = 16

/// `count` rounded up to a whole number of lanes.
@inlinable public func paddedCount(_ count: Int) -> Int {
  (count + laneMultiple - 1) / laneMultiple * laneMultiple
}

/// One trial of the network: x' = x + leak (-x + W r) + drive_t, xbar' = xbar + leakBar (x - xbar).
/// `drive` already holds (dt/tau) Win u_t + kick_t.
/// Afterwards the first 2 ld scalars of `scratch` are x of the last step and the xbar that follows it.
@frozen public struct PrimalCall<S> {
  public var units: Int, ld: Int, steps: Int
  public var weights: UnsafePointer<S>  // N x ld
  public var initial: UnsafePointer<S>  // ld: x_0 (xbar_0 = x_0)
  public var drive: UnsafePointer<S>  // steps x ld
  public var leak: S, leakBar: S, bound: S
  public var rates: UnsafeMutablePointer<S>  // steps x ld: r_t
  public var fluctuations: UnsafeMutablePointer<S>  // steps x ld: delta_t
  public var scratch: UnsafeMutablePointer<S>
  public var rateFunction = RateFunction.tanh
  /// Written by the kernel: false if some |x_t| (t < steps) is not <= bound.
  public var isInside = false

  @inlinable public init(
    units: Int, ld: Int, steps: Int, weights: UnsafePointer<S>, initial: UnsafePointer<S>,
    drive: UnsafePointer<S>, leak: S, leakBar: S, bound: S, rates: UnsafeMutablePointer<S>,
    fluctuations: UnsafeMutablePointer<S>, scratch: UnsafeMutablePointer<S>
  ) {
    self.units = units
    self.ld = ld
    self.steps = steps
    self.weights = weights
    self.initial = initial
    self.drive = drive
    self.leak = leak
    self.leakBar = leakBar
    self.bound = bound
    self.rates = rates
    self.fluctuations = fluctuations
    self.scratch = scratch
  }
}

/// The drive of a trial: leak Win u_t + kick_t, without fused operations. Channels that are silent at a step cost nothing.
@frozen public struct DriveCall<S> {
  public var ld: Int, steps: Int, channels: Int
  public var kicks: UnsafePointer<S>  // steps x ld
  public var inputs: UnsafePointer<Float>  // u, steps x channels
  public var inputWeights: UnsafePointer<S>  // channels x ld
  public var leak: S
  public var drive: UnsafeMutablePointer<S>  // steps x ld

  @inlinable public init(
    ld: Int, steps: Int, channels: Int, kicks: UnsafePointer<S>, inputs: UnsafePointer<Float>,
    inputWeights: UnsafePointer<S>, leak: S, drive: UnsafeMutablePointer<S>
  ) {
    self.ld = ld
    self.steps = steps
    self.channels = channels
    self.kicks = kicks
    self.inputs = inputs
    self.inputWeights = inputWeights
    self.leak = leak
    self.drive = drive
  }
}

/// e(T) = sum_t w_t sum_kl c_kl delta_t^l (r_t^k)^T, with c = theta s.
@frozen public struct EligibilityCall<S> {
  public var units: Int, ld: Int, steps: Int, degree: Int
  public var rates: UnsafePointer<S>
  public var fluctuations: UnsafePointer<S>
  public var coefficients: UnsafePointer<S>  // (degree + 1)^2, [k * (degree + 1) + l]
  public var stepWeights: UnsafePointer<S>  // steps: w_t = dt (1 - dt/tau_e)^(T-1-t)
  public var trace: UnsafeMutablePointer<S>  // N x ld: e(T)
  public var scratch: UnsafeMutablePointer<S>

  @inlinable public init(
    units: Int, ld: Int, steps: Int, degree: Int, rates: UnsafePointer<S>, fluctuations: UnsafePointer<S>,
    coefficients: UnsafePointer<S>, stepWeights: UnsafePointer<S>, trace: UnsafeMutablePointer<S>,
    scratch: UnsafeMutablePointer<S>
  ) {
    self.units = units
    self.ld = ld
    self.steps = steps
    self.degree = degree
    self.rates = rates
    self.fluctuations = fluctuations
    self.coefficients = coefficients
    self.stepWeights = stepWeights
    self.trace = trace
    self.scratch = scratch
  }
}

/// The three-factor update, in place: raw = gain e - growth W, mu = clip(raw), W += mu + sigma xi, with
/// gain = eta m. `open` becomes 1 where mu was not cut and 0 where |raw| > clip.
/// Where `exists` is 0, W and `open` are and stay 0, whatever e holds. With `signs` W is then set to 0 where its product
/// with the sign of its presynaptic unit is not above 0; `uncut` holds it as it was before.
/// Returns false if some e or (uncut) W is not finite or some |W| > bound.
@frozen public struct UpdateCall<S> {
  public var units: Int, ld: Int
  public var rows: Int  // of W and all that is as large; N but for other layers of synapses
  public var weights: UnsafeMutablePointer<S>
  public var trace: UnsafePointer<S>
  public var noise: UnsafePointer<S>?  // xi, N x ld; nil where sigma = 0
  public var gain: S, growth: S, clip: S, sigma: S, bound: S  // clip: infinity where off
  public var open: UnsafeMutablePointer<S>
  public var exists: UnsafePointer<S>? = nil  // N x ld: 1 where there is a synapse; nil: all are there
  public var signs: UnsafePointer<S>? = nil  // N: 1 or -1; nil where any sign is allowed
  public var uncut: UnsafeMutablePointer<S>? = nil  // N x ld; set with `signs`
  public var before: UnsafeMutablePointer<S>? = nil  // N x ld: takes W as it was; nil where nobody asks

  @inlinable public init(
    units: Int, ld: Int, weights: UnsafeMutablePointer<S>, trace: UnsafePointer<S>,
    noise: UnsafePointer<S>?, gain: S, growth: S, clip: S, sigma: S, bound: S, open: UnsafeMutablePointer<S>
  ) {
    self.units = units
    self.ld = ld
    rows = units
    self.weights = weights
    self.trace = trace
    self.noise = noise
    self.gain = gain
    self.growth = growth
    self.clip = clip
    self.sigma = sigma
    self.bound = bound
    self.open = open
  }
}

/// The tangents of one trial for `directions`, given its primal trajectories: the forward recursion of xdot,
/// xbardot, edot from 0. Results of one direction do not depend on which others are asked for.
@frozen public struct TangentCall<S> {
  public var units: Int, ld: Int, steps: Int, degree: Int, outputs: Int
  public var directions: Int
  /// Monomial k (degree + 1) + l whose coefficient direction q differentiates by, or -1 where it differentiates by
  /// something else, whose direct term edot holds already.
  public var terms: UnsafePointer<Int>
  public var weights: UnsafePointer<S>  // W of this trial
  public var rates: UnsafePointer<S>
  public var fluctuations: UnsafePointer<S>
  public var coefficients: UnsafePointer<S>  // theta s, all of them
  public var scales: UnsafePointer<S>  // s, all of them
  public var stepWeights: UnsafePointer<S>
  public var leak: S, leakBar: S
  public var carried: UnsafePointer<S>?  // U: directions x N x ld; nil where U = 0
  public var readout: UnsafePointer<S>  // outputs x ld
  public var firstReadStep: Int  // zdot is wanted for firstReadStep <= t < steps
  public var traceTangents: UnsafeMutablePointer<S>  // edot(T): directions x N x ld
  public var outputTangents: UnsafeMutablePointer<S>  // zdot: directions x steps x outputs
  public var scratch: UnsafeMutablePointer<S>
  /// Set both where a direction moves the kicks, neither elsewhere: kickdot_q = kickSlopes[q] kick_t.
  /// They are looked at only where `carried` is given.
  public var kicks: UnsafePointer<S>? = nil  // steps x ld, as added to x
  public var kickSlopes: UnsafePointer<S>? = nil  // directions
  /// What else a direction adds to x at every step: directions x steps x ld, times leak. Looked at only where `carried`
  /// is given.
  public var drives: UnsafePointer<S>? = nil
  /// Where rdot and deltadot of every step are wanted: directions x steps x ld each. Written only where `carried` is
  /// given.
  public var rateTangents: UnsafeMutablePointer<S>? = nil
  public var fluctuationTangents: UnsafeMutablePointer<S>? = nil
  public var rateFunction = RateFunction.tanh
  /// Rows of U and of edot from one direction to the next; N where nothing follows those of a direction.
  public var planeRows: Int

  @inlinable public init(
    units: Int, ld: Int, steps: Int, degree: Int, outputs: Int, directions: Int, terms: UnsafePointer<Int>,
    weights: UnsafePointer<S>, rates: UnsafePointer<S>, fluctuations: UnsafePointer<S>,
    coefficients: UnsafePointer<S>, scales: UnsafePointer<S>, stepWeights: UnsafePointer<S>, leak: S,
    leakBar: S, carried: UnsafePointer<S>?, readout: UnsafePointer<S>, firstReadStep: Int,
    traceTangents: UnsafeMutablePointer<S>, outputTangents: UnsafeMutablePointer<S>,
    scratch: UnsafeMutablePointer<S>
  ) {
    self.units = units
    self.ld = ld
    self.steps = steps
    self.degree = degree
    self.outputs = outputs
    planeRows = units
    self.directions = directions
    self.terms = terms
    self.weights = weights
    self.rates = rates
    self.fluctuations = fluctuations
    self.coefficients = coefficients
    self.scales = scales
    self.stepWeights = stepWeights
    self.leak = leak
    self.leakBar = leakBar
    self.carried = carried
    self.readout = readout
    self.firstReadStep = firstReadStep
    self.traceTangents = traceTangents
    self.outputTangents = outputTangents
    self.scratch = scratch
  }
}

/// U' = carry U + open (gain edot + traceFactors[q] e - growth U + weightFactors[q] W), q < directions, with
/// gain = eta m; the factors are the derivatives of eta m and of -growth. W, e and open are those of the trial's own
/// update (W before it). `products[q]` becomes <noise, U'_q> where noise is given. Sums run in a fixed order. All planes
/// have `rows` rows.
@frozen public struct TangentUpdateCall<S> {
  public var rows: Int, ld: Int, directions: Int
  public var carry: Bool  // false at a horizon: what U carried is dropped, mudot is not
  public var carriedIsZero: Bool  // true where U need not be read
  public var tangents: UnsafeMutablePointer<S>  // U, in place
  public var traceTangents: UnsafePointer<S>  // edot(T)
  public var trace: UnsafePointer<S>  // e(T)
  public var weights: UnsafePointer<S>  // W before the update
  public var open: UnsafePointer<S>
  public var gain: S, growth: S
  public var traceFactors: UnsafePointer<S>, weightFactors: UnsafePointer<S>  // directions each
  public var noise: UnsafePointer<S>?  // xi
  public var products: UnsafeMutablePointer<S>

  @inlinable public init(
    rows: Int, ld: Int, directions: Int, carry: Bool, carriedIsZero: Bool,
    tangents: UnsafeMutablePointer<S>, traceTangents: UnsafePointer<S>, trace: UnsafePointer<S>,
    weights: UnsafePointer<S>, open: UnsafePointer<S>, gain: S, growth: S, traceFactors: UnsafePointer<S>,
    weightFactors: UnsafePointer<S>, noise: UnsafePointer<S>?, products: UnsafeMutablePointer<S>
  ) {
    self.rows = rows
    self.ld = ld
    self.directions = directions
    self.carry = carry
    self.carriedIsZero = carriedIsZero
    self.tangents = tangents
    self.traceTangents = traceTangents
    self.trace = trace
    self.weights = weights
    self.open = open
    self.gain = gain
    self.growth = growth
    self.traceFactors = traceFactors
    self.weightFactors = weightFactors
    self.noise = noise
    self.products = products
  }
}

/// products[k (degree + 1) + l] = sum_t w_t (delta_t^l)^T (open xi) r_t^k: the score of the direct sensitivity,
/// without its factor eta m s_kl.
@frozen public struct ScoreCall<S> {
  public var units: Int, ld: Int, steps: Int, degree: Int
  public var rates: UnsafePointer<S>
  public var fluctuations: UnsafePointer<S>
  public var stepWeights: UnsafePointer<S>
  public var noise: UnsafePointer<S>
  public var open: UnsafePointer<S>
  public var products: UnsafeMutablePointer<S>  // (degree + 1)^2
  public var scratch: UnsafeMutablePointer<S>

  @inlinable public init(
    units: Int, ld: Int, steps: Int, degree: Int, rates: UnsafePointer<S>, fluctuations: UnsafePointer<S>,
    stepWeights: UnsafePointer<S>, noise: UnsafePointer<S>, open: UnsafePointer<S>,
    products: UnsafeMutablePointer<S>, scratch: UnsafeMutablePointer<S>
  ) {
    self.units = units
    self.ld = ld
    self.steps = steps
    self.degree = degree
    self.rates = rates
    self.fluctuations = fluctuations
    self.stepWeights = stepWeights
    self.noise = noise
    self.open = open
    self.products = products
    self.scratch = scratch
  }
}

/// `count` (a multiple of 64) independent N(0, 1) from the Philox4x32-10 stream (key, counter 1...3): element
/// 64 g + 16 w + b is the w-th normal of block 16 g + b (two Box-Muller pairs a block). Float draws, widened for
/// Double; written without fused operations, so every SIMD level gives the same bits.
@frozen public struct NormalsCall<S> {
  public var key: (UInt32, UInt32)
  public var counter: (UInt32, UInt32, UInt32)
  public var count: Int
  public var output: UnsafeMutablePointer<S>

  @inlinable public init(
    key: (UInt32, UInt32), counter: (UInt32, UInt32, UInt32), count: Int, output: UnsafeMutablePointer<S>
  ) {
    self.key = key
    self.counter = counter
    self.count = count
    self.output = output
  }
}
