/// The place of a cell in the plan, which every rank has; messages name cells by it.
public struct CellNumber: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible
{
  public var value: Int

  public init(_ value: Int) { self.value = value }
  public init(integerLiteral value: Int) { self.value = value }

  public static func < (a: CellNumber, b: CellNumber) -> Bool { a.value < b.value }
  public var description: String { "\(value)" }
}

extension Array {
  subscript(number: CellNumber) -> Element { self[number.value] }
}
