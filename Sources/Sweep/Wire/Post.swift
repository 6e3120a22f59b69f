/// The messages of one rank: encoded for others, handed over as they are where a rank writes to itself.
final class Post {
  private let transport: any Transport
  private var toMyself = Queue<Message>()

  init(_ transport: any Transport) { self.transport = transport }

  var rank: Int { transport.rank }
  var size: Int { transport.size }

  func send(_ message: Message, to destination: Int) throws {
    if destination == rank {
      toMyself.append(message)
    } else {
      try transport.send(message.encoded, to: destination)
    }
  }

  /// Hands everything that has arrived to `handle`, at most `limit` messages.
  /// - Returns: whether there was anything.
  func deliver(limit: Int, to handle: (Message, _ source: Int) throws -> Void) throws -> Bool {
    var count = 0
    while count < limit {
      if let own = toMyself.popFirst() {
        try handle(own, rank)
      } else if let (source, bytes) = try transport.poll() {
        try handle(try Message(decoding: bytes), source)
      } else {
        break
      }
      count += 1
    }
    return count > 0
  }

  func close() throws { try transport.close() }
}
