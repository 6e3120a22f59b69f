/// A setting of sweep files that holds local constants: one number, or a list where several share the path.
public struct ConstantSetting: Sendable, Hashable {
  /// `rule.eta`.
  public let path: String
  /// In the order of records; a list of numbers in a sweep file has them in this order.
  public let constants: [LocalConstant]

  /// As `meta.learn` calls the constants of this setting together: the last part of the path.
  public let name: String

  /// Every setting that holds constants, in the order of their first constant.
  public static let all: [ConstantSetting] = {
    var paths: [String] = []
    for constant in LocalConstant.allCases where !paths.contains(constant.path) {
      paths.append(constant.path)
    }
    return paths.map { path in
      ConstantSetting(
        path: path, constants: LocalConstant.allCases.filter { $0.path == path },
        name: String(path[path.index(after: path.lastIndex(of: ".")!)...]))
    }
  }()

  /// What `meta.learn` may list beside theta.
  public static let names = all.map(\.name)

  /// The settings of one group: `rule` or `exploration`.
  public static func all(in group: String) -> [ConstantSetting] {
    all.filter { $0.path.hasPrefix(group + ".") }
  }

  /// The setting that `meta.learn` calls `name`; nil for an unknown name.
  public static func named(_ name: String) -> ConstantSetting? { all.first { $0.name == name } }

  /// What its constants have in common: who has them, and what they belong to.
  public var declaration: LocalConstant.Declaration { constants[0].declaration }

  /// One line for the reference of settings.
  public var summary: String { constants.map(\.declaration.summary).joined(separator: "; ") }

  /// True where a search can move all of its constants from these values.
  public func canBeLearned(from values: LocalConstants) -> Bool {
    constants.allSatisfy { $0.canBeLearned(from: values[$0]) }
  }

  /// True where a constant of a mechanism is on.
  public func isOn(in values: LocalConstants) -> Bool {
    constants.contains { values[$0] != $0.declaration.standard }
  }
}
