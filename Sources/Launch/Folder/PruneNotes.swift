import Foundation
import ResultStore

/// What leaving out each term costs, kept in `losses.json` of a pruning's folder, so that an interrupted one does not
/// measure it again.
struct PruneNotes: Codable, Equatable {
  /// J on validation networks by term, in order; by the key of the search before.
  private var losses: [String: [Double]] = [:]

  private static func path(_ folder: String) -> String { folder + "/losses.json" }

  /// Empty where there are none, or where they cannot be read: they are then measured again.
  init(of folder: String) {
    guard let data = FileManager.default.contents(atPath: Self.path(folder)),
      let found = try? JSONDecoder().decode(PruneNotes.self, from: data)
    else { return }
    self = found
  }

  /// Those of the rule that a search found; nil where they are not known.
  func losses(after search: UInt64, terms: Int) -> [Double]? {
    losses[hex(search)].flatMap { $0.count == terms ? $0 : nil }
  }

  /// - Throws: `StoreError` (io).
  mutating func keep(_ found: [Double], after search: UInt64, in folder: String) throws {
    losses[hex(search)] = found
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try OutputFile.write(Array(encoder.encode(self)), to: Self.path(folder))
  }
}
