import KernelCalls

/// See `DriveCall`: a row at a time, channel by channel.
@inline(__always)
func writeDrive<V: Lanes>(_ call: DriveCall<V.Scalar>, _: V.Type) {
  let ld = call.ld
  var row = call.drive
  var kicks = call.kicks
  var inputs = call.inputs
  for _ in 0..<call.steps {
    var i = 0
    while i < ld {
      V.load(kicks + i).store(row + i)
      i &+= V.scalarCount
    }
    var column = call.inputWeights
    for m in 0..<call.channels {
      let u = inputs[m]
      if u != 0 { addInput(column, V(repeating: call.leak * V.Scalar(u)), to: row, ld: ld) }
      column += ld
    }
    row += ld
    kicks += ld
    inputs += call.channels
  }
}

@inline(__always)
private func addInput<V: Lanes>(
  _ column: UnsafePointer<V.Scalar>, _ gain: V, to row: UnsafeMutablePointer<V.Scalar>, ld: Int
) {
  var i = 0
  while i < ld {
    (V.load(row + i) + V.load(column + i) * gain).store(row + i)
    i &+= V.scalarCount
  }
}
