import ResultStore
import Sweep

/// How a sweep file changes the plan of the folder that it is run into.
public struct PlanChange: Sendable {
  public let difference: PlanDifference
  private let folder: String
  private let name: String
  private let found: SweepManifest
  private let cells: [Cell]

  /// - Parameters:
  ///   - found: the plan that the folder has.
  ///   - cells: those of the sweep named `name` that are to be run.
  public init(of found: SweepManifest, in folder: String, to cells: [Cell], named name: String) {
    difference = PlanDifference(old: found.cells.map(\.key), new: cells.map(\.key))
    self.folder = folder
    self.name = name
    self.found = found
    self.cells = cells
  }

  /// True if no cell of the old plan is left.
  public var replacesEverything: Bool {
    difference.unchanged.isEmpty && !found.cells.isEmpty && !cells.isEmpty
  }

  /// What the user is told about it; nil if nothing has changed.
  public var note: String? {
    guard !difference.isEmpty else { return nil }
    let shown =
      difference.removed.isEmpty ? "" : "; `trifactor table \(folder) --all-plans` shows the removed ones too"
    return "the sweep file has changed since the last launch: \(difference.summary)\(shown)"
      + (given.map { "; that launch had \($0)" } ?? "")
  }

  /// The settings that the last launch was given beside its sweep file; nil for none.
  private var given: String? {
    let words = found.launches.last?.command ?? []
    let values = words.indices.compactMap { place -> String? in
      if words[place] == "--set" { return place + 1 < words.count ? words[place + 1] : nil }
      return words[place].hasPrefix("--set=") ? String(words[place].dropFirst(6)) : nil
    }
    return values.isEmpty ? nil : values.map { "--set \($0)" }.joined(separator: " ")
  }

  /// - Parameter replace: true where the user has said that this is meant.
  /// - Throws: `StoreError` where no cell of the old plan is left.
  public func check(replace: Bool) throws {
    guard replacesEverything, !replace else { return }
    let goOn =
      "or --replace, which keeps the old cells stored and described (`trifactor table \(folder) --all-plans`)"
    guard found.name == name else {
      throw StoreError(
        .damaged,
        "\(folder) holds another sweep, '\(found.name)', which has no cell in common with '\(name)'; nothing "
          + "was changed. Give --out another folder, or run the sweep file that belongs to this one "
          + "(\(folder)/sweep.yaml is its copy), \(goOn)")
    }
    throw StoreError(
      .damaged,
      "no cell of the sweep in \(folder) is left in this version of '\(name)': \(difference.summary)"
        + (changes.isEmpty ? "" : " (\(changes.joined(separator: ", ")))")
        + (given.map { ". The last launch had \($0)" } ?? "")
        + ". Nothing was changed. Give --out another folder, \(goOn)")
  }

  /// Settings that all old cells share, and all new cells with another value: what was edited in `base`.
  private var changes: [String] {
    let old = Self.shared(found.cells.map(\.settings.all))
    let new = Self.shared(
      cells.map { CanonicalForm.values(of: $0.settings).mapValues { ManifestValue(settingText: $0) } })
    let changed = old.keys.filter { path in new[path].map { $0 != old[path] } ?? false }.sorted()
    return changed.prefix(3).map { "\($0) was \(old[$0] ?? .null) and is \(new[$0] ?? .null)" }
      + (changed.count > 3 ? ["and \(changed.count - 3) settings more"] : [])
  }

  private static func shared(_ settings: [[String: ManifestValue]]) -> [String: ManifestValue] {
    guard var common = settings.first else { return [:] }
    for one in settings.dropFirst() { common = common.filter { one[$0.key] == $0.value } }
    return common
  }
}
