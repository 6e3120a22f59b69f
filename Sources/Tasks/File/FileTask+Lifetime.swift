import Foundation
import Kernels

extension FileTask {
  /// What the file draws once a lifetime, and what follows from it: the target of every condition, which conditions share
  /// a target, and the curves at every step of the window.
  public func drawLifetime(_ stream: inout RandomStream) -> LifetimeDraw {
    var lifetime = LifetimeDraw(Array(repeating: 0, count: layout.count))
    for group in spec.redraws.indices {
      for condition in 0..<conditions {
        lifetime.values[layout.groups + group * conditions + condition] = Float(condition)
      }
    }
    for (index, values) in samples.enumerated() where !values.isEmpty {
      let first = layout.curves + index * layout.window
      lifetime.values.replaceSubrange(first..<first + layout.window, with: values)
    }
    for draw in lifetimeDraws { take(draw, into: &lifetime, &stream) }
    settle(&lifetime)
    return lifetime
  }

  private func take(_ draw: Draw, into lifetime: inout LifetimeDraw, _ stream: inout RandomStream) {
    switch draw {
    case .shuffle(let group):
      var order = Array(0..<conditions)
      stream.shuffle(&order)
      for (condition, source) in order.enumerated() {
        lifetime.values[layout.groups + group * conditions + condition] = Float(source)
      }
    case .column(let column, .choice(_, let count)):
      lifetime.values[layout.draws + column - spec.rowColumns] = Float(stream.integer(below: count))
    case .column(let column, .uniform(let low, let high)):
      lifetime.values[layout.draws + column - spec.rowColumns] = Float(
        low + (high - low) * stream.uniform())
    case .curve(let index, let sines, let low, let high):
      let waves = (0..<sines).map { _ in
        (frequency: low + (high - low) * stream.uniform(), phase: stream.uniform())
      }
      let first = layout.curves + index * layout.window
      for step in 0..<layout.window {
        let v = Double(step) / Double(layout.window)
        let sum = waves.reduce(0) { $0 + sin(2 * Double.pi * ($1.frequency * v + $1.phase)) }
        lifetime.values[first + step] = Float(sum / Double(sines))
      }
    case .duration: break
    }
  }

  /// Targets and classes from the draws in `lifetime`.
  func settle(_ lifetime: inout LifetimeDraw) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: spec.columns.count + 1) { values in
      for condition in 0..<conditions {
        fill(values, condition, lifetime)
        for k in 0..<outputs {
          lifetime.values[layout.targets + condition * outputs + k] = Float(values[spec.targets[k]])
        }
      }
    }
    var first: [[Float]: Int] = [:]
    for condition in 0..<conditions {
      let place = layout.targets + condition * outputs
      let target = Array(lifetime.values[place..<place + outputs])
      lifetime.values[layout.classes + condition] = Float(first[target, default: condition])
      if first[target] == nil { first[target] = condition }
    }
  }
}
