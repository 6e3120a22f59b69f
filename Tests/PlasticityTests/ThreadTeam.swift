import Foundation
import Model

@testable import Plasticity

/// A team whose members are threads of this process: what ranks do, without MPI.
final class ThreadTeam: Team {
  let member: Int
  let size: Int
  private let meeting: Meeting

  private init(_ member: Int, _ meeting: Meeting) {
    self.member = member
    size = meeting.size
    self.meeting = meeting
  }

  func gather(_ numbers: [Double]) -> [[Double]] { meeting.exchange(numbers, from: member) }
  func pulse() {}

  /// What each of `size` members returns from `work`, in member order.
  static func run<T: Sendable>(_ size: Int, _ work: @escaping @Sendable (any Team) throws -> T) throws -> [T]
  {
    let meeting = Meeting(size)
    let results = Results<T>(size)
    for member in 0..<size {
      Thread.detachNewThread { results.put(Result { try work(ThreadTeam(member, meeting)) }, at: member) }
    }
    return try results.wait().map { try $0.get() }
  }
}

/// Everybody brings numbers, everybody leaves with everybody's.
private final class Meeting: @unchecked Sendable {
  let size: Int
  private let condition = NSCondition()
  private var brought: [[Double]?]
  private var leaving: [[Double]] = []
  private var round = 0

  init(_ size: Int) {
    self.size = size
    brought = Array(repeating: nil, count: size)
  }

  func exchange(_ numbers: [Double], from member: Int) -> [[Double]] {
    condition.lock()
    defer { condition.unlock() }
    precondition(brought[member] == nil, "member \(member) gathers twice in one round")
    brought[member] = numbers
    let own = round
    if brought.allSatisfy({ $0 != nil }) {
      leaving = brought.map { $0! }
      brought = Array(repeating: nil, count: size)
      round += 1
      condition.broadcast()
    }
    // Nobody can end the next round before all have left this one: they would have to bring numbers to it.
    while round == own { condition.wait() }
    return leaving
  }
}

private final class Results<T: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private var results: [Result<T, any Error>?]

  init(_ size: Int) { results = Array(repeating: nil, count: size) }

  func put(_ result: Result<T, any Error>, at member: Int) {
    condition.lock()
    results[member] = result
    condition.signal()
    condition.unlock()
  }

  func wait() -> [Result<T, any Error>] {
    condition.lock()
    defer { condition.unlock() }
    while results.contains(where: { $0 == nil }) { condition.wait() }
    return results.map { $0! }
  }
}
