import COpenMPI

/// An MPI call that did not return MPI_SUCCESS, or a launch that cannot work.
public struct MPIError: Error, Equatable, CustomStringConvertible {
  /// The library's error code; 0 for a mistake noticed before any call.
  public var code: Int32
  /// The call, as the standard names it.
  public var call: String
  /// The library's own text for `code`.
  public var text: String
  /// Rank in the communicator of the call, nil before ranks are known.
  public var rank: Int?

  public init(code: Int32, call: String, text: String, rank: Int? = nil) {
    self.code = code
    self.call = call
    self.text = text
    self.rank = rank
  }

  public var description: String {
    let place = rank.map { " on rank \($0)" } ?? ""
    return "\(call) failed\(place): \(text)" + (code == 0 ? "" : " (MPI error code \(code))")
  }
}

/// Turns the status of one MPI call into a thrown error that names the call.
@inline(__always)
func check(_ code: Int32, _ call: StaticString, rank: Int? = nil) throws {
  if code != MPI_SUCCESS { throw failure(code, call, rank: rank) }
}

private func failure(_ code: Int32, _ call: StaticString, rank: Int?) -> MPIError {
  let text = libraryText { shim_error_string(code, $0, $1) } ?? "unknown error"
  return MPIError(code: code, call: "\(call)", text: text, rank: rank)
}

/// Reads a text that the library writes into a fixed buffer; nil where the call fails.
func libraryText(_ read: (UnsafeMutablePointer<CChar>, UnsafeMutablePointer<Int32>) -> Int32) -> String? {
  let room = 8192
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: room) { buffer -> String? in
    buffer.initialize(repeating: 0)
    var length: Int32 = 0
    guard let start = buffer.baseAddress, read(start, &length) == MPI_SUCCESS else { return nil }
    let bytes = buffer.prefix(max(0, min(Int(length), room))).map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
