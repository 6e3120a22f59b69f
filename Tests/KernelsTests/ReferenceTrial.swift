import Kernels

/// The method written as its formulas: one loop an index, Double throughout. Oracle of the kernel tests.
struct ReferenceTrial {
  let units: Int, steps: Int, degree: Int
  let weights: [[Double]]  // [j][i]
  let leak: Double, leakBar: Double
  var rates: [[Double]] = []  // [t][i]
  var fluctuations: [[Double]] = []
  var isInside = true

  /// `power(0, 0)` = 1; products only.
  static func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<exponent { result *= base }
    return result
  }

  init<S: KernelScalar>(_ trial: TrialCase<S>, bound: Double = 1e6) {
    units = trial.shape.units
    steps = trial.shape.steps
    degree = trial.shape.degree
    weights = trial.weights.values
    leak = Double(trial.leak)
    leakBar = Double(trial.leakBar)
    let drive = trial.drive.values
    var x = trial.initial.values[0]
    var xbar = x
    for t in 0..<steps {
      isInside = isInside && x.allSatisfy { abs($0) <= bound }
      let r = x.map(tanhOfLibrary)
      rates.append(r)
      fluctuations.append(zip(xbar, x).map { $0 - $1 })
      var next = x
      for i in 0..<units {
        var current = 0.0
        for j in 0..<units { current += weights[j][i] * r[j] }
        next[i] = x[i] + leak * (current - x[i]) + drive[t][i]
      }
      for i in 0..<units { xbar[i] += leakBar * (x[i] - xbar[i]) }
      x = next
    }
  }

  /// e(T) by its own recursion over the trial, [j][i]; `decay` is recovered from the step weights.
  func trace(coefficients: [Double], stepWeights: [Double]) -> [[Double]] {
    var e = [[Double]](repeating: [Double](repeating: 0, count: units), count: units)
    for j in 0..<units {
      for i in 0..<units {
        for t in 0..<steps {
          for k in 0...degree {
            for l in 0...degree {
              e[j][i] +=
                stepWeights[t] * coefficients[k * (degree + 1) + l] * Self.power(rates[t][j], k)
                * Self.power(fluctuations[t][i], l)
            }
          }
        }
      }
    }
    return e
  }

  /// edot(T) ([j][i]) and zdot ([t][output]) of direction p; nil: of one that e does not depend on directly.
  /// - Parameter kicks: kickdot by step and unit.
  func tangents<S: KernelScalar>(
    _ trial: TrialCase<S>, direction p: Int?, carried: [[Double]]?, kicks: [[Double]]? = nil
  ) -> (
    trace: [[Double]], outputs: [[Double]]
  ) {
    let terms = degree + 1
    let c = trial.coefficients.values[0]
    let scales = trial.scales.values[0]
    let w = trial.stepWeights.values[0]
    let readout = trial.readout.values
    var xdot = [Double](repeating: 0, count: units)
    var xbardot = xdot
    var edot = [[Double]](repeating: xdot, count: units)
    var outputs: [[Double]] = []
    for t in 0..<steps {
      let r = rates[t]
      let delta = fluctuations[t]
      let rdot = (0..<units).map { (1 - r[$0] * r[$0]) * xdot[$0] }
      let ddot = (0..<units).map { xbardot[$0] - xdot[$0] }
      outputs.append(readout.map { row in (0..<units).reduce(0) { $0 + row[$1] * rdot[$1] } })
      for j in 0..<units {
        for i in 0..<units {
          var g = 0.0
          var h = 0.0
          for k in 0...degree {
            for l in 0...degree {
              if l > 0 {
                g += c[k * terms + l] * Double(l) * Self.power(r[j], k) * Self.power(delta[i], l - 1)
              }
              if k > 0 {
                h += c[k * terms + l] * Double(k) * Self.power(r[j], k - 1) * Self.power(delta[i], l)
              }
            }
          }
          let direct =
            p.map { scales[$0] * Self.power(delta[i], $0 % terms) * Self.power(r[j], $0 / terms) } ?? 0
          edot[j][i] += w[t] * (direct + g * ddot[i] + h * rdot[j])
        }
      }
      var next = xdot
      for i in 0..<units {
        var current = 0.0
        for j in 0..<units {
          current += weights[j][i] * rdot[j]
          if let carried { current += carried[j][i] * r[j] }
        }
        next[i] = xdot[i] + leak * (current - xdot[i]) + (kicks?[t][i] ?? 0)
      }
      for i in 0..<units { xbardot[i] += leakBar * (xdot[i] - xbardot[i]) }
      xdot = next
    }
    return (edot, outputs)
  }
}
