import ArgumentParser

/// The value of `--ranks-per-cell`.
enum RanksPerCell: Equatable, ExpressibleByArgument {
  /// So many ranks share every cell, the last team perhaps fewer.
  case always(Int)
  /// One rank a cell; ranks without a cell help others, at the end of a sweep or where there are more ranks than cells.
  case auto

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let number = Int(argument), number >= 1 {
      self = .always(number)
    } else {
      return nil
    }
  }

  var number: Int {
    if case .always(let number) = self { return number }
    return 1
  }

  var defaultValueDescription: String { self == .auto ? "auto" : "\(number)" }
}
