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
      compareSurvival(pairs, resamples: resamples)
    } else {
      compareScores(pairs, metric: metric, resamples: resamples)
    }
  }

  private mutating func compareScores(_ pairs: [CellPair], metric: Metric, resamples: Int) {
    let perRun = pairs.map { $0.networkDifferences(metric) }
    networks = zip(pairs, perRun).reduce(0) { sum, item in
      sum + (item.0.value.learned.isEmpty && item.0.baseline.learned.isEmpty ? 0 : item.1.count)
    }
    let runs = zip(pairs, perRun).filter { !$0.1.isEmpty }
    seeds = runs.count
    unit = seeds == 1 ? .networks : .runs
    let differences = seeds == 1 ? runs[0].1 : runs.map { Statistics.mean($0.1) }
    func scores(_ side: KeyPath<CellPair, CellOutcome>) -> [Double] {
      let cells = runs.map { $0.0[keyPath: side] }
      if seeds == 1, !cells[0].learned.isEmpty {
        return cells[0].learned.map { metric.score($0, of: cells[0]) }
      }
      return cells.map { cell in
        cell.learned.isEmpty
          ? metric.divergedScore(of: cell) : Statistics.mean(cell.learned.map { metric.score($0, of: cell) })
      }
    }
    let (own, other) = (scores(\.value), scores(\.baseline))
    score = Statistics.mean(own).finite
    baselineScore = Statistics.mean(other).finite
    difference = Statistics.mean(differences).finite
    let strata =
      seeds == 1 ? [differences] : Self.byTask(runs.map { ($0.0.value["task"], Statistics.mean($0.1)) })
    let interval = Statistics.pairedBootstrap(strata, resamples: resamples)
    (low, high) = (interval.low.finite, interval.high.finite)
    let nested =
      seeds == 1 ? interval : Statistics.nestedBootstrap(runs.map(\.1), of: .mean, resamples: resamples)
    (networkLow, networkHigh) = (nested.low.finite, nested.high.finite)
    improvement = Statistics.probabilityOfImprovement(own, over: other).finite
    power = Statistics.powerHint(differences)
    let signedRank = Statistics.signedRank(differences)
    p = differences.isEmpty ? nil : signedRank.p.finite
    test =
      switch signedRank.method {
      case .exact: .exactSignedRank
      case .normal: .normalSignedRank
      case .degenerate: .none
      }
  }

  private mutating func compareSurvival(_ pairs: [CellPair], resamples: Int) {
    let own = pairs.flatMap { $0.value.learned.map(Metric.survival) }
    let other = pairs.flatMap { $0.baseline.learned.map(Metric.survival) }
    networks = min(own.count, other.count)
    unit = .networks
    censored = own.count { !$0.reached }
    baselineCensored = other.count { !$0.reached }
    let medians = [own, other].map { Statistics.survivalQuartiles($0).median.finite }
    (score, baselineScore) = (medians[0], medians[1])
    if let mine = score, let theirs = baselineScore { difference = mine - theirs }
    guard !own.isEmpty, !other.isEmpty else { return }
    test = .logRank
    p = Statistics.logRank(own, other).p
    // Fewer trials are better; a censored network took longer than any that got there.
    func speed(_ time: SurvivalTime) -> Double { time.reached ? -time.trial : -.infinity }
    improvement = Statistics.probabilityOfImprovement(own.map(speed), over: other.map(speed)).finite
  }

  private static func byTask(_ differences: [(ManifestValue, Double)]) -> [[Double]] {
    ManifestValue.ordered(differences.map(\.0)).map { task in differences.filter { $0.0 == task }.map(\.1) }
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
    self.divergedNetworks = divergedNetworks
    self.baselineDivergedNetworks = baselineDivergedNetworks
    self.entangled = entangled
  }
}
