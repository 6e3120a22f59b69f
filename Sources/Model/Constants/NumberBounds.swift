/// An interval of finite numbers.
public struct NumberBounds: Sendable, Hashable {
  public var lowest: Double?
  /// True where `lowest` itself is out.
  public var isOpenBelow: Bool
  public var highest: Double?

  public init(lowest: Double?, isOpenBelow: Bool = false, highest: Double?) {
    self.lowest = lowest
    self.isOpenBelow = isOpenBelow
    self.highest = highest
  }

  public static let any = NumberBounds(lowest: nil, highest: nil)
  public static let positive = NumberBounds(lowest: 0, isOpenBelow: true, highest: nil)
  public static let notNegative = NumberBounds(lowest: 0, highest: nil)
  public static let share = NumberBounds(lowest: 0, highest: 1)
  public static let positiveShare = NumberBounds(lowest: 0, isOpenBelow: true, highest: 1)

  public func contains(_ number: Double) -> Bool {
    guard number.isFinite else { return false }
    if let lowest, isOpenBelow ? number <= lowest : number < lowest { return false }
    if let highest, number > highest { return false }
    return true
  }

  /// The number within the bounds that is nearest to `number`; NaN stays NaN.
  public func nearest(to number: Double) -> Double {
    let low = lowest.map { isOpenBelow ? $0.nextUp : $0 } ?? -Double.greatestFiniteMagnitude
    let high = highest ?? Double.greatestFiniteMagnitude
    return number < low ? low : number > high ? high : number
  }
}
