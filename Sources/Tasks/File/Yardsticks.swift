import Kernels
import Synchronization

/// The accuracies that a learner's is compared with.
public struct Yardsticks: Sendable, Equatable {
  /// That of the best constant answer.
  public var chance: Double
  /// That of the best answer that leaves something out, and what it leaves out.
  public var shortcut: Double
  public var ignored: String
  /// That of an ideal observer; nil if it is not known.
  public var ceiling: Double?
  public var observer: String

  public init(chance: Double, shortcut: Double, ignored: String, ceiling: Double?, observer: String) {
    self.chance = chance
    self.shortcut = shortcut
    self.ignored = ignored
    self.ceiling = ceiling
    self.observer = observer
  }
}

/// Yardsticks by task and time grid, since a sweep of many cells asks for those of a task again and again.
private let known = Mutex<[String: Yardsticks]>([:])

extension FileTask {
  public var yardsticks: Yardsticks {
    let name = "\(epochs.step) \(epochs.trial)\n" + spec.canonical
    if let found = known.withLock({ $0[name] }) { return found }
    let found = measuredYardsticks()
    known.withLock { $0[name] = found }
    return found
  }

  private func measuredYardsticks() -> Yardsticks {
    let cases = Cases(self)
    let whole = Set(cases.columns)
    let chance = cases.accuracy(seeing: [], knowingLifetime: false)
    // Seeing less never helps, so leaving out one thing at a time is enough.
    var shortcuts = cases.columns.map { left in
      (
        cases.accuracy(seeing: whole.subtracting([left]), knowingLifetime: true),
        "leave out column '\(spec.columns[left])'"
      )
    }
    if cases.hasLifetimes {
      shortcuts.append(
        (cases.accuracy(seeing: whole, knowingLifetime: false), "leave out what the lifetime has drawn"))
    }
    let best = shortcuts.max { $0.0 < $1.0 }
    let (ceiling, observer) = noisy.isEmpty ? cases.noiselessCeiling : simulatedCeiling()
    return Yardsticks(
      chance: chance, shortcut: max(chance, best?.0 ?? chance),
      ignored: (best?.0 ?? chance) > chance ? best!.1 : "the best constant answer", ceiling: ceiling,
      observer: observer)
  }
}

/// Every condition in every lifetime (or in many drawn ones), with its inputs and its target.
struct Cases {
  struct Case {
    var lifetime: Int
    var weight: Double
    /// Values of `columns`.
    var shown: [Double]
    /// Sum of what is shown by period and channel.
    var inputs: [Double]
    var target: [Float]
  }
  /// Columns that the task shows and that are not drawn independently of the condition.
  let columns: [Int]
  /// True where lifetimes differ.
  let hasLifetimes: Bool
  /// True where every possible lifetime is there; else some were drawn.
  let isExact: Bool
  private let cases: [Case]

  init(_ task: FileTask) {
    let spec = task.spec
    let used = Set(
      spec.shows.flatMap { show -> [Int] in
        var columns: [Int] = []
        if case .column(let column) = show.channel { columns.append(column) }
        if case .column(let column) = show.value { columns.append(column) }
        return columns
      })
    columns = used.sorted().filter { column in
      guard column >= spec.rowColumns else { return true }
      return spec.draws[column - spec.rowColumns].refersToColumns
    }
    let (lifetimes, isExact) = task.lifetimes()
    self.isExact = isExact
    hasLifetimes = lifetimes.count > 1
    let weights = spec.conditions.map(\.weight)
    let total = weights.reduce(0, +) * Double(lifetimes.count)
    let variants = task.variants(of: used.filter { $0 >= spec.rowColumns })
    var cases: [Case] = []
    for (number, lifetime) in lifetimes.enumerated() {
      for condition in 0..<task.conditions {
        let first = task.layout.targets + condition * task.outputs
        let target = Array(lifetime.values[first..<first + task.outputs])
        for variant in variants {
          let values = task.columns(condition, lifetime, variant)
          cases.append(
            Case(
              lifetime: number, weight: weights[condition] / total / Double(variants.count),
              shown: columns.map { values[$0] }, inputs: task.shownSums(values), target: target))
        }
      }
    }
    self.cases = cases
  }

  private struct Seen: Hashable {
    var lifetime: Int
    var values: [Double]
  }

  /// The accuracy of the best answer given these columns, with or without knowing the lifetime's draw.
  func accuracy(seeing seen: Set<Int>, knowingLifetime: Bool) -> Double {
    let kept = columns.indices.filter { seen.contains(columns[$0]) }
    return accuracy { one in
      Seen(lifetime: knowingLifetime ? one.lifetime : 0, values: kept.map { one.shown[$0] })
    }
  }

  private func accuracy(_ key: (Case) -> Seen) -> Double {
    var answers: [Seen: [[Float]: Double]] = [:]
    for one in cases { answers[key(one), default: [:]][one.target, default: 0] += one.weight }
    let sum = answers.values.reduce(0) { $0 + ($1.values.max() ?? 0) }
    // The sums are whole numbers up to rounding.
    return (sum * 1e12).rounded() / 1e12
  }

  /// Without noise an observer sees everything; it must guess between conditions that look the same.
  var noiselessCeiling: (Double?, String) {
    let value = accuracy { Seen(lifetime: $0.lifetime, values: $0.inputs) }
    return (value, value == 1 ? "what is shown decides the answer" : "some conditions look the same")
  }
}

extension TaskSpec.DrawnColumn {
  var refersToColumns: Bool {
    guard case .choice(let entries) = draw else { return false }
    return entries.contains { if case .column = $0 { true } else { false } }
  }
}
