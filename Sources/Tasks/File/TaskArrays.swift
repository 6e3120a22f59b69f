import Model

/// A task as arrays: whole trials, some samples of each condition.
public struct TaskArrays: Sendable, Equatable {
  public var name: String
  /// dt in ms.
  public var step: Double
  /// C, S, T, M and K.
  public var conditions: Int
  public var samples: Int
  public var steps: Int
  public var inputs: Int
  public var outputs: Int
  /// u, C x S x T x M.
  public var values: [Float]
  /// y, C x S x T x K.
  public var targets: [Float]
  /// Of each condition; never empty.
  public var windows: [Range<Int>]
  public var weights: [Double]
  /// Names of conditions and of channels, or none.
  public var conditionNames: [String]
  public var channelNames: [String]

  public init(
    name: String, step: Double, conditions: Int, samples: Int, steps: Int, inputs: Int, outputs: Int,
    values: [Float], targets: [Float], windows: [Range<Int>], weights: [Double],
    conditionNames: [String] = [],
    channelNames: [String] = []
  ) {
    invariant(
      values.count == conditions * samples * steps * inputs && windows.count == conditions
        && targets.count == conditions * samples * steps * outputs && weights.count == conditions,
      "\(values.count) inputs and \(targets.count) targets do not fit \(conditions) conditions of \(steps) steps"
    )
    self.name = name
    self.step = step
    self.conditions = conditions
    self.samples = samples
    self.steps = steps
    self.inputs = inputs
    self.outputs = outputs
    self.values = values
    self.targets = targets
    self.windows = windows
    self.weights = weights
    self.conditionNames = conditionNames
    self.channelNames = channelNames
  }
}
