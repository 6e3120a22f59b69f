import Testing

@testable import Sweep

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("rule.degre", "rule.degree"), ("degree", "rule.degree"), ("Rule.Degree", "rule.degree"),
    ("network.unit", "network.units"), ("learning_rate", "meta.learning-rate"), ("tau-e", "rule.tau-e"),
    ("horizn", "meta.horizon"), ("meta.degree", "rule.degree"), ("weight-nosie", "exploration.weight-noise"),
    ("criterion.off", "evaluation.criterion.of"),
  ])
  func theSettingThatWasMeant(_ name: String, _ meant: String) {
    #expect(Suggestion.nearest(to: name, among: testSchema.definitions.map(\.path)) == meant)
  }

  @Test func nothingIsNearEverything() {
    let names = testSchema.definitions.map(\.path)
    for name in ["colour", "x", "", "zzzzzzzzzzzz", "dropout-rate-of-readout"] {
      #expect(Suggestion.nearest(to: name, among: names) == nil, "\(name)")
    }
    #expect(Suggestion.nearest(to: "xor", among: ["delayed-xor", "flip-flop"]) == "delayed-xor")
    #expect(Suggestion.nearest(to: "delayed", among: ["delayed-xor", "delayed-nonmatch"]) == nil)
  }

  @Test(arguments: [
    ("", "abc", 3), ("kitten", "sitting", 3), ("form", "from", 1), ("eta", "eta", 0), ("ab", "ba", 1),
  ])
  func distances(_ a: String, _ b: String, _ distance: Int) {
    #expect(Suggestion.editDistance(a, b) == distance)
    #expect(Suggestion.editDistance(b, a) == distance)
  }
}
