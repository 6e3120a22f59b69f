import Model

@testable import Plasticity

extension RandomCase {
  /// Gives the case a wiring and a nonlinearity: each law alone for the first six variants, then mixed.
  ///
  /// Where weights have a sign to keep, W0 is small and noise large, so that many are cut.
  mutating func wire(_ variant: Int) {
    let share = Double([4, 5, 3][variant % 3]) / 6
    switch variant {
    case 0: method.wiring.connectivity = 0.5
    case 1: method.wiring.autapses = false
    case 2: method.wiring.excitatory = share
    case 3: method.nonlinearity = .rectifiedTanh
    case 4: method.nonlinearity = .sigmoid
    case 5:
      method.wiring.excitatory = share
      method.nonlinearity = .rectifiedTanh
    default:
      method.nonlinearity = Nonlinearity.allCases[variant % 3]
      method.wiring.excitatory = variant % 4 == 0 ? nil : share
      method.wiring.connectivity = variant % 5 == 0 ? 1 : 0.6
      method.wiring.autapses = variant % 7 < 3
    }
    method.units = max(2, method.units)
    guard let excitatory = method.wiring.excitatory else { return }
    // A share that leaves none of one kind is refused before anything runs.
    let most = Double(method.units - 1) / Double(method.units)
    method.wiring.excitatory = min(max(excitatory, 1 / Double(method.units)), most)
    method.gain = 0.5
    method.weightNoise = 0.08
  }
}
