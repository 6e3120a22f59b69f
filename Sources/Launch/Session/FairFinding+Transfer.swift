import Experiment
import MPI

/// What a search has found, on its way from rank 0 to all others.
extension FairFinding: Transferable {
  public func write(to bytes: inout ByteWriter) {
    validationReward.write(to: &bytes)
    lifetimes.write(to: &bytes)
    theta.write(to: &bytes)
    constants.write(to: &bytes)
  }

  public init(from bytes: inout ByteReader) throws {
    self.init(
      validationReward: try Double(from: &bytes), lifetimes: try Int(from: &bytes),
      theta: try [Double](from: &bytes), constants: try [Double](from: &bytes))
  }
}
