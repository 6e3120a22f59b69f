import Kernels
import Model

extension FileTask {
  /// - Throws: `TaskError` where a period holds no step of the grid.
  /// - Precondition: the places in `spec` exist, as reading a file ensures.
  public init(_ spec: TaskSpec, time: TimeGrid) throws {
    self.spec = spec
    let own = spec.periods.reduce(0) { $0 + $1.duration.largest }
    let epochs = try Epochs(task: spec.name, time: time, ownLength: own)
    self.epochs = epochs
    steps = epochs.steps
    inputs = spec.inputs.count
    outputs = spec.outputs.count
    conditions = spec.conditions.count
    rowColumns = spec.rowColumns
    columnCount = spec.columns.count
    rows = spec.conditions.flatMap { $0.entries.map(Self.value) }
    conditionDraw = WeightedDraw(spec.conditions.map(\.weight))
    (edges, durations) = try Self.edges(of: spec, epochs)
    (lifetimeDraws, trialDraws, alternatives) = Self.draws(of: spec)
    shuffled = spec.redraws.enumerated().flatMap { group, columns in columns.map { (group, $0) } }
    drawnPerLifetime = lifetimeDraws.compactMap { draw in
      guard case .column(let column, let how) = draw else { return nil }
      if case .choice(let first, _) = how { return (column - spec.rowColumns, first) }
      return (column - spec.rowColumns, -1)
    }
    let shown = Self.shown(of: spec, step: epochs.step)
    still = shown.filter { $0.deviation == 0 }
    noisy = shown.filter { $0.deviation > 0 }

    let window = Self.longestWindow(of: spec, edges, durations, epochs)
    layout = Layout(spec, window: window)
    samples = spec.curves.map { curve in
      guard case .samples(let values) = curve.shape else { return [] }
      return Self.interpolated(values, count: window)
    }
    hasLifetimeDraws = !lifetimeDraws.isEmpty
    let answers = spec.targetValues
    hasMovingTarget = answers.joined().contains { $0 >= Self.curveBase }
    answersAreSigns =
      !hasMovingTarget
      && answers.allSatisfy { values in
        let distinct = Set(values)
        return !distinct.contains(0) && distinct.count <= 2
          && (distinct.count == 1 || (distinct.contains { $0 < 0 } && distinct.contains { $0 > 0 }))
      }
  }

  /// What a column holds, as a number.
  static func value(_ entry: TaskSpec.Entry) -> Double {
    switch entry {
    case .number(let number): number
    case .channel(let channel): Double(channel)
    case .none: -1
    case .curve(let curve): curveBase + Double(curve)
    case .column: brokenInvariant("a reference to a column has no value of its own")
    }
  }

  /// The edges of a trial with the longest durations, and the durations if some of them are drawn.
  private static func edges(of spec: TaskSpec, _ epochs: Epochs) throws -> (
    edges: [Int], durations: [Double]
  ) {
    var time = 0.0
    var edges = [0]
    var durations: [Double] = []
    for period in spec.periods {
      let end = time + period.duration.largest
      edges.append(try epochs.epoch(period.name, from: time, to: end).upperBound)
      time = end
      if case .fixed(let duration) = period.duration {
        durations.append(duration)
      } else {
        durations.append(.nan)
        // A duration of at least a step holds one wherever it begins; a duration of 0 leaves the period out.
        let shortest = period.duration.shortest
        guard shortest / epochs.ownLength * epochs.trial / epochs.step >= 1 - 1e-9 else {
          throw TaskError(
            "task \(spec.name): period '\(period.name)' may last \(shortest) of \(epochs.ownLength) ms (stretched to a "
              + "trial of \(epochs.trial) ms), which holds no step of \(epochs.step) ms; wanted: a shorter time.step "
              + "or a longer time.trial")
        }
      }
    }
    return (edges, durations.contains { $0.isNaN } ? durations : [])
  }

