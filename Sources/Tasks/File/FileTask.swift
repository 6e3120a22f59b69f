import Kernels

/// A task that a file describes, compiled for one time grid into flat arrays, so that drawing a trial allocates nothing
/// and looks up nothing by name.
///
/// A trial draws its condition first (`integer(below:)` where all weights are equal), then what its file draws in the
/// order of the file, then noise: step by step, and within a step in the order of `show`. A lifetime draws in
/// the order of the file, too. A correct answer has the sign of the target where targets are signs; otherwise it
/// lies closer to the right target, summed over the window, than to that of every other condition.
public struct FileTask: LearningTask {
  public static let name = "file"

  public let spec: TaskSpec
  public let inputs: Int
  public let outputs: Int
  public let conditions: Int
  public let steps: Int
  /// How many columns the rows give, and how many there are in all.
  let rowColumns: Int
  let columnCount: Int
  let epochs: Epochs
  let layout: Layout
  /// Values of the row columns, conditions x rowColumns.
  let rows: [Double]
  let conditionDraw: WeightedDraw
  /// The first step of each period, then T, for trials without drawn durations.
  let edges: [Int]
  /// In ms, NaN for those that are drawn; empty if none is.
  let durations: [Double]
  /// Shuffled columns, as group and column.
  let shuffled: [(group: Int, column: Int)]
  /// Columns drawn once a lifetime: the drawn column, and its first alternative, -1 for a number.
  let drawnPerLifetime: [(index: Int, first: Int)]
  let lifetimeDraws: [Draw]
  let trialDraws: [Draw]
  /// Entries of `show` with and without noise, one for every run of neighbouring periods.
  let still: [Shown]
  let noisy: [Shown]
  /// Values and references that choices are made from.
  let alternatives: [Alternative]
  /// Samples of the curves that files give, by curve; empty for those that are drawn.
  let samples: [[Float]]
  /// True where an output follows a curve.
  public let hasMovingTarget: Bool
  /// True where the answer is a sign, by output.
  public let answersAreSigns: Bool
  /// True where something is drawn once a lifetime.
  public let hasLifetimeDraws: Bool

  /// Where things lie in the values of a lifetime's draw.
  struct Layout: Sendable {
    /// Rows that the rows of a shuffled group take their values from: groups x conditions.
    var groups: Int
    /// Drawn columns, one value each; used for those that are drawn once a lifetime.
    var draws: Int
    /// Target of each condition and output: a number, or `curveBase` + the number of a curve.
    var targets: Int
    /// The class of each condition; conditions with the same target share one.
    var classes: Int
    /// Curves, each `window` samples.
    var curves: Int
    var window: Int
    var count: Int
  }

  enum Draw: Sendable {
    case curve(Int, sines: Int, low: Double, high: Double)
    /// A shuffle of the rows for a group of columns.
    case shuffle(group: Int)
    case duration(period: Int, TaskDraw)
    case column(Int, TaskDraw)
  }

  enum TaskDraw: Sendable {
    /// A range of `alternatives`.
    case choice(first: Int, count: Int)
    case uniform(low: Double, high: Double)
  }

  /// A value, or the column to take it from.
  struct Alternative: Sendable {
    var value: Double
    var column: Int
  }

  struct Shown: Sendable {
    /// -1: the channel that `column` holds.
    var channel: Int
    var column: Int
    var value: Double
    /// -1: `value`; else the column that holds it.
    var valueColumn: Int
    /// Of the noise of a step.
    var deviation: Double
    /// First and after the last period.
    var first: Int
    var last: Int
  }

