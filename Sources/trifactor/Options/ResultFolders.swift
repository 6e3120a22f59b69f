import Ablation
import Foundation
import Launch

/// Reads result folders, prints what they answer, and says on standard error what was left out.
struct ResultFolders {
  var paths: [String]

  init(_ paths: [String]) { self.paths = paths }

  /// - Throws: `UsageError` for a question that the results cannot answer; `StoreError` as it is.
  func answer(_ question: (OutcomeSelection) throws -> String) throws {
    let loaded = try LoadedOutcomes(folders: paths)
    for line in loaded.notes { FileHandle.standardError.write(Data("note: \(line)\n".utf8)) }
    do {
      let answer = try question(loaded.selection)
      FileHandle.standardOutput.write(Data(answer.utf8))
    } catch let error as AblationError {
      throw UsageError(error.description)
    }
  }
}
