import ResultStore

/// The curves of one run: a network counts once, with the mean over the run's cells that evaluated it.
struct RunCurves {
  /// Middles of the parts, in trials.
  var trials: [Double]
  /// By network, a number a part.
  var networks: [[Double]]

  var mean: [Double] { Self.mean(networks) }

  /// The runs of some cells that have evaluated networks.
  static func all(
    of cells: [CellOutcome], role: KeyPath<CellOutcome, [NetworkScores]>, metric: Metric
  ) -> [RunCurves] {
    Run.grouped(cells.filter(\.counts)) { $0 }.compactMap { run in
      let curves = run.map { cell in
        cell[keyPath: role].compactMap { network in
          metric.curve(of: network, in: cell).map {
            (network: network.network, trials: network.trials, curve: $0)
          }
        }
      }.filter { !$0.isEmpty }
      // Parts that no trial falls into come last in no order: of each cell those that all networks have.
      let known = curves.map { cell in
        cell[0].curve.indices.filter { part in cell.allSatisfy { $0.curve[part].isFinite } }
      }
      guard let parts = known.map(\.count).min(), parts > 0 else { return nil }
      let kept = zip(curves, known).flatMap { cell, known in
        cell.map { network in (network.network, known.prefix(parts).map { network.curve[$0] }) }
      }
      let length = curves.flatMap { $0 }.map(\.trials).max() ?? 0
      return RunCurves(
        trials: (0..<parts).map { (Double($0) + 0.5) * Double(length) / Double(parts) },
        networks: Dictionary(grouping: kept, by: \.0).sorted { $0.key < $1.key }.map {
          mean($0.value.map(\.1))
        })
    }
  }

  /// Part by part; as many parts as all have.
  static func mean(_ curves: [[Double]]) -> [Double] {
    let parts = curves.map(\.count).min() ?? 0
    return (0..<parts).map { part in curves.map { $0[part] }.mean() }
  }
}

extension Metric {
  /// True for what is measured in every trial.
  var hasCurve: Bool { self == .accuracy || self == .reward }

  /// The curve of a network, with the score of a diverged one from the part on in which it diverges; nil where none was
  /// loaded.
  func curve(of network: NetworkScores, in cell: CellOutcome) -> [Double]? {
    guard let curve = network.curve else { return nil }
    guard let end = curve.divergedAt else { return curve.values }
    let parts = curve.values.count
    return curve.values.indices.map { part in
      (part + 1) * network.trials > end * parts ? divergedScore(of: cell) : curve.values[part]
    }
  }
}
