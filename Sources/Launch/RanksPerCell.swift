/// The value of `--ranks-per-cell`.
public enum RanksPerCell: Equatable, Sendable {
  /// So many ranks share every cell; the last team may have fewer.
  case always(Int)
  /// One rank a cell; ranks without a cell help others, at the end of a sweep or where there are more ranks than cells.
  case auto

  public init?(_ text: String) {
    if text == "auto" {
      self = .auto
    } else if let number = Int(text), number >= 1 {
      self = .always(number)
    } else {
      return nil
    }
  }

  public var number: Int {
    if case .always(let number) = self { return number }
    return 1
  }
}
