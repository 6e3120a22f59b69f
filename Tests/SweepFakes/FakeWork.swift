import Model
import ResultStore
import Sweep

/// What a fake cell does; its settings carry none of it, the cell's key is looked up here.
public struct FakeCell: Sendable {
  /// Steps until the result.
  public var steps: Int
  /// Iteration at which it throws, nil for never; `-1` throws when it begins.
  public var throwsAt: Int?
  public var status: CellStatus
  /// Calls of `Team.gather` in every step.
  public var gathers: Int
  /// Rank member that throws where `throwsAt` is set, nil for all.
  public var throwingMember: Int?
  /// Bytes of padding in every iteration record.
  public var padding: Int

  public init(
    steps: Int, throwsAt: Int? = nil, status: CellStatus = .done, gathers: Int = 0,
    throwingMember: Int? = nil, padding: Int = 0
  ) {
    self.steps = steps
    self.throwsAt = throwsAt
    self.status = status
    self.gathers = gathers
    self.throwingMember = throwingMember
    self.padding = padding
  }
}

/// An error that a fake cell throws.
public struct FakeError: Error, CustomStringConvertible {
  public var description: String
  public init(description: String) { self.description = description }
}

/// Cells whose whole science is a running number, so that any mistake of order, resume or team shows in their
/// records: iteration i of cell c carries `FakeWork.value(c, i)`.
public final class FakeWorkshop: CellWorkshop {
  private let cells: [UInt64: FakeCell]
  /// Called once a lifetime, twice a step, before the pulse: the place for sleeping.
  private let lifetime: (Cell, Int) -> Void
  /// Told the number of ranks at every step.
  public var team: (Int) -> Void = { _ in }

  public init(_ cells: [FakeCell], lifetime: @escaping (Cell, Int) -> Void = { _, _ in }) {
    self.cells = Dictionary(uniqueKeysWithValues: cells.enumerated().map { (UInt64($0 + 1), $1) })
    self.lifetime = lifetime
  }

  /// Cell number i has key i + 1.
  public static func sweepCells(_ count: Int) -> [Cell] {
    (0..<count).map { Cell(key: UInt64($0 + 1), settings: Settings(), canonical: "fake=\($0)") }
  }

  public func begin(_ cell: Cell, from state: EncodedRecord?) throws -> any CellWork {
    guard let plan = cells[cell.key] else { throw FakeError(description: "no fake cell \(cell.key)") }
    if plan.throwsAt == -1 { throw FakeError(description: "cell \(cell.key) cannot begin") }
    return try FakeWork(cell: cell, plan: plan, state: state, lifetime: lifetime, team: team)
  }
}

public final class FakeWork: CellWork {
  private let cell: Cell
  private let plan: FakeCell
  private let lifetime: (Cell, Int) -> Void
  private let sized: (Int) -> Void
  private var iteration = 0
  private var sum: UInt64 = 0

  init(
    cell: Cell, plan: FakeCell, state: EncodedRecord?, lifetime: @escaping (Cell, Int) -> Void,
    team: @escaping (Int) -> Void
  ) throws {
    self.sized = team
    self.cell = cell
    self.plan = plan
    self.lifetime = lifetime
    guard let state else { return }
    let fields = FakeRecord(state)
    guard fields.cell == cell.key else {
      throw FakeError(description: "cell \(cell.key) was given the state of cell \(fields.cell)")
    }
    iteration = Int(fields.iteration)
    sum = fields.value
  }

  /// The running number after iteration i (0, 1, ...) of the cell with a key.
  public static func value(_ key: UInt64, _ iteration: Int) -> UInt64 {
    (0...iteration).reduce(0) { next($0, key, $1) }
  }

  private static func next(_ sum: UInt64, _ key: UInt64, _ iteration: Int) -> UInt64 {
    (sum &+ key &* 0x9e37_79b9_7f4a_7c15) &* (2 &* UInt64(iteration) &+ 3)
  }

  public func advance(in team: any Team) throws -> CellProgress {
    sized(team.size)
    for half in 0..<2 {
      lifetime(cell, 2 * iteration + half)
      try team.pulse()
    }
    let isMine = plan.throwingMember.map { $0 == team.member } ?? true
    if plan.throwsAt == iteration, isMine {
      throw FakeError(description: "cell \(cell.key) breaks in iteration \(iteration)")
    }
    for gather in 0..<plan.gathers {
      let mine = (0...team.member).map { Double(1000 * gather + 10 * team.member + $0) }
      let all = try team.gather(mine)
      let wanted = (0..<team.size).map { m in (0...m).map { Double(1000 * gather + 10 * m + $0) } }
      guard all == wanted else { throw FakeError(description: "gather \(gather) gave \(all)") }
    }
    sum = Self.next(sum, cell.key, iteration)
    var records = [
      FakeRecord(cell: cell.key, iteration: UInt64(iteration), value: sum).encoded(.iteration, plan.padding)
    ]
    iteration += 1
    let finished = iteration >= plan.steps
    if finished {
      let result = FakeRecord(cell: cell.key, iteration: UInt64(plan.status.rawValue), value: sum)
      records.append(result.encoded(.result))
    }
    return CellProgress(
      records: records, finished: finished, status: plan.status, iteration: iteration, iterations: plan.steps)
  }

  public func state() -> EncodedRecord {
    FakeRecord(cell: cell.key, iteration: UInt64(iteration), value: sum).encoded(.state)
  }
}

/// The records of fake cells: three numbers.
public struct FakeRecord: Hashable, Sendable {
  public var cell: UInt64
  /// Iteration of an iteration record, iterations done of a state, status of a result.
  public var iteration: UInt64
  public var value: UInt64

  init(cell: UInt64, iteration: UInt64, value: UInt64) {
    self.cell = cell
    self.iteration = iteration
    self.value = value
  }

  public init(_ record: EncodedRecord) {
    let words = record.bytes.withUnsafeBytes { bytes in
      (0..<3).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self) }
    }
    self.init(cell: words[0], iteration: words[1], value: words[2])
  }

  func encoded(_ kind: RecordKind, _ padding: Int = 0) -> EncodedRecord {
    var bytes: [UInt8] = []
    for word in [cell, iteration, value] { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
    return EncodedRecord(kind: kind, degree: 1, bytes: bytes + [UInt8](repeating: 0, count: padding))
  }
}
