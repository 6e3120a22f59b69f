import COpenMPI
import Foundation
import MPI
import Sweep

/// What a program of the tests found wrong.
struct CheckFailure: Error, CustomStringConvertible {
  var description: String
}

func require(_ condition: Bool, _ text: @autoclosure () -> String) throws {
  if !condition { throw CheckFailure(description: text()) }
}

func checkEnvironment(_ world: Communicator) throws {
  let size = ProcessInfo.processInfo.environment["OMPI_COMM_WORLD_SIZE"].flatMap { Int($0) } ?? 1
  try require(world.size == size, "\(world.size) ranks where the launcher says \(size)")
  try require((0..<size).contains(world.rank), "rank \(world.rank)")
  // Without a launcher MPI is not even initialised.
  let launch = MPI.launch(environment: ProcessInfo.processInfo.environment)
  try require(
    (shim_is_initialised() != 0) == (launch == .ranks), "MPI is initialised: \(shim_is_initialised())")
  if size > 1 { try require(MPI.libraryVersion.contains("MPI"), "version \(MPI.libraryVersion)") }
}

/// Every rank sends to every other messages of many lengths, all at once; nobody waits for a receiver.
func checkPointToPoint(_ world: Communicator) throws {
  if world.size == 1 { return }
  let lengths = [0, 1, 7, 4096, 65_537, 1_000_000]
  var requests: [Request] = []
  for peer in 0..<world.size where peer != world.rank {
    for length in lengths {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ world.rank) }
      requests.append(try world.startSend(bytes, to: peer, tag: 5))
    }
  }
  var next = [Int](repeating: 0, count: world.size)
  while next.indices.contains(where: { $0 != world.rank && next[$0] < lengths.count }) {
    guard let envelope = try world.probe(tag: 5) else { continue }
    let bytes = try world.receive(envelope)
    let source = envelope.source
    let wanted = (0..<lengths[next[source]]).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ source) }
    try require(bytes == wanted, "message \(next[source]) of rank \(source) has \(bytes.count) other bytes")
    next[source] += 1
  }
  for request in requests { try request.wait() }
  try require(try world.probe() == nil, "a message too many")
  // A peer that does not exist is an error of ours that can be caught, not the end of the job.
  do {
    try world.send([1], to: world.size)
    throw CheckFailure(description: "rank \(world.size) took a message")
  } catch let error as MPIError {
    try require("\(error)".contains("rank \(world.size) is not in 0 ..< \(world.size)"), "\(error)")
  }
}

func checkCollectives(_ world: Communicator) throws {
  let (rank, size) = (world.rank, world.size)
  for length in [0, 1, 100_003] {
    let text = [UInt8](repeating: 42, count: length)
    try require(try world.broadcast(rank == 0 ? text : [], from: 0) == text, "broadcast of \(length) bytes")
  }
  let mine = [UInt8](repeating: UInt8(rank), count: 3 * rank)
  let all = (0..<size).map { [UInt8](repeating: UInt8($0), count: 3 * $0) }
  try require(try world.gather(mine, to: size - 1) == (rank == size - 1 ? all : []), "gather")
  try require(try world.allGather(mine) == all, "allGather")
  let numbers = [Int64(rank), -Int64(rank), 7]
  let top = Int64(size - 1)
  try require(try world.allReduce(numbers, .maximum) == [top, 0, 7], "maximum")
  try require(try world.allReduce(numbers, .minimum) == [0, -top, 7], "minimum")
  try require(
    try world.allReduce(numbers, .sum) == [top * (top + 1) / 2, -top * (top + 1) / 2, Int64(7 * size)], "sum")
  try checkValues(world)
  var looks = 0
  if rank == 0 { usleep(50_000) }
  try world.politeBarrier { looks += 1 }
  // A look every millisecond, fewer where others have the processors.
  if rank == 1 { try require(looks > 0, "no look in a wait of 50 ms") }
}

/// Typed values come back as they were on every rank, also those that bytes are easily got wrong of.
private func checkValues(_ world: Communicator) throws {
  let (rank, size) = (world.rank, world.size)
  let numbers = [[], [0.1, -.infinity, .leastNonzeroMagnitude], [-0.0]]
  try require(
    try world.broadcast(rank == 0 ? numbers : nil).map { $0.map(\.bitPattern) }
      == numbers.map { $0.map(\.bitPattern) }, "broadcast of numbers")
  let key = UInt64.max - UInt64(rank)
  try require(try world.allGather(key) == (0..<size).map { .max - UInt64($0) }, "allGather of keys")
  let name = String(repeating: "\u{3b8}", count: rank)
  try require(
    try world.allGather(name) == (0..<size).map { String(repeating: "\u{3b8}", count: $0) },
    "allGather of texts")
  try require(try world.broadcast(rank == 0 ? -258 : nil) == -258, "broadcast of an integer")
  try require(try world.minimum(size - rank) == 1, "the minimum of all")
  try require(try world.anyIs(rank == size - 1) && !world.anyIs(false), "true on one rank")
}

func checkCommunicators(_ world: Communicator) throws {
  let (rank, size) = (world.rank, world.size)
  let copy = try world.duplicate()
  try require(copy.rank == rank && copy.size == size, "duplicate")
  if size > 1, rank < 2 {
    // A message on one communicator is not seen on another.
    if rank == 1 { try copy.send([9], to: 0, tag: 3) }
    if rank == 0 {
      var seen: Envelope?
      while seen == nil {
        try require(try world.probe(tag: 3) == nil, "the world sees a message of its duplicate")
        seen = try copy.probe(tag: 3)
      }
      try require(try copy.receive(seen!) == [9], "receive on the duplicate")
    }
  }
  try copy.free()
}

/// One rank throws while all others wait for it.
func checkThrows(_ world: Communicator, rank: Int) throws {
  if world.rank == rank { throw CheckFailure(description: "rank \(rank) gives up") }
  try world.politeBarrier()
}

func checkStart(_ world: Communicator, odd: String) throws {
  let last = world.rank == world.size - 1 && world.size > 1
  var check = StartCheck(version: "1.0", keys: [1, 2, 3], simd: 2)
  if last, odd == "version" { check.version = "1.1" }
  if last, odd == "plan" { check.keys = [1, 2] }
  if last, odd == "simd" { check.simd = 1 }
  let level = try check.agree(over: world)
  try require(level == (odd == "simd" && world.size > 1 ? 1 : 2), "level \(level)")
}
