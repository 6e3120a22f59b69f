import Model
import ResultStore

extension ComparisonRow {
  /// Compares the pairs of one group. `adjusted` is left for the whole family.
  init(group: ManifestValue, value: ManifestValue, of pairing: Pairing, metric: Metric, resamples: Int) {
    let pairs = pairing.pairs
    self.init(
      group: group, value: value, seeds: pairs.count, networks: 0, unit: pairs.count == 1 ? .networks : .runs,
      test: .none, unpaired: pairing.unpaired,
      divergedNetworks: pairs.reduce(0) { $0 + $1.value.learned.count(where: \.diverged) },
      baselineDivergedNetworks: pairs.reduce(0) { $0 + $1.baseline.learned.count(where: \.diverged) },
      entangled: pairing.entangled)
    lifetimes = pairs.map(\.value).medianSearchLifetimes
    baselineLifetimes = pairs.map(\.baseline).medianSearchLifetimes
    if metric == .trialsToCriterion {
      compareSurvival(pairs)
    } else {
      compareScores(pairs, metric: metric, resamples: resamples)
    }
  }

  /// Runs are compared: pairs of one seed that differ in other settings count once, with their mean.
  private mutating func compareScores(_ pairs: [CellPair], metric: Metric, resamples: Int) {
    let found = pairs.map { (pair: $0, differences: $0.networkDifferences(metric)) }
      .filter { !$0.differences.isEmpty }
    networks = found.reduce(0) { $0 + $1.differences.count { $0.network >= 0 } }
    let runs = Run.grouped(found) { $0.pair.value }
    seeds = runs.count
    unit = seeds == 1 ? .networks : .runs
    let resolution = Statistics.tieResolution(
      of: found.flatMap { [$0.pair.value, $0.pair.baseline] }.flatMap { cell in
        cell.learned.isEmpty
          ? [metric.divergedScore(of: cell)] : cell.learned.map { metric.score($0, of: cell) }
      })
    func byNetwork(_ pairs: [(pair: CellPair, differences: [(network: Int, score: Double)])]) -> [Double] {
      Run.meansByNetwork(pairs.flatMap(\.differences))
    }
    // What is tested: one difference a run, all tasks together.
    let differences = Statistics.mergedDifferences(
      seeds == 1 ? byNetwork(runs[0]) : runs.map { byNetwork($0).mean() }, resolution: resolution)
    func scores(_ side: KeyPath<CellPair, CellOutcome>) -> [Double] {
      let perRun = runs.map { run in
        Run.scores(of: run.map { $0.pair[keyPath: side] }, metric: metric)
      }
      return seeds == 1 ? perRun[0] : perRun.map { $0.mean() }
    }
    let own = scores(\.value)
    let both = Statistics.merged(own + scores(\.baseline), resolution: resolution)
    let (mine, theirs) = (Array(both[..<own.count]), Array(both[own.count...]))
    self.pairs = differences.count
    score = mine.mean().finite
    baselineScore = theirs.mean().finite
    difference = differences.mean().finite

    // What is resampled: runs within their task.
    let strata = Self.byTask(runs).map { $0.map(byNetwork) }
    let units = seeds == 1 ? strata.map { $0.flatMap { $0 } } : strata.map { $0.map { $0.mean() } }
    let interval = Statistics.pairedBootstrap(
      units.map { Statistics.mergedDifferences($0, resolution: resolution) }, resamples: resamples)
    (low, high) = (interval.low.finite, interval.high.finite)
    let nested =
      seeds == 1
      ? interval
      : Statistics.nestedBootstrap(strata.flatMap { $0 }, of: .mean, resamples: resamples)
    (networkLow, networkHigh) = (nested.low.finite, nested.high.finite)
    improvement = Statistics.probabilityOfImprovement(mine, over: theirs).finite
    let signedRank = Statistics.signedRank(differences)
    p = differences.isEmpty ? nil : signedRank.p.finite
    power = Statistics.powerHint(differences, p: signedRank.p)
    test =
      switch signedRank.method {
      case .exact: .exactSignedRank
      case .normal: .normalSignedRank
      case .degenerate: .none
      }
  }

  /// Whole runs are swapped between the two rules: networks of one run are not independent.
  private mutating func compareSurvival(_ pairs: [CellPair]) {
    let found = pairs.map { (pair: $0, times: $0.survivals) }.filter { !$0.times.isEmpty }
    let runs = Run.grouped(found) { $0.pair.value }
    seeds = runs.count
    unit = seeds == 1 ? .networks : .runs
    networks = found.reduce(0) { $0 + $1.times.count }
    let own = found.flatMap { $0.times.map(\.value) }
    let other = found.flatMap { $0.times.map(\.baseline) }
    censored = own.count { !$0.reached }
    baselineCensored = other.count { !$0.reached }
    let medians = [own, other].map { Statistics.survivalQuartiles($0).median.finite }
    (score, baselineScore) = (medians[0], medians[1])
    if let mine = score, let theirs = baselineScore { difference = mine - theirs }

    let tasks = ManifestValue.ordered(found.map { $0.pair.value["task"] })
    typealias Time = (task: ManifestValue, network: Int, value: SurvivalTime, baseline: SurvivalTime)
    func sides(_ times: [Time]) -> PairedTimes {
      let strata = tasks.map { task in times.filter { $0.task == task } }
      return PairedTimes(
        first: strata.map { $0.map(\.value) }, second: strata.map { $0.map(\.baseline) })
    }
    let timesByRun = runs.map { run in
      run.flatMap { item -> [Time] in
        item.times.map { (item.pair.value["task"], $0.network, $0.value, $0.baseline) }
      }
    }
    let units =
      seeds == 1
      ? Dictionary(grouping: timesByRun[0], by: \.network).sorted { $0.key < $1.key }.map { sides($0.value) }
      : timesByRun.map(sides)
    self.pairs = units.count
    if let found = Statistics.permutedLogRank(units) {
      test = .permutedLogRank
      p = found.p
    }
    // Fewer trials are better; a network that never met the criterion counts as slower than all that did. A run counts
    // with its median.
    func speeds(_ side: (PairedTimes) -> [[SurvivalTime]]) -> [Double] {
      units.map { -Statistics.survivalQuartiles(side($0).flatMap { $0 }).median }
    }
    improvement = Statistics.probabilityOfImprovement(speeds(\.first), over: speeds(\.second)).finite
  }

  /// The pairs of each run by task.
  private static func byTask<Item>(
    _ runs: [[(pair: CellPair, differences: Item)]]
  ) -> [[[(pair: CellPair, differences: Item)]]] {
    let tasks = ManifestValue.ordered(runs.flatMap { $0.map { $0.pair.value["task"] } })
    return tasks.map { task in
      runs.map { $0.filter { $0.pair.value["task"] == task } }.filter { !$0.isEmpty }
    }
  }

  private init(
    group: ManifestValue, value: ManifestValue, seeds: Int, networks: Int, unit: TableCell.Unit, test: Test,
    unpaired: Int, divergedNetworks: Int, baselineDivergedNetworks: Int, entangled: [String]
  ) {
    self.group = group
    self.value = value
    self.seeds = seeds
    self.networks = networks
    self.unit = unit
    self.test = test
    self.unpaired = unpaired
    self.pairs = 0
    self.divergedNetworks = divergedNetworks
    self.baselineDivergedNetworks = baselineDivergedNetworks
    self.entangled = entangled
  }
}
