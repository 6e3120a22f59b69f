extension TaskReport {
  /// The task of a file in full: what is drawn, shown and asked, and what its answers are measured against.
  public static func details(of task: FileTask, from path: String) -> [String] {
    let spec = task.spec
    var lines = [
      "\(spec.name) (\(path))",
      "M \(task.inputs) inputs, K \(task.outputs) outputs, T \(task.steps) steps of \(task.epochs.step) ms, "
        + "\(task.conditions) conditions",
    ]
    if !spec.source.isEmpty { lines.insert("source: \(spec.source)", at: 1) }
    lines.append(
      "channels: " + spec.inputs.enumerated().map { "u\($0) \($1)" }.joined(separator: ", ") + "; "
        + spec.outputs.enumerated().map { "y\($0) \($1)" }.joined(separator: ", "))
    lines.append("periods:")
    lines += aligned(
      spec.periods.enumerated().map { index, period in
        [
          "  " + period.name, "\(text(period.duration)) ms",
          task.durations.isEmpty ? "steps \(task.edges[index])..<\(task.edges[index + 1])" : "",
          spec.respond.contains(index) ? "response" : "",
        ]
      })
    lines.append("conditions:")
    let weighted = !task.conditionDraw.isEven
    lines += aligned(
      [["  ", "condition"] + spec.columns.prefix(spec.rowColumns) + (weighted ? ["weight"] : [])]
        + spec.conditions.enumerated().map { index, row in
          ["  ", "\(index)"] + row.entries.map { text($0, spec) }
            + (weighted ? [TaskReport.plain(row.weight)] : [])
        })
    lines += drawn(spec)
    lines.append("an answer is right where \(rule(task.answersAreSigns, task.hasMovingTarget))")
    return lines + yardsticks(task.yardsticks)
  }

  /// The same of a task given as arrays.
  public static func details(of task: ArrayTask, from path: String) -> [String] {
    let arrays = task.arrays
    var lines = [
      "\(arrays.name) (\(path))",
      "M \(task.inputs) inputs, K \(task.outputs) outputs, T \(task.steps) steps of \(arrays.step) ms, "
        + "\(task.conditions) conditions of \(arrays.samples) sample\(arrays.samples == 1 ? "" : "s")",
    ]
    if !arrays.channelNames.isEmpty {
      lines.append(
        "channels: " + arrays.channelNames.enumerated().map { "u\($0) \($1)" }.joined(separator: ", "))
    }
    if !arrays.conditionNames.isEmpty {
      lines.append(
        "conditions: " + arrays.conditionNames.enumerated().map { "\($0) \($1)" }.joined(separator: ", "))
    }
    lines.append("an answer is right where \(rule(task.answersAreSigns, task.hasMovingTarget))")
    return lines + yardsticks(task.yardsticks)
  }

  private static func rule(_ areSigns: Bool, _ isMoving: Bool) -> String {
    if areSigns { return "the mean of every output over the window has the sign of its target" }
    return "the outputs lie closer to the right target, summed over the window, than to any other"
      + (isMoving ? "; the target moves, reward: binary is refused" : "")
  }

  private static func yardsticks(_ found: Yardsticks) -> [String] {
    [
      "chance \(rounded(found.chance)): the best constant answer",
      "shortcut \(rounded(found.shortcut)): \(found.ignored)",
      "ceiling \(found.ceiling.map(rounded) ?? "unknown"): \(found.observer)",
    ]
  }

  private static func drawn(_ spec: TaskSpec) -> [String] {
    var lifetime = spec.redraws.map { group in
      group.map { spec.columns[$0] }.joined(separator: " with ") + " shuffled among the conditions"
    }
    var trial: [String] = []
    for (index, draw) in spec.draws.enumerated() {
      let name = spec.columns[spec.rowColumns + index]
      let how =
        switch draw.draw {
        case .choice(let entries): "one of \(entries.map { text($0, spec) }.joined(separator: ", "))"
        case .uniform(let low, let high): "\(plain(low)) to \(plain(high))"
        }
      if draw.isPerLifetime { lifetime.append("\(name) \(how)") } else { trial.append("\(name) \(how)") }
    }
    for curve in spec.curves {
      if case .sines(let count, let low, let high) = curve.shape {
        lifetime.append("curve \(curve.name), \(count) sines of \(plain(low)) to \(plain(high)) cycles")
      }
    }
    return (lifetime.isEmpty ? [] : ["drawn once a lifetime: \(lifetime.joined(separator: "; "))"])
      + (trial.isEmpty ? [] : ["drawn every trial: \(trial.joined(separator: "; "))"])
  }

  private static func text(_ quantity: TaskSpec.Quantity) -> String {
    switch quantity {
    case .fixed(let value): plain(value)
    case .choice(let values): values.map(plain).joined(separator: " or ")
    case .uniform(let low, let high): "\(plain(low)) to \(plain(high))"
    }
  }

  private static func text(_ entry: TaskSpec.Entry, _ spec: TaskSpec) -> String {
    switch entry {
    case .number(let number): plain(number)
    case .channel(let channel): spec.inputs[channel]
    case .none: "none"
    case .curve(let curve): spec.curves[curve].name
    case .column(let column): "$\(spec.columns[column])"
    }
  }
}
