import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Failing calls") struct FaultTests {
  static let reference = undisturbed(groupsResults: false)
  static let grouped = undisturbed(groupsResults: true)

  private static func undisturbed(groupsResults: Bool) -> (calls: Int, outcome: [String: EncodedRecord]) {
    let files = MemoryFiles()
    var run = SampleRun()
    run.groupsResults = groupsResults
    try! run.run(files, options: SampleRun.options())
    return (files.calls, try! SampleRun.outcome(files))
  }

  /// Every call that changes something fails once, or is short; the run dies of it, the next one goes on.
  @Test(
    "The n-th call fails, for every n",
    arguments: [
      MemoryFiles.Fault.error(ENOSPC), .error(EIO), .short, .shortThenError(ENOSPC), .shortThenError(EIO),
    ], [false, true])
  func everyCall(_ fault: MemoryFiles.Fault, groupsResults: Bool) throws {
    let reference = groupsResults ? Self.grouped : Self.reference
    #expect(reference.outcome == Self.reference.outcome)
    var deaths = 0
    for call in 1...reference.calls {
      let files = MemoryFiles()
      files.fault = (call, fault)
      var run = SampleRun()
      run.groupsResults = groupsResults
      do {
        try run.run(files, options: SampleRun.options())
      } catch let error as StoreError {
        deaths += 1
        #expect(error.category == .io, "\(error)")
        #expect(error.description.hasPrefix("/"), "\(error) names a path")
      }
      let disk = files.copy()
      let stored = Set(try SampleRun.stored(disk))
      // States may go away with a segment that nobody needs.
      for record in run.appended where record.kind != .state {
        #expect(stored.contains(record), "call \(call)")
      }
      var next = SampleRun()
      try next.run(disk, options: SampleRun.options(pid: 101))
      #expect(try SampleRun.outcome(disk) == reference.outcome, "call \(call)")
      #expect(try Verification(of: SampleRun.folder, files: disk).problems == [], "call \(call)")
    }
    if case .short = fault { #expect(deaths == 0) } else { #expect(deaths > reference.calls / 3) }
    let results = groupsResults ? "results together" : "results one by one"
    figure("n-th call (\(fault), \(results)): \(reference.calls) runs, \(deaths) deaths, nothing lost")
  }

  @Test("A full disk is named with the bytes that were needed") func diskFull() throws {
    let files = MemoryFiles()
    let writer = try StoreWriter("/out", options: SampleRun.options(), files: files)
    try writer.append(Sample.iteration(0))
    files.fault = (files.calls + 1, .error(ENOSPC))
    let error = #expect(throws: StoreError.self) { try writer.append(Sample.iteration(1)) }
    let size = RecordSchema.of(.iteration, degree: 1).size
    #expect(
      error?.description
        == "/out/shards/iteration-d1.00000.npy: write failed: No space left on device (errno 28); "
        + "free space there and run the same command again (a record of \(size) bytes at byte "
        + "\(ShardHeader.length(of: .of(.iteration, degree: 1)) + size); everything before it is stored)")
    #expect(error?.exitCode == 74)
    #expect(try writer.append(Sample.iteration(1)), "there is space again")
    try writer.close()
    #expect(try SampleRun.stored(files) == [Sample.iteration(0), Sample.iteration(1)])
  }
}
