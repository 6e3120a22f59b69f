extension TaskSpec {
  /// The text of which the identity of the task is made: everything that decides a trial. It does not depend on the layout,
  /// the comments and the `source` of the file. Numbers are the shortest decimals that read back to the same bits.
  public var canonical: String {
    var lines = ["task-file=1", "name=\(name)", "inputs=\(list(inputs))", "outputs=\(list(outputs))"]
    lines += periods.map { "period=\($0.name):\(text($0.duration))" }
    lines += shows.map { show in
      let during = show.during.map { periods[$0].name }
      return "show=\(text(show.channel)):\(text(show.value)):\(show.noise):\(list(during))"
    }
    lines.append("columns=\(list(columns)):\(rowColumns)")
    lines += draws.map { "draw=\(text($0.draw)):\($0.isPerLifetime ? "lifetime" : "trial")" }
    lines += conditions.map { "row=\(list($0.entries.map(text))):\($0.weight)" }
    lines += curves.map { "curve=\($0.name):\(text($0.shape))" }
    lines += redraws.map { group in "redraw=\(list(group.map { columns[$0] }))" }
    lines.append("targets=\(list(targets.map { columns[$0] }))")
    lines.append("respond=\(list(respond.map { periods[$0].name }))")
    lines.append("order=\(list(order.filter(draws).map(\.rawValue)))")
    return lines.joined(separator: "\n") + "\n"
  }

  /// True for sections that draw something: only these have a place in the order of draws.
  private func draws(_ section: DrawSection) -> Bool {
    switch section {
    case .curves: curves.contains { if case .sines = $0.shape { true } else { false } }
    case .periods: periods.contains { if case .fixed = $0.duration { false } else { true } }
    case .columns: !draws.isEmpty
    case .redraw: !redraws.isEmpty
    }
  }

  private func list(_ words: [String]) -> String { "[\(words.joined(separator: ","))]" }

  private func text(_ quantity: Quantity) -> String {
    switch quantity {
    case .fixed(let value): "\(value)"
    case .choice(let values): "choice[\(values.map { "\($0)" }.joined(separator: ","))]"
    case .uniform(let low, let high): "uniform[\(low),\(high)]"
    }
  }

  private func text(_ place: Show.Place) -> String {
    switch place {
    case .channel(let index): inputs[index]
    case .column(let index): "$\(columns[index])"
    }
  }

  private func text(_ value: Show.Value) -> String {
    switch value {
    case .number(let number): "\(number)"
    case .column(let index): "$\(columns[index])"
    }
  }

  private func text(_ entry: Entry) -> String {
    switch entry {
    case .number(let number): "\(number)"
    case .channel(let index): inputs[index]
    case .none: "none"
    case .curve(let index): "curve \(curves[index].name)"
    case .column(let index): "$\(columns[index])"
    }
  }

  private func text(_ draw: DrawnColumn.Draw) -> String {
    switch draw {
    case .choice(let entries): "choice\(list(entries.map(text)))"
    case .uniform(let low, let high): "uniform[\(low),\(high)]"
    }
  }

  private func text(_ shape: Curve.Shape) -> String {
    switch shape {
    case .sines(let count, let low, let high): "sines \(count) [\(low),\(high)]"
    case .samples(let values): "samples[\(values.map { "\($0)" }.joined(separator: ","))]"
    }
  }
}
