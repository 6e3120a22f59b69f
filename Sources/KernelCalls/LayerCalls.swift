/// Synapses beside the recurrent ones: R rows, each onto or from the N units of its lanes. Few rows, so these kernels
/// are plain loops. The letters and the layout are those of `Calls.swift`.
///
/// A synapse has two signals, a of its row and b of its lane, and its trace is
/// e_si = sum_t w_t sum_kl c_kl a_ts^k b_ti^l. At an input synapse a is u and b delta; at a readout synapse a is
/// zbar - z and b is r, so that c is transposed.
@frozen public struct LayerCall<S> {
  public var rows: Int, ld: Int, steps: Int, degree: Int
  public var rowSignals: UnsafePointer<S>  // steps x rows: a
  public var laneSignals: UnsafePointer<S>  // steps x ld: b
  public var coefficients: UnsafePointer<S>  // (degree + 1)^2, [k * (degree + 1) + l]
  public var stepWeights: UnsafePointer<S>  // steps
  public var trace: UnsafeMutablePointer<S>  // R x ld
  public var scratch: UnsafeMutablePointer<S>
  /// Where either is given, `trace` becomes the change of e along these tangents of a and of b.
  public var rowTangents: UnsafePointer<S>? = nil  // steps x rows
  public var laneTangents: UnsafePointer<S>? = nil  // steps x ld

  @inlinable public init(
    rows: Int, ld: Int, steps: Int, degree: Int, rowSignals: UnsafePointer<S>, laneSignals: UnsafePointer<S>,
    coefficients: UnsafePointer<S>, stepWeights: UnsafePointer<S>, trace: UnsafeMutablePointer<S>,
    scratch: UnsafeMutablePointer<S>
  ) {
    self.rows = rows
    self.ld = ld
    self.steps = steps
    self.degree = degree
    self.rowSignals = rowSignals
    self.laneSignals = laneSignals
    self.coefficients = coefficients
    self.stepWeights = stepWeights
    self.trace = trace
    self.scratch = scratch
  }
}

/// The same read backwards: from E = dL/de to the coefficients and to both signals.
///
/// products[k (degree + 1) + l] += sum_t w_t sum_si E_si a_ts^k b_ti^l, and the adjoints of a and b are added to.
@frozen public struct LayerAdjointCall<S> {
  public var rows: Int, ld: Int, steps: Int, degree: Int
  public var rowSignals: UnsafePointer<S>  // steps x rows: a
  public var laneSignals: UnsafePointer<S>  // steps x ld: b
  public var coefficients: UnsafePointer<S>  // (degree + 1)^2
  public var stepWeights: UnsafePointer<S>  // steps
  public var traceAdjoint: UnsafePointer<S>  // E, R x ld; padded lanes are 0
  public var products: UnsafeMutablePointer<S>  // (degree + 1)^2, added to
  public var rowAdjoints: UnsafeMutablePointer<S>?  // steps x rows, added to
  public var laneAdjoints: UnsafeMutablePointer<S>?  // steps x ld, added to
  public var scratch: UnsafeMutablePointer<S>

  @inlinable public init(
    rows: Int, ld: Int, steps: Int, degree: Int, rowSignals: UnsafePointer<S>, laneSignals: UnsafePointer<S>,
    coefficients: UnsafePointer<S>, stepWeights: UnsafePointer<S>, traceAdjoint: UnsafePointer<S>,
    products: UnsafeMutablePointer<S>, rowAdjoints: UnsafeMutablePointer<S>? = nil,
    laneAdjoints: UnsafeMutablePointer<S>? = nil, scratch: UnsafeMutablePointer<S>
  ) {
    self.rows = rows
    self.ld = ld
    self.steps = steps
    self.degree = degree
    self.rowSignals = rowSignals
    self.laneSignals = laneSignals
    self.coefficients = coefficients
    self.stepWeights = stepWeights
    self.traceAdjoint = traceAdjoint
    self.products = products
    self.rowAdjoints = rowAdjoints
    self.laneAdjoints = laneAdjoints
    self.scratch = scratch
  }
}
