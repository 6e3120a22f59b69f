import Experiment
import MPI
import Model

/// What a search has found, on its way from rank 0 to all others.
extension FairFinding: Transferable {
  public func write(to bytes: inout ByteWriter) {
    validationReward.write(to: &bytes)
    lifetimes.write(to: &bytes)
    theta.write(to: &bytes)
    constants.values.write(to: &bytes)
  }

  public init(from bytes: inout ByteReader) throws {
    self.init(
      validationReward: try Double(from: &bytes), lifetimes: try Int(from: &bytes),
      theta: try [Double](from: &bytes), constants: LocalConstants(values: try [Double](from: &bytes)))
  }
}