  private static func draws(of spec: TaskSpec) -> (lifetime: [Draw], trial: [Draw], [Alternative]) {
    var lifetime: [Draw] = []
    var trial: [Draw] = []
    var alternatives: [Alternative] = []
    func choice(_ entries: [TaskSpec.Entry]) -> TaskDraw {
      let first = alternatives.count
      alternatives += entries.map { entry in
        if case .column(let column) = entry { return Alternative(value: 0, column: column) }
        return Alternative(value: value(entry), column: -1)
      }
      return .choice(first: first, count: entries.count)
    }
    for section in spec.order {
      switch section {
      case .curves:
        for (index, curve) in spec.curves.enumerated() {
          guard case .sines(let count, let low, let high) = curve.shape else { continue }
          lifetime.append(.curve(index, sines: count, low: low, high: high))
        }
      case .periods:
        for (index, period) in spec.periods.enumerated() {
          switch period.duration {
          case .fixed: break
          case .choice(let values):
            trial.append(.duration(period: index, choice(values.map { .number($0) })))
          case .uniform(let low, let high):
            trial.append(.duration(period: index, .uniform(low: low, high: high)))
          }
        }
      case .columns:
        for (index, drawn) in spec.draws.enumerated() {
          let how: TaskDraw =
            switch drawn.draw {
            case .choice(let entries): choice(entries)
            case .uniform(let low, let high): .uniform(low: low, high: high)
            }
          let draw = Draw.column(spec.rowColumns + index, how)
          if drawn.isPerLifetime { lifetime.append(draw) } else { trial.append(draw) }
        }
      case .redraw: lifetime += spec.redraws.indices.map { .shuffle(group: $0) }
      }
    }
    return (lifetime, trial, alternatives)
  }

  /// Neighbouring periods make one entry.
  private static func shown(of spec: TaskSpec, step: Double) -> [Shown] {
    spec.shows.flatMap { show -> [Shown] in
      var runs: [Range<Int>] = []
      for period in show.during {
        if let last = runs.last, last.upperBound == period {
          runs[runs.count - 1] = last.lowerBound..<period + 1
        } else {
          runs.append(period..<period + 1)
        }
      }
      return runs.map { run in
        var shown = Shown(
          channel: -1, column: 0, value: 1, valueColumn: -1, deviation: show.noise / step.squareRoot(),
          first: run.lowerBound, last: run.upperBound)
        switch show.channel {
        case .channel(let channel): shown.channel = channel
        case .column(let column): shown.column = column
        }
        switch show.value {
        case .number(let value): shown.value = value
        case .column(let column): shown.valueColumn = column
        }
        return shown
      }
    }
  }

  /// Steps of the longest response window.
  private static func longestWindow(
    of spec: TaskSpec, _ edges: [Int], _ durations: [Double], _ epochs: Epochs
  ) -> Int {
    guard !durations.isEmpty else {
      return edges[spec.respond.upperBound] - edges[spec.respond.lowerBound]
    }
    let longest = spec.respond.reduce(0) { $0 + spec.periods[$1].duration.largest }
    return min(epochs.steps, epochs.edge(longest) + 1)
  }

  /// The samples of a curve at `count` steps, the first and the last at the ends.
  static func interpolated(_ values: [Double], count: Int) -> [Float] {
    (0..<count).map { step in
      guard values.count > 1, count > 1 else { return Float(values[0]) }
      let place = Double(step) * Double(values.count - 1) / Double(count - 1)
      let left = min(Int(place), values.count - 2)
      let share = place - Double(left)
      return Float(share == 0 ? values[left] : (1 - share) * values[left] + share * values[left + 1])
    }
  }
}

extension FileTask.Layout {
  init(_ spec: TaskSpec, window: Int) {
    let conditions = spec.conditions.count
    groups = 0
    draws = spec.redraws.count * conditions
    targets = draws + spec.draws.count
    classes = targets + conditions * spec.outputs.count
    curves = classes + conditions
    self.window = window
    count = curves + spec.curves.count * window
  }
}

extension TaskSpec.Quantity {
  /// The shortest duration that is not 0: a duration of 0 leaves the period out.
  var shortest: Double {
    switch self {
    case .fixed(let value): value
    case .choice(let values): values.filter { $0 > 0 }.min() ?? 0
    case .uniform(let low, _): low
    }
  }
}

extension TaskSpec {
  /// Every value that a target may have, by output.
  var targetValues: [[Double]] {
    targets.map { target in
      if target < rowColumns { return conditions.map { FileTask.value($0.entries[target]) } }
      guard case .choice(let entries) = draws[target - rowColumns].draw else { return [0, 1, 2] }
      return entries.flatMap { entry in
        if case .column(let column) = entry {
          return conditions.map { FileTask.value($0.entries[column]) }
        }
        return [FileTask.value(entry)]
      }
    }
  }
}
