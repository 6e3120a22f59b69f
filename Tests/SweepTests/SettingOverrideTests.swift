import Sweep
import TestSupport
import Testing

/// Settings on the command line, `--set PATH=VALUE`, are those of a file that says the same.
@Suite struct SettingOverrideTests {
  private func read(_ text: String, _ overrides: [String], rules: [String: String] = [:]) throws -> SweepFile
  {
    try SweepFile(
      bytes: Array(text.utf8), file: "test.yaml", schema: testSchema,
      overrides: overrides.map { try #require(SettingOverride($0)) }
    ) { name in
      guard let text = rules[name] else { throw NoSuchFile() }
      return Array(text.utf8)
    }
  }

  /// A file, what is given beside it, and the copy that a folder of results keeps.
  static let edits: [(text: String, overrides: [String], copy: String)] = [
    // In the place of the value; comments stay.
    (
      "name: a   # a name\nbase:\n  rule: {eta: 0.02, degree: 1}   # two\n  trials: 100 # few\naxes: {seed: 0..<2}\n",
      ["rule.eta=0.1", "trials=50"],
      "name: a   # a name\nbase:\n  rule: {eta: 0.1, degree: 1}   # two\n  trials: 50 # few\naxes: {seed: 0..<2}\n"
    ),
    // As a line of its own; dotted beside nested.
    (
      "# first\nbase:\n  # what all share\n  network:\n    units: 16\naxes:\n  seed: [1]\n",
      ["network.gain=2"],
      "# first\nbase:\n  # what all share\n  network.gain: 2\n  network:\n    units: 16\naxes:\n  seed: [1]\n"
    ),
    ("base: {trials: 20}\n", ["network.units=8"], "base: {network.units: 8, trials: 20}\n"),
    ("base: {}\n", ["trials=9"], "base: {trials: 9}\n"),
    (
      "name: b\naxes:\n  seed: 0..<2", ["trials=30"], "name: b\naxes:\n  seed: 0..<2\n\nbase:\n  trials: 30\n"
    ),
    (
      "base:\n  rule.growth: [0, 0]\n  task: 'cue-association'\n  rule.theta: {k1l1: 0.3}\n",
      ["rule.growth=[0.1, 0.2]", "task=delayed-nonmatch", "rule.theta={k1l1: -1}"],
      "base:\n  rule.growth: [0.1, 0.2]\n  task: delayed-nonmatch\n  rule.theta: {k1l1: -1}\n"
    ),
    // Written anew where no line will do.
    (
      "{base: {rule: {theta: {k1l1:\n 0.3}}}, axes: {seed: [0, 1]}} # c\n", ["rule.theta=random"],
      "base:\n  rule:\n    theta: random\naxes:\n  seed:\n  - 0\n  - 1\n"
    ),
    ("base:\nname: c\n", ["trials=7"], "base:\n  trials: 7\nname: c\n"),
  ]

  @Test(arguments: edits.indices) func theCopySaysTheSame(_ place: Int) throws {
    let (text, overrides, copy) = Self.edits[place]
    let given = try read(text, overrides)
    #expect(String(decoding: given.bytes, as: UTF8.self) == copy)
    let again = try read(copy, [])
    #expect(again.cells == given.cells && again.bytes == given.bytes)
    #expect(given.cells.map(\.key) != (try read(text, [])).cells.map(\.key))
    #expect(given.overrides.map(\.text) == overrides)
  }

  @Test func aFileOfARuleIsFoundBesideTheSweep() throws {
    let rules = ["rules/a.yaml": "degree: 1\ntheta: {k1l1: -1}"]
    let given = try read("base: {rule.degree: 1}", ["rule.theta=rules/a.yaml"], rules: rules)
    #expect(given.cells[0].settings.rule.theta == .entries([0, 0, 0, -1]))
    #expect(
      String(decoding: given.bytes, as: UTF8.self) == "base: {rule.theta: rules/a.yaml, rule.degree: 1}")
  }

  @Test func aWhenThatReplacesItIsTold() throws {
    let text = """
      base: {task: cue-association}
      axes: {seed: [0, 1]}
      when:
        - {if: {seed: 1}, set: {trials: 300}}
      """
    let given = try read(text, ["trials=50"])
    #expect(given.cells.map(\.settings.trials) == [50, 300])
    #expect(
      given.warnings.map(\.description) == [
        "test.yaml:4:35: warning: `trials` is set here for some cells, in which --set changes nothing"
      ])
    #expect(try read(text, ["network.units=8"]).warnings.isEmpty)
  }

  @Test func onlyPathsAndValuesAreRead() {
    for wrong in ["", "=", "=1", "rule.eta", "rule eta=1", "a:b=1", "{}=1"] {
      #expect(SettingOverride(wrong) == nil, "\(wrong)")
    }
    #expect(SettingOverride("rule.theta={a=b}")?.value == "{a=b}")
  }

  static let refusals: [(overrides: [String], message: String)] = [
    (
      ["rule.degre=3"],
      "--set rule.degre=3: unknown setting `rule.degre`; did you mean `rule.degree`?\n  `trifactor settings` lists every "
        + "setting."
    ),
    (
      ["rule.eta=fast"],
      "--set rule.eta=fast: `rule.eta` should be a number from 0, and is `fast`\n  Default: 0.02. Meaning: learning rate of the plasticity rule."
    ),
    (
      ["network.units="],
      "--set network.units=: `network.units` has no value\n  Wanted: a whole number from 1 to 65536. Remove the key to keep "
        + "the default, 32."
    ),
    (
      ["rule.eta=[0.1, 0.2]"],
      "--set rule.eta=[0.1, 0.2]: `rule.eta` should be a number from 0, and is a list\n  Several values make an axis: move "
        + "`rule.eta` under `axes`."
    ),
    (
      ["rule={eta: 0.1}"],
      "--set rule={eta: 0.1}: `rule` holds settings and is none itself\n  Name one of them: rule.degree, "
        + "rule.weight-degree, rule.plastic, rule.theta-by."
    ),
    (
      ["trials=5", "trials=6"],
      "--set trials=6: `trials` is given twice\n  Give --set once for each setting; several values make an axis of the "
        + "sweep file."
    ),
    (
      ["seed=3"],
      "--set seed=3: `seed` is an axis of test.yaml (line 2), and --set replaces settings of `base`, which the values of an "
        + "axis replace in turn\n  Leave this --set out, or change the axis in the file."
    ),
    (
      ["network.gain=2"],
      "--set network.gain=2: `network.gain` is an axis of test.yaml (line 3), and --set replaces settings of `base`, which "
        + "the values of an axis replace in turn\n  Leave this --set out, or change the axis in the file."
    ),
    (
      ["rule.theta={k1l1: 0.3"],
      "--set rule.theta={k1l1: 0.3: this is not YAML: did not find expected ',' or '}' while parsing a flow mapping\n  "
        + "A list is [1, 2], theta {k1l1: 0.3}; put the whole of PATH=VALUE in quotes for the shell."
    ),
    (
      ["rule.theta=rules/none.yaml"],
      "--set rule.theta=rules/none.yaml: the rule file `rules/none.yaml` cannot be read: no such file\n  Paths are relative "
        + "to the folder of the sweep file."
    ),
  ]

  @Test(arguments: refusals.indices) func isRefused(_ place: Int) throws {
    let (overrides, message) = Self.refusals[place]
    let text = "base: {trials: 20}\naxes: {seed: 0..<3}\nzip: {network.gain: [1, 2], rule.degree: [1, 3]}\n"
    let error = #expect(throws: SweepFileError.self) { try read(text, overrides) }
    #expect(error?.description == message)
  }
}
