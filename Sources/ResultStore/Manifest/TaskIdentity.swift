/// How settings name the task of a file: `match@89abcdef01234567`, its name and 16 hex digits of its content.
public enum TaskIdentity {
  public static func text(_ name: String, digest: UInt64) -> String { "\(name)@\(hex(digest))" }

  /// `text` for people: every task of a file by its name alone.
  public static func shown(_ text: String) -> String {
    guard text.contains("@") else { return text }
    return text.replacing(/@[0-9a-f]{16}(?![0-9a-f])/, with: "")
  }
}
