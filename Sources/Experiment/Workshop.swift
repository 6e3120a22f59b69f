import Foundation
import Kernels
import ResultStore
import Sweep

/// Makes the work of cells; every rank has one.
public final class Workshop: CellWorkshop {
  private let level: SIMDLevel
  private let launch: Int
  private let rank: Int
  private let schema: SettingsSchema

  /// - Parameters:
  ///   - level: the SIMD level of the whole sweep.
  ///   - launch: number of the launch in `sweep.json`.
  public init(level: SIMDLevel, launch: Int, rank: Int, schema: SettingsSchema = .trifactor) {
    self.level = level
    self.launch = launch
    self.rank = rank
    self.schema = schema
  }

  public func begin(_ cell: Cell, from state: EncodedRecord?) throws -> any CellWork {
    let gigaflop = try Plan([cell], schema: schema).gigaflop
    let identity = CellIdentity(
      level: level, launch: UInt32(launch), rank: UInt32(rank), gigaflop: gigaflop, began: ContinuousClock.now
    )
    return try LearningCell(cell, identity: identity, from: state.map { try StateRecord($0) })
  }
}
