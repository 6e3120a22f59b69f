import Model

/// What each kind of record holds, in the order of the bytes: 4-byte numbers first, so that little padding is
/// needed.
extension RecordSchema {
  /// The fields that open every record of every kind and version.
  static let opening: [(String, FieldType)] = [
    ("magic", .word), ("crc32", .word), ("sequence", .long), ("cell", .long), ("schema", .short),
    ("unsynced", .short),
  ]

  /// Bytes before the payload.
  public static let openingSize = 28

  /// The fields after the opening ones. `coefficients` is P. A later version adds fields at the end, so that what
  /// an earlier one holds lies where it did.
  static func payload(_ kind: RecordKind, _ version: UInt8, coefficients: Int)
    -> [(String, FieldType, Int?)]
  {
    let constants = firstConstants
    let parameters = coefficients + constants
    let more = LocalConstant.allCases.count - constants
    switch kind {
    case .iteration:
      return [
        ("iteration", .word, nil), ("lifetimes", .word, nil), ("diverged", .word, nil),
        ("dropped", .word, nil),
        ("action", .word, nil), ("reward", .real, nil), ("late_reward", .real, nil),
        ("late_accuracy", .real, nil), ("gradient_norm", .real, nil), ("running_norm", .real, nil),
        ("learning_rate", .real, nil), ("validation_reward", .real, nil), ("validation_accuracy", .real, nil),
        ("lifetimes_so_far", .long, nil), ("theta", .real, coefficients), ("gradient", .real, coefficients),
        ("constants", .real, constants),
      ] + (version >= 2 ? [("more_constants", .real, more)] : [])
    case .state:
      return [
        ("iteration", .word, nil), ("evaluated", .word, nil), ("best_iteration", .word, nil),
        ("tail_count", .word, nil), ("optimiser_steps", .long, nil), ("lifetimes", .long, nil),
        ("diverged_lifetimes", .long, nil), ("diverged_networks", .long, nil), ("running_norm", .real, nil),
        ("best_reward", .real, nil), ("best_norm", .real, nil), ("last_validation_reward", .real, nil),
        ("parameters", .real, parameters),
        ("first_moment", .real, parameters), ("second_moment", .real, parameters),
        ("best_parameters", .real, parameters), ("tail_sum", .real, parameters),
        ("scale", .real, coefficients),
      ] + (version >= 2 ? [("more_parameters", .real, parameterArrays * more)] : [])
    case .evaluation:
      return [
        ("network", .word, nil), ("trials", .word, nil), ("diverged_at", .signed, nil),
        ("trials_to_criterion", .signed, nil), ("role", .byte, nil), ("reward", .real, nil),
        ("accuracy", .real, nil), ("late_reward", .real, nil), ("late_accuracy", .real, nil),
        ("reward_curve", .real, EvaluationRecord.curveBins),
        ("accuracy_curve", .real, EvaluationRecord.curveBins),
      ] + (version >= 2 ? [("late_incongruent_accuracy", .real, nil)] : [])
    case .result:
      return [
        ("launch", .word, nil), ("rank", .word, nil), ("iterations", .word, nil), ("evaluations", .word, nil),
        ("choice", .word, nil), ("best_iteration", .word, nil), ("status", .byte, nil), ("simd", .byte, nil),
        ("lifetimes", .long, nil), ("diverged_lifetimes", .long, nil), ("validation_reward", .real, nil),
        ("seconds", .real, nil), ("gigaflop", .real, nil), ("theta", .real, coefficients),
        ("scale", .real, coefficients), ("constants", .real, constants), ("message", .text, messageSize),
      ] + (version >= 2 ? [("more_constants", .real, more)] : [])
    case .dynamics: return dynamicsPayload
    }
  }

  /// Constants that version 1 knew; later ones stand at the end of a record.
  static let firstConstants = LocalConstant.allCases.count { $0.declaration.recordVersion == 1 }
  /// Arrays of a state record with an entry for every parameter.
  static let parameterArrays = 5
  /// Bytes of a result record's message.
  static let messageSize = 256
}
