import Model
import Testing

@testable import ResultStore

@Suite("Record bytes") struct RecordCodingTests {
  static let cell: UInt64 = 0x0123_4567_89AB_CDEF

  static let iteration = IterationRecord(cell: cell) {
    $0.iteration = 1
    $0.lifetimes = 2
    $0.diverged = 3
    $0.dropped = 4
    $0.action = 5
    $0.reward = -0.5
    $0.lateReward = -0.25
    $0.lateAccuracy = 0.75
    $0.gradientNorm = 2.5
    $0.runningNorm = 2.25
    $0.learningRate = 0.03
    $0.lifetimesSoFar = 6
    $0.theta = [0.3]
    $0.gradient = [-1]
    $0.constants = (0..<13).map(Double.init)
  }
  static let state = StateRecord(cell: cell) {
    $0.iteration = 1
    $0.evaluated = 2
    $0.optimiserSteps = 5
    $0.lifetimes = 6
    $0.divergedLifetimes = 7
    $0.divergedNetworks = 8
    $0.runningNorm = 0.5
    $0.bestReward = 0.25
    $0.bestIteration = 3
    $0.bestNorm = 0.125
    $0.tailCount = 4
    $0.lastValidationReward = 0.0625
    $0.parameters = Sample.numbers(14, from: 1)
    $0.firstMoment = Sample.numbers(14, from: 2)
    $0.secondMoment = Sample.numbers(14, from: 3)
    $0.bestParameters = Sample.numbers(14, from: 4)
    $0.tailSum = Sample.numbers(14, from: 5)
    $0.scale = [6]
  }
  static let evaluation = EvaluationRecord(cell: cell) {
    $0.network = 1
    $0.role = .none
    $0.trials = 200
    $0.evaluation.trialsToCriterion = 40
    $0.evaluation.reward = -0.5
    $0.evaluation.accuracy = 0.5
    $0.evaluation.lateReward = -0.25
    $0.evaluation.lateAccuracy = 0.875
    $0.evaluation.rewardCurve = Sample.numbers(20, from: -1)
    $0.evaluation.accuracyCurve = Sample.numbers(20, from: 0)
    $0.evaluation.lateIncongruentAccuracy = 0.625
  }
  static let result = ResultRecord(cell: cell) {
    $0.status = .diverged
    $0.simd = 2
    $0.launch = 2
    $0.rank = 3
    $0.iterations = 4
    $0.lifetimes = 480
    $0.divergedLifetimes = 5
    $0.evaluations = 6
    $0.choice = 1
    $0.bestIteration = 70
    $0.validationReward = -0.25
    $0.seconds = 3
    $0.gigaflop = 12.5
    $0.theta = [1]
    $0.scale = [2]
    $0.constants = Sample.numbers(13, from: 3)
    $0.message = "ünfit"
  }

  static let dynamics = {
    var record = DynamicsRecord(cell: cell) {
      $0.network = 1
      $0.stage = .none
      $0.condition = -1
      $0.conditions = 2
    }
    (record.simd, record.starts, record.limit, record.fixedPoints, record.analysed) = (2, 200, 10, 3, 2)
    (record.converged, record.stalled, record.singular) = (190, 4, 3)
    (record.exhausted, record.overflowed, record.firstHits, record.firstStability) = (2, 1, 120, 1)
    (record.lateAccuracy, record.slowest, record.stable, record.abscissa) = (
      -0.25, -0.234375, -0.21875, -0.203125
    )
    (record.unstableDirections, record.henrici, record.nonNormality) = (-0.1875, -0.171875, -0.15625)
    (record.slowOverlap, record.sensitivity, record.outputGain) = (-0.140625, -0.125, -0.109375)
    (record.firstResidual, record.firstReal, record.firstImaginary) = (-0.09375, -0.078125, -0.0625)
    record.firstHenrici = -0.046875
    record.program = "1.0.0 abc"
    return record
  }()

