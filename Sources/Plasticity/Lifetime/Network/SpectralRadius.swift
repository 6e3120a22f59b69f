import Foundation

/// The spectral radius of W, within about 2 %: the mean growth of a vector, |W v| / |v|, over the last 50 of 100
/// products.
///
/// So it is whether the largest eigenvalue is real, one of a pair, or one of many of like size. All is done in Double
/// and in one order, whatever the precision and the SIMD level of the network. 0 where the vector dies out.
///
/// - Parameter weights: W transposed, `weights[j * ld + i]`, `units` rows.
func spectralRadius(_ weights: [Double], units: Int, ld: Int) -> Double {
  // Any start will do that leans on no structure: multiples of the golden ratio modulo 1.
  var vector = (0..<units).map { i in
    let turn = Double(i + 1) * 0.618_033_988_749_894_9
    return turn - turn.rounded(.down) - 0.4
  }
  var next = vector
  var growth = 1.0
  for iteration in 0..<100 {
    for i in 0..<units { next[i] = 0 }
    for j in 0..<units {
      let factor = vector[j]
      for i in 0..<units { next[i] += weights[j * ld + i] * factor }
    }
    var square = 0.0
    for i in 0..<units { square += next[i] * next[i] }
    let size = square.squareRoot()
    guard size > 0 else { return 0 }
    for i in 0..<units { vector[i] = next[i] / size }
    if iteration >= 50 { growth *= size }
  }
  return pow(growth, 1.0 / 50)
}
