import Experiment
import Foundation
import Sweep
import TestSupport
import Testing

/// Tasks of the program written as files: everything a lifetime exports is the same, byte for byte, but the names in
/// `constants.json`.
@Suite struct BuiltInTests {
  static let tasks = ["cue-association", "delayed-xor", "delayed-nonmatch", "paired-association"]

  private static func lifetime(_ task: String, in folder: String, time: String) throws -> LifetimeExport {
    let text = """
      base:
        task: \(task)
        trials: 12
        network: {units: 12}
        rule.degree: 2
        time: \(time)
        exploration.probability: 0.05
      """
    let sweep = try SweepFile(bytes: Array(text.utf8), file: folder + "/test.yaml", schema: .trifactor) {
      name in
      try InputFile.bytes(of: folder + "/" + name)
    }
    return try LifetimeExport(sweep.cells[0], level: .baseline)
  }

  @Test(arguments: tasks, ["{}", "{step: 10}", "{step: 7, trial: 500}"])
  func theFileIsTheTask(_ task: String, _ time: String) throws {
    let folder = Repository.path + "/Tests/TaskFilesTests/BuiltIn"
    let own = try Self.lifetime(task, in: folder, time: time)
    let file = try Self.lifetime(task + ".yaml", in: folder, time: time)
    #expect(own.divergedAt == nil && file.divergedAt == nil)
    #expect(own.arrays.map(\.name) == file.arrays.map(\.name))
    for (a, b) in zip(own.arrays, file.arrays) {
      #expect(a.shape == b.shape)
      #expect(a.values.map(\.bitPattern) == b.values.map(\.bitPattern), "\(task), \(a.name)")
    }
  }
}
