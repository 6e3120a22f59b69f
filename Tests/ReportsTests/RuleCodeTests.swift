import Foundation
import Launch
import Model
import Plasticity
import Sweep
import Testing

@testable import Reports

/// Rules as code: what is written, what is left out, and what is refused. Whether it computes the same is tested where
/// the languages are, in `analysis/tests/test_rule_code.py`.
@Suite struct RuleCodeTests {
  private static func rule(_ change: (inout RuleFile, inout Settings) -> Void = { _, _ in }) -> NamedRule {
    var file = RuleFile(degree: 1, theta: [0, 0, 0, 0.5], scale: [1, 2, 3, 0.25])
    var settings = Settings()
    change(&file, &settings)
    return NamedRule(title: "cell 1: a \\ \"\"\" b", file: file, settings: settings)
  }

  @Test(arguments: [RuleLanguage.numpy, .torch, .jax])
  func everyPlaceIsFilled(language: RuleLanguage) throws {
    for critic in CriticKind.allCases {
      for kicks in KickKind.allCases {
        let rule = Self.rule { file, settings in
          file.critic = critic
          file.exploration = kicks
          settings.network.nonlinearity = Nonlinearity.allCases[critic == .shared ? 1 : 2]
        }
        let text = try RuleCode([rule], from: "DIR").text(in: language)
        #expect(!text.contains("$") && !text.contains("#if") && !text.contains("#end"))
        #expect(text.contains("def explore") == (kicks != .none))
        #expect(text.components(separatedBy: "class Critic").count == 2)
        #expect((language == .numpy) == text.contains(" np.stack"))
      }
    }
  }

  @Test func coefficientsAreWhatASynapseComputes() throws {
    let text = try RuleCode([Self.rule()], from: "DIR").text(in: .numpy)
    #expect(text.contains("np.array(\n    [\n        [0.0, 0.0],\n        [0.0, 0.125],\n    ]\n)"))
    #expect(text.contains("    e_ij' = -e_ij / TAU_E + 0.125 r_j delta_i\n"))
    // What a docstring cannot hold is replaced.
    #expect(text.contains("cell 1: a / ''' b"))
    #expect(try RuleCode([Self.rule()], from: "DIR").text(in: .latex).contains("+ 0.125\\, r_j\\, \\delta_i"))
  }

  @Test func whatIsOffIsNotThere() throws {
    let plain = try RuleCode([Self.rule()], from: "DIR").text(in: .numpy)
    for word in ["GATE", "GROWTH", "TRACE_MEAN", "mask", "signs", " means = {}"] {
      #expect(!plain.contains(word))
    }
    let full = Self.rule { file, settings in
      file.constants = [.gate: -0.5, .growth0: 1, .traceMean: 0.1, .clip: .infinity]
      settings.network.wiring = Wiring(connectivity: 0.5, excitatory: 0.8)
    }
    let text = try RuleCode([full], from: "DIR").text(in: .numpy)
    for word in ["GATE = -0.5", "GROWTH = (1.0, 0.0)", "TRACE_MEAN = 0.1", "xi, mask, signs)"] {
      #expect(text.contains(word), "\(word)")
    }
    #expect(text.contains("ETA, CLIP = 0.02, float(\"inf\")"))
  }

  @Test func linesOfATemplateAreKeptByFlags() {
    let template = "a\n#if x y\nb\n#end\n#if not x\nc\n#end\nd"
    #expect(RuleCode.kept(of: template, flags: ["y"]) == "a\nb\nc\nd")
    #expect(RuleCode.kept(of: template, flags: ["x"]) == "a\nb\nd")
    #expect(RuleCode.kept(of: template, flags: []) == "a\nc\nd")
    let nested = "#if x\na\n#if not y\nb\n#end\nc\n#end\nd"
    #expect(RuleCode.kept(of: nested, flags: ["x"]) == "a\nb\nc\nd")
    #expect(RuleCode.kept(of: nested, flags: ["x", "y"]) == "a\nc\nd")
    #expect(RuleCode.kept(of: nested, flags: []) == "d")
  }

  @Test func layersAreWrittenByName() throws {
    let shared = Self.rule { file, _ in
      file.plastic = [.recurrent, .readout]
      file.constants = [.readoutRate: 2]
    }
    let text = try RuleCode([shared], from: "DIR").text(in: .torch)
    for part in [
      "COEFFICIENTS = {\"recurrent\": SHARED, \"readout\": SHARED}",
      "RATES = {\"recurrent\": 1.0, \"readout\": 2.0}",
      "signals = {\"recurrent\": (r, delta), \"readout\": (r, fluctuation(z))}", "0.125 pre_j post_i\n",
      "SHARED = torch.tensor(\n    [\n        [0.0, 0.0],",
    ] { #expect(text.contains(part), "\(part)") }
    let tex = try RuleCode([shared], from: "DIR").text(in: .latex)
    #expect(
      tex.contains(
        "\\Delta W^{\\mathrm{out}}_{ij} &= \\operatorname{clip}(\\eta\\, f^{\\mathrm{out}}\\, e_{ij}"))
    let own = Self.rule { file, _ in
      file = RuleFile(
        degree: 0, theta: [0.5, -2], scale: [1, 1], plastic: [.input, .readout], hasThetaByLayer: true)
    }
    let both = try RuleCode([own], from: "DIR").text(in: .jax)
    #expect(both.contains("    \"readout\": jnp.array(\n        [\n            [-2.0],\n        ]\n    ),"))
    #expect(both.contains("    input: e_ij' = -e_ij / TAU_E + 0.5\n    readout: e_ij' = -e_ij / TAU_E - 2\n"))
  }

  @Test func longTitlesAreWrapped() {
    let words = (0..<40).map { "word\($0)" }
    let lines = RuleCode.wrapped(words.joined(separator: " ")).split(separator: "\n")
    #expect(lines.count == 3 && lines.allSatisfy { $0.count <= 116 })
    #expect(lines.joined(separator: " ").split(separator: " ").map(String.init) == words)
  }

  @Test func whatHasNoCodeIsRefused() {
    func words(_ rules: [NamedRule]) -> String {
      do {
        _ = try RuleCode(rules, from: "DIR")
        return "written"
      } catch { return "\(error)" }
    }
    #expect(words([]) == "--as writes one rule, and DIR holds 0; choose one by --cell KEY")
    let rival = NamedRule(title: "r", rival: .rflo, file: RuleFile(degree: 0, theta: [1], scale: [1]))
    #expect(words([rival]) == "--as writes a rule of theta, and rflo has none")
    let unscaled = NamedRule(title: "u", file: RuleFile(degree: 0, theta: [1]))
    #expect(words([unscaled]).hasPrefix("--as writes what a synapse computes, theta s, and DIR has no s"))
    var raw = unscaled
    raw.file.normalise = false
    #expect(words([raw]) == "written")
  }
}
