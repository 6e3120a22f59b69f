import Foundation

/// Files that a user names.
enum InputFile {
  /// The whole file at `path`.
  static func bytes(of path: String) throws -> [UInt8] {
    guard !path.isEmpty else {
      throw SweepFileError(
        file: "(no name)", place: nil, problem: "the name of the file is empty",
        advice: "Name a YAML file, such as sweeps/quickstart.yaml.")
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw SweepFileError(
        file: path, place: nil, problem: "there is no such file",
        advice: "The shipped experiments are in sweeps/.")
    }
    guard !isFolder.boolValue else {
      throw SweepFileError(
        file: path, place: nil, problem: "this is a folder, and a file was wanted",
        advice: "Name a YAML file, such as \(path)/quickstart.yaml.")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SweepFileError(
        file: path, place: nil, problem: "the file can not be read",
        advice: "Look at its permissions: ls -l \(path)")
    }
    return Array(data)
  }
}
