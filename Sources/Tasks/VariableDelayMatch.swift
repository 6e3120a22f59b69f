import Foundation
import Kernels

/// Delayed match to sample on a ring, with a delay of unknown length.
///
/// Inputs: n units on a ring, unit i at angle 2 pi i / n, and a fixation unit. A direction a drives unit i with
/// (1 + cos(angle_i - angle_a))/2. Sample 200 ms, delay drawn from `delays`, test 200, respond 200; fixation is 1 from
/// the start to the end of the test, so its end is the go cue. y = +1 where test = sample. Else y = -1 and the test
/// is any other direction with equal probability. Condition: 2 sample + match, uniform; the delay is not part of it.
///
/// T holds the longest delay; a trial with a shorter one ends early, with inputs 0 and no window after it. Sample
/// and test are each uniform for both answers: chance and shortcut 0.5.
/// Source: delayed match to sample, Miller, Erickson and Desimone, J. Neurosci. 16 (1996), ring coding of Yang et al.,
/// Nature Neuroscience 22 (2019).
public struct VariableDelayMatch: CatalogueTask {
  public static let listing = TaskDescription(
    name: "variable-delay-match",
    summary: "does the test direction match the sample, after a delay of unknown length",
    source: "Miller et al. 1996, J. Neurosci. 16:5154; coding of Yang et al. 2019, Nat. Neurosci. 22:297",
    options: [
      TaskOption("ring", .number(4), "n, directions and units of the ring; n + 1 inputs"),
      TaskOption("delays", .numbers([200, 400, 800]), "delays in ms, equally likely"),
    ])

  struct Timing: Sendable {
    var test: Range<Int>
    var respond: Range<Int>
  }

  /// n.
  let ring: Int
  public let steps: Int
  let sample: Range<Int>
  /// By delay.
  let timings: [Timing]
  /// (1 + cos(2 pi k / n))/2.
  let tuning: [Float]

  public init(_ request: TaskRequest) throws {
    ring = try request.integer("ring", in: 2...256)
    let delays = request.numbers("delays")
    guard delays.count <= 64, delays.allSatisfy({ 0...1e6 ~= $0 }) else {
      throw request.error(option: "delays", seen: delays, wanted: "1 to 64 times in 0...1000000 ms")
    }
    let epochs = try Epochs(request, ownLength: 600 + delays.max()!)
    steps = epochs.steps
    sample = try epochs.epoch("sample", from: 0, to: 200)
    timings = try delays.map { delay in
      Timing(
        test: try epochs.epoch("test", from: 200 + delay, to: 400 + delay),
        respond: try epochs.epoch("respond", from: 400 + delay, to: 600 + delay))
    }
    let n = Double(ring)
    tuning = (0..<ring).map { Float((1 + cos(2 * Double.pi * Double($0) / n)) / 2) }
  }

  public var inputs: Int { ring + 1 }
  public var outputs: Int { 1 }
  public var conditions: Int { 2 * ring }
  public var chance: Double { 0.5 }

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    let condition = stream.integer(below: conditions)
    let shown = condition / 2
    let matches = condition % 2 == 1
    let tested = matches ? shown : (shown + 1 + stream.integer(below: ring - 1)) % ring
    let timing = timings[stream.integer(below: timings.count)]
    trial.begin(condition: condition, window: timing.respond, target: matches ? 1 : -1)
    for unit in 0..<ring {
      trial.set(unit, of: inputs, to: tuning[(unit - shown + ring) % ring], during: sample)
      trial.set(unit, of: inputs, to: tuning[(unit - tested + ring) % ring], during: timing.test)
    }
    trial.set(ring, of: inputs, to: 1, during: 0..<timing.respond.lowerBound)
  }
}
