import Model

extension Scheduler {
  /// Checks the whole state after an event, in O(items + teams); for tests only, see `checksInvariants`.
  func checkInvariants() {
    let held = teams.flatMap(\.held)
    let all = waitingItems + held
    invariant(Set(all).count == all.count, "an item is in two places: waiting \(waitingItems), held \(held)")
    invariant(
      isDraining ? all.count + ended <= size : all.count + ended == size,
      "\(all.count) items are waiting or held and \(ended) have ended, of \(size)")
    let cost = self.cost(of: waitingItems)
    // The note is a running sum: it is off by the rounding of so many additions.
    invariant(
      abs(cost - waitingCost) <= 1e-9 * totalCost,
      "items of cost \(cost) are waiting, noted is \(waitingCost)")
    for (number, team) in teams.enumerated() {
      invariant(team.held.count <= 2, "team \(number) holds \(team.held)")
      invariant(
        team.recalled.map { team.held.dropFirst().contains($0) } ?? true,
        "team \(number) was asked for an item that it does not hold ahead: \(team)")
      invariant(team.helpers.isEmpty || !team.held.isEmpty, "team \(number) has helpers and no item: \(team)")
    }
    let holding = teams.indices.filter { !teams[$0].held.isEmpty }
    let free = idle + teams.flatMap(\.helpers)
    invariant(teamsHolding == holding.count, "\(holding.count) teams hold items, noted are \(teamsHolding)")
    invariant(
      Set(free).count == free.count && Set(free).isDisjoint(with: holding),
      "teams \(free) are idle or help, \(holding) hold items")
    invariant(
      free.count + holding.count == teams.count { $0.isReady },
      "a team that is ready is neither idle nor a helper nor at work")
    let open = teams.count { $0.recalled != nil }
    invariant(recallsOpen == open, "\(open) recalls are open, noted are \(recallsOpen)")
  }
}
