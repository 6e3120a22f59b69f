import Kernels
import Synchronization

extension CueTrajectory {
  /// A policy that ignores the cue, or does not know the trajectories, produces something that is closest to the right
  /// one of K by chance. A policy that ignores the time produces a level for each cue, and that suffices to tell cues
  /// apart: far above all trajectories the closest one is that of the highest mean, far below that of the lowest, so with
  /// two cues two levels are always right. Accuracy on this task therefore shows that cues are told apart; only the reward
  /// shows that trajectories are produced.
  public var shortcuts: [Shortcut] {
    let steps = steps
    let one = Shortcut(
      ignoring: "the cue", accuracy: chance,
      Policy("one trajectory for every cue") { _, lifetime, _ in
        lifetime.values[0..<steps].map(Double.init)
      })
    let (onset, cues) = (cue.lowerBound * inputs, inputs)
    let other = Shortcut(
      ignoring: "the trajectories", accuracy: chance,
      Policy("a rising line for even cues, a falling one for odd cues") { inputs, _, _ in
        let shown = (0..<cues).first { inputs[onset + $0] == 1 }!
        return (0..<steps).map { (shown.isMultiple(of: 2) ? 1 : -1) * (2 * Double($0) / Double(steps) - 1) }
      })
    let levels = Shortcut(
      ignoring: "the time", accuracy: levelAccuracy,
      Policy("a level for each cue, whatever the time") { inputs, lifetime, _ in
        let shown = (0..<cues).first { inputs[onset + $0] == 1 }!
        return Array(repeating: self.levels(for: lifetime)[shown].level, count: steps)
      })
    return [one, other, levels]
  }

  /// The levels that are tried: beyond +-1 a level has every trajectory on one side, and further out nothing changes.
  private static let grid = (-30...30).map { Double($0) / 20 }

  /// For each cue the level that is closer to its trajectory than to all others by the widest margin, and whether there is
  /// such a level.
  func levels(for lifetime: LifetimeDraw) -> [(level: Double, isClosest: Bool)] {
    let distances = (0..<inputs).map { k in
      let values = produce.map { Double(lifetime.values[k * steps + $0]) }
      return Self.grid.map { level in values.reduce(0) { $0 + abs(level - $1) } }
    }
    // By level: the closest trajectory, and the smallest distances of all.
    let closest = Self.grid.indices.map { place in
      let least = (0..<inputs).min { distances[$0][place] < distances[$1][place] }!
      let next = (0..<inputs).lazy.filter { $0 != least }.map { distances[$0][place] }.min()!
      return (cue: least, least: distances[least][place], next: next)
    }
    return (0..<inputs).map { k in
      let margins = closest.indices.map { place in
        (closest[place].cue == k ? closest[place].next : closest[place].least) - distances[k][place]
      }
      let best = margins.indices.max { margins[$0] < margins[$1] }!
      return (Self.grid[best], margins[best] > 0)
    }
  }

  /// The share of cues that have such a level: 1 for two cues, else simulated once (about 6000 trajectories, standard
  /// error below 0.006).
  private var levelAccuracy: Double {
    if inputs == 2 { return 1 }
    let key = [inputs, produce.count]
    if let known = Self.known.withLock({ $0[key] }) { return known }
    let lifetimes = 1 + 6000 / inputs
    var right = 0
    for number in 0..<lifetimes {
      var stream = RandomStream(seed: 0x6C65_7665_6C73, purpose: 1, lifetime: UInt32(number))
      right += levels(for: drawLifetime(&stream)).count { $0.isClosest }
    }
    let share = Double(right) / Double(lifetimes * inputs)
    Self.known.withLock { $0[key] = share }
    return share
  }

  private static let known = Mutex<[[Int]: Double]>([:])
}
