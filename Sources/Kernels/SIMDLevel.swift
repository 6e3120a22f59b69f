import Foundation
import Invariants

/// The instruction set the kernels run with: baseline x86-64 (SSE2), v3 (AVX2, FMA) or v4 (AVX-512).
///
/// Results of v3 and v4 agree to the bit; baseline has no fused operations and differs in the last bits, so the
/// level is recorded beside every result.
///
/// Last bits do not always stay last. Learning feeds back on itself over a lifetime, and under rules that grow (linear
/// with the slow mean of the trace left out, `rule.trace-mean`) lifetimes are chaotic: within 80 trials rounding
/// reaches 0.1 of a trial's reward, and a network that scores 0.786 in Float scores 0.797 in Double. Single networks and
/// trials compare bit by bit between v3 and v4 at one precision, and not across baseline or precisions; means over
/// networks agree.
public enum SIMDLevel: String, Sendable, Comparable, CaseIterable {
  case baseline, v3, v4

  /// 0, 1, 2: the number stored in records.
  public var code: Int {
    switch self {
    case .baseline: 0
    case .v3: 1
    case .v4: 2
    }
  }

  public init?(code: Int) {
    guard let level = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = level
  }

  public static func < (a: SIMDLevel, b: SIMDLevel) -> Bool { a.code < b.code }

  /// The environment variable that forces a level.
  public static let variable = "TRIFACTOR_SIMD"

  /// The level of this process, resolved once: `TRIFACTOR_SIMD` if set, else the highest of this CPU.
  ///
  /// A program calls `resolve` first and reports its error; here an impossible level traps.
  public static let current: SIMDLevel = {
    do { return try resolve(environment: ProcessInfo.processInfo.environment) } catch {
      brokenInvariant("\(error)")
    }
  }()

  /// The highest level whose whole feature set this CPU and system offer.
  public static let highest = highest(flags: cpuFlags(of: cpuDescription))

  /// The level that `environment` asks for, or the CPU's highest where it asks for none.
  /// - Throws: `SIMDLevelError` for an unknown name or a level above the CPU's.
  public static func resolve(environment: [String: String]) throws -> SIMDLevel {
    try resolve(environment: environment, highest: highest)
  }

  /// The same for a CPU whose highest level is known.
  public static func resolve(environment: [String: String], highest: SIMDLevel) throws -> SIMDLevel {
    guard let wish = environment[variable], !wish.isEmpty else { return highest }
    guard let level = SIMDLevel(rawValue: wish) else { throw SIMDLevelError.unknown(wish) }
    guard level <= highest else { throw SIMDLevelError.unsupported(level, highest: highest) }
    return level
  }

  /// The highest level among those whose features (x86-64 psABI, as Linux names them) are all in `flags`.
  public static func highest(flags: Set<Substring>) -> SIMDLevel {
    let second: Set<Substring> = ["cx16", "lahf_lm", "popcnt", "ssse3", "sse4_1", "sse4_2"]
    let third: Set<Substring> = ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"]
    let fourth: Set<Substring> = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
    guard second.union(third).isSubset(of: flags) else { return .baseline }
    return fourth.isSubset(of: flags) ? .v4 : .v3
  }

  /// The features of the first processor of a `/proc/cpuinfo` text.
  public static func cpuFlags(of description: String) -> Set<Substring> {
    Set(cpuField("flags", of: description)?.split(separator: " ") ?? [])
  }

  /// The first value of a field of a `/proc/cpuinfo` text.
  public static func cpuField(_ name: String, of description: String) -> Substring? {
    for line in description.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name {
        return parts[1].drop { $0 == " " }
      }
    }
    return nil
  }

  /// What Linux says about the processors; empty where it cannot be read (the level is then baseline).
  public static let cpuDescription = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
}

/// A `TRIFACTOR_SIMD` that cannot be followed.
public enum SIMDLevelError: Error, Equatable, CustomStringConvertible {
  case unknown(String)
  case unsupported(SIMDLevel, highest: SIMDLevel)

  public var description: String {
    switch self {
    case .unknown(let wish):
      "environment variable \(SIMDLevel.variable) is \"\(wish)\", expected baseline, v3 or v4; "
        + "correct it or unset it to use the highest level of this CPU"
    case .unsupported(let level, let highest):
      "environment variable \(SIMDLevel.variable) is \(level.rawValue), but the highest level of this CPU is "
        + "\(highest.rawValue); set it to \(highest.rawValue) or lower, or unset it"
    }
  }
}
