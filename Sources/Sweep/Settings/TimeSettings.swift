public struct TimeSettings: Sendable, Equatable {
  /// dt.
  public var step: Double = 15
  /// nil: the task's own length.
  public var trial: Double?

  public init() {}
}
