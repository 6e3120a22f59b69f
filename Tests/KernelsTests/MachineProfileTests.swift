import Foundation
import Kernels
import Testing

@Suite struct MachineProfileTests {
  @Test func sizesAreParsed() {
    #expect(MachineProfile.bytes(of: "48K") == 49152)
    #expect(MachineProfile.bytes(of: "16M") == 16 << 20)
    #expect(MachineProfile.bytes(of: "512") == 512)
    #expect(MachineProfile.bytes(of: "many") == nil)
    #expect(MachineProfile.bytes(of: "") == nil)
  }

  @Test func cachesAreReadFromTheirFolders() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "caches-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let described = [("1", "Data", "48K"), ("1", "Instruction", "32K"), ("2", "Unified", "1024K")]
    for (index, (level, type, size)) in described.enumerated() {
      let place = folder.appending(path: "index\(index)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for (name, text) in [("level", level), ("type", type), ("size", size)] {
        try Data("\(text)\n".utf8).write(to: place.appending(path: name))
      }
    }
    #expect(MachineProfile.caches(in: folder.path) == [1: 48 << 10, 2: 1 << 20])
    #expect(MachineProfile.caches(in: folder.path + "/none") == [:])
  }

  @Test func peakIsPositive() {
    for level in levels {
      let float = MachineProfile.measuredPeak(of: Float.self, level: level, attempts: 2)
      let double = MachineProfile.measuredPeak(of: Double.self, level: level, attempts: 2)
      #expect(float > 0.01 && float < 10_000, "\(float) GFLOP/s")
      #expect(double > 0.01 && double < 10_000, "\(double) GFLOP/s")
    }
    let profile = MachineProfile.current()
    #expect(profile.cores >= 1 && !profile.processor.isEmpty)
  }
}
