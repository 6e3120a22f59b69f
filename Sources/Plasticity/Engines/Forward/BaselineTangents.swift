/// Rbardot: the tangents of every condition's baseline, which follow Rdot as Rbar_c follows R.
struct BaselineTangents {
  /// Conditions x directions; 0 before the first visit.
  private var values: [Double]
  private let directions: Int

  init(conditions: Int, directions: Int) {
    values = Array(repeating: 0, count: conditions * directions)
    self.directions = directions
  }

  mutating func reset() { for index in values.indices { values[index] = 0 } }

  /// Rbardot_c before this trial; 0 before the first visit.
  func current(_ condition: Int, _ q: Int) -> Double { values[condition * directions + q] }

  /// Lets Rbardot_c follow Rdot.
  /// - Parameter success: becomes mdot = Rdot - Rbardot_c with Rbardot_c as it was; 0 at a first visit, where Rbar_c is
  ///   R itself.
  mutating func follow(
    _ trial: EarnedTrial, rewardTangents: [Double], rate: Double, success: inout [Double]
  ) {
    let base = trial.condition * directions
    for q in 0..<directions {
      let rdot = rewardTangents[q]
      let before = trial.isFirstVisit ? rdot : values[base + q]
      success[q] = trial.isFirstVisit ? 0 : rdot - before
      values[base + q] = trial.isFirstVisit ? rdot : before + rate * (rdot - before)
    }
  }
}
