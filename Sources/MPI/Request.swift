import COpenMPI

/// An operation under way. It owns its bytes until the operation is done.
public final class Request {
  var handle = shim_request()
  private var buffer: UnsafeMutableRawBufferPointer?
  private(set) var finished = false

  init(buffer bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    copy.copyBytes(from: bytes)
    buffer = copy
  }

  deinit {
    // The library may still read the buffer, so it must not be freed: a few bytes are leaked instead.
    if finished { buffer?.deallocate() }
  }

  var address: UnsafeRawPointer? { buffer.map { UnsafeRawPointer($0.baseAddress!) } }

  /// True once the operation is complete; never waits.
  public func isDone() throws -> Bool {
    if finished { return true }
    var done: Int32 = 0
    try check(shim_test(&handle, &done), "MPI_Test")
    finished = done != 0
    return finished
  }

  /// Waits, spinning, until the operation is complete.
  public func wait() throws {
    if finished { return }
    try check(shim_wait(&handle), "MPI_Wait")
    finished = true
  }
}
