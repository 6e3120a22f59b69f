import Model

/// Consecutive ranks in teams of a given size; the last team may be smaller.
struct TeamLayout: Equatable {
  let ranks: Int
  let perTeam: Int

  init(ranks: Int, perTeam: Int) {
    invariant(ranks > 0 && perTeam > 0, "\(ranks) ranks cannot form teams of \(perTeam)")
    self.ranks = ranks
    self.perTeam = perTeam
  }

  var count: Int { (ranks + perTeam - 1) / perTeam }
  func team(of rank: Int) -> Int { rank / perTeam }
  func members(of team: Int) -> Range<Int> { team * perTeam..<min((team + 1) * perTeam, ranks) }
}