  static let alignment = {
    var record = AlignmentRecord(cell: cell) {
      $0.network = 1
      $0.point = 1
      $0.points = 2
      $0.trial = 19
      $0.wanted = 64
      $0.draws = 63
      $0.simd = 2
    }
    (record.reward, record.lateReward, record.lateAccuracy) = (-0.25, -0.234375, -0.21875)
    (record.cosine, record.product) = (-0.203125, -0.1875)
    (record.updateSquare, record.updateVariance) = (-0.171875, -0.15625)
    (record.gradientSquare, record.gradientVariance) = (-0.140625, -0.125)
    return record
  }()

  /// The first 64 bytes, the size and zlib's CRC-32 of all bytes of the records above at degree 0 with
  /// sequence 5 and unsynced 2, as laid down by Python's `struct` and `zlib` from the description in
  /// `Format.md`.
  @Test(
    "Every byte is where the format says",
    arguments: [
      (
        iteration.encoded(degree: 0), 240, 0x087B_8822 as UInt32,
        "334641437b96cd190500000000000000efcdab89674523010301020001000000"
          + "02000000030000000400000005000000000000000000e0bf000000000000d0bf"
      ),
      (
        state.encoded(degree: 0), 680, 0xE970_0011,
        "33464143ce2e8b3d0500000000000000efcdab89674523010302020001000000"
          + "0200000003000000040000000000000005000000000000000600000000000000"
      ),
      (
        evaluation.encoded(degree: 0), 408, 0xE8E1_8B76,
        "3346414320b97dae0500000000000000efcdab89674523010203020001000000"
          + "c8000000ffffffff2800000002000000000000000000e0bf000000000000e03f"
      ),
      (
        result.encoded(degree: 0), 472, 0x30B8_2ED8,
        "3346414302519cca0500000000000000efcdab89674523010304020002000000"
          + "030000000400000006000000010000004600000001020000e001000000000000"
      ),
      (
        dynamics.encoded(degree: 0), 272, 0x842C_D901,
        "33464143c07dc9bf0500000000000000efcdab89674523010105020001000000"
          + "02000000ffffffffffffffff01000000c80000000a0000000300000002000000"
      ),
      (
        alignment.encoded(degree: 0), 136, 0x7203_CAA9,
        "33464143e5f1e7b40500000000000000efcdab89674523010106020001000000"
          + "010000000200000013000000400000003f000000ffffffff0200000000000000"
      ),
    ])
  func exact(_ record: EncodedRecord, size: Int, crc: UInt32, start: String) {
    var record = record
    record.seal(sequence: 5, unsynced: 2)
    #expect(record.bytes.count == size)
    let digits = record.bytes.prefix(64).map { hex(UInt64($0)).suffix(2) }.joined()
    #expect(digits == start)
    #expect(Checksum.crc32(record.bytes) == crc)
  }

  @Test("Decoding gives back what was encoded", arguments: [0, 1, 5, 8]) func roundTrip(_ degree: Int) throws
  {
    let count = (degree + 1) * (degree + 1)
    var iteration = Self.iteration
    iteration.theta = Sample.numbers(count, from: 3)
    iteration.gradient = Sample.numbers(count, from: -3)
    iteration.validationReward = -0.5
    iteration.validationAccuracy = -.infinity
    #expect(try IterationRecord(iteration.encoded(degree: degree)) == iteration)
    let state = try StateRecord(Sample.state(iteration: 3, evaluated: 4, degree: degree))
    #expect(state.encoded(degree: degree) == Sample.state(iteration: 3, evaluated: 4, degree: degree))
    #expect(state.parameters.count == count + LocalConstant.allCases.count)
    #expect(try EvaluationRecord(Self.evaluation.encoded(degree: degree)) == Self.evaluation)
    #expect(try DynamicsRecord(Self.dynamics.encoded(degree: degree)) == Self.dynamics)
    #expect(try AlignmentRecord(Self.alignment.encoded(degree: degree)) == Self.alignment)
    var result = Self.result
    result.theta = Sample.numbers(count, from: 3)
    result.scale = Sample.numbers(count, from: 4)
    #expect(try ResultRecord(result.encoded(degree: degree)) == result)
  }

