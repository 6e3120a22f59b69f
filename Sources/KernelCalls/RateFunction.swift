/// r = f(x), as kernels know it: tanh x, max(0, tanh x), 1 / (1 + exp(-x)), or x + 2 between 0 and 20.
@frozen public enum RateFunction: UInt8, Sendable, CaseIterable {
  case tanh, rectifiedTanh, sigmoid, thresholdLinear
}
