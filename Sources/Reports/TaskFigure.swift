import Foundation
import Launch
import ResultStore

/// A figure of drawn trials, made by the Python tools of this repository: `analysis.figures.task`.
public struct TaskFigure {
  /// Where the picture goes: .png, .svg or .pdf.
  private let path: String

  public init(path: String) { self.path = path }

  /// - Throws: `UsageError` where the tools are not there or another kind of picture is asked for, `StoreError` (io)
  ///   where they fail.
  public func draw(_ drawn: DrawnArrays) throws {
    guard [".png", ".svg", ".pdf"].contains(where: { path.hasSuffix($0) }) else {
      throw UsageError("--figure '\(path)': wanted: a name that ends in .png, .svg or .pdf")
    }
    guard let root = Self.root() else {
      throw UsageError(
        "--figure needs the folder `analysis` of trifactor's repository, which is neither above the program nor "
          + "here; run the command in the repository, or write --draw FILE.npz and draw it there by "
          + "`python -m analysis.figures.task FILE.npz \(path)`")
    }
    let archive = FileManager.default.temporaryDirectory.appendingPathComponent(
      "trials-\(UUID().uuidString).npz")
    defer { try? FileManager.default.removeItem(at: archive) }
    try NPYBundle(drawn.arrays).write(to: archive.path)
    let own = root + "/.venv/bin/python"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      FileManager.default.isExecutableFile(atPath: own) ? own : "python3", "-m", "analysis.figures.task",
      archive.path, URL(fileURLWithPath: path).path,
    ]
    process.currentDirectoryURL = URL(fileURLWithPath: root)
    let errors = Pipe()
    process.standardError = errors
    let text: String
    do {
      try process.run()
      text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
    } catch {
      throw StoreError(.io, "--figure: Python cannot be started: \(error.localizedDescription)")
    }
    guard process.terminationStatus == 0 else {
      throw StoreError(
        .io,
        "--figure: `python -m analysis.figures.task` ended with code \(process.terminationStatus): "
          + text.trimmingCharacters(in: .whitespacesAndNewlines) + ". `make setup` installs what it needs")
    }
  }

  /// The folder that holds `analysis/figures`: above the program, or here.
  private static func root() -> String? {
    let program =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    for start in [program, FileManager.default.currentDirectoryPath + "/."] {
      var place = URL(fileURLWithPath: start).deletingLastPathComponent()
      while place.path != "/" {
        if FileManager.default.fileExists(atPath: place.path + "/analysis/figures/task.py") {
          return place.path
        }
        place.deleteLastPathComponent()
      }
    }
    return nil
  }
}
