import Foundation
import Model

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
    guard let bytes = Self.bytes(place + "/" + Self.index),
      let paths = try? JSONDecoder().decode([String: String].self, from: Data(bytes))
    else { return nil }
    self.paths = paths
  }

  func bytes(of name: String) -> [UInt8]? { paths[name].flatMap { Self.bytes(place + "/" + $0) } }

  /// nil where there is no such file.
  private static func bytes(_ path: String) -> [UInt8]? {
    guard FileDoor.kind(of: path) == .file else { return nil }
    return try? FileDoor.bytes(path, limit: YAMLDocument.Kind.task.limit)
  }

  /// The files that a folder of results is to keep of some tasks, given by their paths: bytes by path below the folder.
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
  /// - Throws: `SweepFileError` where the copy is missing or has another identity.
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
