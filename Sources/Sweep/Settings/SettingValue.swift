import Foundation
import Model

/// The value of one setting, as a sweep file gives it and as the canonical form writes it.
public enum SettingValue: Sendable, Hashable {
  /// Off, infinite or without bound.
  case none
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case word(String)
  case words([String])
  case numbers([Double])
  /// A start rule: its coefficients, and the settings that its rule file gives with them.
  case theta([ThetaEntry], constants: [RuleConstant] = [])
}

/// A local constant of a rule file as the setting it stands for.
public struct RuleConstant: Sendable, Hashable {
  /// `rule.eta`, `exploration.gate`, ...
  public var path: String
  public var value: SettingValue

  public init(path: String, value: SettingValue) {
    self.path = path
    self.value = value
  }
}

/// One coefficient theta[k,l,m] of a start rule, written `k1l1: 0.3` in a sweep file.
public struct ThetaEntry: Sendable, Hashable {
  public var term: Term
  public var value: Double

  public init(_ term: Term, value: Double) {
    self.term = term
    self.value = value
  }

  /// Those of a rule's coefficients that are not 0.
  static func all(of theta: [Double], _ shape: RuleShape) -> [ThetaEntry] {
    theta.indices.filter { theta[$0] != 0 }.map { ThetaEntry(shape.term($0), value: theta[$0]) }
  }
}

extension SettingValue: CustomStringConvertible {
  /// The canonical text: shortest numbers that read back to the same bits, no blanks.
  public var description: String {
    switch self {
    case .none: "none"
    case .flag(let flag): flag ? "true" : "false"
    case .integer(let integer): String(integer)
    case .number(let number): shortestText(of: number)
    case .word(let word): word
    case .words(let words): words.count == 1 ? words[0] : "[\(words.joined(separator: ","))]"
    case .numbers(let numbers):
      numbers.count == 1
        ? shortestText(of: numbers[0]) : "[\(numbers.map(shortestText).joined(separator: ","))]"
    case .theta(let entries, let constants):
      // Labels tell rules by their constants too; the canonical form has those as settings of their own.
      "{\(entries.map { "\($0.term.name):\(shortestText(of: $0.value))" }.joined(separator: ","))}"
        + constants.map { "+\($0.path)=\($0.value)" }.joined()
    }
  }
}

/// The shortest decimal that reads back to the same Double; whole numbers below 2^53 without a point, zero
/// without a sign.
public func shortestText(of number: Double) -> String {
  if number == number.rounded(), abs(number) < 9_007_199_254_740_992 { return String(Int(number)) }
  return number.description
}

/// `number` to `digits` significant decimal digits.
func rounded(_ number: Double, digits: Int) -> Double {
  Double(String(format: "%.\(digits - 1)e", number)) ?? number
}
