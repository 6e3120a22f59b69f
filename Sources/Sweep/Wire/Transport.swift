/// How bytes get from rank to rank. Messages between two ranks keep their order; nothing else is promised.
public protocol Transport: AnyObject {
  /// This rank, 0 ..< size.
  var rank: Int { get }
  var size: Int { get }
  /// Hands `bytes` over for delivery and returns at once; never waits for the receiver.
  /// - Precondition: `destination` is another rank.
  func send(_ bytes: [UInt8], to destination: Int) throws
  /// The next message that has arrived, or nil; never waits.
  func poll() throws -> (source: Int, bytes: [UInt8])?
  /// Called by every rank after its last `send`: returns when all its messages have left and all ranks are here.
  func close() throws
}
