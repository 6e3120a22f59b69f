/// How scores, differences and probabilities of one table are written; a missing number is `-`.
struct Numerals {
  let decimals: Int

  func number(_ value: Double?) -> String {
    value.map { Ablation.printed($0, decimals: decimals) } ?? "-"
  }

  /// A difference, which always shows its sign.
  func signed(_ value: Double?) -> String {
    guard let value else { return "-" }
    let text = number(value)
    return text.hasPrefix("-") || value == 0 ? text : "+" + text
  }

  func interval(_ low: Double?, _ high: Double?) -> String {
    guard let low, let high else { return "-" }
    return "[\(signed(low)), \(signed(high))]"
  }

  func probability(_ value: Double?) -> String {
    guard let value else { return "-" }
    return value > 0 && value < 0.0001 ? "<0.0001" : Ablation.printed(value, decimals: 4)
  }
}
