import Dynamics
import Kernels
import ResultStore

extension CellDynamics {
  /// What the store keeps: a record a stage and held input, no input first. The points themselves are in `arrays`.
  ///
  /// - Parameters:
  ///   - settings, limit: those that the points were searched with.
  ///   - program: version and commit.
  public func records(settings: FixedPointSettings, limit: Int, level: SIMDLevel, program: String)
    -> [DynamicsRecord]
  {
    snapshots.flatMap { snapshot in
      (-1..<inputs.count).map { condition in
        DynamicsRecord(cell: key) {
          $0.network = UInt32(index)
          $0.stage = snapshot.stage
          $0.condition = Int32(condition)
          $0.conditions = UInt32(inputs.count)
          $0.simd = UInt8(level.code)
          $0.divergedAt = Int32(snapshot.divergedAt ?? -1)
          $0.starts = UInt32(settings.starts)
          $0.limit = UInt32(limit)
          $0.lateAccuracy = snapshot.lateAccuracy
          $0.program = program
          if let held = snapshot.report?.held.first(where: { $0.condition == condition }) { $0.take(held) }
        }
      }
    }
  }
}

extension DynamicsRecord {
  /// The numbers that rules are compared by.
  public var summary: DynamicsSummary {
    var summary = DynamicsSummary()
    guard divergedAt < 0 else { return summary }
    summary.points = Double(fixedPoints)
    summary.converged = starts > 0 ? Double(converged) / Double(starts) : .nan
    for (own, path) in Self.shared { summary[keyPath: path] = self[keyPath: own] }
    return summary
  }

  /// Means that record and summary have in common.
  private static let shared:
    [(
      WritableKeyPath<DynamicsRecord, Double> & Sendable, WritableKeyPath<DynamicsSummary, Double> & Sendable
    )] = [
      (\.stable, \.stable), (\.abscissa, \.abscissa), (\.unstableDirections, \.unstableDirections),
      (\.henrici, \.henrici), (\.nonNormality, \.nonNormality), (\.slowOverlap, \.slowOverlap),
      (\.sensitivity, \.sensitivity), (\.outputGain, \.outputGain),
    ]

  fileprivate mutating func take(_ held: DynamicsReport.Held) {
    let search = held.search
    func ended(_ name: String) -> UInt32 { UInt32(search.outcomes[name] ?? 0) }
    fixedPoints = UInt32(search.points.count)
    analysed = UInt32(held.points.count)
    (converged, stalled, singular) = (ended("converged"), ended("stalled"), ended("singular"))
    (exhausted, overflowed) = (ended("exhausted"), ended("overflowed"))
    slowest = search.slowest ?? .nan
    let summary = DynamicsSummary(of: held)
    for (own, path) in Self.shared { self[keyPath: own] = summary[keyPath: path] }
    guard let first = held.points.first else { return }
    firstHits = UInt32(first.point.hits)
    firstStability = Int32(CellDynamics.code(first.spectrum?.stability))
    firstResidual = first.point.residual
    firstReal = first.spectrum?.values.first?.real ?? .nan
    firstImaginary = first.spectrum?.values.first?.imaginary ?? .nan
    firstHenrici = first.nonNormality?.henrici ?? .nan
  }
}
