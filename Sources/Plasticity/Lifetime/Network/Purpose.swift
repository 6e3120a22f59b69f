import KernelCalls
import Kernels

/// Which networks a draw belongs to. The sets share no stream, so a network used for training is never validated or
/// evaluated on.
public enum Domain: UInt32, Sendable {
  case training = 1
  case validation = 2
  case evaluation = 3
  /// The networks that monomial scales are measured on.
  case calibration = 4
  /// Trials and noise at which alignment is measured, in networks of the other domains.
  case alignment = 5
}

/// What is drawn; with the domain it makes the purpose word of a `RandomStream`.
enum Quantity: UInt32 {
  case weights = 1
  case inputWeights = 2
  case readout = 3
  case initialState = 4
  case taskLifetime = 5
  case taskTrial = 6
  case kicks = 7
  case weightNoise = 8
  case parameterNoise = 9
  case startTheta = 10
  case feedback = 11
  case connectivity = 12
}

/// Names one network and all its random draws: the same address gives the same network, trials and noise, whatever the
/// rule, the degree, the rank or the number of ranks.
public struct LifetimeAddress: Sendable, Equatable {
  public var seed: UInt64
  public var domain: Domain
  public var index: UInt32
  /// Another draw of the weight noise on the same network, trials and kicks; 0 is the lifetime's own. Estimators of the
  /// gradient are unbiased for each network and its kicks, so this tells their bias with far fewer lifetimes.
  public var redraw: UInt16

  public init(seed: UInt64, domain: Domain, index: UInt32, redraw: UInt16 = 0) {
    self.seed = seed
    self.domain = domain
    self.index = index
    self.redraw = redraw
  }

  func stream(_ quantity: Quantity, trial: Int = 0) -> RandomStream {
    let isDrawnAgain = quantity == .weightNoise || domain == .alignment
    let draw = isDrawnAgain ? UInt32(redraw) << 16 : 0
    return RandomStream(
      seed: seed, purpose: draw | domain.rawValue << 8 | quantity.rawValue, lifetime: index,
      trial: UInt32(trial))
  }

  /// Where draw `number` of a measurement of alignment in this lifetime takes its trials and noise from. The network stays
  /// that of the lifetime itself.
  func alignmentDraw(_ number: Int) -> LifetimeAddress {
    LifetimeAddress(seed: seed, domain: .alignment, index: index, redraw: UInt16(number))
  }
}
