import Kernels
import Testing

@Suite struct SIMDLevelTests {
  @Test func environmentChoosesTheLevel() throws {
    #expect(try SIMDLevel.resolve(environment: [:], highest: .v3) == .v3)
    #expect(try SIMDLevel.resolve(environment: ["TRIFACTOR_SIMD": ""], highest: .v3) == .v3)
    #expect(try SIMDLevel.resolve(environment: ["TRIFACTOR_SIMD": "baseline"], highest: .v3) == .baseline)
    #expect(try SIMDLevel.resolve(environment: ["TRIFACTOR_SIMD": "v4"], highest: .v4) == .v4)
  }

  @Test func wrongWishesAreExplained() {
    let unknown = #expect(throws: SIMDLevelError.self) {
      try SIMDLevel.resolve(environment: ["TRIFACTOR_SIMD": "avx2"], highest: .v4)
    }
    #expect(
      unknown?.description
        == "environment variable TRIFACTOR_SIMD is \"avx2\", expected baseline, v3 or v4; "
        + "correct it or unset it to use the highest level of this CPU")
    let above = #expect(throws: SIMDLevelError.self) {
      try SIMDLevel.resolve(environment: ["TRIFACTOR_SIMD": "v4"], highest: .v3)
    }
    #expect(
      above?.description
        == "environment variable TRIFACTOR_SIMD is v4, but the highest level of this CPU is v3; "
        + "set it to v3 or lower, or unset it")
  }

  @Test func levelNeedsItsWholeFeatureSet() {
    let third = "cx16 lahf_lm popcnt ssse3 sse4_1 sse4_2 avx avx2 bmi1 bmi2 f16c fma abm movbe xsave"
    let fourth = third + " avx512f avx512bw avx512cd avx512dq avx512vl"
    func level(_ flags: String) -> SIMDLevel {
      SIMDLevel.highest(
        flags: SIMDLevel.cpuFlags(of: "model name\t: X\nflags\t\t: \(flags)\n\nflags\t: other"))
    }
    #expect(level("fpu sse2") == .baseline)
    #expect(level(third) == .v3)
    #expect(level(third.replacing("fma ", with: "")) == .baseline)
    #expect(level(fourth) == .v4)
    #expect(level(fourth.replacing(" avx512cd", with: "")) == .v3)
    #expect(SIMDLevel.highest(flags: []) == .baseline)
  }

  @Test func codesNameLevels() {
    #expect(SIMDLevel.allCases.map(\.code) == [0, 1, 2])
    #expect(SIMDLevel(code: 1) == .v3)
    #expect(SIMDLevel(code: 3) == nil)
    #expect(SIMDLevel.baseline < .v3 && SIMDLevel.v3 < .v4)
  }
}
