import COpenMPI

/// A message that has arrived and waits to be received.
public struct Envelope: Equatable, Sendable {
  public var source: Int
  public var tag: Int
  /// Bytes.
  public var count: Int
}

extension Communicator {
  /// The largest message, in bytes: MPI counts in 32 bits.
  public static let largestMessage = Int(Int32.max)

  /// Sends; returns when `bytes` are not needed any more, which may be after they were received.
  public func send(_ bytes: [UInt8], to destination: Int, tag: Int = 0) throws {
    let handle = try peerHandle(destination, bytes.count, "MPI_Send")
    let code = bytes.withUnsafeBytes {
      shim_send(handle, $0.baseAddress, Int32($0.count), Int32(destination), Int32(tag))
    }
    try check(code, "MPI_Send", rank: rank)
  }

  /// Starts a send; the request keeps a copy of `bytes`.
  public func startSend(_ bytes: [UInt8], to destination: Int, tag: Int = 0) throws -> Request {
    let handle = try peerHandle(destination, bytes.count, "MPI_Isend")
    let request = Request(buffer: bytes)
    try check(
      shim_start_send(
        handle, request.address, Int32(bytes.count), Int32(destination), Int32(tag), &request.handle),
      "MPI_Isend", rank: rank)
    return request
  }

  /// The next message that has arrived, without receiving it; nil where there is none. Never waits.
  public func probe(from source: Int? = nil, tag: Int? = nil) throws -> Envelope? {
    guard let handle else { return nil }
    var found: Int32 = 0
    var envelope = shim_envelope()
    try check(
      shim_probe(handle, source.map { Int32($0) } ?? -1, tag.map { Int32($0) } ?? -1, &found, &envelope),
      "MPI_Iprobe", rank: rank)
    guard found != 0 else { return nil }
    return Envelope(source: Int(envelope.source), tag: Int(envelope.tag), count: Int(envelope.count))
  }

  /// Receives the message that `probe` has announced.
  public func receive(_ envelope: Envelope) throws -> [UInt8] {
    let handle = try peerHandle(envelope.source, envelope.count, "MPI_Recv")
    return try [UInt8](unsafeUninitializedCapacity: envelope.count) { buffer, count in
      try check(
        shim_receive(
          handle, buffer.baseAddress, Int32(envelope.count), Int32(envelope.source), Int32(envelope.tag)),
        "MPI_Recv", rank: rank)
      count = envelope.count
    }
  }

  private func peerHandle(_ peer: Int, _ count: Int, _ call: String) throws -> shim_comm {
    guard let handle else {
      throw MPIError(code: 0, call: call, text: "a rank alone has nobody to talk to", rank: 0)
    }
    guard count <= Self.largestMessage else {
      let text = "a message of \(count) bytes is larger than \(Self.largestMessage); send it in parts"
      throw MPIError(code: 0, call: call, text: text, rank: rank)
    }
    guard (0..<size).contains(peer) else {
      throw MPIError(code: 0, call: call, text: "rank \(peer) is not in 0 ..< \(size)", rank: rank)
    }
    return handle
  }
}
