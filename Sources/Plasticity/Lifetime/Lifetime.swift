import KernelCalls
import Kernels
import Model
import Tasks

/// Lifetimes of one synapse with one engine for gradients, one after the other in buffers made once.
final class Lifetime<Y: Synapse, G: LifetimeGradient> where Y.S == G.S {
  typealias S = Y.S
  let loop: TrialLoop<Y>
  let gradient: G

  init(_ state: LifetimeState<S>, _ synapse: Y, _ gradient: G) {
    loop = TrialLoop(state: state, synapse: synapse)
    self.gradient = gradient
  }

  func run(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest, record: ((Int, TrialRecord) -> Void)?
  ) -> LifetimeOutcome {
    let gradient = request.needsTangents ? gradient : nil
    let recorder = record.map {
      TrialRecorder(gradient: gradient, recordsAllTangents: request.recordsAllTangents, record: $0)
    }
    return run(address, rule: rule, request: request, recorder)
  }

  /// A lifetime that `watcher` sees after all others.
  /// - Precondition: no estimate is asked for of a rule with a mechanism whose derivatives no engine has.
  func run(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest, _ watcher: some TrialObserver<S>
  ) -> LifetimeOutcome {
    let state = loop.state
    loop.begin(address, rule)
    let unknown = request.estimators.isEmpty ? nil : state.mechanisms.withoutDerivatives
    invariant(unknown == nil, "no engine has the derivatives of \(unknown ?? "a mechanism")")
    if request.needsTangents { gradient.begin(request, state) }
    let probe = request.alignment.map { AlignmentProbe($0, state, loop.synapse) }
    invariant(
      probe == nil || !request.needsTwin && request.estimators.isEmpty,
      "alignment is measured in lifetimes without twins and gradients")
    let writer = OutcomeWriter(state)
    let score = request.estimators.contains(.score) ? ScoreProducts(state) : nil
    let observer = writer.then(request.path.map(PathFollower.init))
      .then(probe)
      .then(request.needsTwin ? TwinTrial(state) : nil)
      .then(request.needsTangents ? gradient : nil).then(score).then(watcher)
    let diverged = loop.run(0..<state.method.trials, observer)
    if let diverged { writer.diverge(at: diverged) }
    var outcome = writer.outcome
    outcome.lastKickFactor = state.kickFactor
    outcome.alignment = probe?.points ?? []
    outcome.scoreProducts = score?.values ?? []
    if request.needsTangents, diverged == nil { outcome.gradients = gradient.estimates(request, loop) }
    return outcome
  }

  /// The fixed part of that lifetime's network, as `LifetimeRunner` wants it.
  func network(_ address: LifetimeAddress) -> (weights: [Double], inputWeights: [Double], readout: [Double]) {
    let state = loop.state
    state.network.draw(address, method: state.method, kernels: state.kernels)
    let n = state.method.units
    return (
      state.network.weights.transposedValues(columns: n),
      state.network.inputWeights.transposedValues(columns: n), state.network.readout.values(columns: n)
    )
  }
}
