import Foundation
import Yams

/// Where the files that a sweep file names are found: beside it, in the folder of results that it is the copy in, or,
/// where the original is gone, among the copies in a folder of results.
public struct SweepFolder: Sendable {
  /// The folder of the sweep file.
  let folder: URL
  private let copies: KeptFiles?
  private let isCopy: Bool
  private let sent: [String: [UInt8]]

  /// - Parameters:
  ///   - results: a folder of results that may hold copies.
  ///   - sent: files that another rank has read, by their paths in the sweep file.
  public init(ofSweepAt path: String, results: String? = nil, sent: [String: [UInt8]] = [:]) {
    self.sent = sent
    folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let own = KeptFiles(in: folder.path)
    isCopy = own != nil
    copies = own ?? results.flatMap { KeptFiles(in: $0) }
  }

  /// The bytes of a file by its path in the sweep file.
  /// - Throws: `SweepFileError` where it can not be read.
  public func read(_ name: String) throws -> [UInt8] {
    if let bytes = sent[name] { return bytes }
    if isCopy, let bytes = copies?.bytes(of: name) { return bytes }
    let path = URL(fileURLWithPath: name, relativeTo: folder).path
    if !FileManager.default.fileExists(atPath: path), let bytes = copies?.bytes(of: name) { return bytes }
    // Arrays may be larger than text.
    let isArray = [".npz", ".npy"].contains { name.hasSuffix($0) }
    return try InputFile.bytes(of: path, kind: isArray ? .task : .rule)
  }

  /// Names of files beside `name`, for suggestions.
  func neighbours(of name: String) -> [String] {
    let place = URL(fileURLWithPath: name, relativeTo: folder).deletingLastPathComponent().path
    let prefix = name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    return names.filter(TaskFile.isPath).sorted().map { prefix + $0 }
  }
}

/// The task files that a folder of results keeps: `tasks/IDENTITY/...`, and in `tasks/index.json` what the sweep file
/// calls them.
public struct KeptFiles: Sendable {
  public static let folder = "tasks"
  private static let index = "index.json"
  private let place: String
  /// Paths below `tasks` by the paths in the sweep file.
  private let paths: [String: String]

  /// nil where the folder keeps none.
  public init?(in results: String) {
    place = results + "/" + Self.folder
    guard let data = FileManager.default.contents(atPath: place + "/" + Self.index),
      let paths = try? JSONDecoder().decode([String: String].self, from: data)
    else { return nil }
    self.paths = paths
  }

  func bytes(of name: String) -> [UInt8]? {
    paths[name].flatMap { FileManager.default.contents(atPath: place + "/" + $0) }.map { Array($0) }
  }

  /// What a folder of results is to keep of some tasks, given by their paths: bytes by path below the folder.
  public static func files(of tasks: [String: TaskFile]) throws -> [(path: String, bytes: [UInt8])] {
    var index: [String: String] = [:]
    var files: [(path: String, bytes: [UInt8])] = []
    for (path, task) in tasks.sorted(by: { $0.key < $1.key }) {
      index[path] = task.identity + "/" + (task.parts.first?.kept ?? "")
      for part in task.parts {
        index[part.asked] = task.identity + "/" + part.kept
        files.append((folder + "/" + task.identity + "/" + part.kept, part.bytes))
      }
    }
    guard !files.isEmpty else { return [] }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    files.append((folder + "/" + Self.index, Array(try encoder.encode(index))))
    return files
  }

  /// Reads back the task of an identity from a folder of results, whatever the sweep file calls it.
  /// - Throws: `SweepFileError` where the copy is not there or is not what the identity says.
  public static func task(_ identity: String, in results: String, schema: SettingsSchema) throws -> TaskFile {
    let place = results + "/" + folder + "/" + identity
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    guard let reader = schema.taskReader, let main = names.first(where: { $0.hasPrefix("task.") }) else {
      throw SweepFileError(
        file: place, place: nil, problem: "the copy of the task \(TaskFile.shownName(identity)) is not there",
        advice:
          "Put the folder back, or run the sweep file again into the same folder: it copies the task anew.")
    }
    var task = try reader(place + "/" + main) { name in try InputFile.bytes(of: name, kind: .task) }
    guard task.identity == identity else {
      throw SweepFileError(
        file: place + "/" + main, place: nil,
        problem: "this copy has been changed: it is \(task.identity), and should be \(identity)",
        advice:
          "Put the original back, or run the sweep file again into the same folder: it copies the task anew."
      )
    }
    for index in task.parts.indices { task.parts[index].asked = place + "/" + task.parts[index].kept }
    return task
  }
}

extension SweepFile {
  /// True where the file at `path` can be read and names a task file.
  public static func namesTaskFiles(_ path: String) -> Bool {
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
  /// The tasks that the sweep file names by paths, wherever `task` stands in it, by path.
  /// - Throws: `SweepFileError` for one that can not be read or used, and for two that share a name and differ.
  func taskFiles(neighbours: (String) -> [String]) throws -> [String: TaskFile] {
    guard let reader = schema.taskReader else { return [:] }
    var found: [String: TaskFile] = [:]
    var order: [(path: String, node: Node)] = []
    Self.collectPaths(document.root, isTask: false, into: &order)
    for (path, node) in order where found[path] == nil {
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
        let folder = document.file.lastIndex(of: "/").map { String(document.file[...$0]) } ?? ""
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
