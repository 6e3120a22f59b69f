import Foundation

/// The Python of the project's own environment (`.venv` at the root of the package), with numpy.
public enum ProjectPython {
  /// The root of the package.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  public static var executable: URL { root.appendingPathComponent(".venv/bin/python3") }
  /// False where the environment has not been made yet (`make test` makes it).
  public static var isThere: Bool { FileManager.default.isExecutableFile(atPath: executable.path) }

  public struct Failure: Error, CustomStringConvertible {
    public var description: String
  }

  /// Runs `script`, which finds `input` decoded from JSON as `data` and leaves its answer in `answer`.
  /// - Throws: `Failure` with what Python printed, or a decoding error.
  public static func evaluate<Answer: Decodable>(
    _ script: String, _ input: some Encodable, as type: Answer.Type
  ) throws -> Answer {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "trifactor-python-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func place(_ name: String) -> URL { folder.appendingPathComponent(name) }
    try JSONEncoder().encode(input).write(to: place("input.json"))
    let program = """
      import json, sys
      import numpy as np
      data = json.load(open(sys.argv[1] + "/input.json"))
      \(script)
      json.dump(answer, open(sys.argv[1] + "/answer.json", "w"))
      """
    try Data(program.utf8).write(to: place("program.py"))
    try Data().write(to: place("printed"))
    let printed = try FileHandle(forWritingTo: place("printed"))
    let process = Process()
    process.executableURL = executable
    process.arguments = [place("program.py").path, folder.path]
    process.standardOutput = printed
    process.standardError = printed
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let text = (try? String(contentsOf: place("printed"), encoding: .utf8)) ?? ""
      throw Failure(description: "python ended with \(process.terminationStatus):\n\(text)")
    }
    return try JSONDecoder().decode(type, from: Data(contentsOf: place("answer.json")))
  }
}
