import KernelCalls

/// The sizes that a kernel's scratch space follows from.
struct ScratchSizes {
  let units: Int
  let steps: Int
  let degree: Int
  let directions: Int

  /// Lanes of a row.
  @inline(__always) var ld: Int { paddedCount(units) }
  /// Powers 0 ... degree.
  @inline(__always) var terms: Int { degree + 1 }
  /// Steps of a block.
  @inline(__always) var block: Int { blockLength(steps) }
}

/// Hands out the parts of a scratch space, one behind the other. A kernel that lays its parts out here takes its pointers
/// from it and its size too.
struct Scratch<Scalar> {
  private let start: UnsafeMutablePointer<Scalar>
  private var end: UnsafeMutablePointer<Scalar>

  @inline(__always) init(_ start: UnsafeMutablePointer<Scalar>) {
    self.start = start
    end = start
  }

  /// The next `count` scalars.
  @inline(__always) mutating func take(_ count: Int) -> UnsafeMutablePointer<Scalar> {
    let part = end
    end += count
    return part
  }

  /// Scalars that `layOut` takes, which must not touch them.
  static func count(_ layOut: (inout Self) -> Void) -> Int {
    // Any aligned address will do: nobody reads or writes there.
    var scratch = Self(UnsafeMutablePointer(bitPattern: 64)!)
    layOut(&scratch)
    return scratch.end - scratch.start
  }
}
