import KernelCalls
import KernelsBaseline
import KernelsV3
import KernelsV4
import Invariants

/// A type the kernels compute in: Float or Double.
public protocol KernelScalar: BinaryFloatingPoint & SIMDScalar & Sendable & Codable {
  /// The kernels compiled for `level`, which must not be above `SIMDLevel.highest`.
  static func kernels(_ level: SIMDLevel) -> KernelSet<Self>
  /// The name in settings and results: "float" or "double".
  static var precisionName: String { get }
}

extension Float: KernelScalar {
  public static func kernels(_ level: SIMDLevel) -> KernelSet<Float> {
    invariant(
      level <= .highest,
      "kernels of level \(level.rawValue) cannot run on a CPU of level \(SIMDLevel.highest)")
    switch level {
    case .baseline: return KernelsBaseline.floatKernels
    case .v3: return KernelsV3.floatKernels
    case .v4: return KernelsV4.floatKernels
    }
  }

  public static var precisionName: String { "float" }
}

extension Double: KernelScalar {
  public static func kernels(_ level: SIMDLevel) -> KernelSet<Double> {
    invariant(
      level <= .highest,
      "kernels of level \(level.rawValue) cannot run on a CPU of level \(SIMDLevel.highest)")
    switch level {
    case .baseline: return KernelsBaseline.doubleKernels
    case .v3: return KernelsV3.doubleKernels
    case .v4: return KernelsV4.doubleKernels
    }
  }

  public static var precisionName: String { "double" }
}
