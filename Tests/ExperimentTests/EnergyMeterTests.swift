import Foundation
import TestSupport
import Testing

@testable import Experiment

/// Energy from files as Linux has them; no test can ask for a processor that lets it be read.
@Suite struct EnergyMeterTests {
  private func write(_ microjoules: [String: Int], _ name: String, in folder: TemporaryFolder) throws {
    for (package, value) in microjoules {
      try FileManager.default.createDirectory(
        atPath: folder.file(package), withIntermediateDirectories: true)
      _ = try folder.write("\(value)\n", to: "\(package)/\(name)")
    }
  }

  @Test func packagesAreAddedAndContinuedWhereTheyStartAnew() throws {
    let folder = try TemporaryFolder("powercap")
    // A part of a package and another kind of counter are none of it.
    let others = ["intel-rapl:0:0": 1, "dtpm": 1]
    try write(
      others.merging(["intel-rapl:0": 5_000_000, "intel-rapl:1": 9_000_000]) { $1 }, "energy_uj", in: folder)
    try write(["intel-rapl:0": 10_000_000, "intel-rapl:1": 10_000_000], "max_energy_range_uj", in: folder)
    let meter = EnergyMeter(URL(filePath: folder.path))
    var problem: (any Error)?
    let joules = meter.joules {
      do {
        try write(
          ["intel-rapl:0": 7_500_000, "intel-rapl:1": 1_000_000, "dtpm": 99], "energy_uj", in: folder)
      } catch { problem = error }
    }
    #expect(problem == nil && joules == 2.5 + 2, "\(String(describing: problem))")
  }

  @Test func whatCannotBeReadIsNone() throws {
    let folder = try TemporaryFolder("powercap")
    #expect(EnergyMeter(URL(filePath: folder.file("none"))).joules {} == nil)
    #expect(EnergyMeter(URL(filePath: folder.path)).joules {} == nil)
    try write(["intel-rapl:0": 1], "energy_uj", in: folder)
    _ = try folder.write("not a number", to: "intel-rapl:0/energy_uj")
    #expect(EnergyMeter(URL(filePath: folder.path)).joules {} == nil)
  }
}
