/// One dimension of a sweep: a setting and its values, or several settings that change together (`zip`).
public struct Axis: Sendable, Equatable {
  /// The settings, one, or several of a zip.
  public var paths: [String]
  /// The points of the axis, one row each: a value for every path.
  public var points: [[SettingValue]]
  var indices: [Int]
  var places: [Place?]

  public var count: Int { points.count }
}
