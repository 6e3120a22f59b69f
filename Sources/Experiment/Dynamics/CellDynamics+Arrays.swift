import Dynamics
import ResultStore

extension CellDynamics {
  /// All arrays that numpy needs for an analysis of its own.
  ///
  /// S stages (`stages`: their names), the name of r = f(x) (`nonlinearity`), C + 1 held inputs (condition -1 = no input), Q analysed points over all of
  /// them. `point_*` arrays and x, henrici, eigenvalues (by falling real part), p, overlaps and gains have Q rows;
  /// `search_*` arrays S x (C + 1). A number that does not exist is NaN: eigenvalues that were not found, p of a singular J,
  /// anything of a lifetime that diverged. `point_stability` is 1 stable, 0 marginal, -1 unstable, -2 unknown.
  ///
  /// - Parameter matrices: true to add what is large: W (S, N, N) and J (Q, N, N).
  public func arrays(matrices: Bool) -> [(name: String, array: NPYArray)] {
    let network = snapshots[0].network!
    let (n, m, k) = (network.units, network.inputs, network.outputs)
    let points = snapshots.enumerated().flatMap { place, snapshot in
      (snapshot.report?.held ?? []).flatMap { held in
        held.points.map { (stage: place, condition: held.condition, report: $0) }
      }
    }
    let q = points.count
    func rows(_ width: Int, _ values: (PointReport) -> [Double]?) -> [Double] {
      points.flatMap { values($0.report) ?? Array(repeating: .nan, count: width) }
    }
    var arrays: [(name: String, array: NPYArray)] = [
      ("stages", NPYArray(snapshots.map { "\($0.stage)" })),
      ("nonlinearity", NPYArray([network.nonlinearity.rawValue])),
      (
        "u", NPYArray([Double](repeating: 0, count: m) + inputs.flatMap { $0 }, shape: [inputs.count + 1, m])
      ),
      ("Win", NPYArray(network.inputWeights, shape: [n, m])),
      ("Wout", NPYArray(network.readout, shape: [k, n])),
      ("late_accuracy", NPYArray(snapshots.map(\.lateAccuracy), shape: [snapshots.count])),
      ("diverged_at", NPYArray(snapshots.map { $0.divergedAt ?? -1 }, shape: [snapshots.count])),
      ("point_stage", NPYArray(points.map(\.stage), shape: [q])),
      ("point_condition", NPYArray(points.map(\.condition), shape: [q])),
      ("point_hits", NPYArray(points.map(\.report.point.hits), shape: [q])),
      ("point_residual", NPYArray(points.map(\.report.point.residual), shape: [q])),
      ("point_stability", NPYArray(points.map { Self.code($0.report.spectrum?.stability) }, shape: [q])),
      ("x", NPYArray(rows(n) { $0.point.x }, shape: [q, n])),
      ("eigenvalues_real", NPYArray(rows(n) { $0.spectrum?.values.map(\.real) }, shape: [q, n])),
      ("eigenvalues_imaginary", NPYArray(rows(n) { $0.spectrum?.values.map(\.imaginary) }, shape: [q, n])),
      ("henrici", NPYArray(rows(1) { $0.nonNormality.map { [$0.henrici] } }, shape: [q])),
      ("overlap_right", NPYArray(rows(k * n) { $0.overlap?.right }, shape: [q, k, n])),
      ("overlap_left", NPYArray(rows(k * n) { $0.overlap?.left }, shape: [q, k, n])),
      ("p", NPYArray(rows(n * m) { $0.sensitivity.values }, shape: [q, n, m])),
      ("output_gain", NPYArray(rows(k * m) { $0.outputGain }, shape: [q, k, m])),
    ]
    arrays += searches + summaries
    guard matrices else { return arrays }
    let lost = [Double](repeating: .nan, count: n * n)
    arrays += [
      ("W", NPYArray(snapshots.flatMap { $0.network?.weights ?? lost }, shape: [snapshots.count, n, n])),
      ("J", NPYArray(rows(n * n) { $0.jacobian.values }, shape: [q, n, n])),
    ]
    return arrays
  }

  /// Points found, starts that converged, all starts, smallest residual of the others.
  private var searches: [(name: String, array: NPYArray)] {
    let shape = [snapshots.count, inputs.count + 1]
    func each(_ value: (FixedPoints) -> Double) -> NPYArray {
      let lost = [Double](repeating: .nan, count: shape[1])
      return NPYArray(snapshots.flatMap { $0.report?.held.map { value($0.search) } ?? lost }, shape: shape)
    }
    return [
      ("search_points", each { Double($0.points.count) }),
      ("search_converged", each { Double($0.outcomes["converged"] ?? 0) }),
      ("search_starts", each { Double($0.outcomes.values.reduce(0, +)) }),
      ("search_slowest", each { $0.slowest ?? .nan }),
    ]
  }

  /// The numbers that rules are compared by.
  private var summaries: [(name: String, array: NPYArray)] {
    let names = DynamicsSummary.names
    let lost = [Double](repeating: .nan, count: names.count)
    return [
      ("summary_names", NPYArray(names)),
      (
        "summary",
        NPYArray(
          snapshots.flatMap { $0.report?.summary.values ?? lost }, shape: [snapshots.count, names.count])
      ),
    ]
  }

  /// 1 stable, 0 marginal, -1 unstable, -2 unknown.
  static func code(_ stability: Stability?) -> Int {
    switch stability {
    case .stable: 1
    case .marginal: 0
    case .unstable: -1
    case nil: -2
    }
  }
}

extension InputSensitivity {
  /// p, N x M; nil where J is singular.
  var values: [Double]? {
    if case .sensitivity(let p) = self { p } else { nil }
  }
}
