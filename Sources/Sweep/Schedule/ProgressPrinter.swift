/// When progress is written, and how: one line rewritten in place on a terminal, a plain line now and then elsewhere.
public struct ProgressPrinter {
  private let isTerminal: Bool
  private let write: (String) -> Void
  private var last: Double
  private var width = 0

  /// - Parameters:
  ///   - now: the start; a plain line comes 30 s later at the earliest.
  ///   - write: takes text as it is to appear, line ends included.
  public init(isTerminal: Bool, now: Double, write: @escaping (String) -> Void) {
    self.isTerminal = isTerminal
    self.write = write
    last = now
  }

  public mutating func show(_ progress: Progress, now: Double) {
    show(line: progress.line(now: now), now: now)
  }

  /// The same for other long work.
  public mutating func show(line text: @autoclosure () -> String, now: Double) {
    guard now - last >= (isTerminal ? 0.5 : 30) else { return }
    last = now
    let line = text()
    if isTerminal {
      write("\r" + line + String(repeating: " ", count: max(0, width - line.count)))
      width = line.count
    } else {
      write(line + "\n")
    }
  }

  /// Ends the rewritten line, so that what follows starts a new one.
  public mutating func finish() {
    if isTerminal, width > 0 { write("\n") }
    width = 0
  }
}
