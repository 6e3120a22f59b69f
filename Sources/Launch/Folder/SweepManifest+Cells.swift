import ResultStore
import Sweep

extension SweepManifest {
  /// The cells of a result folder from their stored settings alone. The copy of the sweep file in the folder may name
  /// rule files that are not there; the settings hold what they said.
  /// - Throws: `SettingsProblem` for a setting that this version does not know, `StoreError` for a cell whose
  ///   settings do not give its key.
  public func sweepCells(of folder: String) throws -> [Cell] {
    let varying = varyingPaths
    let tasks = Set(cells.flatMap { $0.settings["task"]?.taskNames ?? [] })
    let files = try tasks.filter { TaskFile.shownName($0) != $0 }.map { identity in
      (identity, try KeptFiles.task(identity, in: folder, schema: .trifactor))
    }
    let schema = SettingsSchema.trifactor.adding(Dictionary(uniqueKeysWithValues: files))
    return try cells.map { stored in
      let canonical = stored.settings.all.sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value.settingText)\n" }.joined()
      let coordinates = varying.compactMap { path in
        stored.settings[path].map { Coordinate(path: path, value: $0.settingText) }
      }
      let cell = Cell(try schema.settings(canonical: canonical), coordinates: coordinates)
      guard cell.key == stored.key else {
        throw StoreError(
          .damaged,
          "\(folder)/sweep.json: the settings of cell \(CanonicalForm.text(ofKey: stored.key)) give the key "
            + "\(cell.keyText); the folder was written by another version of trifactor, read it with that one"
        )
      }
      return cell
    }
  }
}

extension ManifestValue {
  /// The tasks of a cell.
  fileprivate var taskNames: [String] {
    let text = settingText
    guard text.hasPrefix("["), text.hasSuffix("]") else { return [text] }
    return text.dropFirst().dropLast().split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// The inverse of `init(settingText:)`.
  fileprivate var settingText: String { number.map(shortestText) ?? description }
}
