import Model
import Sweep
import Testing

/// Every constant that is declared reaches every place that knows constants, by its declaration alone.
@Suite struct LocalConstantTests {
  /// A value in bounds that is not the default.
  private func other(_ constant: LocalConstant) -> Double {
    let value = constant.declaration.standard + 0.125
    return constant.allows(value) ? value : 0.25
  }

  /// Records and the coordinates of a search hold constants by their places, which old folders rely on.
  @Test func placesStay() {
    #expect(
      LocalConstant.names == [
        "eta", "clip", "tau-e", "tau-bar", "baseline-rate", "probability", "amplitude", "gate", "growth-0",
        "growth-2", "trace-mean", "eta-input", "eta-readout",
      ])
    // What the first version of the records lacks stands behind what it has.
    let versions = LocalConstant.allCases.map(\.declaration.recordVersion)
    #expect(versions == versions.sorted() && versions.count { $0 == 1 } == 10)
    for constant in LocalConstant.allCases {
      #expect(LocalConstant(name: constant.name) == constant)
      #expect(constant.allows(constant.declaration.standard))
      #expect(LocalConstants()[constant] == constant.declaration.standard)
    }
    #expect(LocalConstant(name: "growth") == nil)
    #expect(ConstantSetting.named("growth")?.constants == [.growth0, .growth2])
  }

  /// Every layer learns, so that all constants have an effect.
  private let plastic = "rule.plastic: [recurrent, input, readout]"

  /// A sweep file, its canonical form and a rule file give it to a cell; so does `none` where it may be infinite.
  @Test(arguments: LocalConstant.allCases)
  func isASetting(constant: LocalConstant) throws {
    let values = [other(constant)] + (constant.declaration.canBeInfinite ? [.infinity] : [])
    let setting = try #require(ConstantSetting.all.first { $0.path == constant.path })
    for value in values {
      let expected = LocalConstants().replacing([constant: value])
      let list = setting.constants.map { constantText(of: expected[$0]) }
      let text = list.count == 1 ? list[0] : "[\(list.joined(separator: ", "))]"
      // Evolution needs no derivatives.
      let given = try read("base: {meta.estimator: evolution, \(plastic), \(constant.path): \(text)}").cells[
        0]
      #expect(given.settings.constants == expected)
      #expect(try testSchema.settings(canonical: given.canonical).constants == expected)

      var file = RuleFile(degree: 1, theta: [0, 0, 0, 0.3])
      file.constants[constant] = value
      file.plastic = Layer.allCases
      let warm = try read(
        "base: {meta.estimator: evolution, rule: {degree: 1, theta: ./warm.yaml}}",
        rules: ["./warm.yaml": file.text]
      ).cells[0]
      #expect(warm.settings.constants == expected)
    }
    #expect(testSchema.definitions.contains { $0.path == constant.path && $0.summary == setting.summary })
  }

  /// What a search may be told to learn is what it can: `meta.learn` takes the name of every setting of constants.
  @Test(arguments: ConstantSetting.names)
  func canBeLearned(name: String) throws {
    let setting = try #require(ConstantSetting.named(name))
    let text = "base: {meta: {estimator: evolution, learn: [\(name)]}, \(plastic), rule.trace-mean: 0.1}"
    #expect(try read(text).cells[0].settings.meta.learn == [name])
    guard setting.declaration.coordinate == .logarithm, setting.constants[0].allows(0) else { return }
    #expect(throws: SweepFileError.self) {
      try read(text.replacing("rule.trace-mean: 0.1", with: "\(setting.path): 0"))
    }
  }
}
