import Model

/// Lines of the table from key paths: the default is what `Settings()` holds.
extension SettingDefinition {
  typealias Path<Value> = WritableKeyPath<Settings, Value> & Sendable

  private static func make(
    _ path: String, _ kind: SettingKind, _ summary: String, standard: String? = nil, reason: String? = nil,
    read: @escaping @Sendable (Settings) -> SettingValue?,
    write: @escaping @Sendable (SettingValue, inout Settings) -> Void
  ) -> SettingDefinition {
    SettingDefinition(
      path: path, kind: kind, summary: summary, standard: standard ?? read(Settings())?.description ?? "",
      reason: reason, read: read, write: write)
  }

  static func integer(
    _ path: String, _ place: Path<Int>, _ range: ClosedRange<Int>, _ summary: String, reason: String? = nil
  ) -> SettingDefinition {
    make(path, .integer(range), summary, reason: reason) {
      .integer($0[keyPath: place])
    } write: { value, settings in
      guard case .integer(let integer) = value else { return misfit(path, value) }
      settings[keyPath: place] = integer
    }
  }

  static func number(
    _ path: String, _ place: Path<Double>, _ bounds: NumberBounds, _ summary: String, standard: String? = nil
  ) -> SettingDefinition {
    make(path, .number(bounds), summary, standard: standard) {
      .number($0[keyPath: place])
    } write: { value, settings in
      guard case .number(let number) = value else { return misfit(path, value) }
      settings[keyPath: place] = number
    }
  }

  static func optionalInteger(
    _ path: String, _ place: Path<Int?>, _ kind: SettingKind, _ summary: String
  ) -> SettingDefinition {
    make(path, .optional(kind), summary) {
      $0[keyPath: place].map { .integer($0) } ?? SettingValue.none
    } write: { value, settings in
      switch value {
      case .none: settings[keyPath: place] = nil
      case .integer(let integer): settings[keyPath: place] = integer
      default: misfit(path, value)
      }
    }
  }

  static func optionalNumber(
    _ path: String, _ place: Path<Double?>, _ bounds: NumberBounds, _ summary: String
  ) -> SettingDefinition {
    make(path, .optional(.number(bounds)), summary) {
      $0[keyPath: place].map { .number($0) } ?? SettingValue.none
    } write: { value, settings in
      switch value {
      case .none: settings[keyPath: place] = nil
      case .number(let number): settings[keyPath: place] = number
      default: misfit(path, value)
      }
    }
  }

  static func flag(_ path: String, _ place: Path<Bool>, _ summary: String) -> SettingDefinition {
    make(path, .flag, summary) {
      .flag($0[keyPath: place])
    } write: { value, settings in
      guard case .flag(let flag) = value else { return misfit(path, value) }
      settings[keyPath: place] = flag
    }
  }

  static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ path: String, _ place: Path<Choice>, _ summary: String
  ) -> SettingDefinition {
    make(path, .word(Choice.allCases.map(\.rawValue)), summary) {
      .word($0[keyPath: place].rawValue)
    } write: { value, settings in
      guard case .word(let word) = value, let choice = Choice(rawValue: word) else {
        return misfit(path, value)
      }
      settings[keyPath: place] = choice
    }
  }

  static func word(
    _ path: String, _ place: Path<String>, _ words: [String], _ summary: String, standard: String
  ) -> SettingDefinition {
    make(path, .word(words), summary, standard: standard) {
      .word($0[keyPath: place])
    } write: { value, settings in
      guard case .word(let word) = value else { return misfit(path, value) }
      settings[keyPath: place] = word
    }
  }

  static func words(
    _ path: String, _ place: Path<[String]>, _ words: [String], _ summary: String, standard: String? = nil
  ) -> SettingDefinition {
    make(path, .words(words), summary, standard: standard) {
      .words($0[keyPath: place])
    } write: { value, settings in
      guard case .words(let words) = value else { return misfit(path, value) }
      settings[keyPath: place] = words
    }
  }

  /// The setting of one local constant, or of several as a list.
  static func constants(_ setting: ConstantSetting) -> SettingDefinition {
    make(setting.path, setting.kind, setting.summary) {
      setting.value(of: $0.constants)
    } write: { value, settings in
      guard let numbers = setting.numbers(value) else { return misfit(setting.path, value) }
      for (constant, number) in zip(setting.constants, numbers) { settings.constants[constant] = number }
    }
  }

  /// 2^53 - 1: a seed stays exact in JSON and numpy, which know it as a double.
  private static let largestSeed = 9_007_199_254_740_991

  static func seed(_ path: String, _ summary: String) -> SettingDefinition {
    make(path, .integer(0...largestSeed), summary) {
      .integer(Int($0.seed))
    } write: { value, settings in
      guard case .integer(let seed) = value else { return misfit(path, value) }
      settings.seed = UInt64(seed)
    }
  }

  /// The start rule; needs the degrees in `settings.rule` to be set before. Entries beyond them are dropped here and
  /// refused by `SettingsSchema.resolve`.
  static func theta(_ path: String, _ summary: String) -> SettingDefinition {
    make(path, .theta, summary, standard: "{k1l1: 0.3}, and {} at degree 0") { settings in
      guard case .entries(let theta) = settings.rule.theta else { return .word("random") }
      return .theta(ThetaEntry.all(of: theta, settings.rule.shape))
    } write: { value, settings in
      switch value {
      case .word: settings.rule.theta = .random
      case .theta(let entries, _):
        let rule = settings.rule
        var theta = [Double](repeating: 0, count: rule.shape.coefficients)
        // An entry that names a layer is more than one that names none.
        for entry in entries.sorted(by: { $0.term < $1.term }) where rule.has(entry.term) {
          for place in rule.shape.places(of: entry.term) where rule.places?.contains(place) ?? true {
            theta[place] = entry.value
          }
        }
        settings.rule.theta = .entries(theta)
      default: misfit(path, value)
      }
    }
  }

  /// The layers of synapses that learn.
  static func layers(
    _ path: String, _ target: WritableKeyPath<Settings, [Layer]> & Sendable, _ summary: String
  ) -> SettingDefinition {
    make(path, .words(Layer.allCases.map(\.rawValue)), summary) {
      .words($0[keyPath: target].map(\.rawValue))
    } write: { value, settings in
      guard case .words(let names) = value else { return misfit(path, value) }
      settings[keyPath: target] = names.compactMap { Layer(rawValue: $0) }.sorted()
    }
  }

  /// The terms that exist; none: all that the degrees allow.
  static func terms(_ path: String, _ summary: String) -> SettingDefinition {
    make(path, .optional(.terms), summary) {
      $0.rule.terms.map { .words($0.map(\.name)) } ?? SettingValue.none
    } write: { value, settings in
      switch value {
      case .none: settings.rule.terms = nil
      case .words(let names): settings.rule.terms = names.compactMap { Term(name: $0) }.sorted()
      default: misfit(path, value)
      }
    }
  }

  static func option(_ name: String, summary: String, standard: String) -> SettingDefinition {
    make("options.\(name)", .option, summary, standard: standard) {
      $0.options[name].map { .numbers($0) }
    } write: { value, settings in
      guard case .numbers(let numbers) = value else { return misfit("options.\(name)", value) }
      settings.options[name] = numbers
    }
  }

  private static func misfit(_ path: String, _ value: SettingValue) {
    brokenInvariant("\(path) was given a value of another kind: \(value)")
  }
}
