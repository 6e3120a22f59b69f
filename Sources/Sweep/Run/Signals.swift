import Glibc
import Model
import Synchronization

/// The signals a run listens to. The handlers only set a flag; the run looks at it between lifetimes.
public enum Signals {
  public struct Seen: Sendable {
    /// SIGUSR1: finish the meta-iteration, store the state, exit 75.
    public var drain: Bool
    /// SIGTERM or SIGINT: commit what is there and end.
    public var terminate: Bool
    public init(drain: Bool = false, terminate: Bool = false) {
      self.drain = drain
      self.terminate = terminate
    }
  }

  private static let drainFlag = Atomic<Bool>(false)
  private static let terminateFlag = Atomic<Bool>(false)

  /// Installs the handlers; to be called after MPI is initialised.
  public static func listen() {
    // The first use of a global runs its initialiser, which a handler must not do.
    drainFlag.store(false, ordering: .relaxed)
    terminateFlag.store(false, ordering: .relaxed)
    install(SIGUSR1) { _ in Signals.drainFlag.store(true, ordering: .relaxed) }
    install(SIGTERM) { _ in Signals.terminateFlag.store(true, ordering: .relaxed) }
    install(SIGINT) { _ in Signals.terminateFlag.store(true, ordering: .relaxed) }
  }

  /// Installs the handler of SIGUSR1 alone, for work that SIGTERM may end at once.
  public static func listenToDrain() {
    drainFlag.store(false, ordering: .relaxed)
    install(SIGUSR1) { _ in Signals.drainFlag.store(true, ordering: .relaxed) }
  }

  public static func seen() -> Seen {
    Seen(drain: drainFlag.load(ordering: .relaxed), terminate: terminateFlag.load(ordering: .relaxed))
  }

  private static func install(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    let result = sigaction(number, &action, nil)
    invariant(result == 0, "sigaction refuses signal \(number)")
    // Whoever started this process may have left the signal blocked.
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, number)
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }
}
