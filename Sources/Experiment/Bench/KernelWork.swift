/// The kernels, and the work that each is credited with for a trial.
///
/// Terms of order N^2 T are those of `CostModel`. The kernels of order N^2 are bound by memory; they are credited with
/// the operations of their formulas without growth, two a multiply-add: mu and W 4 N^2, U and <xi, U> 6 P N^2, the
/// adjoints of e and W with one sum 5 N^2. Drawing normals is bit work and credited with 0.
enum KernelWork: String, CaseIterable {
  case primal, eligibility, update, normals, tangents
  case tangentUpdate = "tangent-update"
  case score, adjoint
  case adjointUpdate = "adjoint-update"

  /// The engine that runs it.
  var engine: String {
    switch self {
    case .primal, .eligibility, .update, .normals, .score: "primal"
    case .tangents, .tangentUpdate: "forward"
    case .adjoint, .adjointUpdate: "adjoint"
    }
  }

  func flops(_ size: BenchSize) -> Double {
    let width = Double(size.degree + 1)
    let square = Double(size.units) * Double(size.units)
    return switch self {
    case .primal: 2 * size.squareSteps
    case .eligibility, .score: 2 * width * size.squareSteps
    case .update: 4 * square
    case .normals: 0
    case .tangents: 8 * width * width * size.squareSteps
    case .tangentUpdate: 6 * width * width * square
    case .adjoint: 6 * width * size.squareSteps
    case .adjointUpdate: 5 * square
    }
  }
}
