import Foundation

/// The C library's tanh, the oracle of ours (glibc: below 2 ulp).
func tanhOfLibrary(_ x: Double) -> Double { Foundation.tanh(x) }
