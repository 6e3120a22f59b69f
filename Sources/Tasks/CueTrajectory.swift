import Foundation
import Kernels

/// One of K cues, then a trajectory to produce: a dynamical association.
///
/// Cue 0-200 ms, one-hot; produce 500-800. With v in [0, 1) the time within the produce epoch, cue k asks for
/// y_k(v) = (sin(2 pi (f v + a)) + sin(2 pi (g v + b)))/2, f uniform in 0.5-1 and g in 1-2 cycles, phases a, b
/// uniform, redrawn for every lifetime; before the epoch the target holds y_k(0). Condition: the cue, uniform.
///
/// R is the mean absolute error, as everywhere; a trial is correct where the read-out is closer, by that error, to the
/// right trajectory than to every other one. An output that does not depend on the cue is closest to one of
/// K: chance 1/K. The shortcut is a constant level for each cue, which is right wherever it is closest, with two cues
/// always. Accuracy therefore shows that cues are told apart, and only the reward that trajectories are produced. The
/// target moves, so binary reward is refused.
/// Source: the task is ours; the idea is that of "Learning to learn dynamical associations with reward-gated local
/// plasticity" (NFAM 2026), which does not define one.
public struct CueTrajectory: CatalogueTask {
  public static let listing = TaskDescription(
    name: "cue-trajectory",
    summary: "produce the trajectory of the cue shown; trajectories are redrawn for every lifetime",
    source: "ours, after the dynamical associations of NFAM 2026",
    options: [TaskOption("cues", .number(2), "K, cues and trajectories; one input each")])

  /// K.
  public let inputs: Int
  public let steps: Int
  let cue: Range<Int>
  let produce: Range<Int>
  /// v of each step, 0 before the produce epoch.
  let phase: [Double]

  public init(_ request: TaskRequest) throws {
    inputs = try request.integer("cues", in: 2...256)
    let epochs = try Epochs(request, ownLength: 800)
    steps = epochs.steps
    cue = try epochs.epoch("cue", from: 0, to: 200)
    produce = try epochs.epoch("produce", from: 500, to: 800)
    let scale = epochs.ownLength / epochs.trial
    phase = (0..<epochs.steps).map { max(0, (Double($0) * epochs.step * scale - 500) / 300) }
  }

  public var outputs: Int { 1 }
  public var conditions: Int { inputs }
  public var hasMovingTarget: Bool { true }
  public var chance: Double { 1 / Double(inputs) }

  /// The K trajectories, K x T.
  public func drawLifetime(_ stream: inout RandomStream) -> LifetimeDraw {
    var values: [Float] = []
    values.reserveCapacity(inputs * steps)
    for _ in 0..<inputs {
      let (f, a) = (0.5 + 0.5 * stream.uniform(), stream.uniform())
      let (g, b) = (1 + stream.uniform(), stream.uniform())
      for v in phase {
        values.append(Float((sin(2 * Double.pi * (f * v + a)) + sin(2 * Double.pi * (g * v + b))) / 2))
      }
    }
    return LifetimeDraw(values)
  }

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    let condition = stream.integer(below: inputs)
    trial.begin(condition: condition, window: produce, target: 0)
    trial.set(condition, of: inputs, to: 1, during: cue)
    if trial.rivals.count != (inputs - 1) * steps {
      trial.rivals = Array(repeating: 0, count: (inputs - 1) * steps)
    }
    for t in 0..<steps { trial.target[t] = lifetime.values[condition * steps + t] }
    var row = 0
    for k in 0..<inputs where k != condition {
      for t in 0..<steps { trial.rivals[row * steps + t] = lifetime.values[k * steps + t] }
      row += 1
    }
  }

  public func accuracy(readout: [Double], trial: Trial) -> Double {
    func distance(_ values: [Float], _ row: Int) -> Double {
      trial.window.reduce(0) { $0 + abs(readout[$1] - Double(values[row * steps + $1])) }
    }
    let own = distance(trial.target, 0)
    return (0..<inputs - 1).allSatisfy { own < distance(trial.rivals, $0) } ? 1 : 0
  }
}
