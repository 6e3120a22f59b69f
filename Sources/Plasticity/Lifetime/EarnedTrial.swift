/// One trial on its way to the update: what it earned and what that is measured by.
struct EarnedTrial {
  /// h.
  let index: Int
  let condition: Int
  /// R^h.
  let reward: Double
  /// b as the critic has it without this reward; nil at its first use.
  let baselineBefore: Double?
  /// b before the trial had shown anything, which the kicks went by.
  let expected: Double?
  /// What the trial's kicks were multiplied by.
  let kickFactor: Double
  /// R of the antithetic twin, R^0 in the first trial; NaN where twins are not asked for or this one diverged.
  var twin = Double.nan

  var isFirstVisit: Bool { baselineBefore == nil }

  /// b as the update uses it: R at a first visit.
  var baseline: Double { baselineBefore ?? reward }

  /// m = R - b.
  var success: Double { reward - baseline }
}
