import ResultStore

extension SettingsSchema {
  /// The schema with tasks of files beside its own, known by their identities and by the paths that lead to them.
  public func adding(_ files: [String: TaskFile]) -> SettingsSchema {
    guard !files.isEmpty else { return self }
    var copy = self
    var entries: [String: TaskFile] = [:]
    for (path, file) in files {
      entries[file.identity] = file
      copy.identities[path] = file.identity
    }
    let new = entries.keys.sorted().filter { copy.taskFiles[$0] == nil }
    for identity in new { copy.taskFiles[identity] = entries[identity]! }
    copy.add(new.map { entries[$0]!.entry })
    return copy
  }
}
