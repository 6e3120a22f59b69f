import Synchronization

/// The mechanisms of a rule that are on, as one.
public struct Mechanisms: Sendable {
  /// The one list of those there are. The order is that of their constants in records: a new one comes last.
  static let builtIn: [any Mechanism.Type] = [Gate.self, Growth.self, SlowMean.self]

  /// Those of a program that brings its own too.
  private static let added = Mutex<(types: [any Mechanism.Type], isRead: Bool)>(([], false))

  /// All mechanisms of this program.
  public static let all: [any Mechanism.Type] = added.withLock {
    $0.isRead = true
    return builtIn + $0.types
  }

  /// Adds a mechanism of the program's own, whose constants then are settings, parts of records and of rules as all
  /// others are.
  /// - Precondition: nobody has asked for a mechanism or a local constant yet: call it first.
  public static func add(_ mechanism: any Mechanism.Type) {
    added.withLock {
      invariant(!$0.isRead, "\(mechanism.name) comes too late: local constants are in use")
      $0.types.append(mechanism)
    }
  }

  /// Those that change something, and with them those that only have derivatives.
  private let active: [any Mechanism]
  private let differentiable: [any Mechanism]

  public init(_ constants: LocalConstants, traceMeanBy: TraceMeanGroup) {
    self.init(Self.all.compactMap { $0.init(constants, traceMeanBy: traceMeanBy) })
  }

  /// Of a learner that has none.
  public static let none = Mechanisms([])

  private init(_ mechanisms: [any Mechanism]) {
    active = mechanisms.filter { !$0.isIdle }
    differentiable = mechanisms
  }

  /// True where none changes anything.
  public var areIdle: Bool { active.isEmpty }

  /// `constants` with every mechanism off.
  public static func off(in constants: LocalConstants) -> LocalConstants {
    var result = constants
    for constant in LocalConstant.allCases where constant.declaration.mechanism != nil {
      result[constant] = 0
    }
    return result
  }

  /// The name of a mechanism whose derivatives no engine has; nil where there is none.
  public var withoutDerivatives: String? {
    active.first { !type(of: $0).hasDerivatives }.map { type(of: $0).name }
  }

  /// What the kicks of a trial are multiplied by; 1 before the first visit of its condition.
  public func kickFactor(baseline: Double?) -> Double {
    guard let baseline else { return 1 }
    return active.reduce(1) { $0 * $1.kickFactor(baseline: baseline) }
  }

  /// d log(kickFactor) / d Rbar_c; 0 before the first visit.
  public func kickSlope(baseline: Double?) -> Double {
    guard let baseline else { return 0 }
    return active.reduce(0) { $0 + $1.kickSlope(baseline: baseline) }
  }

  /// d log(kickFactor) / d constant; 0 before the first visit.
  public func kickTangent(by constant: LocalConstant, baseline: Double?) -> Double {
    guard let baseline else { return 0 }
    return differentiable.reduce(0) { $0 + $1.kickTangent(by: constant, baseline: baseline) }
  }

  /// The share of W that an update with success m takes away, before the clip.
  public func decay(success m: Double) -> Double { active.reduce(0) { $0 + $1.decay(success: m) } }

  /// d decay / d m.
  public func decaySlope(success m: Double) -> Double { active.reduce(0) { $0 + $1.decaySlope(success: m) } }

  /// d decay / d constant.
  public func decayTangent(by constant: LocalConstant, success m: Double) -> Double {
    differentiable.reduce(0) { $0 + $1.decayTangent(by: constant, success: m) }
  }

  /// What changes e(T), in order, each with its constant; each is of one lifetime.
  public func traceFilters<S: BinaryFloatingPoint & SIMDScalar>(
    count: Int, conditions: Int
  ) -> [(filter: TraceFilter<S>, constant: LocalConstant?)] {
    active.compactMap { mechanism in
      mechanism.traceFilter(count: count, conditions: conditions).map {
        ($0, type(of: mechanism).filterConstant)
      }
    }
  }

  public func referenceFilters() -> [(filter: ReferenceFilter, constant: LocalConstant?)] {
    active.compactMap { mechanism in
      mechanism.referenceFilter().map { ($0, type(of: mechanism).filterConstant) }
    }
  }
}
