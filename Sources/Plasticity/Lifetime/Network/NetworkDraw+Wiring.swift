import KernelCalls
import Kernels
import Model

/// The law of the recurrent synapses: which there are, and of what sign.
extension NetworkDraw {
  /// `existing` and `signs` as kernels take them; nil where there is no such law.
  var existingPointer: UnsafePointer<S>? { existing.rows == 0 ? nil : UnsafePointer(existing.pointer) }
  var signPointer: UnsafePointer<S>? { signs.rows == 0 ? nil : UnsafePointer(signs.pointer) }

  /// Synapses that exist.
  func count(units: Int) -> Int {
    guard existing.rows > 0 else { return units * units }
    return (0..<existing.count).reduce(0) { $0 + (existing.pointer[$1] == 0 ? 0 : 1) }
  }

  /// Sets N x ld numbers to 0 where there is no synapse, padded lanes too; leaves them where all synapses exist.
  func keepExisting(of values: UnsafeMutablePointer<S>) {
    for index in 0..<existing.count { values[index] *= existing.pointer[index] }
  }

  /// Each synapse by itself with the probability `connectivity`; one number is drawn for each, autapses included.
  mutating func drawExisting(_ address: LifetimeAddress, _ wiring: Wiring, units: Int) {
    guard !wiring.isFull else { return }
    var stream = address.stream(.connectivity)
    let ld = existing.stride
    for j in 0..<units {
      for i in 0..<units {
        let isDrawn = wiring.connectivity == 1 || stream.uniform() < wiring.connectivity
        existing.pointer[j * ld + i] = isDrawn && (wiring.autapses || i != j) ? 1 : 0
      }
    }
  }

  /// W0_ij = |N(0,1)| with the sign of unit j, inhibitory ones larger by f / (1 - f), so that excitation and inhibition
  /// are level on average; all scaled to the spectral radius g.
  ///
  /// A small sparse network may hold hardly any loop, and its radius next to nothing: W0 is never scaled to more than
  /// twice what random matrix theory says (Rajan and Abbott, Phys Rev Lett 97:188104, 2006). That theory alone will not
  /// do: single eigenvalues leave its disk, in a full network by 45 % on average.
  mutating func drawSigned(
    _ address: LifetimeAddress, _ method: Method, excitatory: Int, _ kernels: KernelSet<S>
  ) {
    let units = method.units
    let ld = weights.stride
    invariant(
      excitatory > 0 && excitatory < units, "\(excitatory) of \(units) units are excitatory: none is left")
    let share = Double(excitatory) / Double(units)
    let inhibition = share / (1 - share)
    address.stream(.weights).fill(normals.pointer, atLeast: units * ld, kernels)
    keepExisting(of: normals.pointer)
    var sizes = Array(repeating: 0.0, count: units * ld)
    for j in 0..<units {
      signs.pointer[j] = j < excitatory ? 1 : -1
      let factor = j < excitatory ? 1 : -inhibition
      for i in 0..<units { sizes[j * ld + i] = factor * abs(Double(normals.pointer[j * ld + i])) }
    }
    let c = method.wiring.connectivity
    let expected = ((c - 2 * c * c / .pi) * Double(units) * inhibition).squareRoot()
    let radius = max(spectralRadius(sizes, units: units, ld: ld), expected / 2)
    for j in 0..<units {
      for i in 0..<units {
        weights.pointer[j * ld + i] = S(method.gain / radius * sizes[j * ld + i])
      }
    }
  }
}
