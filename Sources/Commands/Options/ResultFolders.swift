import Ablation
import Launch
import Model

/// Reads result folders, prints what they answer, and says on standard error what was left out.
struct ResultFolders {
  var paths: [String]
  var allPlans: Bool

  init(_ paths: [String], allPlans: Bool) {
    self.paths = paths
    self.allPlans = allPlans
  }

  /// - Throws: `UsageError` for a question that the results cannot answer; `StoreError` as it is.
  func answer(_ question: (OutcomeSelection) throws -> String) throws {
    let loaded = try LoadedOutcomes(folders: paths, allPlans: allPlans)
    for line in loaded.notes { Console.complain("note: \(line)") }
    do {
      let answer = try question(loaded.selection)
      try Console.write(answer)
    } catch let error as AblationError {
      throw UsageError(error.description)
    }
  }
}
