extension LocalConstant {
  /// By raw value: the constants of every rule, then those of the mechanisms in their order.
  static let declarations =
    everyRules
    + Mechanisms.all.flatMap { mechanism in mechanism.constants.map { $0.belonging(to: mechanism) } }
}

extension LocalConstant.Declaration {
  fileprivate func belonging(to mechanism: any Mechanism.Type) -> LocalConstant.Declaration {
    var result = self
    result.mechanism = mechanism.name
    result.hasDerivatives = mechanism.hasDerivatives
    return result
  }
}
