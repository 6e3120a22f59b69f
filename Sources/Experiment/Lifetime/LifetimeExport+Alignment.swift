import Model
import Plasticity
import Sweep

extension LifetimeExport {
  /// All that an outsider needs to measure alignment again, by point (C) and draw (D): what every draw was given, W that
  /// it ran from, R, b, mu and g = dR/dW, and the numbers of every point. Rows of draws that diverged, which stand behind
  /// the others, are NaN, and so are points that the lifetime did not reach.
  static func drawn(
    _ alignment: [AlignmentPoint], _ plan: AlignmentPlan, of inputs: LifetimeInputs
  ) -> [NamedArray] {
    let (n, m, k, t) = (inputs.units, inputs.inputs, inputs.outputs, inputs.steps)
    let (c, d) = (plan.trials(of: inputs.trials.count).count, plan.draws)
    func each(_ name: String, _ shape: [Int], _ values: (AlignmentDraw) -> [Double]) -> NamedArray {
      let width = shape.reduce(1, *)
      var all = Array(repeating: Double.nan, count: c * d * width)
      for (place, point) in alignment.enumerated() {
        for (number, draw) in point.kept.enumerated() {
          let start = (place * d + number) * width
          all.replaceSubrange(start..<start + width, with: values(draw))
        }
      }
      return NamedArray(name, all, shape: [c, d] + shape)
    }
    func numbers(_ name: String, _ value: (AlignmentPoint) -> Double) -> NamedArray {
      NamedArray(
        name, (0..<c).map { $0 < alignment.count ? value(alignment[$0]) : .nan }, shape: [c])
    }
    return [
      NamedArray(
        "aligned_trial", plan.trials(of: inputs.trials.count).map { Double($0) }, shape: [c]),
      each("aligned_x0", [n]) { $0.initial },
      each("aligned_u", [t, m]) { $0.input },
      each("aligned_y", [t, k]) { $0.target },
      each("aligned_window", [t]) { draw in (0..<t).map { draw.window.contains($0) ? 1 : 0 } },
      each("aligned_condition", []) { [Double($0.condition)] },
      each("aligned_xi", [n, n]) { $0.noise },
      each("aligned_kicks", [t, n]) { $0.kicks },
      each("aligned_W", [n, n]) { $0.weights },
      each("aligned_R", []) { [$0.reward] },
      each("aligned_Rbar", []) { [$0.baseline] },
      each("aligned_mu", [n, n]) { $0.update },
      each("aligned_g", [n, n]) { $0.gradient },
      numbers("aligned_draws") { Double($0.draws) },
      numbers("aligned_cosine", \.cosine),
      numbers("aligned_product", \.product),
      numbers("aligned_update_square", \.updateSquare),
      numbers("aligned_update_variance", \.updateVariance),
      numbers("aligned_gradient_square", \.gradientSquare),
      numbers("aligned_gradient_variance", \.gradientVariance),
    ]
  }

  static let alignmentNames = [
    "trial", "x0", "u", "y", "window", "condition", "xi", "kicks", "W", "R", "Rbar", "mu", "g", "draws",
    "cosine",
    "product", "update_square", "update_variance", "gradient_square", "gradient_variance",
  ].map { "aligned_" + $0 }

  /// Bytes that the draws of such a measurement hold at least, in Double.
  public static func bytes(of alignment: AlignmentPlan, in cell: Cell) throws -> Double {
    let configuration = try CellConfiguration(cell.settings)
    let units = Double(cell.settings.network.units)
    let steps = configuration.tasks.map { Double($0.steps) }.max() ?? 0
    return 8 * Double(alignment.points) * Double(alignment.draws) * (4 * units * units + steps * units)
  }
}
