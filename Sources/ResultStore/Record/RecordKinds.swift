/// The kinds of record. A shard holds one kind at one degree; P = (degree + 1)^2.
public enum RecordKind: UInt8, Sendable, CaseIterable {
  case iteration = 1
  case state = 2
  case evaluation = 3
  case result = 4
  case dynamics = 5
  case alignment = 6
}

/// Which rule an evaluation record is of.
public enum RuleRole: UInt8, Sendable, CaseIterable {
  /// The rule the cell has learned.
  case learned = 0
  /// The rule it started from.
  case start = 1
  /// theta = 0: no plasticity.
  case none = 2
}

/// What a network has been through when its dynamics are analysed.
public enum DynamicsStage: UInt8, Sendable, CaseIterable {
  /// W0, before the first trial.
  case before = 0
  /// A lifetime with the rule the cell learned, with the one it started from, and with theta = 0 (weight noise alone).
  case learned, start, none
}

public enum CellStatus: UInt8, Sendable, CaseIterable {
  case done = 0
  /// The learned rule diverged on most evaluation networks or the search never found a finite one.
  case diverged = 1
  /// An error ended it; `message` says which.
  case failed = 2
}
