/// Scalars of scratch space that any kernel needs at these sizes.
///
/// No function of the standard library is made here for our types: it would hold this level's instructions, and the
/// linker may give it to other modules.
func scratchCount<V: Lanes>(_ sizes: ScratchSizes, _: V.Type) -> Int {
  var count = 0
  func take(_ other: Int) { if other > count { count = other } }
  take(Scratch.count { _ = PrimalSpace<V>(&$0, units: sizes.units, ld: sizes.ld) })
  take(Scratch.count { _ = EligibilitySpace<V>(&$0, sizes) })
  take(Scratch.count { _ = ScoreSpace<V>(&$0, sizes) })
  take(Scratch.count { _ = LayerSpace<V>(&$0, ld: sizes.ld, degree: sizes.degree) })
  take(Scratch.count { _ = TangentSpace<V>(&$0, sizes) })
  take(Scratch.count { _ = AdjointSpace<V>(&$0, sizes) })
  return count
}
