import Foundation
import Kernels
import Model
import Tasks

@testable import Plasticity

/// A mechanism of the widened rule that a case can have on.
enum Widening: Int, CaseIterable {
  case sharedCritic, learnedCritic, gate, growth, slowMeanByCondition, slowMeanBySynapse, seesWeight,
    seesSquaredWeight, fewTerms, constants, wired, inputsLearn, readoutLearns, recurrentFixed, thetaByLayer

  /// Adds it to a case, whose numbers follow `variant`.
  func apply(to one: inout RandomCase, variant: Int) {
    switch self {
    case .sharedCritic: one.method.critic = .shared
    case .learnedCritic: one.method.critic = .learned
    case .gate:
      one.rule.constants[.gate] = variant % 2 == 0 ? -1.4 : 0.8
      if one.method.kicks == .none { one.method.kicks = variant % 2 == 0 ? .sparse : .gaussian }
    case .growth:
      one.rule.constants[.growth0] = 3
      one.rule.constants[.growth2] = 1.5
    case .slowMeanByCondition:
      one.method.traceMeanBy = .condition
      one.rule.constants[.traceMean] = 0.3
    case .slowMeanBySynapse:
      one.method.traceMeanBy = .synapse
      one.rule.constants[.traceMean] = 0.6
    case .seesWeight: one.widen(weightDegree: 1, variant: variant)
    case .seesSquaredWeight: one.widen(weightDegree: 2, variant: variant)
    case .wired: one.wire(variant)
    case .inputsLearn:
      one.learn(.input)
      one.rule.constants[.inputRate] = 0.6
    case .readoutLearns:
      one.learn(.readout)
      one.rule.constants[.readoutRate] = 1.7
    case .recurrentFixed:
      if one.method.plastic == [.recurrent] { one.learn(variant % 2 == 0 ? .readout : .input) }
      one.method.plastic.removeAll { $0 == .recurrent }
    case .thetaByLayer:
      if one.method.plastic.count < 2 { Layer.allCases.forEach { one.learn($0) } }
      one.widen(weightDegree: one.rule.weightDegree, variant: variant, layers: one.method.plastic)
    case .fewTerms, .constants: break
    }
  }
}

/// A random case with some of the mechanisms on, and what it is differentiated by.
struct WideCase: CustomStringConvertible {
  var one: RandomCase
  let widenings: [Widening]
  let coordinates: [RuleCoordinate]

  var description: String { "\(widenings), \(one)" }

  /// - Parameters:
  ///   - variant: below the number of mechanisms one alone, from there on a random set of them.
  ///   - most: coefficients to differentiate by, drawn at random where there are more; the constants come on top.
  init(
    degree: Int, variant: Int, draw: UInt64, units: Int? = nil, trials: Int = 5, most: Int = .max
  ) {
    let all = Widening.allCases
    var stream = RandomStream(seed: draw, purpose: 78, lifetime: UInt32(degree), trial: UInt32(variant))
    let widenings = variant < all.count ? [all[variant]] : all.filter { _ in stream.integer(below: 3) == 0 }
    // Every reward, kick, clip and horizon with every mechanism.
    var one = RandomCase(
      degree: degree, variant: (7 * variant + Int(draw)) % 36, draw: draw, units: units, trials: trials)
    for widening in widenings { widening.apply(to: &one, variant: variant) }
    self.widenings = widenings
    var terms = Array(one.rule.theta.indices)
    if widenings.contains(.fewTerms) {
      terms = terms.filter { ($0 + variant) % 3 == 0 }
      for p in one.rule.theta.indices where !terms.contains(p) { one.rule.theta[p] = 0 }
    }
    self.one = one
    while terms.count > most { terms.remove(at: stream.integer(below: terms.count)) }
    let constants = widenings.contains(.constants) ? one.differentiableConstants : []
    coordinates = terms.map { .theta($0) } + constants.map { .constant($0) }
  }
}

extension RandomCase {
  /// Coefficients for more powers of the weight, and for layers that have their own.
  mutating func widen(weightDegree: Int, variant: Int, layers: [Layer] = []) {
    let count = RuleShape(degree: rule.degree, weightDegree: weightDegree, layers: layers).coefficients
    var stream = RandomStream(seed: address.seed, purpose: 79, lifetime: 0, trial: UInt32(variant))
    rule = Rule(
      degree: rule.degree, theta: (0..<count).map { _ in 0.4 * Double(stream.normal()) },
      scale: (0..<count).map { _ in 0.02 + 0.08 * stream.uniform() }, constants: rule.constants,
      layers: layers)
  }

  /// Lets the synapses of a layer learn.
  mutating func learn(_ layer: Layer) {
    method.plastic = Set(method.plastic + [layer]).sorted()
  }

  /// The constants that have derivatives and can move from where they are.
  var differentiableConstants: [LocalConstant] {
    LocalConstant.allCases.filter { constant in
      constant.declaration.isDifferentiable && constant.canBeLearned(from: rule.constants[constant])
        && constant.declaration.kicks?.contains(method.kicks) != false
    }
  }

  /// The same with one coordinate moved, and the inputs that go with it: kicks are inputs, as large as A says.
  func shifted(_ coordinate: RuleCoordinate, by step: Double) -> (rule: Rule, inputs: LifetimeInputs) {
    var rule = rule
    var inputs = inputs
    switch coordinate {
    case .theta(let index): rule.theta[index] += step
    case .constant(let constant):
      switch constant.declaration.coordinate {
      case .plain: rule.constants[constant] += step
      case .logarithm: rule.constants[constant] *= exp(step)
      }
      if constant == .amplitude {
        for h in inputs.trials.indices {
          inputs.trials[h].kicks = inputs.trials[h].kicks.map { $0 * exp(step) }
        }
      }
    }
    return (rule, inputs)
  }
}
