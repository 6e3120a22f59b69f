import Yams

/// A column of `columns` whose entries have not been read yet: what they may be depends on its use.
struct NamedDraw {
  var name: String
  var key: Node
  var choice: [Node]?
  var interval: (Double, Double)?
  var isPerLifetime: Bool
}
