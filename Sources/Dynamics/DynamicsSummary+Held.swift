import Model

extension DynamicsSummary {
  /// Of one held input.
  public init(of held: DynamicsReport.Held) {
    func mean(_ value: (PointReport) -> Double?) -> Double { held.points.compactMap(value).mean() }
    func norm(_ values: [Double]?) -> Double? {
      values.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    }
    let starts = held.search.outcomes.values.reduce(0, +)
    points = Double(held.search.points.count)
    converged = starts > 0 ? Double(held.search.outcomes["converged"] ?? 0) / Double(starts) : .nan
    stable = mean { $0.spectrum.map { $0.stability == .stable ? 1 : 0 } }
    abscissa = mean { $0.spectrum?.abscissa }
    unstableDirections = mean { $0.spectrum.map { Double($0.unstableDirections) } }
    henrici = mean { $0.nonNormality?.henrici }
    nonNormality = mean { $0.nonNormality?.relative }
    slowOverlap = mean { point in
      guard let overlap = point.overlap, overlap.outputs > 0, overlap.modes > 0 else { return nil }
      return (0..<overlap.outputs).map { overlap.right[$0 * overlap.modes] }.mean()
    }
    sensitivity = mean { point in
      guard case .sensitivity(let p) = point.sensitivity else { return nil }
      return norm(p)
    }
    outputGain = mean { norm($0.outputGain) }
  }
}
