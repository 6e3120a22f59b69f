import Launch

extension RanksPerCell {
  /// - Throws: `ValidationError` for more ranks than any job has.
  func requireBounds() throws {
    if case .always(let number) = self { try require("--ranks-per-cell", number, in: Bounds.ranks) }
  }
}
