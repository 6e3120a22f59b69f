import Sweep

/// Lifetimes of a search, counted as `MetaLearner` runs them.
extension MetaSettings {
  /// Training and validation lifetimes of a whole search: B an iteration; the validation networks at the start, every
  /// `validationEvery` iterations, after the last one, and once more for the mean of the last quarter.
  public var searchLifetimes: Int {
    let validations = (iterations + validationEvery - 1) / validationEvery + 2
    return iterations * lifetimes + validations * validationNetworks
  }

  /// The same search with as few iterations as take at least so many lifetimes, at least 1.
  public func taking(lifetimes wanted: Int) -> MetaSettings {
    var search = self
    search.iterations = max(1, (wanted - 2 * validationNetworks) / (lifetimes + validationNetworks))
    while search.searchLifetimes < wanted { search.iterations += 1 }
    return search
  }
}
