/// One measured kernel or lifetime.
public struct BenchRow: Sendable, Encodable {
  /// `kernel:NAME`, or `lifetime:ESTIMATOR` (`lifetime:primal` for one without a gradient).
  public var name: String
  /// `forward` or `adjoint` for what only that engine runs, `primal` for what runs with both and without a gradient.
  public var engine: String
  /// "float" or "double".
  public var precision: String
  public var simd: String
  public var size: BenchSize
  /// H of a lifetime; 1 for a kernel, which does its part of one trial.
  public var trials: Int
  public var timing: BenchTiming
  /// Credited flops of a trial: the formulas of `CostModel`, and for kernels of order N^2 their own (`KernelWork`).
  public var flops: Double
  /// Multiply-add peak of one core in GFLOP/s at this precision: the best seen anywhere in the run.
  public var peak: Double

  public var gigaflops: Double { flops / (timing.median * 1e6) }

  private enum CodingKeys: String, CodingKey {
    case name, engine, precision, simd, gflops
    case peak = "peak_gflops"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(engine, forKey: .engine)
    try container.encode(precision, forKey: .precision)
    try container.encode(simd, forKey: .simd)
    try container.encode(gigaflops, forKey: .gflops)
    try container.encode(peak, forKey: .peak)
    try timing.encode(to: encoder, of: size, trials: trials)
  }
}
