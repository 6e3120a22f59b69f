import Model
import Tasks

/// What a rival is told, how fast it learns, and when it has nothing to learn from.
extension RivalRule {
  public var feedback: Feedback {
    switch self {
    case .nodePerturbation, .weightPerturbation: .scalar
    case .rewardEprop: .scalarAndAction
    case .rflo, .eprop, .bptt: .denseError
    }
  }

  public var summary: String {
    switch self {
    case .nodePerturbation: "reward times kick times presynaptic rate (Fiete & Seung 2006); sees the kicks"
    case .weightPerturbation: "reward times the weight noise of the trial (Zuege et al. 2023)"
    case .rewardEprop: "reward times e-prop's trace of the network's own decision (Bellec et al. 2020)"
    case .rflo: "signed error through random feedback (Murray 2019)"
    case .eprop: "signed error through the read-out weights (Bellec et al. 2020)"
    case .bptt: "the exact gradient of the squared error"
    }
  }

  /// eta of a rival whose trace has rms 1, as a multiple of the configuration's eta: of 0.03, 0.1, 0.3, 1, 3, 10 and 30
  /// (up to 3 for reward-e-prop and rflo, whose reward falls from 0.1 on) the one with the best late reward on
  /// cue-association at the working defaults, 40 networks each. Other tasks may want another.
  public var standardGain: Double {
    switch self {
    case .nodePerturbation, .bptt: 10
    case .weightPerturbation, .eprop: 3
    case .rewardEprop, .rflo: 0.1
    }
  }

  /// Why the rival has nothing to learn from in a configuration, and what to change; nil where it can learn.
  public func refusal(_ method: Method, _ constants: LocalConstants, task: any LearningTask) -> String? {
    refusal(method: method, constants: constants, movingTarget: task.hasMovingTarget)
  }

  func refusal(method: Method, constants: LocalConstants, movingTarget: Bool) -> String? {
    switch self {
    case .nodePerturbation where method.kicks == .none || constants.amplitude == 0:
      "learns from kicks, and exploration is off; set exploration.kind and exploration.amplitude"
    case .weightPerturbation where method.weightNoise == 0:
      "learns from weight noise, and exploration.weight-noise is 0; set it above 0"
    case .rewardEprop where movingTarget:
      "learns from the network's own decision, and a task with a moving target has none; leave the learner or the task out"
    default: nil
    }
  }
}

/// A rival cannot learn in this configuration; the message says why and what to change.
public struct RivalError: Error, CustomStringConvertible, Equatable {
  public var description: String
  public init(_ description: String) { self.description = description }
}
