import Foundation

/// Phi(x), the distribution function of N(0, 1).
func normalCDF(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
