/// One cell of a sweep: a resolved configuration and its content key.
public struct Cell: Sendable, Equatable {
  /// First 64 bits of SHA-256 of `canonical`; 16 hex digits in print.
  public var key: UInt64
  public var settings: Settings
  /// The canonical form, of which the key is made: a sorted `path=value` line for every setting. It is not stored, since
  /// a kilobyte a cell is much in large sweeps.
  public var canonical: String { givenCanonical ?? CanonicalForm.text(of: settings) }
  /// Where the cell lies on the axes of its sweep file, in their order; empty for a cell made otherwise.
  /// Never part of the key.
  public var coordinates: [Coordinate]
  private var givenCanonical: String?

  /// A cell whose key and canonical form the caller gives; `init(_:coordinates:)` makes both.
  public init(key: UInt64, settings: Settings, canonical: String, coordinates: [Coordinate] = []) {
    self.key = key
    self.settings = settings
    givenCanonical = canonical
    self.coordinates = coordinates
  }

  /// The cell of a configuration.
  public init(_ settings: Settings, coordinates: [Coordinate] = []) {
    key = CanonicalForm.key(of: CanonicalForm.text(of: settings))
    self.settings = settings
    self.coordinates = coordinates
  }

  /// `key` as it is printed and as options take it: 16 hex digits.
  public var keyText: String { CanonicalForm.text(ofKey: key) }

  /// `task=cue-association rule.degree=3 seed=0`; `base` for a cell without axes.
  public var label: String {
    coordinates.isEmpty ? "base" : coordinates.map(\.text).joined(separator: " ")
  }
}

/// The value of one setting that an axis varies.
public struct Coordinate: Sendable, Equatable, Hashable {
  public var path: String
  public var value: String

  /// `task=match`, for people: the task of a file goes by its name.
  public var text: String { "\(path)=\(TaskFile.shownName(value))" }

  public init(path: String, value: String) {
    self.path = path
    self.value = value
  }
}
