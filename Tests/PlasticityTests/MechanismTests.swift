import Foundation
import Model
import Testing

/// The registry of mechanisms, and what each says about itself.
@Suite struct MechanismTests {
  /// Places are those of records and keys: they never change.
  @Test func constantsKeepTheirPlaces() {
    #expect(
      LocalConstant.names == [
        "eta", "clip", "tau-e", "tau-bar", "baseline-rate", "probability", "amplitude", "gate", "growth-0",
        "growth-2", "trace-mean", "eta-input", "eta-readout",
      ])
    #expect(LocalConstant.allCases.map(\.rawValue) == Array(0..<13))
    #expect(LocalConstant.gate.rawValue == 7 && LocalConstant.traceMean.rawValue == 10)
    #expect(LocalConstant(rawValue: 13) == nil && LocalConstant(rawValue: -1) == nil)
  }

  /// Each changes nothing at the standard of its constants, and is whose it says.
  @Test func mechanismsAreOffByDefault() {
    let standard = Mechanisms(LocalConstants(), traceMeanBy: .condition)
    #expect(standard.kickFactor(baseline: -0.7) == 1 && standard.decay(success: 0.4) == 0)
    #expect(standard.kickSlope(baseline: -0.7) == 0 && standard.decaySlope(success: 0.4) == 0)
    let filters: [(filter: TraceFilter<Double>, constant: LocalConstant?)] = standard.traceFilters(
      count: 16, conditions: 2)
    #expect(filters.isEmpty)
    for mechanism in Mechanisms.all {
      for constant in mechanism.constants {
        #expect(constant.standard == 0)
        #expect(LocalConstant(name: constant.name)?.declaration.mechanism == mechanism.name)
      }
    }
    let own = Mechanisms.all.flatMap { $0.constants }.map(\.name)
    #expect(own == LocalConstant.allCases.filter { $0.declaration.mechanism != nil }.map(\.name))
  }

  /// Slopes against central differences: the third derivatives here are below 100, so a step of 1e-5 errs by about
  /// 1e-8, and rounding by 1e-16 / 1e-5.
  @Test(arguments: [-0.9, -0.2, 0.4])
  func slopesAreDerivatives(at place: Double) {
    let constants = LocalConstants([.gate: -1.4, .growth0: 3, .growth2: 1.5])
    let mechanisms = Mechanisms(constants, traceMeanBy: .condition)
    let step = 1e-5
    func logarithm(_ baseline: Double) -> Double { log(mechanisms.kickFactor(baseline: baseline)) }
    let kick = (logarithm(place + step) - logarithm(place - step)) / (2 * step)
    #expect(abs(kick - mechanisms.kickSlope(baseline: place)) < 1e-7)
    let decay =
      (mechanisms.decay(success: place + step) - mechanisms.decay(success: place - step)) / (2 * step)
    #expect(abs(decay - mechanisms.decaySlope(success: place)) < 1e-7)
    #expect(mechanisms.kickFactor(baseline: nil) == 1 && mechanisms.kickSlope(baseline: nil) == 0)
  }

  /// By their own constants too, where those are 0 as well.
  @Test(arguments: [0.0, -1.4])
  func tangentsAreDerivatives(at value: Double) {
    let step = 1e-5
    for constant in [LocalConstant.gate, .growth0, .growth2] {
      func mechanisms(_ shift: Double) -> Mechanisms {
        Mechanisms(LocalConstants().replacing([constant: value + shift]), traceMeanBy: .condition)
      }
      let (up, down) = (mechanisms(step), mechanisms(-step))
      let kick = (log(up.kickFactor(baseline: -0.6)) - log(down.kickFactor(baseline: -0.6))) / (2 * step)
      #expect(abs(kick - mechanisms(0).kickTangent(by: constant, baseline: -0.6)) < 1e-7)
      let decay = (up.decay(success: 0.4) - down.decay(success: 0.4)) / (2 * step)
      #expect(abs(decay - mechanisms(0).decayTangent(by: constant, success: 0.4)) < 1e-7)
    }
  }

  @Test func everyMechanismHasDerivatives() {
    #expect(Mechanisms.all.allSatisfy { $0.hasDerivatives })
    #expect(
      LocalConstant.allCases.filter { !$0.declaration.isDifferentiable } == [.probability])
  }
}
