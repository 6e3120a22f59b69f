import Model

extension Team {
  /// Runs `work` for every index below `count`, spread over the team, and returns all results by index.
  public func spread<Row: TeamRow>(_ count: Int, _ work: (Int) throws -> Row) throws -> [Row] {
    try spread(count, groupsOf: 1) { [try work($0[0])] }
  }

  /// The same for work that does up to `width` indices at once; it returns a result for each of them.
  public func spread<Row: TeamRow>(
    _ count: Int, groupsOf width: Int, _ work: ([Int]) throws -> [Row]
  ) throws -> [Row] {
    var own: [Row] = []
    for group in Array(stride(from: member, to: count, by: size)).parts(of: width) {
      own += try work(Array(group))
      try pulse()
    }
    return try gather(own, owners: (0..<count).map { $0 % size })
  }

  /// Brings the rows of all members together.
  /// - Parameters:
  ///   - own: this member's rows, in order.
  ///   - owners: for each of the results the member whose row it is, in the order of the results.
  func gather<Row: TeamRow>(_ own: [Row], owners: [Int]) throws -> [Row] {
    var numbers: [Double] = []
    for row in own { row.write(to: &numbers) }
    var rest = try gather(numbers).map { $0[...] }
    let rows = owners.map { Row(from: &rest[$0]) }
    invariant(
      rest.allSatisfy(\.isEmpty), "members sent \(rest.map(\.count)) numbers beyond \(owners.count) rows")
    return rows
  }
}
