extension Statistics {
  /// A task's accuracy on the scale from 0 (the best policy that ignores part of the task) to 1 (the ideal
  /// observer): (accuracy - shortcut) / (ceiling - shortcut). Negative below the shortcut.
  ///
  /// - Returns: NaN where the ceiling is not above the shortcut: such a task shows no difference.
  public static func normalisedScore(accuracy: Double, shortcut: Double, ceiling: Double) -> Double {
    guard ceiling > shortcut else { return .nan }
    return (accuracy - shortcut) / (ceiling - shortcut)
  }
}
