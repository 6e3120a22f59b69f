import Invariants
import KernelCalls

/// Writes the normals of a `NormalsCall`, as many groups of 64 at a time as are computed abreast.
@inline(__always)
func writeNormals<S: BinaryFloatingPoint>(_ call: NormalsCall<S>, _ store: (Floats, Int) -> Void) {
  invariant(call.count % 64 == 0, "normals are drawn 64 at a time, not \(call.count)")
  let groups = call.count / 64
  let most = Abreast.count / 2
  let whole = groups &- groups % most
  var group = 0
  while group < whole {
    writeGroups(call, group, most, store)
    group &+= most
  }
  if whole < groups { writeGroups(call, whole, groups &- whole, store) }
}

/// `count` groups from `first` on.
@inline(__always)
private func writeGroups<S: BinaryFloatingPoint>(
  _ call: NormalsCall<S>, _ first: Int, _ count: Int, _ store: (Floats, Int) -> Void
) {
  var radii = Abreast.zero
  var angles = radii
  writeWords(call, first, &radii, &angles)
  let (cosines, sines) = boxMullerLanes(radii, angles)
  for k in 0..<Abreast.count where k < 2 &* count {
    store(cosines.lanes[k], 64 &* first &+ 32 &* k)
    store(sines.lanes[k], 64 &* first &+ 32 &* k &+ 16)
  }
}
