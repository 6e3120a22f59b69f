import Model

/// A value given to a setting, and where.
struct Assignment: Sendable {
  var value: SettingValue
  var place: Place?
}

/// What is wrong with a configuration as a whole.
public struct SettingsProblem: Error, CustomStringConvertible {
  /// The settings to look at, the most telling first.
  public var paths: [String]
  public var problem: String
  public var advice: String

  public init(paths: [String], problem: String, advice: String) {
    self.paths = paths
    self.problem = problem
    self.advice = advice
  }

  public var description: String { "\(problem)\n  \(advice)" }
}

extension SettingsSchema {
  /// The configuration of these values (by index of definition), complete and sound in itself.
  /// - Throws: `SettingsProblem` where form, options or start rule do not fit the task and the degree.
  func resolve(_ assignments: [Assignment?]) throws -> Settings {
    let settings = completed(assignments)
    let entries = settings.tasks.map { task(named: $0) }
    if settings.form != "default" { try checkForm(settings.form, of: entries) }
    try checkOptions(settings, of: entries)
    if let theta = assignments[place("rule.theta")]?.value { try checkTheta(theta, settings) }
    return settings
  }

  /// The configuration of these values with every default filled in, those that depend on other settings included: the
  /// one place that knows them. What is given may be wrong together; `resolve` refuses it.
  func completed(_ assignments: [Assignment?]) -> Settings {
    func given(_ path: String) -> SettingValue? { assignments[place(path)]?.value }
    // Copies share the arrays of the defaults.
    var settings = Self.defaults
    // A rival is no polynomial: its rule is one number, of degree 0.
    if hasRival(assignments) { settings.rule.degree = 0 }
    // Before theta, whose entries depend on the powers of the weight.
    for constant in ruleConstants(assignments) where given(constant.path) == nil {
      definitions[place(constant.path)].write(constant.value, &settings)
    }
    for (definition, assignment) in zip(definitions, assignments) {
      if let assignment { definition.write(assignment.value, &settings) }
    }
    settings.taskFiles = taskFiles.isEmpty ? [:] : taskFiles.filter { settings.tasks.contains($0.key) }
    let entries = settings.tasks.map { task(named: $0) }
    if given("time.step") == nil, let step = entries.lazy.compactMap(\.step).first {
      settings.time.step = step
    }
    if [nil, .word("default")].contains(given("form")) {
      let first = entries[0].forms[0]
      settings.form = entries.allSatisfy { $0.forms[0] == first } ? first : "default"
    }
    if entries.count == 1 {
      let standard = standardOptions(of: entries[0].name, form: settings.form)
      settings.options.merge(standard) { given, _ in given }
    }
    if given("rule.theta") == nil { settings.rule.theta = .standard(settings.rule) }
    if given("exploration.weight-noise") == nil {
      let estimator = settings.meta.estimator
      settings.exploration.weightNoise = estimator == .tangent || estimator == .score ? 0.01 : 0.003
    }
    return settings
  }

  /// The settings that came with the start rule.
  private func ruleConstants(_ assignments: [Assignment?]) -> [RuleConstant] {
    guard case .theta(_, let constants)? = assignments[place("rule.theta")]?.value else { return [] }
    return constants
  }

  private static let defaults = {
    var settings = Settings()
    settings.rule.theta = .entries([])
    return settings
  }()

  /// The configuration a canonical form was made of.
  /// - Throws: `SettingsProblem` for a line that is not a setting of this schema with a possible value.
  public func settings(canonical: String) throws -> Settings {
    var assignments = [Assignment?](repeating: nil, count: definitions.count)
    for (path, text) in CanonicalForm.values(of: canonical) {
      if CanonicalForm.redrawn.contains(where: { $0.path == path && $0.draw == text }) { continue }
      guard let index = index(of: path), let value = definitions[index].kind.value(ofCanonical: text) else {
        throw SettingsProblem(
          paths: [path], problem: "the stored configuration says \(path)=\(text)",
          advice: "It was written by another version of trifactor; read it with that one.")
      }
      assignments[index] = Assignment(value: value, place: nil)
    }
    return try resolve(assignments)
  }

  /// True where the learner of a cell is no rule of theta.
  private func hasRival(_ assignments: [Assignment?]) -> Bool {
    guard case .word(let name)? = assignments[place("learner")]?.value else { return false }
    return LearnerKind(rawValue: name)?.isRival ?? false
  }

  func place(_ path: String) -> Int {
    guard let index = index(of: path) else { brokenInvariant("the table has no setting \(path)") }
    return index
  }

  private func checkForm(_ form: String, of entries: [TaskEntry]) throws {
    for entry in entries where !entry.forms.contains(form) {
      throw SettingsProblem(
        paths: ["form", "task"], problem: "task \(TaskFile.shownName(entry.name)) has no form `\(form)`",
        advice: "Its forms: \(entry.forms.joined(separator: ", ")). "
          + "Where only some tasks of a sweep have the form, set it under `when`.")
    }
  }

  private func checkOptions(_ settings: Settings, of entries: [TaskEntry]) throws {
    for name in settings.options.keys.sorted() where entries.allSatisfy({ $0.options[name] == nil }) {
      let known = entries.flatMap(\.options.keys).sorted()
      let names = entries.map { TaskFile.shownName($0.name) }.joined(separator: " and ")
      throw SettingsProblem(
        paths: ["options.\(name)", "task"], problem: "task \(names) has no option `\(name)`",
        advice: (known.isEmpty ? "It has none. " : "It has: \(known.joined(separator: ", ")). ")
          + "Where only some tasks of a sweep have the option, set it under `when`.")
    }
  }

  private func checkTheta(_ given: SettingValue, _ settings: Settings) throws {
    let rule = settings.rule
    if settings.learner.isRival, given != .theta([]) {
      let name = settings.learner.rawValue
      throw SettingsProblem(
        paths: ["rule.theta", "learner"],
        problem: "learner \(name) has no theta, and rule.theta gives it one",
        advice: "Leave rule.theta out, or set it to {} for this learner under `when`.")
    }
    guard case .theta(let entries, _) = given else { return }
    guard let entry = entries.first(where: { !rule.has($0.term) && $0.value != 0 }) else { return }
    if let terms = rule.terms, rule.shape.has(entry.term) {
      throw SettingsProblem(
        paths: ["rule.theta", "rule.terms"],
        problem: "the start rule has \(entry.term.name), which rule.terms leaves out",
        advice: "Add it to rule.terms, or start from \(terms.map(\.name).joined(separator: ", ")) alone.")
    }
    let highest = rule.shape.lastTerm.name
    throw SettingsProblem(
      paths: ["rule.theta", "rule.degree"],
      problem: "the start rule has \(entry.term.name), which a rule of degree \(rule.degree)"
        + (rule.weightDegree > 0 || entry.term.m > 0 ? " and weight degree \(rule.weightDegree)" : "")
        + (entry.term.layer == nil ? "" : " with rule.theta-by \(rule.thetaBy.rawValue)") + " does not have",
      advice: "Entries go from \(rule.shape.term(0).name) to \(highest) here. "
        + "In a sweep over rule.degree, give richer start rules under `when`.")
  }
}
