/// One trial on its way to the update: what it earned and what that is measured by.
struct EarnedTrial {
  /// h.
  let index: Int
  let condition: Int
  /// R^h.
  let reward: Double
  /// Rbar_c before the trial; nil at the first visit of its condition.
  let baselineBefore: Double?
  /// What the trial's kicks were multiplied by.
  let kickFactor: Double
  /// R of the antithetic twin, R^0 in the first trial; NaN where twins are not asked for or this one diverged.
  var twin = Double.nan

  var isFirstVisit: Bool { baselineBefore == nil }

  /// Rbar_c as the update uses it: R at a first visit.
  var baseline: Double { baselineBefore ?? reward }

  /// m = R - Rbar_c.
  var success: Double { reward - baseline }
}
