import KernelCalls

/// See `DriveCall`: a row at a time, channel by channel.
@inline(__always)
func writeDrive<V: Lanes>(_ call: DriveCall<V.Scalar>, _: V.Type) {
  let ld = call.ld
  for t in 0..<call.steps {
    let row = call.drive + t &* ld
    let kicks = call.kicks + t &* ld
    for i in stride(from: 0, to: ld, by: V.scalarCount) { V.load(kicks + i).store(row + i) }
    for m in 0..<call.channels {
      let u = call.inputs[t &* call.channels &+ m]
      if u == 0 { continue }
      let gain = V(repeating: call.leak * V.Scalar(u))
      let column = call.inputWeights + m &* ld
      for i in stride(from: 0, to: ld, by: V.scalarCount) {
        (V.load(row + i) + V.load(column + i) * gain).store(row + i)
      }
    }
  }
}
