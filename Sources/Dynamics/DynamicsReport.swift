import Kernels
import Model

/// One fixed point and the linear dynamics around it.
public struct PointReport: Sendable {
  public var point: FixedPoint
  public var jacobian: Jacobian
  /// nil where the eigenvalues could not be found; what depends on them is then nil too.
  public var spectrum: Spectrum?
  public var nonNormality: NonNormality?
  public var overlap: ReadoutOverlap?
  public var sensitivity: InputSensitivity
  /// dz/du, K x M; nil where J is singular.
  public var outputGain: [Double]?

  public init(of network: FrozenNetwork, point: FixedPoint) {
    self.point = point
    jacobian = Jacobian(of: network, at: point.x)
    spectrum = Spectrum(of: jacobian)
    if let spectrum {
      nonNormality = NonNormality(of: jacobian, spectrum: spectrum)
      overlap = ReadoutOverlap(of: network, spectrum: spectrum)
    }
    sensitivity = InputSensitivity(of: network, jacobian: jacobian)
    outputGain = sensitivity.outputGain(of: network, at: point.x)
  }
}

/// A network's fixed points under each of several constant inputs.
public struct DynamicsReport: Sendable {
  public struct Held: Sendable {
    /// The condition whose input is held, -1 for no input.
    public var condition: Int
    /// u, M.
    public var input: [Double]
    public var search: FixedPoints
    /// The points with the most hits first, at most as many as were asked for.
    public var points: [PointReport]
  }

  public let held: [Held]

  /// - Parameters:
  ///   - inputs: one constant input a condition (`LearningTask.heldInputs`), C x M; the search is also made for no
  ///     input, which comes first.
  ///   - limit: points whose linear dynamics are looked at, for each input. All are counted.
  /// - Throws: `DynamicsError` where an input does not have M numbers.
  public init(
    of network: FrozenNetwork, inputs: [[Double]], settings: FixedPointSettings = FixedPointSettings(),
    limit: Int = 10
  ) throws {
    invariant(limit >= 0, "a report cannot look at \(limit) points")
    let silent = Array(repeating: 0.0, count: network.inputs)
    held = try ([silent] + inputs).enumerated().map { place, input in
      let search = try FixedPoints(of: network, input: input, settings: settings)
      let order = search.points.indices.sorted {
        (-search.points[$0].hits, $0) < (-search.points[$1].hits, $1)
      }
      return Held(
        condition: place - 1, input: input, search: search,
        points: order.prefix(limit).map { PointReport(of: network, point: search.points[$0]) })
    }
  }

  /// The dynamics in a few numbers, so that networks and rules can be set side by side: means over conditions, no input
  /// left out.
  public var summary: DynamicsSummary {
    DynamicsSummary(meanOf: held.filter { $0.condition >= 0 }.map(DynamicsSummary.init(of:)))
  }
}
