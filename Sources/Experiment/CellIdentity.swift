import Kernels

/// What a result says of where it was made; nothing here enters the science.
struct CellIdentity {
  var level: SIMDLevel
  var launch: UInt32
  var rank: UInt32
  var gigaflop: Double
  var began: ContinuousClock.Instant

  func seconds() -> Double { (ContinuousClock.now - began) / .seconds(1) }
}
