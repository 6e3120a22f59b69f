import Foundation

/// The folder the tests were built from, and the programs built with them.
public enum Repository {
  /// Absolute path, without a slash at the end.
  public static let path: String = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The absolute path of a program that was built beside the tests. `TRIFACTOR_PROGRAMS` names another folder.
  public static func program(_ name: String) throws -> String {
    let folder =
      try ProcessInfo.processInfo.environment["TRIFACTOR_PROGRAMS"]
      ?? URL(fileURLWithPath: FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      .deletingLastPathComponent().path
    // The test runner of the toolchain may be the process itself; then the first argument names the test bundle.
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
    let folders =
      [folder] + (bundle.map { [URL(fileURLWithPath: $0).deletingLastPathComponent().path] } ?? [])
    for folder in folders {
      let path = "\(folder)/\(name)"
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    throw ProcessFailure("\(name) is not built: looked in \(folders.joined(separator: ", "))")
  }
}
