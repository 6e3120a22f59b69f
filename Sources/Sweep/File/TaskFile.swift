import ResultStore

/// A task that a sweep file names by the path of a file: its name, its content, and what makes it.
///
/// Cells know it by `identity`, which is made of the content: the path, the file's name and its layout are no part of a
/// cell's key.
public struct TaskFile: Sendable, Equatable {
  /// One file of the task, as it was named and as a folder of results keeps it.
  public struct Part: Sendable, Equatable {
    /// The path in the sweep file, or relative to the sweep file where the task file names it.
    public var asked: String
    public var kept: String
    public var bytes: [UInt8]

    public init(asked: String, kept: String, bytes: [UInt8]) {
      self.asked = asked
      self.kept = kept
      self.bytes = bytes
    }
  }

  /// As the file gives it.
  public var name: String
  /// SHA-256 of the content, the first 64 bits.
  public var digest: UInt64
  /// The files that the task was read from, the task file first.
  public var parts: [Part]
  /// Forms, options and sizes, under the name `identity`.
  public var entry: TaskEntry
  /// What the reader of task files makes the task from.
  public var content: any Sendable

  public init(
    name: String, digest: UInt64, parts: [Part], step: Double? = nil, content: any Sendable,
    shape: @escaping TaskEntry.ShapeFunction
  ) {
    self.name = name
    self.digest = digest
    self.parts = parts
    self.content = content
    entry = TaskEntry(name: TaskIdentity.text(name, digest: digest), forms: ["full"], shape: shape)
    entry.step = step
  }

  /// `match@89abcdef01234567`: what settings, keys and results know the task by.
  public var identity: String { entry.name }

  /// The name alone, for people: `match` of `match@89abcdef01234567`; other text as it is.
  public static func shownName(_ identity: String) -> String { TaskIdentity.shown(identity) }

  /// True for text that can only mean a file.
  public static func isPath(_ text: String) -> Bool {
    text.contains("/") || [".yaml", ".yml", ".json", ".npz"].contains { text.hasSuffix($0) }
  }

  public static func == (a: TaskFile, b: TaskFile) -> Bool { a.identity == b.identity }

  /// Reads the task file at a path with a function that gives the bytes of a file.
  /// - Throws: `SweepFileError` that names the task file; what `read` throws where it cannot be read.
  public typealias Reader =
    @Sendable (_ path: String, _ read: (String) throws -> [UInt8]) throws -> TaskFile
}
