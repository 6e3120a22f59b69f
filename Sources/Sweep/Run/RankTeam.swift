import Model

/// Thrown out of a member's `advance` when its leader has ended the round.
struct TeamDissolved: Error {}

/// What went wrong with a cell on one of the ranks that share it.
struct TeamTrouble: Error, CustomStringConvertible {
  var description: String
}

/// The ranks that share one cell. Members send their numbers to the leader, which sends the numbers of all to each of
/// them. A rank that waits keeps answering rank 0.
final class RankTeam: Team {
  private unowned let host: any WorkerHost
  let round: Int
  /// Ranks in member order, the leader first.
  let members: [Int]
  let member: Int
  private(set) var isDissolved = false
  private var trouble: String?
  private var sequence = 0
  private var parts: [Int: (sequence: Int, numbers: [Double])] = [:]
  private var whole: (sequence: Int, numbers: [[Double]])?

  init(host: any WorkerHost, round: Int, members: [Int]) {
    self.host = host
    self.round = round
    self.members = members
    let place = members.firstIndex(of: host.post.rank)
    invariant(place != nil, "rank \(host.post.rank) is not one of the team \(members)")
    member = place!
  }

  var size: Int { members.count }

  /// Looks after the messages, at most once a millisecond.
  func pulse() throws { try host.pulse() }

  func gather(_ numbers: [Double]) throws -> [[Double]] {
    if size == 1 { return [numbers] }
    sequence += 1
    return member == 0 ? try gatherAsLeader(numbers) : try gatherAsMember(numbers)
  }

  private func gatherAsLeader(_ numbers: [Double]) throws -> [[Double]] {
    try host.wait { parts.count == size - 1 || trouble != nil }
    try checkTrouble()
    var all = [numbers]
    for place in 1..<size {
      guard let part = parts[place], part.sequence == sequence else {
        let seen = parts[place]?.sequence ?? 0
        throw TeamTrouble(
          description: "rank \(members[place]) is at gather \(seen), rank \(members[0]) at \(sequence): "
            + "the ranks of a cell must do the same")
      }
      all.append(part.numbers)
    }
    parts = [:]
    try sendToOthers(.whole(round: round, sequence: sequence, numbers: all))
    return all
  }

  private func gatherAsMember(_ numbers: [Double]) throws -> [[Double]] {
    whole = nil
    try host.post.send(.part(round: round, sequence: sequence, numbers: numbers), to: members[0])
    try host.wait { whole != nil || isDissolved }
    guard let whole, whole.sequence == sequence else { throw TeamDissolved() }
    return whole.numbers
  }

  /// Sends a message of the leader to all other members.
  func sendToOthers(_ message: Message) throws {
    for rank in members.dropFirst() { try host.post.send(message, to: rank) }
  }

  func receive(_ numbers: [Double], _ sequence: Int, from rank: Int) {
    if let place = members.firstIndex(of: rank) { parts[place] = (sequence, numbers) }
  }

  func receive(whole numbers: [[Double]], _ sequence: Int) { whole = (sequence, numbers) }

  func dissolve() { isDissolved = true }

  func fail(_ text: String) { if trouble == nil { trouble = text } }

  /// Throws the trouble that a member has reported, if any.
  func checkTrouble() throws { if let trouble { throw TeamTrouble(description: trouble) } }
}
