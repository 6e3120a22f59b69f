import Dispatch
import Synchronization
import Testing

/// The trait of tests that start programs: one at a time has the machine, the others wait without a thread, and tests
/// that only compute run beside them. A test may start several programs at once, and hold one while it starts another.
///
/// `RunningProcess` refuses to start anything for a test without it, so it cannot be forgotten.
public struct StartsPrograms: SuiteTrait, TestTrait, TestScoping {
  public var isRecursive: Bool { true }

  /// The test that has the machine, as its own code sees it: nil in any other test.
  @TaskLocal static var owner: String?

  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    if let limit = test.timeLimit {
      throw ProcessFailure(
        "\(test.name) starts programs and has a time limit of \(limit), which would count the tests it waits for; "
          + "wanted: a limit of the program, as in run(_, limit:)")
    }
    // Where a suite and its test have the trait, the machine is taken once.
    if Self.owner != nil { return try await function() }
    try await withTaskExecutorPreference(ProgramThread.shared) {
      await Machine.shared.take()
      defer { Machine.shared.giveBack() }
      try await Self.$owner.withValue(test.name) { try await function() }
    }
  }
}

extension Trait where Self == StartsPrograms {
  /// The suite's or test's code starts programs: no other test that does runs at the same time.
  public static var startsPrograms: Self { Self() }
}

/// Lends the machine to those who ask for it, in the order in which they asked.
private final class Machine: Sendable {
  static let shared = Machine()

  private struct Queue {
    var isTaken = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }
  private let queue = Mutex(Queue())

  func take() async {
    await withCheckedContinuation { next in
      let isFree = queue.withLock { queue in
        if queue.isTaken { queue.waiting.append(next) }
        defer { queue.isTaken = true }
        return !queue.isTaken
      }
      if isFree { next.resume() }
    }
  }

  func giveBack() {
    let next = queue.withLock { queue -> CheckedContinuation<Void, Never>? in
      if !queue.waiting.isEmpty { return queue.waiting.removeFirst() }
      queue.isTaken = false
      return nil
    }
    next?.resume()
  }
}

/// A thread beside those of the other tests, so that a test which waits for its program keeps none of them.
private final class ProgramThread: TaskExecutor {
  static let shared = ProgramThread()
  private let queue = DispatchQueue(label: "tests that start programs")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
