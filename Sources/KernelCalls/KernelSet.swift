/// The kernels of one SIMD level for one scalar type. A class, so that who hands them on counts one reference and not
/// one for every kernel.
public final class KernelSet<S>: Sendable {
  /// Runs `count` networks of the same sizes and rate function side by side and writes `isInside` of each.
  public let primals: @Sendable (_ calls: UnsafeMutablePointer<PrimalCall<S>>, _ count: Int) -> Void
  public let drive: @Sendable (DriveCall<S>) -> Void
  public let eligibility: @Sendable (EligibilityCall<S>) -> Void
  public let update: @Sendable (UpdateCall<S>) -> Bool
  public let tangents: @Sendable (TangentCall<S>) -> Void
  public let tangentUpdate: @Sendable (TangentUpdateCall<S>) -> Void
  public let layer: @Sendable (LayerCall<S>) -> Void
  public let layerAdjoint: @Sendable (LayerAdjointCall<S>) -> Void
  public let score: @Sendable (ScoreCall<S>) -> Void
  public let adjointUpdate: @Sendable (AdjointUpdateCall<S>) -> Void
  public let adjoint: @Sendable (AdjointCall<S>) -> Void
  /// Two N(0, 1) from each of `count` pairs of words (a multiple of 16) by Box-Muller: the cosine draws and the sine
  /// draws, from and to aligned rows.
  public let boxMuller:
    @Sendable (
      _ radii: UnsafePointer<UInt32>, _ angles: UnsafePointer<UInt32>, _ cosines: UnsafeMutablePointer<Float>,
      _ sines: UnsafeMutablePointer<Float>, _ count: Int
    ) -> Void
  public let normals: @Sendable (NormalsCall<S>) -> Void
  /// tanh of `count` values (a multiple of 16) from aligned rows; in place is allowed.
  public let tanh:
    @Sendable (_ input: UnsafePointer<S>, _ output: UnsafeMutablePointer<S>, _ count: Int) -> Void
  /// Runs `rounds` of independent multiply-adds in registers and returns how many scalar ones that were: the
  /// clock around it gives the peak of the core.
  public let multiplyAdds: @Sendable (_ rounds: Int) -> Int
  /// Scalars of scratch space that any of the calls above needs at these sizes.
  public let scratchCount: @Sendable (_ units: Int, _ steps: Int, _ degree: Int, _ directions: Int) -> Int

  public init(
    primals: @escaping @Sendable (_ calls: UnsafeMutablePointer<PrimalCall<S>>, _ count: Int) -> Void,
    drive: @escaping @Sendable (DriveCall<S>) -> Void,
    eligibility: @escaping @Sendable (EligibilityCall<S>) -> Void,
    update: @escaping @Sendable (UpdateCall<S>) -> Bool,
    tangents: @escaping @Sendable (TangentCall<S>) -> Void,
    tangentUpdate: @escaping @Sendable (TangentUpdateCall<S>) -> Void,
    layer: @escaping @Sendable (LayerCall<S>) -> Void,
    layerAdjoint: @escaping @Sendable (LayerAdjointCall<S>) -> Void,
    score: @escaping @Sendable (ScoreCall<S>) -> Void,
    adjointUpdate: @escaping @Sendable (AdjointUpdateCall<S>) -> Void,
    adjoint: @escaping @Sendable (AdjointCall<S>) -> Void,
    boxMuller:
      @escaping @Sendable (
        UnsafePointer<UInt32>, UnsafePointer<UInt32>, UnsafeMutablePointer<Float>,
        UnsafeMutablePointer<Float>, Int
      ) -> Void,
    normals: @escaping @Sendable (NormalsCall<S>) -> Void,
    tanh:
      @escaping @Sendable (_ input: UnsafePointer<S>, _ output: UnsafeMutablePointer<S>, _ count: Int) -> Void,
    multiplyAdds: @escaping @Sendable (_ rounds: Int) -> Int,
    scratchCount: @escaping @Sendable (_ units: Int, _ steps: Int, _ degree: Int, _ directions: Int) -> Int
  ) {
    self.primals = primals
    self.drive = drive
    self.eligibility = eligibility
    self.update = update
    self.tangents = tangents
    self.tangentUpdate = tangentUpdate
    self.layer = layer
    self.layerAdjoint = layerAdjoint
    self.score = score
    self.adjointUpdate = adjointUpdate
    self.adjoint = adjoint
    self.boxMuller = boxMuller
    self.normals = normals
    self.tanh = tanh
    self.multiplyAdds = multiplyAdds
    self.scratchCount = scratchCount
  }
}

extension KernelSet {
  /// Runs one network; false where it left the bound.
  @inlinable public func primal(_ call: PrimalCall<S>) -> Bool {
    var call = call
    primals(&call, 1)
    return call.isInside
  }
}
