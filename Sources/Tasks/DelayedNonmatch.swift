import Kernels

/// Two stimuli in turn, each A or B: did they differ?
///
/// Inputs: A and B, value 1 while on. Same means -1, different +1. Conditions: 2 a + b with a, b the first and the
/// second stimulus, uniform. XOR over time: either stimulus alone says nothing, so chance and shortcut are 0.5.
///
/// | form | first | second | respond | trial |
/// |---|---|---|---|---|
/// | short | 0-80 | 140-220 | 280-400 | 400 ms |
/// | full | 0-200 | 400-600 | 800-1000 | 1000 ms |
///
/// Source: Miconi, "Biologically plausible learning in recurrent neural networks reproduces neural dynamics observed
/// during cognitive tasks", eLife 6:e20899 (2017): the full form with `target: 0.98`. The short form is ours.
public struct DelayedNonmatch: CatalogueTask {
  public static let listing = TaskDescription(
    name: "delayed-nonmatch",
    summary: "two stimuli, each A or B, with delays: same -1, different +1",
    source: "Miconi 2017, eLife 6:e20899",
    forms: ["short", "full"],
    options: [
      TaskOption("target", .number(1), "size of the target (Miconi: 0.98)"),
      TaskOption("first", .numbers([]), "start and end of the first stimulus, ms of the form's own trial"),
      TaskOption("second", .numbers([]), "start and end of the second stimulus, ms of the form's own trial"),
    ])

  public let steps: Int
  let first: Range<Int>
  let second: Range<Int>
  let respond: Range<Int>
  let size: Float

  public init(_ request: TaskRequest) throws {
    let short = request.form == "short"
    let epochs = try Epochs(request, ownLength: short ? 400 : 1000)
    steps = epochs.steps
    size = Float(try request.number("target", in: 1e-3...10))
    respond = try epochs.epoch("respond", from: short ? 280 : 800, to: epochs.ownLength)
    func stimulus(_ name: String, standard: [Double]) throws -> Range<Int> {
      let edges = request.numbers(name, standard: standard)
      guard edges.count == 2, edges[0] >= 0, edges[0] < edges[1], edges[1] <= epochs.ownLength else {
        throw request.error(
          option: name, seen: edges, wanted: "two rising times in ms within 0...\(epochs.ownLength)")
      }
      return try epochs.epoch(name, from: edges[0], to: edges[1])
    }
    first = try stimulus("first", standard: short ? [0, 80] : [0, 200])
    second = try stimulus("second", standard: short ? [140, 220] : [400, 600])
    guard first.upperBound <= second.lowerBound else {
      throw request.error(
        option: "second", seen: request.numbers("second"),
        wanted: "a second stimulus that starts after the first one ends")
    }
  }

  public var inputs: Int { 2 }
  public var outputs: Int { 1 }
  public var conditions: Int { 4 }
  public var chance: Double { 0.5 }

  public func drawTrial(_ trial: inout Trial, lifetime: LifetimeDraw, stream: inout RandomStream) {
    let condition = stream.integer(below: 4)
    let (a, b) = (condition / 2, condition % 2)
    trial.begin(condition: condition, window: respond, target: a == b ? -size : size)
    trial.set(a, of: 2, to: 1, during: first)
    trial.set(b, of: 2, to: 1, during: second)
  }
}
