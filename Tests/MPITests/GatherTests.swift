import Foundation
import TestSupport
import Testing

/// How fast rank 0 takes in what other ranks have made, and what that leaves of it for computing.
@Suite(.startsPrograms) struct GatherTests {
  private static func gather(_ options: [String]) throws -> ProcessResult {
    let folder = try TemporaryFolder("gather")
    let result = try run(
      [try Repository.program("mpi-check"), "gather", "folder=\(folder.file("out"))"] + options, limit: 300)
    #expect(result.code == 0, "\(result)")
    return result
  }

  /// The number before a word of the output.
  private static func number(before word: String, _ result: ProcessResult) throws -> Double {
    let words = result.output.split { " \n,".contains($0) }
    let place = try #require(words.firstIndex { $0 == word }, "\(word) is not in \(result)")
    return try #require(Double(words[place - 1]), "\(result)")
  }

  /// The number after a word of the output.
  private static func number(after word: String, _ result: ProcessResult) throws -> Double {
    let words = result.output.split { " \n,".contains($0) }
    let place = try #require(words.firstIndex { $0 == word }, "\(word) is not in \(result)")
    return try #require(Double(words[place + 1]), "\(result)")
  }

  @Test("As fast as it goes") func capacity() throws {
    let ranks = Soak.isOn ? 10_000 : 1_000
    let result = try Self.gather(["ranks=\(ranks)"])
    let messages = try Self.number(before: "messages/s", result)
    let records = try Self.number(before: "records/s", result)
    let megabytes = try Self.number(before: "MB/s", result)
    // Processor time, so that other programs do not matter; a tenth of what a slow core does.
    #expect(messages > 2_000 && records > messages / 2, "\(result)")
    let synchronisations = try Self.number(before: "synchronisations", result)
    // One by one they take up to four each.
    #expect(synchronisations < Double(ranks), "\(result)")
    figure(
      "rank 0 takes in \(Int(records)) records/s, \(Int(messages)) messages/s, \(megabytes) MB/s of its own processor "
        + "time from \(ranks) ranks; \(Int(synchronisations)) synchronisations for \(ranks) results")
  }

  @Test("At the pace of a thousand ranks that each speak twice a second")
  func share() throws {
    let result = try Self.gather(["ranks=1000", "rate=2000", "iterations=\(Soak.isOn ? 60 : 10)"])
    let share = try Self.number(after: "share", result)
    #expect(share < 0.5, "\(result)")
    figure(
      "rank 0 spends \(share) of its time on a thousand ranks that send 2000 messages/s; the rest is for computing"
    )
  }
}
