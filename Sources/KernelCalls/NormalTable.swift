/// The constants of the Box-Muller transform in Float, shared by the single draws of `Kernels` and the kernels.
public enum NormalTable {
  /// Bits of the Float just above sqrt(1/2).
  @inlinable @inline(__always) public static var rootHalfBits: UInt32 { 0x3F35_04F3 }
  /// Bits of the first guess of 1/sqrt(s), from which half the bits of s are taken.
  @inlinable @inline(__always) public static var rootMagic: UInt32 { 0x5F37_5A86 }
  @inlinable @inline(__always) public static var logTwo: Float { 0x1.62e43p-1 }
  @inlinable @inline(__always) public static var quarterPi: Float { 0x1.921fb6p-1 }
  /// (log(1 + f) - f) / f^2 + 1/2 over f, highest power first (Cephes, logf).
  @inlinable @inline(__always)
  public static var log: (Float, Float, Float, Float, Float, Float, Float, Float, Float) {
    (
      7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
      -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1
    )
  }
  /// (sin a - a) / a^3 in a^2 on |a| <= pi/4, highest power first (Cephes, sinf).
  @inlinable @inline(__always)
  public static var sine: (Float, Float, Float) { (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1) }
  /// (cos a - 1 + a^2/2) / a^4 in a^2 on |a| <= pi/4, highest power first (Cephes, cosf).
  @inlinable @inline(__always)
  public static var cosine: (Float, Float, Float) {
    (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
  }
}
