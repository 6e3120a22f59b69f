/// The constants of tanh for one type: p(f) with expm1(f) = f + f^2 p(f) on |f| <= ln 2 / 2.
struct TanhTable<Scalar> {
  /// Beyond this |x| the result is +-1 to the last bit.
  var limit: Scalar
  /// 1.5 2^(significand bits): adding it rounds to an integer that stays in the low bits.
  var exponentMagic: Scalar
  var inverseLogTwo: Scalar
  /// ln 2 in two parts; n times the first is exact.
  var logTwoHigh: Scalar
  var logTwoLow: Scalar
}
