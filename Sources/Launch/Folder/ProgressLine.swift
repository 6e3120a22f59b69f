import Foundation
import Model
import ResultStore
import Sweep

/// The progress of a run: on standard error for who started it, and in the folder for `status`.
final class ProgressLine {
  private var printer: ProgressPrinter
  private let folder: StoreFolder
  private let launch: Int
  /// Keys of the cells of which an earlier launch stored something, by their place in the work list.
  var begunBefore: [WorkNumber: UInt64] = [:]
  /// Keys of those that ended there and are tried again.
  var retried: [UInt64] = []
  private var lastNote = -Double.infinity
  /// Seconds between two notes.
  private static let noteInterval = 5.0

  init(_ folder: StoreFolder, launch: Int) {
    self.folder = folder
    self.launch = launch
    printer = ProgressPrinter(isTerminal: isatty(2) == 1, now: Surroundings.real.now()) { text in
      Console.show(text)
    }
  }

  func show(_ progress: Sweep.Progress, now: Double) {
    printer.show(progress, now: now)
    guard now - lastNote >= Self.noteInterval else { return }
    lastNote = now
    ProgressNote(
      launch: launch, running: progress.running,
      waiting: begunBefore.filter { !progress.hasTold($0.key) }.map { CanonicalForm.text(ofKey: $0.value) },
      retried: retried.map(CanonicalForm.text(ofKey:)),
      iterationsPerSecond: progress.iterationRate(now: now),
      secondsLeft: progress.timeLeft(now: now), time: Date().timeIntervalSince1970
    ).save(folder)
  }

  func finish() { printer.finish() }
}
