import Foundation

/// The energy that the processors of this machine have used, where Linux lets it be read (RAPL, by its powercap files):
/// the whole machine's, so nothing else should run.
struct EnergyMeter {
  /// The packages' folders.
  private let packages: [URL]

  /// - Parameter folder: `/sys/class/powercap`; its entries `intel-rapl:0`, `intel-rapl:1`, ... are packages, which AMD's
  ///   processors have under the same name.
  init(_ folder: URL = URL(filePath: "/sys/class/powercap")) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    // intel-rapl:0:0 is a part of intel-rapl:0.
    packages = names.filter { $0.hasPrefix("intel-rapl:") && $0.split(separator: ":").count == 2 }.sorted()
      .map { folder.appending(path: $0) }
  }

  /// Counters in J, one a package; nil where there are none or this user may not read them.
  private func counters() -> [Double]? {
    let values = packages.map { Self.joules($0.appending(path: "energy_uj")) }
    return values.isEmpty || values.contains(nil) ? nil : values.compactMap { $0 }
  }

  private static func joules(_ file: URL) -> Double? {
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
    return Double(text.trimmingCharacters(in: .whitespacesAndNewlines)).map { $0 / 1e6 }
  }

  /// J used while `work` ran; nil where it cannot be read. A counter that has started anew is continued by its range.
  func joules(during work: () -> Void) -> Double? {
    let before = counters()
    work()
    guard let before, let after = counters(), before.count == after.count else { return nil }
    var sum = 0.0
    for (place, package) in packages.enumerated() {
      var difference = after[place] - before[place]
      if difference < 0 {
        guard let range = Self.joules(package.appending(path: "max_energy_range_uj")) else { return nil }
        difference += range
      }
      sum += difference
    }
    return sum
  }
}
