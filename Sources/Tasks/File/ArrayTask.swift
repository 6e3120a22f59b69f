import Kernels

/// A task whose trials are given as arrays: a trial draws its condition and then one of the condition's samples, if there
/// are several. A correct answer has the sign of the target where targets are signs; otherwise it lies closer
/// to the right target, summed over the window, than to every other target that some trial has.
public struct ArrayTask: LearningTask {
  public static let name = "arrays"

  public let arrays: TaskArrays
  public let hasMovingTarget: Bool
  public let answersAreSigns: Bool
  public let yardsticks: Yardsticks
  private let conditionDraw: WeightedDraw
  /// The number of the target of each condition and sample, and where each target first occurs.
  private let classes: [Int]
  private let firsts: [Int]

  /// The most different targets that a task may have if its answers are not signs.
  public static let mostTargets = 64

  /// - Throws: `TaskError` for another step than that of the arrays, for a length to stretch them to, and for too many
  ///   different targets.
  public init(_ arrays: TaskArrays, time: TimeGrid) throws {
    guard abs(time.step - arrays.step) <= 1e-9 * arrays.step else {
      throw TaskError(
        "task \(arrays.name): its arrays have steps of \(arrays.step) ms, and time.step is \(time.step) ms; wanted: "
          + "time.step: \(arrays.step), or no time.step at all")
    }
    guard time.trial == nil || abs(time.trial! - Double(arrays.steps) * arrays.step) <= 1e-9 * time.trial!
    else {
      throw TaskError(
        "task \(arrays.name): its arrays last \(Double(arrays.steps) * arrays.step) ms and cannot be stretched to a "
          + "trial of \(time.trial!) ms; wanted: no time.trial")
    }
    self.arrays = arrays
    conditionDraw = WeightedDraw(arrays.weights)
    let size = arrays.steps * arrays.outputs
    var isMoving = false
    var levels = [Set<Float>](repeating: [], count: arrays.outputs)
    for condition in 0..<arrays.conditions {
      for sample in 0..<arrays.samples {
        let first = (condition * arrays.samples + sample) * size
        for k in 0..<arrays.outputs {
          let window = arrays.windows[condition].map { arrays.targets[first + $0 * arrays.outputs + k] }
          if window.contains(where: { $0 != window[0] }) { isMoving = true }
          levels[k].formUnion(window)
        }
      }
    }
    hasMovingTarget = isMoving
    let areSigns =
      !isMoving
      && levels.allSatisfy { values in
        !values.contains(0) && values.count <= 2
          && (values.count == 1 || (values.contains { $0 < 0 } && values.contains { $0 > 0 }))
      }
    answersAreSigns = areSigns
    // Two trials have the same target if it is the same within the window of the first.
    var known: [[Float]: Int] = [:]
    var classes: [Int] = []
    var firsts: [Int] = []
    for condition in 0..<arrays.conditions {
      let window = arrays.windows[condition]
      for sample in 0..<arrays.samples {
        let first = (condition * arrays.samples + sample) * size
        let target =
          isMoving
          ? Array(
            arrays.targets[
              first + window.lowerBound * arrays.outputs..<first + window.upperBound * arrays.outputs])
          : Array(arrays.targets[(first + window.lowerBound * arrays.outputs)...].prefix(arrays.outputs))
        if known[target] == nil {
          known[target] = firsts.count
          firsts.append(condition * arrays.samples + sample)
        }
        classes.append(known[target]!)
      }
    }
    guard areSigns || firsts.count <= Self.mostTargets else {
      throw TaskError(
        "task \(arrays.name): its trials have \(firsts.count) different targets, and an answer is right where it is "
          + "closest to its own; wanted: at most \(Self.mostTargets), or targets that are signs")
    }
    self.classes = classes
    self.firsts = firsts
    yardsticks = Self.yardsticks(arrays, classes)
  }

  public var inputs: Int { arrays.inputs }
  public var outputs: Int { arrays.outputs }
  public var steps: Int { arrays.steps }
  public var conditions: Int { arrays.conditions }
  public var chance: Double { yardsticks.chance }
  public var shortcut: Double { yardsticks.shortcut }
  public var ceiling: Double { yardsticks.ceiling ?? .nan }

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    let condition = conditionDraw.draw(&stream)
    let sample = arrays.samples > 1 ? stream.integer(below: arrays.samples) : 0
    let place = condition * arrays.samples + sample
    let inputSize = steps * inputs
    let targetSize = steps * outputs
    for n in 0..<inputSize { trial.inputs[n] = arrays.values[place * inputSize + n] }
    for n in 0..<targetSize { trial.target[n] = arrays.targets[place * targetSize + n] }
    trial.window = arrays.windows[condition]
    trial.condition = condition
    guard !answersAreSigns else { return }
    let size = (firsts.count - 1) * targetSize
    if trial.rivals.count != size { trial.rivals = Array(repeating: 0, count: size) }
    var row = 0
    for kind in firsts.indices where kind != classes[place] {
      for n in 0..<targetSize {
        trial.rivals[row * targetSize + n] = arrays.targets[firsts[kind] * targetSize + n]
      }
      row += 1
    }
  }

  public func accuracy(readout: [Double], trial: Trial) -> Double {
    guard !answersAreSigns else { return signAccuracy(readout: readout, trial: trial) }
    func distance(_ target: [Float], _ offset: Int) -> Double {
      var sum = 0.0
      for t in trial.window {
        for k in 0..<outputs {
          sum += abs(readout[t * outputs + k] - Double(target[offset + t * outputs + k]))
        }
      }
      return sum
    }
    let own = distance(trial.target, 0)
    for place in stride(from: 0, to: trial.rivals.count, by: steps * outputs)
    where !(own < distance(trial.rivals, place)) {
      return 0
    }
    return 1
  }

  private static func yardsticks(_ arrays: TaskArrays, _ classes: [Int]) -> Yardsticks {
    let total = arrays.weights.reduce(0, +) * Double(arrays.samples)
    var answers: [Int: Double] = [:]
    for (place, kind) in classes.enumerated() {
      answers[kind, default: 0] += arrays.weights[place / arrays.samples] / total
    }
    let chance = ((answers.values.max() ?? 0) * 1e12).rounded() / 1e12
    var ceiling: Double?
    if arrays.samples == 1 {
      let size = arrays.steps * arrays.inputs
      var seen: [[Float]: [Int: Double]] = [:]
      for (place, kind) in classes.enumerated() {
        let shown = Array(arrays.values[place * size..<(place + 1) * size])
        seen[shown, default: [:]][kind, default: 0] += arrays.weights[place] / total
      }
      ceiling = (seen.values.reduce(0) { $0 + ($1.values.max() ?? 0) } * 1e12).rounded() / 1e12
    }
    return Yardsticks(
      chance: chance, shortcut: chance,
      ignored: "not known, arrays have no columns to leave out: the best constant answer", ceiling: ceiling,
      observer: ceiling == nil
        ? "samples of one condition may be noisy"
        : ceiling == 1
          ? "what is shown decides the answer"
          : "some conditions look the same")
  }
}
