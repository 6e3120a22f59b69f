import ResultStore

/// How far a run is: counts, rates and the time left. Pure; time comes with the calls, in seconds.
public struct Progress: Sendable {
  /// Counts of the cells of this run.
  public private(set) var total: Int
  public private(set) var done = 0
  public private(set) var diverged = 0
  public private(set) var failed = 0
  /// Cells that teams work on; each may hold another that waits.
  public var running: Int { min(open.count, teams) }
  /// True for a cell in progress that has told of a meta-iteration in this run.
  public func hasTold(_ item: WorkNumber) -> Bool { open[item]?.first != nil }
  /// Meta-iterations made in this run.
  public private(set) var iterations = 0

  private let costs: [Double]
  private let teams: Int
  private let start: Double
  private let totalCost: Double
  private var endedCost = 0.0
  private var open: [WorkNumber: Open] = [:]

  /// A cell in progress: where it began in this run, where it is, how many there are.
  private struct Open: Sendable {
    var first: Int?
    var iteration = 0
    var iterations = 0
    /// Share of the work of this run that is done.
    var fresh: Double {
      guard let first, iterations > first else { return 0 }
      return min(1, Double(iteration - first) / Double(iterations - first))
    }
  }

  /// - Parameters:
  ///   - costs: estimated work of every cell of the run, in one unit.
  ///   - teams: how many cells run at once.
  public init(costs: [Double], teams: Int, now: Double) {
    total = costs.count
    self.costs = costs
    self.teams = teams
    start = now
    totalCost = costs.reduce(0, +)
  }

  mutating func start(item: WorkNumber) {
    open[item] = Open()
  }

  mutating func note(item: WorkNumber, iteration: Int, iterations: Int) {
    guard var entry = open[item] else { return }
    if entry.first == nil { entry.first = max(0, iteration - 1) }
    self.iterations += max(0, iteration - max(entry.iteration, entry.first ?? 0))
    entry.iteration = iteration
    entry.iterations = iterations
    open[item] = entry
  }

  mutating func end(item: WorkNumber, status: CellStatus) {
    stop(item: item)
    endedCost += costs[item]
    switch status {
    case .done: done += 1
    case .diverged: diverged += 1
    case .failed: failed += 1
    }
  }

  /// No team has the cell any more, and it has not ended.
  mutating func stop(item: WorkNumber) {
    open[item] = nil
  }

  /// Work that is left of a cell in progress, in the unit of the costs.
  func costLeft(of item: WorkNumber) -> Double { costs[item] * (1 - (open[item]?.fresh ?? 0)) }

  public var ended: Int { done + diverged + failed }

  /// Meta-iterations a second since the start; 0 before the first.
  public func iterationRate(now: Double) -> Double { now > start ? Double(iterations) / (now - start) : 0 }

  /// Seconds to the end at the mean rate so far, nil while that is unknown. Never less than what the longest open
  /// cell needs at its team's share of that rate.
  public func timeLeft(now: Double) -> Double? {
    var finished = endedCost
    var longest = 0.0
    for (item, entry) in open {
      finished += costs[item] * entry.fresh
      longest = max(longest, costLeft(of: item))
    }
    let elapsed = now - start
    guard finished > 0, elapsed > 0 else { return nil }
    let rate = finished / elapsed
    let busy = Double(max(1, min(teams, total)))
    return max((totalCost - finished) / rate, longest / (rate / busy))
  }

  /// One line without an end: `done 12 of 60, running 4, ...`.
  public func line(now: Double) -> String {
    var parts = ["done \(done) of \(total)", "running \(running)"]
    if failed > 0 { parts.append("failed \(failed)") }
    if diverged > 0 { parts.append("diverged \(diverged)") }
    parts.append("\(Self.rate(iterationRate(now: now))) iterations/s")
    if ended < total {
      parts.append(timeLeft(now: now).map { "\(Self.duration($0)) left" } ?? "time left unknown")
    }
    return parts.joined(separator: ", ")
  }

  /// Three digits at most: 0.053, 1.24, 34.5, 1200.
  static func rate(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return "0" }
    let digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let whole = Int((value * scale).rounded())
    if digits == 0 { return "\(whole)" }
    let fraction = String(whole % Int(scale))
    return "\(whole / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// Two units: `41 s`, `3 min 20 s`, `2 h 05 min`, `4 d 03 h`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "for ever" }
    let s = Int(max(0, seconds).rounded())
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    if s < 60 { return "\(s) s" }
    if s < 3600 { return "\(s / 60) min \(two(s % 60)) s" }
    if s < 86400 { return "\(s / 3600) h \(two(s / 60 % 60)) min" }
    return "\(s / 86400) d \(two(s / 3600 % 24)) h"
  }
}
