import KernelCalls
import Kernels
import Model
import Tasks

/// Where the synapses of a lifetime lie in one plane: the rows of W, then those of Win and of Wout where they learn.
///
/// Every row has the N units in its lanes: row j of W is what unit j sends, row m of Win what input m sends, and row k of
/// Wout what output k receives. What changes synapses one by one (updates, filters of e, noise, U) sees the rows alone.
struct SynapseRows: Sendable, Equatable {
  /// N, and rows of W.
  let units: Int
  /// Those of Win and of Wout; empty where they do not learn.
  let input: Range<Int>
  let readout: Range<Int>
  /// False where W is there and does not learn.
  let recurrentLearns: Bool

  init(_ method: Method, _ task: any LearningTask) {
    self.init(units: method.units, inputs: task.inputs, outputs: task.outputs, plastic: method.plastic)
  }

  init(units: Int, inputs: Int, outputs: Int, plastic: [Layer]) {
    self.units = units
    input = units..<units + (plastic.contains(.input) ? inputs : 0)
    readout = input.upperBound..<input.upperBound + (plastic.contains(.readout) ? outputs : 0)
    recurrentLearns = plastic.contains(.recurrent)
  }

  var count: Int { readout.upperBound }
  var recurrent: Range<Int> { 0..<units }
  /// Those behind W.
  var others: Range<Int> { units..<count }

  /// One number for every synapse of a plane, or of several planes one behind the other, in Double and in the method's
  /// own order [post][pre]: N x N of W, then N x M of Win and K x N of Wout where they learn.
  func values<S: KernelScalar>(_ matrix: borrowing Matrix<S>, planes: Int = 1) -> [Double] {
    let ld = matrix.stride
    var result: [Double] = []
    result.reserveCapacity(planes * count * units)
    for q in 0..<planes {
      let plane = matrix.pointer + q * count * ld
      func append(_ rows: Range<Int>) {
        for i in 0..<units { for j in rows { result.append(Double(plane[j * ld + i])) } }
      }
      append(recurrent)
      append(input)
      for k in readout { for j in 0..<units { result.append(Double(plane[k * ld + j])) } }
    }
    return result
  }

  /// Place among `values` of a lane of a row.
  func place(row: Int, lane: Int) -> Int {
    if row < units { return lane * units + row }
    let start = units * units
    if input.contains(row) { return start + lane * input.count + row - input.lowerBound }
    return start + units * input.count + (row - readout.lowerBound) * units + lane
  }

  func range(of layer: Layer) -> Range<Int> {
    switch layer {
    case .recurrent: recurrent
    case .input: input
    case .readout: readout
    }
  }
}
