/// The update of W read backwards: from the adjoint of W^{h+1} to those of e(T), of m = R - Rbar and, as far as the
/// update itself goes, of W^h. The letters and the layout are those of `Calls.swift`; L is what is differentiated.
///
/// With B = dL/dW^{h+1} + noiseFactor xi and A = B where the update was not cut, 0 elsewhere:
/// traceAdjoint = gain A, `successAdjoint` = sum_ij A_ij (eta e_ij - growthSlope W_ij), and B is replaced by
/// (B or, without `carry`, 0) - growth A. Sums run in a fixed order.
@frozen public struct AdjointUpdateCall<S> {
  public var units: Int, ld: Int
  public var rows: Int  // of all planes; N but where other layers of synapses follow
  public var carry: Bool  // false where a horizon cuts W^h -> W^{h+1}; the path through mu stays
  public var weightAdjoint: UnsafeMutablePointer<S>  // N x ld, in place; padded lanes are and stay 0
  public var noise: UnsafePointer<S>?  // xi^h; nil where noiseFactor is 0
  public var noiseFactor: S  // A^{h+1} / (H sigma)
  public var trace: UnsafePointer<S>  // e(T)
  public var weights: UnsafePointer<S>  // W^h
  public var open: UnsafePointer<S>
  public var gain: S, eta: S, growth: S, growthSlope: S
  public var traceAdjoint: UnsafeMutablePointer<S>  // N x ld; padded lanes become 0
  public var successAdjoint: UnsafeMutablePointer<S>  // one scalar

  @inlinable public init(
    units: Int, ld: Int, carry: Bool, weightAdjoint: UnsafeMutablePointer<S>, noise: UnsafePointer<S>?,
    noiseFactor: S, trace: UnsafePointer<S>, weights: UnsafePointer<S>, open: UnsafePointer<S>, gain: S,
    eta: S,
    growth: S, growthSlope: S, traceAdjoint: UnsafeMutablePointer<S>, successAdjoint: UnsafeMutablePointer<S>
  ) {
    self.units = units
    self.ld = ld
    rows = units
    self.carry = carry
    self.weightAdjoint = weightAdjoint
    self.noise = noise
    self.noiseFactor = noiseFactor
    self.trace = trace
    self.weights = weights
    self.open = open
    self.gain = gain
    self.eta = eta
    self.growth = growth
    self.growthSlope = growthSlope
    self.traceAdjoint = traceAdjoint
    self.successAdjoint = successAdjoint
  }
}

/// One trial read backwards: from the adjoints of e(T) and of the read-out z to those of W and of the coefficients.
///
/// With E = traceAdjoint: products[k (degree + 1) + l] += sum_t w_t (delta_t^l)^T E r_t^k, which is dL/dtheta_kl
/// without its factor s_kl, and weightAdjoint_ij += leak sum_t lambda_{t+1,i} r_{t,j}, where lambda_t is the adjoint
/// of x_t. Adds to both, so that a lifetime needs one buffer of each.
@frozen public struct AdjointCall<S> {
  public var units: Int, ld: Int, steps: Int, degree: Int, outputs: Int
  public var weights: UnsafePointer<S>  // W of this trial
  public var rates: UnsafePointer<S>
  public var fluctuations: UnsafePointer<S>
  public var coefficients: UnsafePointer<S>  // theta s
  public var stepWeights: UnsafePointer<S>
  public var leak: S, leakBar: S
  public var traceAdjoint: UnsafePointer<S>  // E, N x ld; padded lanes are 0
  public var readout: UnsafePointer<S>  // outputs x ld
  public var firstReadStep: Int  // outputAdjoint is read for firstReadStep <= t < steps
  public var outputAdjoint: UnsafePointer<S>?  // dL/dz: steps x outputs; nil where L does not see z
  public var weightAdjoint: UnsafeMutablePointer<S>  // N x ld, added to
  public var products: UnsafeMutablePointer<S>  // (degree + 1)^2, added to
  public var scratch: UnsafeMutablePointer<S>
  /// Set both where kicks depend on what L is differentiated by (the gate), neither elsewhere: `kickProduct` becomes
  /// sum_t <lambda_{t+1}, kick_t>, the derivative of L by a common factor of the kicks.
  public var kicks: UnsafePointer<S>? = nil  // steps x ld, as added to x; padded lanes are 0
  public var kickProduct: UnsafeMutablePointer<S>? = nil  // one scalar
  /// What L sees of r and of delta in other ways, added to their adjoints: steps x ld each; padded lanes are 0.
  public var rateAdjoints: UnsafePointer<S>? = nil
  public var fluctuationAdjoints: UnsafePointer<S>? = nil
  /// Where leak lambda_{t+1} of every step is wanted: steps x ld.
  public var drives: UnsafeMutablePointer<S>? = nil
  /// What will be read after this call, brought near beside its products: `nextCount` scalars.
  public var next: UnsafePointer<S>? = nil
  public var nextCount = 0
  public var rateFunction = RateFunction.tanh

  @inlinable public init(
    units: Int, ld: Int, steps: Int, degree: Int, outputs: Int, weights: UnsafePointer<S>,
    rates: UnsafePointer<S>, fluctuations: UnsafePointer<S>, coefficients: UnsafePointer<S>,
    stepWeights: UnsafePointer<S>, leak: S, leakBar: S, traceAdjoint: UnsafePointer<S>,
    readout: UnsafePointer<S>, firstReadStep: Int, outputAdjoint: UnsafePointer<S>?,
    weightAdjoint: UnsafeMutablePointer<S>, products: UnsafeMutablePointer<S>,
    scratch: UnsafeMutablePointer<S>
  ) {
    self.units = units
    self.ld = ld
    self.steps = steps
    self.degree = degree
    self.outputs = outputs
    self.weights = weights
    self.rates = rates
    self.fluctuations = fluctuations
    self.coefficients = coefficients
    self.stepWeights = stepWeights
    self.leak = leak
    self.leakBar = leakBar
    self.traceAdjoint = traceAdjoint
    self.readout = readout
    self.firstReadStep = firstReadStep
    self.outputAdjoint = outputAdjoint
    self.weightAdjoint = weightAdjoint
    self.products = products
    self.scratch = scratch
  }
}
