import Model
import ResultStore
import Sweep
import Tasks

/// Reads task files: YAML that describes a task, or NPZ arrays that are one.
public enum TaskReading {
  /// The reader of the task files that sweep files name; the schema of settings takes it.
  public static let reader: TaskFile.Reader = { path, read in
    let bytes = try read(path)
    if path.hasSuffix(".npz") { return try ArrayReading(bytes: bytes, file: path).taskFile() }
    return try YAMLReading(bytes: bytes, file: path).taskFile(read)
  }

  /// The task of a file on a time grid.
  /// - Throws: `TaskError` where it does not fit the grid.
  public static func task(_ file: TaskFile, time: TimeGrid) throws -> any LearningTask {
    switch file.content {
    case let spec as TaskSpec: return try FileTask(spec, time: time)
    case let arrays as TaskArrays: return try ArrayTask(arrays, time: time)
    default: brokenInvariant("\(file.identity) holds no task")
    }
  }
}

extension TimeGrid {
  public init(_ settings: TimeSettings) { self.init(step: settings.step, trial: settings.trial) }
}
