import Model
import Plasticity
import Sweep

/// What `evaluate` tests: a rule of theta, a rival learner, or one of two standards, `start` and `none`.
public struct Contender: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// theta of a degree; `layers` are those with coefficients of their own, see `RuleShape`.
    case rule(degree: Int, theta: [Double], layers: [Layer] = [])
    case rival(RivalRule)
    /// The start rule of the configuration it is tested on.
    case start
    /// theta = 0.
    case none
  }
  public var kind: Kind
  /// Unique among the contenders of one evaluation.
  public var name: String
  /// Contenders of a group are pooled: learned rules that differ only in the seed.
  public var group: String
  /// The target it was learned on, and the seed it was learned with; nil if it was not learned.
  public var source: Int?
  public var trainingSeed: UInt64?
  /// theta, or the rival's eta, is multiplied by this.
  public var gain: Double
  /// Lifetimes of training and validation that found it; 0 if it was not learned.
  public var lifetimes: Int
  /// Constants that replace those of the configuration.
  public var constants: [LocalConstant: Double]
  /// What else replaces parts of the configuration.
  public var frame: RuleFrame

  public init(
    _ kind: Kind, name: String, group: String? = nil, source: Int? = nil,
    trainingSeed: UInt64? = nil,
    gain: Double = 1, lifetimes: Int = 0, constants: [LocalConstant: Double] = [:],
    frame: RuleFrame = RuleFrame()
  ) {
    self.kind = kind
    self.name = name
    self.group = group ?? name
    self.source = source
    self.trainingSeed = trainingSeed
    self.gain = gain
    self.lifetimes = lifetimes
    self.constants = constants
    self.frame = frame
  }

  public var feedback: Feedback? {
    switch kind {
    case .rule, .start: .scalar
    case .rival(let rule): rule.feedback
    case .none: nil
    }
  }

  /// True for a learner that is no rule of theta.
  public var isRival: Bool { if case .rival = kind { true } else { false } }

  /// The text that keys of results are made of: everything that decides the numbers, and nothing else.
  var canonical: String {
    let what =
      switch kind {
      case .rule(let degree, let theta, let layers):
        "rule d\(degree) " + (layers.isEmpty ? "" : "by \(layers.map(\.rawValue).joined(separator: "+")) ")
          + theta.map { shortestText(of: $0) }.joined(separator: ",")
      case .rival(let rule): "rival \(rule.rawValue)"
      case .start: "start"
      case .none: "none"
      }
    let changes = constants.sorted { $0.key < $1.key }.map {
      "\($0.key.name)=\(shortestText(of: $0.value))"
    }
    return "evaluate.contender=\(what) gain=\(shortestText(of: gain)) \(changes.joined(separator: " "))\n"
  }
}

extension Contender {
  /// Reads `NAME` or `NAME:key=value,...` (keys: gain and the local constants) into a contender.
  ///
  /// - Parameters:
  ///   - rule: the rule of a name or file; nil if there is none.
  ///   - rivals: true to accept the names of rivals.
  /// - Throws: `ContenderError`.
  public init(
    parsing text: String, rivals: Bool,
    rule: (String) throws -> RuleFile?
  ) throws {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let base = String(parts[0])
    var changes: [LocalConstant: Double] = [:]
    var frame = RuleFrame()
    let kind: Kind
    var gain = 1.0
    if rivals {
      guard let rival = RivalRule(rawValue: base) else {
        throw ContenderError(
          "there is no learner '\(base)'; they are "
            + RivalRule.allCases.map(\.rawValue).joined(separator: ", "))
      }
      kind = .rival(rival)
      gain = rival.standardGain
    } else if base == "none" {
      kind = .none
    } else if base == "start" {
      kind = .start
    } else if let found = try rule(base) {
      kind = .rule(degree: found.degree, theta: found.theta, layers: found.layers)
      changes = found.constants
      frame = RuleFrame(found)
    } else {
      throw ContenderError(
        "'\(base)' is neither a rule file nor a hand-made rule; those are "
          + (HandMadeRule.all.map(\.name) + ["start", "none"]).joined(separator: ", "))
    }
    for item in parts.count == 2 ? parts[1].split(separator: ",", omittingEmptySubsequences: false) : [] {
      let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(pair[0])
      let value = pair.count == 2 ? (pair[1] == "none" ? Double.infinity : Double(pair[1])) : nil
      let constant = LocalConstant(name: name)
      guard let value, !value.isNaN, name == "gain" || constant != nil else {
        throw ContenderError(
          "'\(item)' in '\(text)' changes nothing; wanted: KEY=NUMBER with KEY gain or one of "
            + LocalConstant.names.joined(separator: ", "))
      }
      guard let constant else {
        guard value.isFinite else {
          throw ContenderError("gain should be a number, and is `\(pair[1])` in '\(text)'")
        }
        gain = value
        continue
      }
      if let problem = constant.refusal(of: value) {
        throw ContenderError("\(problem) in '\(text)'")
      }
      changes[constant] = value
    }
    self.init(kind, name: text, gain: gain, constants: changes, frame: frame)
  }

  /// The constants it runs with in this configuration.
  func constants(in configuration: CellConfiguration) -> LocalConstants {
    configuration.constants.replacing(frame.constants).replacing(constants)
  }
}

/// A contender or target cannot be made from what was asked for.
public struct ContenderError: Error, CustomStringConvertible, Equatable {
  public var description: String
  public init(_ description: String) { self.description = description }
}
