import Model
import ResultStore

extension TableCell {
  /// Summarises the sweep cells of one entry.
  ///
  /// Scores are stratified by task: runs are resampled within their task. Cells of one seed and task are one unit,
  /// whatever else they differ in. With one run its networks are resampled instead, and `resampled` says so.
  init(row: ManifestValue, column: ManifestValue, of group: [CellOutcome], metric: Metric, resamples: Int) {
    let counted = group.filter(\.counts)
    // Mostly all of them are, and copying 100,000 cells takes time.
    func isScored(_ run: CellOutcome) -> Bool { !run.learned.isEmpty || run.status == .diverged }
    let scored = counted.allSatisfy(isScored) ? counted : counted.filter(isScored)
    let runs = Set(scored.lazy.map(Run.init)).count
    self.init(
      row: row, column: column, runs: runs, networks: scored.reduce(0) { $0 + $1.learned.count },
      resampled: runs == 1 ? .networks : .runs,
      chance: counted.compactMap { metric.policyScore($0.chance, of: $0) }.mean().finite,
      shortcut: counted.compactMap { metric.policyScore($0.shortcut, of: $0) }.mean().finite,
      ceiling: counted.compactMap { metric.policyScore($0.ceiling, of: $0) }.mean().finite,
      diverged: group.count { $0.status == .diverged }, failed: group.count { $0.status == .failed },
      unfinished: group.count { $0.status == .unfinished },
      divergedNetworks: scored.reduce(0) { $0 + $1.learned.count(where: \.diverged) },
      lifetimes: counted.reduce(0) { $0 + $1.lifetimes }, gigaflop: counted.reduce(0) { $0 + $1.gigaflop })
    searchLifetimes = scored.medianSearchLifetimes
    let strata = Self.byTask(scored).map { Run.grouped($0) { $0 } }
    if metric == .trialsToCriterion {
      summariseSurvival(strata, resamples: resamples)
      none = Self.medianTrials(counted.flatMap(\.none))
      start = Self.medianTrials(counted.flatMap(\.start))
    } else {
      summariseScores(strata, metric: metric, resamples: resamples)
      none = counted.compactMap { Self.runScore($0.none, of: $0, metric: metric) }.mean().finite
      start = counted.compactMap { Self.runScore($0.start, of: $0, metric: metric) }.mean().finite
    }
  }

  private mutating func summariseScores(_ strata: [[[CellOutcome]]], metric: Metric, resamples: Int) {
    let networks = strata.map { $0.map { Run.scores(of: $0, metric: metric) } }
    let overNetworks = Statistics.nestedBootstrap(
      networks.flatMap { $0 }, of: .interquartileMean, resamples: resamples)
    let units = networks.map { runs == 1 ? $0.flatMap { $0 } : $0.map { $0.mean() } }
    let pooled = units.flatMap { $0 }
    mean = pooled.mean().finite
    iqm = Statistics.interquartileMean(pooled).finite
    let interval = Statistics.stratifiedBootstrap(units, of: .interquartileMean, resamples: resamples)
    low = interval.low.finite
    high = interval.high.finite
    networkLow = runs == 1 ? low : overNetworks.low.finite
    networkHigh = runs == 1 ? high : overNetworks.high.finite
  }

  private mutating func summariseSurvival(_ strata: [[[CellOutcome]]], resamples: Int) {
    // A run that diverged before it was evaluated has no networks and adds no times; `diverged` shows it.
    let runTimes = strata.map { $0.map { $0.flatMap { $0.learned.map(Metric.survival) } } }
    let times = runTimes.flatMap { $0 }.flatMap { $0 }
    censored = times.count { !$0.reached }
    let quartiles: Quartiles
    if censored == 0 {
      quantiles = .sample
      quartiles = Statistics.medianAndQuartiles(times.map(\.trial))
      mean = times.map(\.trial).mean().finite
      iqm = Statistics.interquartileMean(times.map(\.trial)).finite
    } else {
      quantiles = .kaplanMeier
      quartiles = Statistics.survivalQuartiles(times)
    }
    median = quartiles.median.finite
    q25 = quartiles.q25.finite
    q75 = quartiles.q75.finite
    let alone = runTimes.flatMap { $0 }.map { $0.map { [$0] } }
    let overNetworks = Statistics.survivalMedianInterval(alone, resamples: resamples)
    let interval =
      runs == 1 ? overNetworks : Statistics.survivalMedianInterval(runTimes, resamples: resamples)
    (low, high) = (interval.low.finite, interval.high.finite)
    (networkLow, networkHigh) = (overNetworks.low.finite, overNetworks.high.finite)
  }

  private static func byTask(_ cells: [CellOutcome]) -> [[CellOutcome]] {
    let tasks = ManifestValue.ordered(cells.map { $0["task"] })
    if tasks.count < 2 { return cells.isEmpty ? [] : [cells] }
    let groups = Dictionary(grouping: cells) { $0["task"] }
    return tasks.compactMap { groups[$0] }
  }

  private static func runScore(_ networks: [NetworkScores], of cell: CellOutcome, metric: Metric)
    -> Double?
  {
    networks.map { metric.score($0, of: cell) }.mean().finite
  }

  private static func medianTrials(_ networks: [NetworkScores]) -> Double? {
    Statistics.survivalQuartiles(networks.map(Metric.survival)).median.finite
  }
}

extension [CellOutcome] {
  /// Lifetimes of training and validation that found one of these rules, the median; nil for none.
  var medianSearchLifetimes: Double? {
    isEmpty ? nil : Statistics.medianAndQuartiles(map { Double($0.searchLifetimes) }).median
  }
}

extension TableCell {
  private init(
    row: ManifestValue, column: ManifestValue, runs: Int, networks: Int, resampled: Unit, chance: Double?,
    shortcut: Double?, ceiling: Double?, diverged: Int, failed: Int, unfinished: Int, divergedNetworks: Int,
    lifetimes: UInt64, gigaflop: Double
  ) {
    self.row = row
    self.column = column
    self.runs = runs
    self.networks = networks
    self.resampled = resampled
    self.chance = chance
    self.shortcut = shortcut
    self.ceiling = ceiling
    self.diverged = diverged
    self.failed = failed
    self.unfinished = unfinished
    self.divergedNetworks = divergedNetworks
    self.lifetimes = lifetimes
    self.gigaflop = gigaflop
  }
}
