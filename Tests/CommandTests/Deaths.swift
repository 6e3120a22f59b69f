import Foundation
import Glibc
import ResultStore
import TestSupport
import Testing

/// A sweep of real cells that is killed with -9 again and again, and started each time by the same command with other
/// ranks. After every death all records that were ever seen in the folder must still be there, each in its place.
///
/// A launch is killed when it has stored a random number of bytes, so that every death hits ranks at work, however
/// fast the machine is.
struct Deaths {
  /// Who dies. `orphans`: mpirun, whose ranks go on for a while before they are killed too. `job`: mpirun and all
  /// ranks at once, as a batch system or a machine does it.
  enum Victim: String, CaseIterable {
    case worker, rank0 = "rank 0", orphans = "mpirun", job = "the whole job"
  }

  /// Ranks of one launch and its `--ranks-per-cell`.
  struct Shape {
    var ranks: Int
    var perCell: String
  }

  let sweep: TinySweep
  private(set) var survived: [Victim: Int] = [:]
  private(set) var launches = 0
  /// A hash of every record that was ever seen in the folder, by kind and degree in the order they are stored in.
  private var kept: [String: [Int]] = [:]
  /// Records that had been seen and were not there at a later look.
  private(set) var lost = 0
  private var random: SeededRandom
  private let shapes: [Shape]

  init(_ text: String, shapes: [Shape], seed: UInt64) throws {
    sweep = try TinySweep(text)
    self.shapes = shapes
    random = SeededRandom(seed)
  }

  var count: Int { survived.values.reduce(0, +) }

  /// Starts and kills until so many deaths are survived or the sweep is done.
  /// - Parameter growth: the most bytes that a launch may store before it is killed.
  mutating func die(_ deaths: Int, growth: Int) throws {
    while count < deaths, try launchAndKill(growth: growth) {}
  }

  /// Runs what is left. All that was ever seen must be in the finished folder.
  mutating func finish() throws -> ProcessResult {
    let last = try runRanks(2, sweep.arguments(), limit: 1200)
    try look()
    return last
  }

  /// - Returns: false where the sweep ended before it could be killed.
  private mutating func launchAndKill(growth: Int) throws -> Bool {
    let victim = Victim.allCases[count % Victim.allCases.count]
    let shape = shapes.randomElement(using: &random)!
    launches += 1
    let target = sweep.storedBytes() + 1 + Int.random(in: 0...growth, using: &random)
    let process = try RunningProcess(
      mpirun(ranks: shape.ranks, sweep.arguments(["--ranks-per-cell", shape.perCell])),
      environment: mpiEnvironment)
    _ = try process.wait(for: "new results", limit: 300) { sweep.storedBytes() >= target }
    if process.isRunning { try look() }
    usleep(UInt32.random(in: 0...40_000, using: &random))
    var isKilled = false
    if process.isRunning { isKilled = kill(victim, shape, process) }
    let result = try process.wait(limit: 120)
    sweep.waitForRanks()
    try look()
    if isKilled, result.end != .exited(0) {
      survived[victim, default: 0] += 1
      return true
    }
    // A launch may also be over before its victim is found; then there was nothing left to do.
    guard result.end == .exited(0) else { throw ProcessFailure("launch \(launches): \(result)") }
    return false
  }

  /// - Returns: false where the victim was gone already.
  private mutating func kill(_ victim: Victim, _ shape: Shape, _ launcher: RunningProcess) -> Bool {
    let ranks = sweep.ranks()
    switch victim {
    case .worker:
      let rank = Int.random(in: 1..<shape.ranks, using: &random)
      return ranks[rank].map { Glibc.kill($0, SIGKILL) == 0 } ?? false
    case .rank0: return ranks[0].map { Glibc.kill($0, SIGKILL) == 0 } ?? false
    case .orphans, .job:
      guard launcher.isRunning, Glibc.kill(launcher.pid, SIGKILL) == 0 else { return false }
      if victim == .orphans { usleep(UInt32.random(in: 0...300_000, using: &random)) }
      for process in ranks.values { Glibc.kill(process, SIGKILL) }
      return true
    }
  }

  /// Reads the folder as any reader would, running or not. Records are only ever appended, so what was seen before is
  /// what each series begins with.
  mutating func look() throws {
    var found: [String: [Int]] = [:]
    // A reader that then refuses the folder, since records are missing, has handed out those that are there.
    _ = try? StoreReader(
      sweep.out,
      visit: {
        found["\($0.schema.kind)-\($0.schema.shape)", default: []].append($0.encoded.bytes.hashValue)
      })
    for (series, old) in kept {
      let now = found[series] ?? []
      lost += old.count - zip(old, now).count { $0 == $1 }
    }
    kept = found
  }

  /// Records in the folder at the last look.
  var records: Int { kept.values.reduce(0) { $0 + $1.count } }
}

extension Deaths: CustomStringConvertible {
  /// For the figures: deaths by victim, and what was checked.
  var description: String {
    let victims = Victim.allCases.map { "\($0.rawValue) \(survived[$0, default: 0])" }
    return
      "\(count) deaths in one sweep (\(victims.joined(separator: ", "))), \(records) records, \(lost) lost"
  }
}