  /// Targets lie in -1e3...1e3, so a larger value is the number of a curve.
  static let curveBase = 1_048_576.0

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    let condition = conditionDraw.draw(&stream)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: columnCount + 1) { values in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: edges.count) { durations in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: edges.count) { edges in
          fill(values, condition, lifetime)
          for draw in trialDraws {
            switch draw {
            case .column(let column, let how): values[column] = self.draw(how, values, &stream)
            case .duration(let period, let how): durations[period] = self.draw(how, values, &stream)
            case .curve, .shuffle: break
            }
          }
          place(edges, durations)
          show(&trial, condition, values, edges, lifetime, &stream)
        }
      }
    }
  }

  /// Fills in the columns of a condition that row and lifetime determine.
  func fill(_ values: UnsafeMutableBufferPointer<Double>, _ condition: Int, _ lifetime: LifetimeDraw) {
    let width = rowColumns
    for column in 0..<width { values[column] = rows[condition * width + column] }
    for (group, column) in shuffled {
      let source = Int(lifetime.values[layout.groups + group * conditions + condition])
      values[column] = rows[source * width + column]
    }
    for (index, first) in drawnPerLifetime {
      // A draw is a number, or the place of an alternative.
      let drawn = lifetime.values[layout.draws + index]
      if first < 0 {
        values[width + index] = Double(drawn)
      } else {
        let alternative = alternatives[first + Int(drawn)]
        values[width + index] = alternative.column < 0 ? alternative.value : values[alternative.column]
      }
    }
  }

  private func draw(
    _ how: TaskDraw, _ values: UnsafeMutableBufferPointer<Double>, _ stream: inout RandomStream
  ) -> Double {
    switch how {
    case .uniform(let low, let high): return low + (high - low) * stream.uniform()
    case .choice(let first, let count):
      let alternative = alternatives[first + stream.integer(below: count)]
      return alternative.column < 0 ? alternative.value : values[alternative.column]
    }
  }

  /// First steps of the periods of this trial.
  private func place(
    _ edges: UnsafeMutableBufferPointer<Int>, _ durations: UnsafeMutableBufferPointer<Double>
  ) {
    guard !self.durations.isEmpty else {
      for index in self.edges.indices { edges[index] = self.edges[index] }
      return
    }
    var time = 0.0
    edges[0] = 0
    for period in self.durations.indices {
      time += self.durations[period].isNaN ? durations[period] : self.durations[period]
      edges[period + 1] = epochs.edge(time)
    }
  }

  private func show(
    _ trial: inout Trial, _ condition: Int, _ values: UnsafeMutableBufferPointer<Double>,
    _ edges: UnsafeMutableBufferPointer<Int>, _ lifetime: LifetimeDraw, _ stream: inout RandomStream
  ) {
    let channels = inputs
    let window = edges[spec.respond.lowerBound]..<edges[spec.respond.upperBound]
    for n in trial.inputs.indices { trial.inputs[n] = 0 }
    trial.window = window
    trial.condition = condition
    aim(&trial, condition, lifetime)
    for shown in still {
      let channel = shown.channel >= 0 ? shown.channel : Int(values[shown.column])
      guard channel >= 0 else { continue }
      let value = Float(shown.valueColumn >= 0 ? values[shown.valueColumn] : shown.value)
      for t in edges[shown.first]..<edges[shown.last] { trial.inputs[t * channels + channel] += value }
    }
    guard !noisy.isEmpty else { return }
    for period in 0..<edges.count - 1 {
      for t in edges[period]..<edges[period + 1] {
        for shown in noisy where shown.first <= period && period < shown.last {
          let channel = shown.channel >= 0 ? shown.channel : Int(values[shown.column])
          guard channel >= 0 else { continue }
          let mean = shown.valueColumn >= 0 ? values[shown.valueColumn] : shown.value
          trial.inputs[t * channels + channel] += Float(mean + shown.deviation * Double(stream.normal()))
        }
      }
    }
  }

  /// Sets the target of a trial and its rivals.
  private func aim(_ trial: inout Trial, _ condition: Int, _ lifetime: LifetimeDraw) {
    let first = layout.targets + condition * outputs
    if !hasMovingTarget {
      if outputs == 1 {
        let value = lifetime.values[first]
        for t in trial.target.indices { trial.target[t] = value }
      } else {
        for k in 0..<outputs {
          for t in 0..<steps { trial.target[t * outputs + k] = lifetime.values[first + k] }
        }
      }
    } else {
      write(condition, lifetime, window: trial.window, into: &trial.target, at: 0)
    }
    guard !answersAreSigns else { return }
    let own = lifetime.values[layout.classes + condition]
    let size = hasMovingTarget ? steps * outputs : outputs
    var place = 0
    // A class has the number of its first condition, so one pass over the conditions finds every class once.
    for other in 0..<conditions {
      let kind = lifetime.values[layout.classes + other]
      guard kind != own, Int(kind) == other else { continue }
      if trial.rivals.count < place + size {
        trial.rivals += repeatElement(0, count: place + size - trial.rivals.count)
      }
      if hasMovingTarget {
        write(other, lifetime, window: trial.window, into: &trial.rivals, at: place)
      } else {
        for k in 0..<outputs {
          trial.rivals[place + k] = lifetime.values[layout.targets + other * outputs + k]
        }
      }
      place += size
    }
    if trial.rivals.count > place { trial.rivals.removeLast(trial.rivals.count - place) }
  }

  /// Writes the target of a condition, T x K. Curves begin with the window; before and after it they stay at their ends.
  private func write(
    _ condition: Int, _ lifetime: LifetimeDraw, window: Range<Int>, into target: inout [Float], at offset: Int
  ) {
    for k in 0..<outputs {
      let value = lifetime.values[layout.targets + condition * outputs + k]
      guard Double(value) >= Self.curveBase else {
        for t in 0..<steps { target[offset + t * outputs + k] = value }
        continue
      }
      let curve = layout.curves + (Int(value) - Int(Self.curveBase)) * layout.window
      let last = min(window.count, layout.window) - 1
      for t in 0..<steps {
        target[offset + t * outputs + k] =
          lifetime.values[curve + max(0, min(last, t - window.lowerBound))]
      }
    }
  }

  public func accuracy(readout: [Double], trial: Trial) -> Double {
    guard !answersAreSigns else { return signAccuracy(readout: readout, trial: trial) }
    let size = hasMovingTarget ? steps * outputs : outputs
    let own = distance(readout, trial.target, 0, stride: outputs, trial.window)
    for place in stride(from: 0, to: trial.rivals.count, by: size) {
      let other = distance(
        readout, trial.rivals, place, stride: hasMovingTarget ? outputs : 0, trial.window)
      if !(own < other) { return 0 }
    }
    return 1
  }

  /// Sum of |z - y| over the window; a stride of 0 is one target for all steps.
  private func distance(
    _ readout: [Double], _ target: [Float], _ offset: Int, stride: Int, _ window: Range<Int>
  ) -> Double {
    var sum = 0.0
    for t in window {
      for k in 0..<outputs {
        sum += abs(readout[t * outputs + k] - Double(target[offset + t * stride + k]))
      }
    }
    return sum
  }

  public var chance: Double { yardsticks.chance }
  public var shortcut: Double { yardsticks.shortcut }
  public var ceiling: Double { yardsticks.ceiling ?? .nan }
}
