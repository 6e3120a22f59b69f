import Kernels

/// What a network is asked to learn: epochs, inputs, targets and the conditions that carry a running reward baseline.
///
/// A task is a value made for one time grid (`TimeGrid`); it holds no random state. Everything random comes from the
/// streams it is given, so the same lifetime and trial give the same draw on every rank and after every restart.
public protocol LearningTask: Sendable {
  /// The name in sweep files.
  static var name: String { get }
  /// M, number of input channels.
  var inputs: Int { get }
  /// K, number of outputs.
  var outputs: Int { get }
  /// T, Euler steps a trial.
  var steps: Int { get }
  /// Number of conditions; `Trial.condition` is below it.
  var conditions: Int { get }
  /// True where the target changes within the response window: binary reward is refused.
  var hasMovingTarget: Bool { get }
  /// Accuracy of an uninformed policy.
  var chance: Double { get }
  /// Accuracy of the best policy that ignores part of the task.
  var shortcut: Double { get }
  /// True if there are trials on which the shortcut is of no help; their accuracy is reported by itself.
  var hasIncongruentTrials: Bool { get }
  /// Accuracy of an ideal observer of the noisy input; 1 where the input is noiseless, NaN where it is unknown.
  var ceiling: Double { get }

  /// Draws what stays the same for a whole lifetime (a cue mapping, a pairing); may be empty.
  func drawLifetime(_ stream: inout RandomStream) -> LifetimeDraw
  /// Draws one trial into `trial`, whose arrays already have the right sizes. Every element is written.
  func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream)
  /// True for a trial on which the shortcut is of no help.
  func isIncongruent(_ trial: Trial) -> Bool
  /// Score in [0, 1] of a read-out (T x K, row-major): 1 or 0 for a decision, a share for `flip-flop`.
  func accuracy(readout: [Double], trial: Trial) -> Double
}

/// What a task draws once a lifetime, as plain numbers whose meaning only the task knows.
public struct LifetimeDraw: Sendable, Equatable {
  public var values: [Float]
  public init(_ values: [Float] = []) { self.values = values }
}

/// One trial as the network meets it.
public struct Trial: Sendable, Equatable {
  /// u, T x M row-major.
  public var inputs: [Float]
  /// y, T x K row-major; counts only inside `window`.
  public var target: [Float]
  /// Steps of the response window, never empty.
  public var window: Range<Int>
  /// c, 0 ..< conditions.
  public var condition: Int
  /// Targets of the conditions other than `condition`, one after the other, in the form that the task's `accuracy` needs
  /// (T x K if they move). Empty unless it asks which target the read-out is closest to.
  public var rivals: [Float]

  public init(for task: some LearningTask) {
    inputs = Array(repeating: 0, count: task.steps * task.inputs)
    target = Array(repeating: 0, count: task.steps * task.outputs)
    window = 0..<task.steps
    condition = 0
    rivals = []
  }
}

/// The Euler grid of a trial, in milliseconds.
public struct TimeGrid: Sendable, Equatable {
  /// dt.
  public var step: Double
  /// Trial length that the task's epochs are stretched to; nil: the task's own.
  public var trial: Double?
  public init(step: Double, trial: Double? = nil) {
    self.step = step
    self.trial = trial
  }
}

extension LearningTask {
  public var hasMovingTarget: Bool { false }
  public var ceiling: Double { 1 }
  public var hasIncongruentTrials: Bool { false }
  public func isIncongruent(_ trial: Trial) -> Bool { false }
  public func drawLifetime(_ stream: inout RandomStream) -> LifetimeDraw { LifetimeDraw() }

  /// The usual decision: every output's window mean has the sign of its target's window mean; sign(0) = 0 is wrong.
  public func accuracy(readout: [Double], trial: Trial) -> Double {
    signAccuracy(readout: readout, trial: trial)
  }

  /// 1 where every output's window mean has the sign of its target's.
  func signAccuracy(readout: [Double], trial: Trial) -> Double {
    for k in 0..<outputs {
      var z = 0.0
      var y = 0.0
      for t in trial.window {
        z += readout[t * outputs + k]
        y += Double(trial.target[t * outputs + k])
      }
      if !(z * y > 0) { return 0 }
    }
    return 1
  }
}

extension LearningTask {
  /// True where the response window of some trial begins with the trial, as seen in draws of its own.
  public var answersAtOnce: Bool {
    var stream = RandomStream(seed: 0, purpose: 0, lifetime: 0)
    let lifetime = drawLifetime(&stream)
    var trial = Trial(for: self)
    return (0..<20).contains { _ in
      drawTrial(&trial, lifetime: lifetime, stream: &stream)
      return trial.window.lowerBound == 0
    }
  }
}
