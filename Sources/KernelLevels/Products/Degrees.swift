/// The degree of a rule as a kernel is compiled for it: where the compiler knows how long a polynomial is, its loops have
/// no branch left.
protocol RuleDegree {
  var value: Int { get }
}

/// A degree that is known when the kernel is compiled.
struct FixedDegree<let size: Int>: RuleDegree {
  @inline(__always) var value: Int { size }
}

/// Any other.
struct OpenDegree: RuleDegree {
  let value: Int
}

/// A part of a kernel that is compiled for each of the usual degrees. What it computes, and in which order, is the same
/// for all.
protocol DegreeJob {
  func run<D: RuleDegree>(_ degree: D)
}

extension DegreeJob {
  @inline(__always)
  func run(degree: Int) {
    switch degree {
    case 1: run(FixedDegree<1>())
    case 2: run(FixedDegree<2>())
    case 3: run(FixedDegree<3>())
    case 4: run(FixedDegree<4>())
    case 5: run(FixedDegree<5>())
    default: run(OpenDegree(value: degree))
    }
  }
}
