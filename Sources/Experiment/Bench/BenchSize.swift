/// One size to measure: N units, T steps, degree d.
public struct BenchSize: Sendable, Equatable {
  public var units: Int
  public var steps: Int
  public var degree: Int

  public init(units: Int, steps: Int, degree: Int) {
    self.units = units
    self.steps = steps
    self.degree = degree
  }

  /// The size of most sweeps at every degree, then the sizes at which engines are compared.
  public static let standard: [BenchSize] =
    (1...5).map { BenchSize(units: 32, steps: 24, degree: $0) }
    + [(64, 100, 5), (128, 200, 3), (200, 200, 5), (200, 1000, 5), (400, 200, 5)].map {
      BenchSize(units: $0.0, steps: $0.1, degree: $0.2)
    }

  /// Reads `N,T,d;N,T,d;...`.
  /// - Throws: `BenchSizeError` for anything that is not three whole numbers, or out of range.
  public static func list(_ text: String) throws -> [BenchSize] {
    try text.split(separator: ";", omittingEmptySubsequences: false).map { item in
      let numbers = item.split(separator: ",", omittingEmptySubsequences: false).map {
        Int($0.filter { $0 != " " })
      }
      guard numbers.count == 3, let n = numbers[0], let t = numbers[1], let d = numbers[2] else {
        throw BenchSizeError("the size '\(item)' is not N,T,d; wanted: three whole numbers, as in 32,24,3")
      }
      guard (1...4096).contains(n), (4...100_000).contains(t), (0...9).contains(d) else {
        throw BenchSizeError(
          "the size '\(item)' is out of range; wanted: N in 1...4096, T in 4...100000 and d in 0...9")
      }
      return BenchSize(units: n, steps: t, degree: d)
    }
  }

  /// P = (d + 1)^2.
  var directions: Int { (degree + 1) * (degree + 1) }
  /// N^2 T.
  var squareSteps: Double { Double(units) * Double(units) * Double(steps) }
  /// H where none is given. The first trial of a lifetime has no U, so very short lifetimes would flatter the forward
  /// engine.
  var standardTrials: Int { isSmall ? 200 : 20 }
  var isSmall: Bool { squareSteps <= 100_000 }
}

/// A size that cannot be read; the message says which and what is wanted.
public struct BenchSizeError: Error, Equatable, CustomStringConvertible {
  public var description: String
  init(_ description: String) { self.description = description }
}
