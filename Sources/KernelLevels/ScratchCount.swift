/// Scalars of scratch space that any kernel needs at these sizes.
func scratchCount<V: Lanes>(_ sizes: ScratchSizes, _: V.Type) -> Int {
  [
    Scratch.count { _ = PrimalSpace<V>(&$0, sizes) },
    Scratch.count { _ = EligibilitySpace<V>(&$0, sizes) },
    Scratch.count { _ = ScoreSpace<V>(&$0, sizes) },
    Scratch.count { _ = TangentSpace<V>(&$0, sizes) },
    Scratch.count { _ = AdjointSpace<V>(&$0, sizes) },
  ].max()!
}
