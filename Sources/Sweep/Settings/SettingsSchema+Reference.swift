extension SettingDefinition: Encodable {
  private enum CodingKeys: String, CodingKey {
    case path, meaning, wanted, reason
    case standard = "default"
  }

  /// A line of the reference: `default` and what is `wanted` as it is written there.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    try container.encode(summary, forKey: .meaning)
    try container.encode(standard, forKey: .standard)
    try container.encode(kind.wanted, forKey: .wanted)
    try container.encodeIfPresent(reason, forKey: .reason)
  }
}

extension SettingsSchema {
  /// The table of settings for readers: path and meaning, default and kind of those whose path contains `part`;
  /// the tasks after them where `part` is empty.
  public func reference(containing part: String = "") -> String {
    let shown = definitions.filter { part.isEmpty || $0.path.contains(part) }
    let width = shown.map(\.path.count).max() ?? 0
    let indent = String(repeating: " ", count: width + 2)
    var lines: [String] = []
    var group = ""
    for definition in shown {
      let head = definition.path.split(separator: ".").dropLast().first.map(String.init) ?? ""
      if head != group && !lines.isEmpty { lines.append("") }
      group = head
      let padding = String(repeating: " ", count: width - definition.path.count + 2)
      lines.append("\(definition.path)\(padding)\(definition.summary)")
      lines.append("\(indent)default \(definition.standard); \(definition.kind.wanted)")
    }
    guard part.isEmpty else { return lines.joined(separator: "\n") }
    lines += ["", "tasks (forms, the default first; options with their defaults):"]
    for task in tasks {
      let options = task.options.sorted { $0.key < $1.key }
        .map { $0.value.isEmpty ? $0.key : "\($0.key) \(SettingValue.numbers($0.value))" }.joined(
          separator: ", ")
      lines.append(
        "  \(task.name): \(task.forms.joined(separator: ", "))" + (options.isEmpty ? "" : "; \(options)"))
    }
    return lines.joined(separator: "\n")
  }
}
