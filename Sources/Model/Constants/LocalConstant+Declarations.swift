extension LocalConstant {
  /// By raw value: the constants of every rule and those of the mechanisms, in the order in which they came.
  static let declarations = {
    let added = Mechanisms.all.dropFirst(Mechanisms.builtIn.count)
    let all = everyRules + Mechanisms.builtIn.flatMap(own) + laterRules + added.flatMap(own)
    let versions = all.map(\.recordVersion)
    invariant(
      versions == versions.sorted(), "a constant of an earlier version of records comes after a later one")
    return all
  }()

  private static func own(_ mechanism: any Mechanism.Type) -> [Declaration] {
    mechanism.constants.map { $0.belonging(to: mechanism) }
  }
}

extension LocalConstant.Declaration {
  fileprivate func belonging(to mechanism: any Mechanism.Type) -> LocalConstant.Declaration {
    var result = self
    result.mechanism = mechanism.name
    result.hasDerivatives = mechanism.hasDerivatives
    return result
  }
}
