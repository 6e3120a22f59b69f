import Model

/// Local constants as the values of settings: infinity is `none`, constants that share a path are a list.
extension ConstantSetting {
  /// - Precondition: the constants of a list have no bounds of their own, since a list has none.
  var kind: SettingKind {
    guard constants.count == 1 else {
      invariant(constants.allSatisfy { $0.bounds == .any }, "the list \(path) holds a constant with bounds")
      return .numbers(count: constants.count)
    }
    return constants[0].kind
  }

  func value(of constants: LocalConstants) -> SettingValue {
    let numbers = self.constants.map { constants[$0] }
    if numbers.count > 1 { return .numbers(numbers) }
    return numbers[0].isFinite ? .number(numbers[0]) : SettingValue.none
  }

  /// The value as one would write it in a sweep file.
  func text(of constants: LocalConstants) -> String {
    value(of: constants).description.split(separator: ",").joined(separator: ", ")
  }

  /// The numbers of a value of `kind`, in the order of `constants`; nil for any other value.
  func numbers(_ value: SettingValue) -> [Double]? {
    switch value {
    case .none where constants.count == 1 && declaration.canBeInfinite: [.infinity]
    case .number(let number) where constants.count == 1: [number]
    case .numbers(let numbers) where numbers.count == constants.count: numbers
    default: nil
    }
  }
}

extension LocalConstant {
  /// What a file may give for it.
  var kind: SettingKind { declaration.canBeInfinite ? .optional(.number(bounds)) : .number(bounds) }

  /// What is wrong with a value that a file or a command line gives; nil where nothing is.
  public func refusal(of value: Double) -> String? {
    allows(value) ? nil : "`\(name)` should be \(kind.wanted), and is `\(constantText(of: value))`"
  }
}

/// A constant's value as files have it: infinity is `none`.
public func constantText(of value: Double) -> String {
  value == .infinity ? "none" : shortestText(of: value)
}
