import Foundation
import MPI
import ResultStore
import Sweep
import SweepFakes

/// A sweep of fake cells over real ranks. Options are `name=value`:
/// cells (12), steps (5), ms (2: a lifetime, two of them a step), per-cell (1), gathers (0), patience (60),
/// throws (cell that throws), helping (yes: idle ranks help), fails-at (the append that fails), folder (where records are kept, resumable).
func fakeSweep(_ world: Communicator, _ options: [String]) throws -> Int32 {
  let values = try parse(options)
  func number(_ name: String, _ initial: Int) -> Int { values[name].flatMap { Int($0) } ?? initial }

  let steps = number("steps", 5)
  let plan = (0..<number("cells", 12)).map { index in
    FakeCell(
      steps: steps + index % 3, throwsAt: values["throws"] == "\(index)" ? 1 : nil,
      gathers: number("gathers", 0))
  }
  Signals.listen()
  print("rank \(world.rank) process \(getpid())")
  fflush(nil)
  let microseconds = UInt32(1000 * number("ms", 2))
  let workshop = FakeWorkshop(plan) { _, _ in usleep(microseconds) }

  var sweepOptions = SweepOptions()
  sweepOptions.ranksPerCell = number("per-cell", 1)
  sweepOptions.helping = values["helping"] == "yes"
  sweepOptions.patience = Double(number("patience", 60))
  sweepOptions.stateInterval = 0.2
  let sink = try world.rank == 0 ? FakeSink(folder: values["folder"]) : FakeSink()
  sink.failsAt = values["fails-at"].flatMap { Int($0) }
  var printer = ProgressPrinter(isTerminal: true, now: Surroundings.real.now()) {
    FileHandle.standardError.write(Data($0.utf8))
  }
  let lead =
    world.rank != 0 ? nil : SweepLead(items: sink.items(of: plan), sink: sink) { printer.show($0, now: $1) }
  let run = SweepRun(
    transport: try makeTransport(for: world), cells: FakeWorkshop.sweepCells(plan.count), workshop: workshop,
    lead: lead, options: sweepOptions)
  let before = processorSeconds()
  let start = Date()
  let summary = try run.run()
  let busy = processorSeconds() - before
  let share = busy / Date().timeIntervalSince(start)
  let shares = try world.gather(withUnsafeBytes(of: share) { Array($0) }).map { bytes in
    bytes.withUnsafeBytes { $0.loadUnaligned(as: Double.self) }
  }
  if world.rank == 0 {
    printer.finish()
    try require(sink.complaints.isEmpty, "\(sink.complaints)")
    let wanted = plan.indices.filter { sink.results[UInt64($0 + 1)] == .done }
    for index in wanted {
      let have = sink.iterations[UInt64(index + 1)]?.count ?? 0
      try require(have == plan[index].steps, "cell \(index) has \(have) of \(plan[index].steps) iterations")
    }
    print(
      "ok sweep done \(summary.done) failed \(summary.failed) left \(summary.left) drained \(summary.drained)"
    )
    print("processor share " + shares.map { String(format: "%.3f", $0) }.joined(separator: " "))
    print("results \(sink.results.count) digest \(sink.digest)")
  }
  return summary.exitCode
}

/// Processor time of this process, user and system, in seconds.
private func processorSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  func seconds(_ t: timeval) -> Double { Double(t.tv_sec) + Double(t.tv_usec) * 1e-6 }
  return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// `name=value` words as a table.
func parse(_ options: [String]) throws -> [String: String] {
  var values: [String: String] = [:]
  for option in options {
    let pair = option.split(separator: "=", maxSplits: 1)
    try require(pair.count == 2, "\(option) is not name=value")
    values[String(pair[0])] = String(pair[1])
  }
  return values
}
