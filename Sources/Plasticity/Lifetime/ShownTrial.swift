import Kernels
import Tasks

/// The present trial: what the task shows and wants, and what the network answers.
///
/// It cannot be copied: who looks at a copy in every trial counts the references of its arrays, which takes as long as
/// the trial's smaller kernels.
struct ShownTrial: ~Copyable {
  var trial: Trial
  /// z, T x K; counts only inside the window.
  var readout: [Double]
  /// What the task has drawn for the whole lifetime.
  private var lifetime = LifetimeDraw()

  /// An empty trial of a task whose type is not known here.
  init(of task: any LearningTask) {
    func empty(_ task: some LearningTask) -> Trial { Trial(for: task) }
    trial = empty(task)
    readout = Array(repeating: 0, count: task.steps * task.outputs)
  }

  mutating func begin(_ task: any LearningTask, stream: inout RandomStream) {
    lifetime = task.drawLifetime(&stream)
  }

  mutating func draw(_ task: any LearningTask, stream: inout RandomStream) {
    task.drawTrial(&trial, lifetime: lifetime, stream: &stream)
  }

  /// R.
  func value(_ reward: Reward) -> Double { reward.value(readout, trial) }

  /// dR/dz at every (step, output), T x K; see `Reward.slope`.
  func slope(_ reward: Reward, to slopes: UnsafeMutablePointer<Double>) {
    reward.slope(readout, trial, to: slopes)
  }

  func accuracy(_ task: any LearningTask) -> Double { task.accuracy(readout: readout, trial: trial) }

  func isIncongruent(_ task: any LearningTask) -> Bool { task.isIncongruent(trial) }
}
