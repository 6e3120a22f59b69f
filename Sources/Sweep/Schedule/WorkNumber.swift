/// The place of an item in the work list, by which rank 0's scheduler and progress know it. The list holds the
/// cells that are left to run, so an item's place is not its cell's (`CellNumber`).
public struct WorkNumber: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible
{
  public var value: Int

  public init(_ value: Int) { self.value = value }
  public init(integerLiteral value: Int) { self.value = value }

  public static func < (a: WorkNumber, b: WorkNumber) -> Bool { a.value < b.value }
  public var description: String { "\(value)" }
}

extension Array {
  subscript(number: WorkNumber) -> Element {
    get { self[number.value] }
    set { self[number.value] = newValue }
  }
}