  @Test("Messages are cut at a character") func messages() throws {
    var result = Self.result
    result.message = String(repeating: "é", count: 200)
    #expect(try ResultRecord(result.encoded(degree: 0)).message == String(repeating: "é", count: 128))
    result.message = "a" + result.message
    #expect(try ResultRecord(result.encoded(degree: 0)).message == "a" + String(repeating: "é", count: 127))
  }

  @Test("Schemas keep fields aligned and records a multiple of 8") func schemas() {
    for kind in RecordKind.allCases {
      let layers: [[Layer]] = [
        [], [.recurrent, .input], [.recurrent, .readout], [.input, .readout], Layer.allCases,
      ]
      let shapes = layers.flatMap { layers in
        (0...15).flatMap { d in (0...3).map { RuleShape(degree: d, weightDegree: $0, layers: layers) } }
      }
      for shape in shapes {
        let schema = RecordSchema.of(kind, shape: shape)
        #expect(RuleShape(shape.description) == shape)
        #expect(schema.size % 8 == 0)
        #expect(ShardHeader.length(of: schema) % 64 == 0)
        var end = 0
        for field in schema.fields {
          #expect(field.offset == end)
          #expect(field.offset % field.type.size == 0)
          end += field.size
        }
        #expect(end == schema.size)
      }
    }
  }

  @Test("A record that came over a wire is checked") func wire() throws {
    var record = Sample.iteration(0)
    #expect(try record.checked() == record)
    record.bytes.removeLast()
    #expect(throws: StoreError.self) { try record.checked() }
    record = Sample.iteration(0)
    record.bytes[0] ^= 1
    #expect(throws: StoreError.self) { try record.checked() }
    record = Sample.iteration(0)
    record.shape = RuleShape(degree: 99)
    #expect(throws: StoreError.self) { try record.checked() }
  }

  @Test("An unknown role or status is an error, not a crash") func codes() {
    var record = Sample.evaluation(0)
    record.bytes[RecordSchema.roleOffset] = 9
    #expect(throws: StoreError.self) { try EvaluationRecord(record) }
    record = Sample.dynamics(0)
    record.bytes[RecordSchema.of(.dynamics, degree: 1).offset(of: "stage")] = 9
    #expect(throws: StoreError.self) { try DynamicsRecord(record) }
    record = Sample.result(iterations: 1, evaluations: 0)
    record.bytes[RecordSchema.of(.result, degree: 1).offset(of: "status")] = 9
    #expect(throws: StoreError.self) { try ResultRecord(record) }
  }

  @Test("The header of a shard, byte for byte") func header() {
    let schema = RecordSchema.of(.iteration, degree: 0)
    let bytes = ShardHeader.bytes(of: schema, count: 0)
    let text = String(decoding: bytes[10...], as: UTF8.self)
    #expect(Array(bytes[..<8]) == [0x93] + Array("NUMPY".utf8) + [1, 0])
    #expect(Int(bytes[8]) + 256 * Int(bytes[9]) + 10 == bytes.count)
    #expect(
      text.hasPrefix(
        "{'descr': [('magic', '<u4'), ('crc32', '<u4'), ('sequence', '<u8'), ('cell', '<u8'), ('schema', '<u2'), "
          + "('unsynced', '<u2'), ('iteration', '<u4'), "))
    #expect(
      text.contains(
        "('theta', '<f8', (1,)), ('gradient', '<f8', (1,)), ('constants', '<f8', (10,)), "
          + "('more_constants', '<f8', (1,)), ('layer_rates', '<f8', (2,))], "))
    #expect(text.contains("'fortran_order': False, 'shape': (0,), }"))
    #expect(text.hasSuffix(" \n"))
    let longest = ShardHeader.bytes(of: schema, count: .max)
    #expect(longest.count == bytes.count)
    #expect(ShardHeader.state(longest, of: schema, fileSize: 0) != .open)
  }
}
