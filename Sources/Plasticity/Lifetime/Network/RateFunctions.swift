import KernelCalls
import Model

extension Nonlinearity {
  /// As kernels know it.
  var rateFunction: RateFunction {
    switch self {
    case .tanh: .tanh
    case .rectifiedTanh: .rectifiedTanh
    case .sigmoid: .sigmoid
    }
  }
}
