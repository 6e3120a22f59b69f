import Foundation
import Model

extension Statistics {
  /// The standard normal's cumulative distribution.
  public static func normalCDF(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// Student's t with `freedom` > 0 degrees of freedom: cumulative distribution, by the regularised
  /// incomplete beta function (Abramowitz and Stegun 26.7.1).
  public static func studentCDF(_ t: Double, freedom: Double) -> Double {
    let tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
    return t > 0 ? 1 - tail : tail
  }

  /// The t that a share `probability` in (0, 1) lies below, by bisection to the last bit.
  public static func studentQuantile(_ probability: Double, freedom: Double) -> Double {
    invariant(probability > 0 && probability < 1, "a quantile of t needs 0 < p < 1, not \(probability)")
    if probability < 0.5 { return -studentQuantile(1 - probability, freedom: freedom) }
    var low = 0.0
    var high = 1.0
    while studentCDF(high, freedom: freedom) < probability { high *= 2 }
    while true {
      let middle = (low + high) / 2
      if middle == low || middle == high { return middle }
      if studentCDF(middle, freedom: freedom) < probability { low = middle } else { high = middle }
    }
  }

  /// I_x(a, b) by Lentz's continued fraction (Numerical Recipes, section 6.4).
  static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    let tiny = 1e-300
    func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / away(1 - (a + b) * x / (a + 1))
    var fraction = d
    for step in 1...500 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / away(1 + even * d)
      c = away(1 + even / c)
      fraction *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / away(1 + odd * d)
      c = away(1 + odd / c)
      fraction *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return front * fraction
  }
}
