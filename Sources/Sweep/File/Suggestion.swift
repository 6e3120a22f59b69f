/// The known name that a mistyped one most likely stands for.
public enum Suggestion {
  /// The candidate nearest to `name`, or nil where none is near: at most a third of the letters may differ (two
  /// in short names). A candidate whose last part (after a dot) is near counts as near, and so does the only one
  /// that has the name as one of its words.
  public static func nearest(to name: String, among candidates: [String]) -> String? {
    let name = normalised(name)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let known = normalised(candidate)
      var distance = editDistance(name, known)
      if let last = known.split(separator: ".").last, last.count < known.count {
        let wanted = name.split(separator: ".").last.map(String.init) ?? name
        distance = min(distance, editDistance(wanted, String(last)) + (wanted == name ? 0 : 1))
      }
      if distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    if let best, best.distance <= max(2, name.count / 3), best.distance < name.count { return best.candidate }
    // `xor` for `delayed-xor`, `cue` for `cue-association`: the only candidate with this word in it.
    let holders = candidates.filter {
      normalised($0).split { $0 == "-" || $0 == "." }.contains { $0 == name }
    }
    return holders.count == 1 ? holders[0] : nil
  }

  /// `; did you mean ...?` to end a message with; empty where no candidate is near.
  public static func question(for name: String, among candidates: [String]) -> String {
    nearest(to: name, among: candidates).map { "; did you mean `\($0)`?" } ?? ""
  }

  /// Letters in lower case, `_` and blanks as `-`.
  private static func normalised(_ name: String) -> String {
    String(name.lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 })
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that lead from `a` to `b` (optimal string
  /// alignment distance).
  static func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a.prefix(64))
    let b = Array(b.prefix(64))
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var older: [Int] = []
    var old = Array(0...b.count)
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var distance = min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          distance = min(distance, older[j - 2] + 1)
        }
        row.append(distance)
      }
      (older, old) = (old, row)
    }
    return old[b.count]
  }
}
