import Foundation
import Model

/// A folder of results as a command names it: DIR or NAME=DIR.
///
/// Folders are merged, a cell that several hold counting once, until one has a name or the question is about the setting
/// `folder`: then the folder is a setting of its cells, which tells the same cell of two folders apart.
public struct ResultFolder: Sendable, Equatable {
  /// The path of the setting.
  public static let setting = "folder"

  public var path: String
  /// The value of the setting `folder`; nil where folders are merged.
  public var name: String?

  public init(_ path: String, name: String? = nil) {
    self.path = path
    self.name = name
  }

  /// - Parameters:
  ///   - texts: as the command line has them; several may share a NAME, as the parts of one sweep do.
  ///   - isAsked: true where the question is about the setting `folder`.
  /// - Throws: `AblationError` where two folders would be called the same by their last components.
  public static func all(_ texts: [String], isAsked: Bool = false) throws -> [ResultFolder] {
    var folders = texts.map(ResultFolder.init(parsing:))
    let named = Set(folders.compactMap(\.name))
    guard isAsked || !named.isEmpty else { return folders }
    for place in folders.indices where folders[place].name == nil {
      let path = folders[place].path
      let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
      if let other = folders.first(where: { $0.name == name && $0.path != path }) {
        throw AblationError(
          "the folders \(other.path) and \(path) are both called \(name); name them: A=\(other.path) B=\(path)"
        )
      }
      folders[place].name = name
    }
    return folders
  }

  /// A folder that is there is meant even where its path looks like NAME=DIR.
  private init(parsing text: String) {
    self.init(text)
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex, !text[..<sign].contains("/"),
      FileDoor.kind(of: text) == nil
    else { return }
    self.init(String(text[text.index(after: sign)...]), name: String(text[..<sign]))
  }
}
