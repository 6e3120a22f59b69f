import Kernels
import MPI

/// What rank 0 tells all others once a folder is open: the SIMD level to compute at, and the number of the launch.
struct Opening: Transferable {
  var level: SIMDLevel
  var launch: Int

  init(level: SIMDLevel, launch: Int) {
    self.level = level
    self.launch = launch
  }

  init(_ session: StoreSession) { self.init(level: session.level, launch: session.launch) }

  func write(to bytes: inout ByteWriter) {
    level.write(to: &bytes)
    launch.write(to: &bytes)
  }

  init(from bytes: inout ByteReader) throws {
    level = try SIMDLevel(from: &bytes)
    launch = try Int(from: &bytes)
  }
}

extension SIMDLevel: Transferable {
  public func write(to bytes: inout ByteWriter) { rawValue.write(to: &bytes) }

  public init(from bytes: inout ByteReader) throws {
    let name = try String(from: &bytes)
    guard let level = SIMDLevel(rawValue: name) else {
      throw MessageError(description: "no SIMD level is called '\(name)'")
    }
    self = level
  }
}

extension Communicator {
  /// The best level that all ranks have.
  func lowest(_ own: SIMDLevel) throws -> SIMDLevel { try allGather(own).min() ?? own }
}
