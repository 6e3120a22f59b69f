import Model

/// The errors of one network over its trials, and when it had learned by the criterion of Miconi (2017).
public struct ErrorCurve: Sendable, Equatable, TeamRow {
  /// E of every trial; shorter than asked for if the network diverged.
  public var errors: [Double]

  public init(errors: [Double]) { self.errors = errors }
  public init() { errors = [] }

  public static var fields: [TeamField<Self>] { [.numbers(\.errors)] }

  /// Trials, counted from 1, up to the first that ends `length` trials of which at least `correct` have E below `bound`;
  /// nil where none does. The published figures are of 96 in 100, and start looking after the first 100 trials.
  public func trialsToCriterion(correct: Int = 96, of length: Int = 100, below bound: Double = 1) -> Int? {
    var right = 0
    for (h, error) in errors.enumerated() {
      if error < bound { right += 1 }
      if h >= length, errors[h - length] < bound { right -= 1 }
      if h >= length, right >= correct { return h + 1 }
    }
    return nil
  }

  /// Median of E over the `window` trials that end with trial `trial`, counted from 1; nil where it has no such trial.
  public func median(at trial: Int, window: Int) -> Double? {
    guard trial <= errors.count, trial >= window, window >= 1 else { return nil }
    return errors[trial - window..<trial].median()
  }
}
