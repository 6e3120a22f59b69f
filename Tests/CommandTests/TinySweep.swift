import Foundation
import TestSupport

/// A sweep of small real cells, and what its export must be however it was run.
struct TinySweep {
  static let text = """
    name: tiny
    question: Is a run the same however it is cut?
    base:
      trials: 30
      network: {units: 16}
      meta: {iterations: 6, lifetimes: 3, validation-networks: 4, validation-every: 3}
      evaluation: {networks: 7, criterion: {correct: 8, of: 10}}
    axes:
      rule.degree: [0, 1, 3]
      task: [cue-association, delayed-nonmatch]
      seed: 0..<2

    """

  /// The same with lives long enough to be cut short.
  static let longText = text.replacingOccurrences(of: "trials: 30", with: "trials: 100")
    .replacingOccurrences(of: "iterations: 6", with: "iterations: 150")

  /// Cells that learn constants beside theta, or nothing else, on one task and on two.
  static let evolutionText = """
    name: tiny-evolution
    base:
      trials: 60
      network: {units: 16}
      rule: {degree: 2, growth: [1, 0], trace-mean: 0.2}
      meta: {estimator: evolution, iterations: 600, lifetimes: 6, validation-networks: 4, validation-every: 50}
      evaluation: {networks: 5, criterion: {correct: 8, of: 10}}
    axes:
      meta.learn: [[theta, eta, amplitude, gate, growth, trace-mean], [clip, baseline-rate, probability]]
      task: [cue-association, [cue-association, delayed-nonmatch]]
    """

  /// Networks as brains have them, whose inputs and readouts learn too, under both engines, two estimators and a rival.
  static let wiredText = """
    name: tiny-wired
    base:
      trials: 30
      network: {units: 16, connectivity: 0.4, autapses: false, excitatory: 0.75}
      exploration.weight-noise: 0.02
      meta: {iterations: 6, lifetimes: 3, validation-networks: 4, validation-every: 3}
      evaluation: {networks: 7, criterion: {correct: 8, of: 10}}
    axes:
      network.nonlinearity: [rectified-tanh, sigmoid]
      seed: 0..<2
    zip:
      engine: [forward, adjoint, forward, forward]
      meta.estimator: [antithetic, pathwise, score, evolution]
      meta.lifetimes: [3, 3, 3, 4]
      learner: [three-factor, three-factor, three-factor, node-perturbation]
      meta.learn: [[theta, eta-readout], theta, theta, [eta, baseline-rate]]
      rule.plastic: [[recurrent, readout], [recurrent, input, readout], input, recurrent]
      rule.theta-by: [all, layer, all, all]
    """

  let folder: TemporaryFolder
  let file: String
  var out: String { folder.file("out") }

  init(_ text: String = Self.text) throws {
    folder = try TemporaryFolder("tiny")
    file = try folder.write(text, to: "tiny.yaml")
  }

  /// The arguments of a run into `out`, states after every iteration so that a resume has something to go on from.
  func arguments(_ more: [String] = []) throws -> [String] {
    [try Repository.program("trifactor"), "run", file, "--out", out, "--state-every", "0"] + more
  }

  /// The whole export, in both formats.
  func export() throws -> [Data] {
    try ["npz", "csv"].map { kind in
      let target = folder.file("all.\(kind)")
      let result = try trifactor("export", out, "--to", target)
      guard result.end == .exited(0) else { throw ProcessFailure("\(result)") }
      return try Data(contentsOf: URL(fileURLWithPath: target))
    }
  }

  /// The export of a run without mpirun that nothing disturbed.
  static let undisturbed = Result { try export(of: text) }
  static let undisturbedLong = Result { try export(of: longText) }

  static let undisturbedEvolution = Result { try export(of: evolutionText) }

  static let undisturbedWired = Result { try export(of: wiredText) }

  private static func export(of text: String) throws -> [Data] {
    let sweep = try TinySweep(text)
    let result = try TestSupport.run(sweep.arguments(), limit: 240)
    guard result.end == .exited(0) else { throw ProcessFailure("\(result)") }
    return try sweep.export()
  }
}
