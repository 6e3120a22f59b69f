extension SettingsSchema {
  /// The table of settings for readers: path and meaning, default and kind; then the tasks.
  public var reference: String {
    let width = definitions.map(\.path.count).max() ?? 0
    var lines: [String] = []
    var group = ""
    for definition in definitions {
      let head = definition.path.split(separator: ".").dropLast().joined(separator: ".")
      if head != group { lines.append("") }
      group = head
      let padding = String(repeating: " ", count: width - definition.path.count + 2)
      lines.append("\(definition.path)\(padding)\(definition.summary)")
      let indent = String(repeating: " ", count: width + 2)
      lines.append("\(indent)default \(definition.standard); \(definition.kind.wanted)")
    }
    lines += ["", "tasks (forms, the default first; options):"]
    for task in tasks {
      let options = task.options.sorted { $0.key < $1.key }
        .map { "\($0.key) \(SettingValue.numbers($0.value))" }.joined(separator: ", ")
      lines.append(
        "  \(task.name): \(task.forms.joined(separator: ", "))" + (options.isEmpty ? "" : "; \(options)"))
    }
    return lines.joined(separator: "\n")
  }
}
