import Ablation
import Launch
import Model

/// Reads result folders, prints what they answer, and says on standard error what was left out.
struct ResultFolders {
  var folders: [ResultFolder]
  var allPlans: Bool
  /// The metric whose curves are read too; nil for none.
  var curves: Metric?

  init(_ folders: [ResultFolder], allPlans: Bool, curves: Metric? = nil) {
    self.folders = folders
    self.allPlans = allPlans
    self.curves = curves
  }

  /// - Throws: `UsageError` for a question that the results cannot answer; `StoreError` as it is.
  func answer(_ question: (OutcomeSelection) throws -> String) throws {
    let loaded = try LoadedOutcomes(folders: folders, allPlans: allPlans, curves: curves)
    for line in loaded.notes { Console.complain("note: \(line)") }
    try Console.write(Self.asUsage { try question(loaded.selection) })
  }

  /// What a question about folders refuses is a mistake of the command line.
  static func asUsage<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as AblationError { throw UsageError(error.description) }
  }
}
