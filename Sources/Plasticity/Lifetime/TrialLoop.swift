import KernelCalls
import Kernels
import Model
import Tasks

/// How a trial changes W: the three factors of a rule, or a rival.
protocol Synapse<S> {
  associatedtype S: KernelScalar
  /// Readies a lifetime, whose state has begun.
  func begin(_ state: LifetimeState<S>)
  /// e of the trial, into `state.primal.traces`; the state still holds xi^{h-1}.
  func trace(_ trial: EarnedTrial, _ state: LifetimeState<S>)
  /// W^{h+1} = W^h + mu + sigma xi^h; false where that diverges.
  func update(_ trial: EarnedTrial, _ state: LifetimeState<S>) -> Bool
}

/// The trials of a lifetime, one after the other.
struct TrialLoop<Y: Synapse> {
  let state: LifetimeState<Y.S>
  let synapse: Y

  func begin(_ address: LifetimeAddress, _ rule: Rule) {
    state.begin(address, rule)
    synapse.begin(state)
  }

  /// Goes on with `trials` from W and the critic as they are.
  /// - Returns: the trial that diverged, which is then the last; nil where all ran.
  func run(_ trials: Range<Int>, _ observer: some TrialObserver<Y.S>) -> Int? {
    let passage = Passage(self, observer)
    runAbreast([passage], trials)
    return passage.divergedAt
  }
}

/// One lifetime on its way through its trials; everything that runs trials runs them by `runAbreast`.
final class Passage<Y: Synapse, O: TrialObserver> where Y.S == O.S {
  private let state: LifetimeState<Y.S>
  private let synapse: Y
  private let observer: O
  private let runsTwins: Bool
  fileprivate let kernels: KernelSet<Y.S>
  /// Networks that run side by side.
  fileprivate let width: Int
  /// The trial that diverged, which is then the last.
  private(set) var divergedAt: Int?

  init(_ loop: TrialLoop<Y>, _ observer: O) {
    state = loop.state
    synapse = loop.synapse
    self.observer = observer
    runsTwins = observer.runsTwins
    kernels = state.kernels
    width = LifetimeWidth(units: state.method.units).primal
  }

  /// Draws trial h and writes down what has to run: the trial and, where one is wanted, its twin.
  /// - Returns: how many those are.
  fileprivate func begin(_ h: Int, _ calls: UnsafeMutablePointer<PrimalCall<Y.S>>) -> Int {
    observer.begins(h, state)
    state.draw(h)
    calls.initialize(to: state.call())
    guard runsTwins, h > 0 else { return 1 }
    (calls + 1).initialize(to: state.twinCall())
    return 2
  }

  /// All that follows from the run of trial h.
  /// - Returns: what `begin` returned.
  fileprivate func end(_ h: Int, _ calls: UnsafePointer<PrimalCall<Y.S>>) -> Int {
    let hasTwin = runsTwins && h > 0
    state.twinIsInside = hasTwin && calls[1].isInside
    if !(calls[0].isInside && learn(h)) { divergedAt = h }
    return hasTwin ? 2 : 1
  }

  /// Reward, e(T), update and critic; false where the trial diverges.
  private func learn(_ h: Int) -> Bool {
    guard var trial = state.earned(h) else { return false }
    observer.rewarded(&trial, state)
    synapse.trace(trial, state)
    state.drawNoise(h)
    observer.traced(trial, state)
    guard synapse.update(trial, state) else { return false }
    observer.updated(trial, state)
    state.critic.follow(trial, rate: state.baselineRate)
    return true
  }
}

/// Goes on with `trials` of lifetimes of one method and task, side by side: a small network waits for itself at every
/// step, and the others' steps fill the wait. No lifetime knows of the others, so its bits do not depend on them.
func runAbreast<Y: Synapse, O: TrialObserver>(_ passages: [Passage<Y, O>], _ trials: Range<Int>)
where Y.S == O.S {
  guard let first = passages.first else { return }
  let calls = UnsafeMutablePointer<PrimalCall<Y.S>>.allocate(capacity: 2 * passages.count)
  defer { calls.deallocate() }
  var living = passages
  for h in trials {
    var count = 0
    for passage in living { count += passage.begin(h, calls + count) }
    // Twins count too.
    for start in stride(from: 0, to: count, by: first.width) {
      first.kernels.primals(calls + start, min(first.width, count - start))
    }
    var place = 0
    var isWhole = true
    for passage in living {
      place += passage.end(h, calls + place)
      if passage.divergedAt != nil { isWhole = false }
    }
    if isWhole { continue }
    living.removeAll { $0.divergedAt != nil }
    if living.isEmpty { return }
  }
}
