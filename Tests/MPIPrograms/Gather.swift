import Foundation
import MPI
import Model
import ResultStore
import Sweep
import SweepFakes
import Synchronization

/// How fast rank 0 takes in the records of many ranks: `ranks` (10000), `iterations` (20) each, `rate` (0: as fast as
/// it goes; otherwise messages a second from all ranks together), `degree` (5), `folder` for a real result folder.
///
/// One thread plays all ranks but rank 0, with the real messages over the in-process transport. Prints the records and
/// bytes that rank 0 stored for each second of its own processor time, and how often it waited for the disk.
func gather(_ options: [String: String]) throws -> Int32 {
  func number(_ name: String, _ initial: Int) -> Int { options[name].flatMap { Int($0) } ?? initial }
  let ranks = number("ranks", 10_000)
  let crowd = Crowd(
    ranks: ranks, iterations: number("iterations", 20), rate: Double(number("rate", 0)),
    degree: number("degree", 5))
  guard let folder = options["folder"] else { throw CheckFailure(description: "gather needs folder=PATH") }

  let network = InProcessNetwork(size: ranks)
  let cells = (0..<ranks).map { index in
    var settings = Settings()
    settings.rule.degree = crowd.degree
    return Cell(key: UInt64(index + 1), settings: settings, canonical: "gather=\(index)")
  }
  let files = CountedFiles()
  let writer = try StoreWriter(folder, files: files)
  let lead = SweepLead(
    items: (0..<ranks).map { SweepItem(cell: CellNumber($0), cost: 1) },
    sink: StoreSink(writer, launch: 0, simd: 0))
  let thread = Thread { crowd.play(network) }
  thread.start()
  let start = (wall: Date(), processor: threadSeconds())
  let run = SweepRun(
    transport: network.transport(rank: 0), cells: cells, workshop: crowd, lead: lead, surroundings: .real)
  let summary = try run.run()
  let wall = Date().timeIntervalSince(start.wall)
  let processor = threadSeconds() - start.processor
  let synchronisations = files.synchronisations
  try writer.close()
  try require(summary.done == ranks, "\(summary)")

  let messages = Double(crowd.messages.load(ordering: .relaxed))
  let records = Double(writer.index.counts.values.reduce(0, +))
  let bytes = Double(crowd.bytes.load(ordering: .relaxed))
  func text(_ value: Double) -> String { String(format: "%.4g", value) }
  print("ranks \(ranks) messages \(Int(messages)) megabytes \(text(bytes / 1e6)) seconds \(text(wall))")
  print("rank 0: processor seconds \(text(processor)) share \(text(processor / wall))")
  print(
    "capacity: \(text(messages / processor)) messages/s, \(text(records / processor)) records/s, "
      + "\(text(bytes / processor / 1e6)) MB/s")
  print("disk: \(synchronisations) synchronisations for \(ranks) results")
  return 0
}

/// Processor time of the calling thread, in seconds.
private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Ranks 1 and above, and the tiny cell that rank 0 computes itself.
private final class Crowd: CellWorkshop, @unchecked Sendable {
  let ranks: Int
  let iterations: Int
  let rate: Double
  let degree: Int
  let messages = Atomic<Int>(0)
  let bytes = Atomic<Int>(0)

  init(ranks: Int, iterations: Int, rate: Double, degree: Int) {
    self.ranks = ranks
    self.iterations = iterations
    self.rate = rate
    self.degree = degree
  }

  private var parameters: Int { (degree + 1) * (degree + 1) }

  func iteration(_ cell: UInt64, _ number: Int) -> EncodedRecord {
    IterationRecord.madeUp(cell, number, degree: degree)
  }

  func state(_ cell: UInt64, _ done: Int) -> EncodedRecord {
    StateRecord.madeUp(cell, done: done, degree: degree)
  }

  func result(_ cell: UInt64) -> EncodedRecord {
    ResultRecord(cell: cell) {
      $0.iterations = UInt32(iterations)
      $0.lifetimes = 80
      $0.bestIteration = 1
      $0.validationReward = -0.3
      $0.seconds = 1
      $0.gigaflop = 1
      $0.theta = Array(repeating: 0, count: parameters)
      $0.scale = Array(repeating: 1, count: parameters)
      $0.constants = Array(repeating: 1, count: LocalConstant.allCases.count)
    }.encoded(degree: degree)
  }

  /// Plays all ranks until each has heard the end.
  func play(_ network: InProcessNetwork) {
    let ends = (1..<ranks).map { network.transport(rank: $0) }
    for (index, end) in ends.enumerated() {
      end.send(Message.hello(host: "crowd", process: Int32(index + 1)).encoded, to: 0)
    }
    var cell = [CellNumber?](repeating: nil, count: ranks - 1)
    var sent = [Int](repeating: 0, count: ranks - 1)
    var open = 0
    var total = 0
    var stopped = 0
    let start = Date()
    while stopped < ends.count {
      for index in ends.indices {
        while let (_, bytes) = ends[index].poll() {
          switch try? Message(decoding: bytes) {
          case .assign(let given, _, _, _): cell[index] = given
          case .stored: open -= 1
          case .stop: stopped += 1
          default: break
          }
        }
        guard let number = cell[index], sent[index] < iterations, open < 20_000 else { continue }
        while rate > 0, Date().timeIntervalSince(start) * rate < Double(total) { usleep(200) }
        let key = UInt64(number.value + 1)
        sent[index] += 1
        var records = [iteration(key, sent[index] - 1)]
        if sent[index] % 3 == 0 { records.append(state(key, sent[index])) }
        let isLast = sent[index] == iterations
        if isLast { records.append(result(key)) }
        let message = Message.records(
          cell: number, iteration: sent[index], iterations: iterations, records: records)
        ends[index].send(message.encoded, to: 0)
        if isLast { ends[index].send(Message.finished(cell: number, status: .done).encoded, to: 0) }
        open += 1
        total += 1
        messages.add(isLast ? 2 : 1, ordering: .relaxed)
        bytes.add(records.reduce(0) { $0 + $1.bytes.count }, ordering: .relaxed)
      }
    }
  }

  func begin(_ cell: Cell, from state: EncodedRecord?) -> any CellWork { Own(crowd: self, key: cell.key) }

  private final class Own: CellWork {
    private let crowd: Crowd
    private let key: UInt64
    private var done = 0

    init(crowd: Crowd, key: UInt64) {
      self.crowd = crowd
      self.key = key
    }

    func advance(in team: any Team) -> CellProgress {
      done += 1
      let isLast = done == crowd.iterations
      let records = [crowd.iteration(key, done - 1)] + (isLast ? [crowd.result(key)] : [])
      return CellProgress(records: records, finished: isLast, iteration: done, iterations: crowd.iterations)
    }

    func state() -> EncodedRecord { crowd.state(key, done) }
  }
}
