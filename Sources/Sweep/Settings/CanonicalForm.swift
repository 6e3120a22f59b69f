import Model

/// The text a cell's key is made of, and the key.
///
/// One line `path=value` for every setting, defaults included, sorted by path (as bytes), each ended by a newline.
/// Settings that are younger than the first keys (`later`) have a line only where they differ from their default, so
/// that no key changes when a setting is added.
/// Where the draw of a task was changed after keys were first stored, the forms of its cells have a line
/// `TASK.draw=NAME` (`redrawn`): these are other cells than those of the old draw, and no other key changes.
/// Numbers are the shortest decimals that read back to the same bits; `rule.theta` lists its entries that are not
/// zero; options are those of the cell's task. Names, paths, rank counts and machines are no part of it.
public enum CanonicalForm {
  /// Paths of the settings that came after keys were first stored.
  static let later =
    [
      "learner", "meta.l1", "network.autapses", "network.connectivity", "network.excitatory",
      "network.nonlinearity", "rule.baseline", "rule.plastic", "rule.terms", "rule.theta-by",
      "rule.trace-mean-by",
      "rule.weight-degree",
    ]
    + ConstantSetting.all.filter { $0.declaration.recordVersion > 1 }.map(\.path)

  /// The present draws of tasks that once had another one, with the path of their line, in the order of paths.
  static let redrawn = [(task: "flip-flop", path: "flip-flop.draw", draw: "two-pulses")]

  private static let table = SettingsSchema.table(of: []).sorted {
    $0.path.utf8.lexicographicallyPrecedes($1.path.utf8)
  }
  private static let beforeOptions = table.filter { $0.path < "options." }
  private static let afterOptions = table.filter { $0.path > "options." }

  private static let laterDefaults = Dictionary(
    uniqueKeysWithValues: table.filter { later.contains($0.path) }.map { ($0.path, $0.read(Settings())) })

  public static func text(of settings: Settings) -> String { text(of: settings, whole: false) }

  private static func text(of settings: Settings, whole: Bool) -> String {
    var text = ""
    text.reserveCapacity(1100)
    // A whole form lists settings only, and the draw is none.
    var draws = whole ? [] : redrawn.filter { settings.tasks.contains($0.task) }
    func draw(before path: String) {
      while let next = draws.first, next.path < path {
        text += "\(next.path)=\(next.draw)\n"
        draws.removeFirst()
      }
    }
    func line(_ definition: SettingDefinition) {
      draw(before: definition.path)
      guard let value = definition.read(settings) else { return }
      if !whole, let standard = laterDefaults[definition.path], standard == value { return }
      text += "\(definition.path)=\(value)\n"
    }
    beforeOptions.forEach(line)
    for name in settings.options.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      text += "options.\(name)=\(SettingValue.numbers(settings.options[name] ?? []))\n"
    }
    afterOptions.forEach(line)
    draw(before: "~")
    return text
  }

  /// The first 64 bits of SHA-256 of the text, the first byte highest.
  public static func key(of canonical: String) -> UInt64 {
    var canonical = canonical
    return canonical.withUTF8 { bytes in
      ContentDigest.sha256(of: UnsafeRawBufferPointer(bytes)).prefix(8).reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
    }
  }

  /// 16 hex digits.
  public static func text(ofKey key: UInt64) -> String {
    let digits = String(key, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// A key from 16 hex digits; nil for anything else.
  public static func key(from text: String) -> UInt64? {
    text.utf8.count == 16 && text.allSatisfy(\.isHexDigit) ? UInt64(text, radix: 16) : nil
  }

  /// `path: value` of every setting, defaults included.
  public static func values(of settings: Settings) -> [String: String] {
    values(of: text(of: settings, whole: true))
  }

  /// `path: value` of every line of a canonical form.
  public static func values(of canonical: String) -> [String: String] {
    var values: [String: String] = [:]
    for line in canonical.split(separator: "\n") {
      guard let split = line.firstIndex(of: "=") else { continue }
      values[String(line[..<split])] = String(line[line.index(after: split)...])
    }
    return values
  }
}
