import Foundation
import Kernels

/// An observer that knows the conditions, the lifetime's draw and the strength of the noise, and gives the likeliest
/// answer to what it sees: no observer is right more often.
extension FileTask {
  private static let mostWork = 4e8
  private static let trials = 4000

  /// One way a trial may go: a condition, what is drawn in it, and its timing.
  private struct Course {
    var logWeight: Double
    var kind: Float
    var mean: [Float]
    var variance: [Float]
  }

  func simulatedCeiling() -> (Double?, String) {
    for draw in trialDraws {
      switch draw {
      case .column(_, .uniform), .duration(_, .uniform):
        return (nil, "something is drawn from an interval")
      default: break
      }
    }
    if hasMovingTarget { return (nil, "the target moves and the input is noisy") }
    let shownColumns = spec.draws.indices.map { spec.rowColumns + $0 }
    let variants = self.variants(of: shownColumns)
    let timings = self.timings()
    let courses = conditions * variants.count * timings.count
    let size = Double(steps * inputs)
    let trials = min(Self.trials, Int(Self.mostWork / (Double(courses) * size)))
    guard trials >= 400 else { return (nil, "a trial may go in too many ways to weigh them all") }
    var trial = Trial(for: self)
    var right = 0
    var lifetime = LifetimeDraw()
    var known: [Course] = []
    for number in 0..<trials {
      if number % 20 == 0, number == 0 || hasLifetimeDraws {
        var stream = RandomStream(seed: 0, purpose: 1, lifetime: UInt32(number / 20))
        lifetime = drawLifetime(&stream)
        known = self.courses(lifetime, variants, timings)
      }
      var stream = RandomStream(
        seed: 0, purpose: 2, lifetime: UInt32(number / 20), trial: UInt32(number % 20))
      drawTrial(&trial, lifetime: lifetime, stream: &stream)
      if answer(to: trial, known) == lifetime.values[layout.classes + trial.condition] { right += 1 }
    }
    let share = Double(right) / Double(trials)
    let error = (share * (1 - share) / Double(trials)).squareRoot()
    return (share, String(format: "likeliest answer, %d simulated trials, +- %.3f", trials, error))
  }

  /// The likeliest class of answers.
  private func answer(to trial: Trial, _ courses: [Course]) -> Float {
    var logs: [Double] = []
    logs.reserveCapacity(courses.count)
    for course in courses {
      var log = course.logWeight
      for n in trial.inputs.indices {
        let difference = Double(trial.inputs[n] - course.mean[n])
        let variance = Double(course.variance[n])
        if variance > 0 {
          log -= (difference * difference / variance + Foundation.log(variance)) / 2
        } else if abs(difference) > 1e-5 {
          log = -.infinity
          break
        }
      }
      logs.append(log)
    }
    let top = logs.max() ?? 0
    var weights: [Float: Double] = [:]
    for (course, log) in zip(courses, logs) { weights[course.kind, default: 0] += exp(log - top) }
    return weights.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
  }

  private func courses(_ lifetime: LifetimeDraw, _ variants: [[Int: Int]], _ timings: [[Int]]) -> [Course] {
    var all: [Course] = []
    for condition in 0..<conditions {
      for variant in variants {
        let values = columns(condition, lifetime, variant)
        for edges in timings {
          var mean = [Float](repeating: 0, count: steps * inputs)
          var variance = mean
          for shown in still + noisy {
            let channel = shown.channel >= 0 ? shown.channel : Int(values[shown.column])
            guard channel >= 0 else { continue }
            let value = Float(shown.valueColumn >= 0 ? values[shown.valueColumn] : shown.value)
            for t in edges[shown.first]..<edges[shown.last] {
              mean[t * inputs + channel] += value
              variance[t * inputs + channel] += Float(shown.deviation * shown.deviation)
            }
          }
          all.append(
            Course(
              logWeight: log(spec.conditions[condition].weight),
              kind: lifetime.values[layout.classes + condition], mean: mean, variance: variance))
        }
      }
    }
    return all
  }

  /// The edges of every combination of durations.
  private func timings() -> [[Int]] {
    guard !durations.isEmpty else { return [edges] }
    var all: [[Double]] = [[]]
    for period in spec.periods {
      let lengths: [Double] =
        switch period.duration {
        case .fixed(let value): [value]
        case .choice(let values): values
        case .uniform(let low, let high): [low, high]
        }
      all = all.flatMap { one in lengths.map { one + [$0] } }
      if all.count > 100_000 { break }
    }
    return all.map { lengths in
      var time = 0.0
      return [0]
        + lengths.map { length in
          time += length
          return epochs.edge(time)
        }
    }
  }
}
