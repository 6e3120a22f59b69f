import Model

/// b, what a trial's reward is measured against: the success of a trial is m = R - b.
///
/// - `condition`: one running mean Rbar_c for every condition; `shared`: one for all. At its first use it is R itself, so
///   m is 0; afterwards it follows R at rate a_R, after it has been used.
/// - `learned`: b = v . phi with phi = [1, f] and f the mean of r over the steps before the response window (over all
///   steps where the window begins at 0). v = 0 but v_0 = R before its first use; after use
///   v += a_R (R - b) phi / (phi . phi). Before a trial has shown anything, phi is [1, 0]: what the gate goes by.
///
/// A class, so that who asks in every trial counts no references of its arrays.
final class Critic {
  let kind: CriticKind
  /// Rbar; nil before the first use. Empty for a learned critic.
  private var means: [Double?]
  /// v: of the constant, then of the units; empty before the first use.
  private(set) var weights: [Double] = []
  /// f of the present trial, N; empty but for a learned critic.
  var features: [Double] = []

  init(_ kind: CriticKind, conditions: Int) {
    self.kind = kind
    means = Array(repeating: nil, count: Self.means(kind, conditions: conditions))
  }

  private init(other: Critic) {
    kind = other.kind
    means = other.means
    weights = other.weights
    features = other.features
  }

  /// One that has learned the same so far and goes its own way from here.
  func copy() -> Critic { Critic(other: self) }

  /// Takes over what another of its kind has learned.
  func learn(from other: Critic) {
    means = other.means
    weights = other.weights
    features = other.features
  }

  /// Running means that a critic keeps.
  static func means(_ kind: CriticKind, conditions: Int) -> Int {
    switch kind {
    case .condition: conditions
    case .shared: 1
    case .learned: 0
    }
  }

  /// Steps that f is the mean of, in a trial of so many.
  static func shownSteps(before window: Range<Int>, of steps: Int) -> Range<Int> {
    0..<(window.lowerBound > 0 ? window.lowerBound : steps)
  }

  /// The running mean that trials of `condition` use.
  @inline(__always)
  func place(of condition: Int) -> Int { kind.place(of: condition) }

  func reset() {
    for c in means.indices { means[c] = nil }
    weights = []
  }

  /// b before a trial has shown anything; nil before the first use.
  @inline(__always)
  func expected(_ condition: Int) -> Double? {
    kind == .learned ? weights.first : means[place(of: condition)]
  }

  /// b of the present trial; nil before the first use.
  @inline(__always)
  func judged(_ condition: Int) -> Double? {
    guard kind == .learned else { return means[place(of: condition)] }
    guard let constant = weights.first else { return nil }
    return constant + zip(weights.dropFirst(), features).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// phi . phi of the present trial.
  var featureSquare: Double { 1 + features.reduce(0) { $0 + $1 * $1 } }

  /// Learns from R; call it last in a trial.
  @inline(__always)
  func follow(_ trial: EarnedTrial, rate: Double) {
    guard kind == .learned else {
      means[place(of: trial.condition)] = trial.baseline + rate * (trial.reward - trial.baseline)
      return
    }
    learn(trial, rate: rate)
  }

  private func learn(_ trial: EarnedTrial, rate: Double) {
    if weights.isEmpty { weights = [trial.reward] + Array(repeating: 0, count: features.count) }
    let step = rate * trial.success / featureSquare
    weights[0] += step
    for i in features.indices { weights[i + 1] += step * features[i] }
  }
}

extension CriticKind {
  /// The running mean that trials of `condition` use.
  @inline(__always)
  func place(of condition: Int) -> Int { self == .condition ? condition : 0 }
}
