import Foundation

/// The machine a result was made on, as far as speed depends on it.
public struct MachineProfile: Sendable, Codable, Equatable {
  /// The processor's name, "unknown" if the system does not say.
  public var processor: String
  /// Processors the system has online.
  public var cores: Int
  /// The SIMD level of this process.
  public var level: String
  /// Bytes of the data caches of one core by level (1, 2, 3); levels that are not reported are missing.
  public var caches: [Int: Int]

  /// What Linux reports about this machine.
  public static func current(level: SIMDLevel = .current) -> MachineProfile {
    let name = SIMDLevel.cpuField("model name", of: SIMDLevel.cpuDescription)
    return MachineProfile(
      processor: name.map(String.init) ?? "unknown", cores: ProcessInfo.processInfo.processorCount,
      level: level.rawValue, caches: caches(in: "/sys/devices/system/cpu/cpu0/cache"))
  }

  /// Sizes of the data and unified caches described by the folders `index0`, `index1`, ... of `folder`.
  public static func caches(in folder: String) -> [Int: Int] {
    var result: [Int: Int] = [:]
    for index in 0..<16 {
      func field(_ name: String) -> String? {
        let text = try? String(contentsOfFile: "\(folder)/index\(index)/\(name)", encoding: .utf8)
        return text?.trimmingCharacters(in: .whitespacesAndNewlines)
      }
      guard let type = field("type"), type != "Instruction" else { continue }
      if let level = field("level").flatMap({ Int($0) }), let size = field("size").flatMap(bytes(of:)) {
        result[level] = size
      }
    }
    return result
  }

  /// "48K", "1M" or a plain number as bytes; nil for anything else.
  public static func bytes(of text: String) -> Int? {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    if let last = text.last, let unit = units[last] { return Int(text.dropLast()).map { $0 * unit } }
    return Int(text)
  }

  /// The multiply-add peak of one core in GFLOP/s (two operations each), measured now: the best of `attempts` runs
  /// of about a millisecond. At baseline, which has no fused operations, a multiplication and an addition.
  public static func measuredPeak<S: KernelScalar>(
    of _: S.Type, level: SIMDLevel = .current, attempts: Int = 20
  ) -> Double {
    let kernels = S.kernels(level)
    let clock = ContinuousClock()
    let rounds = 100_000
    var best = 0.0
    for _ in 0..<max(attempts, 1) {
      var count = 0
      let time = clock.measure { count = kernels.multiplyAdds(rounds) }
      best = max(best, 2 * Double(count) / (time / .nanoseconds(1)))
    }
    return best
  }
}
