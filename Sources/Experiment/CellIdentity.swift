import Kernels

/// Where and when a result was made; no number of the science depends on it.
struct CellIdentity {
  var level: SIMDLevel
  var launch: UInt32
  var rank: UInt32
  var gigaflop: Double
  var began: ContinuousClock.Instant

  func seconds() -> Double { (ContinuousClock.now - began) / .seconds(1) }
}
