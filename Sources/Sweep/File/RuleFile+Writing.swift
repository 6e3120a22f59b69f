import Model

extension RuleFile {
  /// The rule as a rule file that reads back to the same bits: theta and scale as tables, row k holding l = 0 ... d.
  public var text: String {
    var lines = provenance.map { "# \($0)" }
    lines.append("degree: \(degree)")
    if weightDegree > 0 {
      lines.append("weight-degree: \(weightDegree)")
      lines.append("# d + 1 rows for every power of the weight, W^0 first")
    }
    if let plastic, plastic != [.recurrent] {
      lines.append("plastic: [\(plastic.map(\.rawValue).joined(separator: ", "))]")
      if hasThetaByLayer {
        lines.append("theta-by: \(ThetaGroup.layer.rawValue)")
        lines.append("# as many rows for every layer, in that order")
      }
    }
    lines.append("# theta[k,l]: row k is the power of the presynaptic rate, column l that of the fluctuation")
    lines += Self.table("theta", theta, degree: degree)
    if let scale {
      lines.append("# the s it was learned with; the effective coefficient is theta s")
      lines += Self.table("scale", scale, degree: degree)
    }
    if !constants.isEmpty { lines.append("constants: \(Self.mapping(constants))") }
    if !calibration.isEmpty {
      lines.append("# s was measured with these, which learning has moved since")
      lines.append("calibration: \(Self.mapping(calibration))")
    }
    if let critic { lines.append("critic: \(critic == .condition ? "baseline" : critic.rawValue)") }
    if let exploration { lines.append("exploration: \(exploration)") }
    if let traceMeanBy { lines.append("mechanisms: {trace-mean-by: \(traceMeanBy)}") }
    if let normalise { lines.append("normalise: \(normalise)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func mapping(_ constants: [LocalConstant: Double]) -> String {
    let pairs = constants.sorted { $0.key < $1.key }.map {
      "\($0.key.name): \(constantText(of: $0.value))"
    }
    return "{\(pairs.joined(separator: ", "))}"
  }

  private static func table(_ name: String, _ values: [Double], degree: Int) -> [String] {
    ["\(name):"]
      + (0..<values.count / (degree + 1)).map { k in
        let row = values[k * (degree + 1)..<(k + 1) * (degree + 1)].map { shortestText(of: $0) }
        return "  - [\(row.joined(separator: ", "))]"
      }
  }
}
