import Foundation
import Yams

extension SweepFile {
  /// True where one of the settings given beside it, or the file at `path`, which can be read, names a task file.
  public static func namesTaskFiles(_ path: String, overrides: [SettingOverride] = []) -> Bool {
    if overrides.contains(where: \.namesTaskFile) { return true }
    guard let bytes = try? InputFile.bytes(of: path),
      let document = try? YAMLDocument(bytes: bytes, file: path)
    else {
      return false
    }
    var paths: [(path: String, node: Node)] = []
    SweepReader.collectPaths(document.root, isTask: false, into: &paths)
    return !paths.isEmpty
  }
}

extension SweepReader {
  /// The tasks that the sweep file and the settings given beside it name by paths, wherever `task` stands, by path.
  /// - Throws: `SweepFileError` for one that cannot be read or used, and for two that share a name and differ.
  func taskFiles(and overrides: [YAMLDocument], neighbours: (String) -> [String]) throws -> [String: TaskFile]
  {
    guard let reader = schema.taskReader else { return [:] }
    var found: [String: TaskFile] = [:]
    let order = ([document] + overrides).flatMap { document in
      var paths: [(path: String, node: Node)] = []
      Self.collectPaths(document.root, isTask: false, into: &paths)
      return paths.map { (document, $0.path, $0.node) }
    }
    for (document, path, node) in order where found[path] == nil {
      do {
        found[path] = try reader(path, readFile)
      } catch let error as SweepFileError where error.problem == SweepFileError.noFile {
        // Names without folder and ending: all task files end alike.
        func stem(_ path: String) -> String {
          URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        }
        let others = neighbours(path)
        let near = Suggestion.nearest(to: stem(path), among: others.map(stem)).flatMap { name in
          others.first { stem($0) == name }
        }
        throw document.error(
          at: node,
          "the task file `\(path)` is not there" + (near.map { "; did you mean `\($0)`?" } ?? ""),
          advice: "Paths are relative to the folder of the sweep file.")
      } catch let error as SweepFileError where !error.file.hasPrefix("/") {
        // A path that the reader of the message can open, from where the sweep file is named.
        let sweep = self.document.file
        let folder = sweep.lastIndex(of: "/").map { String(sweep[...$0]) } ?? ""
        throw SweepFileError(
          file: folder + error.file, place: error.place, problem: error.problem, advice: error.advice)
      }
      let task = found[path]!
      if schema.tasks.contains(where: { $0.name == task.name }) {
        throw document.error(
          at: node, "the task file `\(path)` is named `\(task.name)`, as a task of the program is",
          advice: "Give it another `name`, so that results can be told apart.")
      }
      if let other = found.first(where: { $0.value.name == task.name && $0.value != task }) {
        throw document.error(
          at: node,
          "the task files `\(other.key)` and `\(path)` are both named `\(task.name)`, and they differ",
          advice: "Give one of them another `name`, so that results can be told apart.")
      }
    }
    return found
  }

  fileprivate static func collectPaths(
    _ node: Node, isTask: Bool, into paths: inout [(path: String, node: Node)]
  ) {
    switch node {
    case .scalar(let scalar):
      if isTask, TaskFile.isPath(scalar.string) { paths.append((scalar.string, node)) }
    case .sequence(let list): for item in list { collectPaths(item, isTask: isTask, into: &paths) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        collectPaths(value, isTask: key.scalar?.string == "task", into: &paths)
      }
    case .alias: break
    }
  }
}
