import KernelCalls
import Kernels
import Model
import Tasks

/// Lifetimes of one synapse with one engine for gradients, one after the other in buffers made once.
final class Lifetime<Y: Synapse, G: LifetimeGradient> where Y.S == G.S {
  typealias S = Y.S
  let loop: TrialLoop<Y>
  /// Made when it is first asked for: its buffers are the larger part.
  private(set) lazy var gradient: G = makeGradient()
  private let makeGradient: () -> G

  init(_ state: LifetimeState<S>, _ synapse: Y, _ gradient: @autoclosure @escaping () -> G) {
    loop = TrialLoop(state: state, synapse: synapse)
    makeGradient = gradient
  }

  func run(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest, record: ((Int, TrialRecord) -> Void)?
  ) -> LifetimeOutcome {
    let gradient = request.needsTangents ? gradient : nil
    let recorder = record.map {
      TrialRecorder(gradient: gradient, recordsAllTangents: request.recordsAllTangents, record: $0)
    }
    return run(LifetimeJob(address, rule, request), recorder)
  }

  /// A lifetime that `watcher` sees after all others.
  /// - Precondition: no estimate is asked for of a rule with a mechanism whose derivatives no engine has.
  func run(_ job: LifetimeJob, _ watcher: some TrialObserver<S>) -> LifetimeOutcome {
    let life = begin(job, watcher)
    runAbreast([life.passage], trials)
    return end(life)
  }

  /// Lifetimes side by side, each in a member of its own.
  static func run(_ jobs: [LifetimeJob], in members: [Lifetime]) -> [LifetimeOutcome] {
    guard let first = members.first else { return [] }
    let nobody: TrialRecorder<G>? = nil
    let lives = zip(members, jobs).map { member, job in member.begin(job, nobody) }
    runAbreast(lives.map(\.passage), first.trials)
    return zip(members, lives).map { member, life in member.end(life) }
  }

  private var trials: Range<Int> { 0..<loop.state.method.trials }

  /// A lifetime that has begun and those of its observers that are asked at its end.
  private struct Life<O: TrialObserver> where O.S == S {
    let request: LifetimeRequest
    let writer: OutcomeWriter<S>
    let probe: AlignmentProbe<Y>?
    let score: ScoreProducts<S>?
    let passage: Passage<Y, O>
  }

  private func begin(_ job: LifetimeJob, _ watcher: some TrialObserver<S>) -> Life<some TrialObserver<S>> {
    let state = loop.state
    let request = job.request
    loop.begin(job.address, job.rule)
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
    return Life(
      request: request, writer: writer, probe: probe, score: score, passage: Passage(loop, observer))
  }

  private func end(_ life: Life<some TrialObserver<S>>) -> LifetimeOutcome {
    let diverged = life.passage.divergedAt
    if let diverged { life.writer.diverge(at: diverged) }
    var outcome = life.writer.outcome
    outcome.lastKickFactor = loop.state.kickFactor
    outcome.alignment = life.probe?.points ?? []
    outcome.scoreProducts = life.score?.values ?? []
    if life.request.needsTangents, diverged == nil {
      outcome.gradients = gradient.estimates(life.request, loop)
    }
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
