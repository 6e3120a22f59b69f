/// What an `exclude` entry or the `if` of a `when` asks of a cell: every setting has one of its values.
struct Condition {
  struct Term {
    var index: Int
    var values: [SettingValue]
    var place: Place?
    /// True for ranges such as `0..<20`, which may reach beyond the values that cells have.
    var isRange = false
    /// Places in `values` of those that some cell had.
    var taken: Set<Int> = []

    var isTaken: Bool { !taken.isEmpty }
  }

  var terms: [Term]
  var place: Place?
  /// True once some cell met all terms.
  var isMet = false

  /// - Parameter value: the value of the setting with an index, in the cell in question.
  mutating func isMet(by value: (Int) -> SettingValue?) -> Bool {
    var all = true
    for term in terms.indices {
      let place = value(terms[term].index).flatMap { terms[term].values.firstIndex(of: $0) }
      if let place { terms[term].taken.insert(place) }
      all = all && place != nil
    }
    if all { isMet = true }
    return all
  }
}

/// One `when`: values set in every cell that meets a condition.
struct Amendment {
  var condition: Condition
  var changes: [(index: Int, assignment: Assignment)]
}
