import Kernels

/// Two vibrations in turn: was the first one faster?
///
/// A frequency f in 10...34 Hz enters as (1 + s)/2 and (1 - s)/2 on two channels, s = (f - 10)/24. Epochs (ms):
/// fixation 500, f1 500, delay 1000, f2 500, respond 100; y = +1 where f1 > f2.
///
/// Pairs: f2 is one of 14, 18, 22, 26, 30 and f1 = f2 - 4 or f2 + 4 (condition 2 i + (f1 > f2)), so that f2 alone
/// says nothing. f1 alone decides the pairs with f1 in {10, 14, 30, 34}: the best policy that ignores f2 is right on
/// 0.7. With `classic: 1` the ten pairs are those of the monkeys, 8 Hz apart, of which either stimulus alone gives
/// 0.7. Chance 0.5, noiseless.
/// Sources: Romo, Brody, Hernandez and Lemus, Nature 399 (1999); coding of neurogym (Molano-Mazon et al. 2022).
public struct ParametricMemory: CatalogueTask {
  public static let listing = TaskDescription(
    name: "parametric-memory",
    summary: "two frequencies with a delay between: +1 if the first is higher",
    source: "Romo et al. 1999, Nature 399:470; coding of neurogym",
    options: [
      TaskOption(
        "durations", .numbers([500, 500, 1000, 500, 100]), "fixation, f1, delay, f2, respond in ms"),
      TaskOption("classic", .number(0), "1: the ten classic pairs, 8 Hz apart"),
    ])

  /// (f1, f2) by condition.
  let pairs: [(first: Double, second: Double)]
  public let steps: Int
  let first: Range<Int>
  let second: Range<Int>
  let respond: Range<Int>

  public init(_ request: TaskRequest) throws {
    let classic = try request.integer("classic", in: 0...1) == 1
    pairs = (0..<5).flatMap { i -> [(first: Double, second: Double)] in
      let low = 10 + 4 * Double(i)
      return classic ? [(low, low + 8), (low + 8, low)] : [(low, low + 4), (low + 8, low + 4)]
    }
    let durations = request.numbers("durations")
    guard durations.count == 5, durations.allSatisfy({ 0...1e6 ~= $0 }), durations.reduce(0, +) > 0 else {
      throw request.error(
        option: "durations", seen: durations,
        wanted: "five times in 0...1000000 ms: fixation, f1, delay, f2, respond")
    }
    var edges = [0.0]
    for duration in durations { edges.append(edges.last! + duration) }
    let epochs = try Epochs(request, ownLength: edges[5])
    steps = epochs.steps
    first = try epochs.epoch("f1", from: edges[1], to: edges[2])
    second = try epochs.epoch("f2", from: edges[3], to: edges[4])
    respond = try epochs.epoch("respond", from: edges[4], to: edges[5])
  }

  public var inputs: Int { 2 }
  public var outputs: Int { 1 }
  public var conditions: Int { pairs.count }
  public var chance: Double { 0.5 }

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    let condition = stream.integer(below: pairs.count)
    let pair = pairs[condition]
    trial.begin(condition: condition, window: respond, target: pair.first > pair.second ? 1 : -1)
    for (frequency, epoch) in [(pair.first, first), (pair.second, second)] {
      let s = (frequency - 10) / 24
      trial.set(0, of: 2, to: Float((1 + s) / 2), during: epoch)
      trial.set(1, of: 2, to: Float((1 - s) / 2), during: epoch)
    }
  }
}
