import Sweep
import TaskFiles

/// A task file from its text, with these files beside it.
func read(_ text: String, as name: String = "task.yaml", files: [String: [UInt8]] = [:]) throws -> TaskFile {
  try TaskReading.reader(name) { path in
    if path == name { return Array(text.utf8) }
    guard let bytes = files[path] else {
      throw SweepFileError(
        file: path, place: nil, problem: "there is no such file",
        advice: "The shipped experiments are in sweeps/.")
    }
    return bytes
  }
}
