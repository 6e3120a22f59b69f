import Ablation
import Foundation
import Launch
import Plasticity
import Sweep

/// The published figures of one experiment and learner; nil where there are none.
struct PublishedFigures {
  /// Trials to criterion: median and quartiles.
  var criterion: Quartiles?
  /// Median error at a trial.
  var errors: [(trial: Int, error: Double)] = []
  /// Final loss of one run.
  var loss: Double?

  /// What was published of a run's experiment and learner.
  init(of run: PublishedRun) {
    switch (run.experiment, run.learner) {
    case (.miconiDNMS, MiconiProtocol.Trace.cubic.rawValue):
      criterion = Quartiles(q25: 692, median: 843, q75: 1125)
      errors = [(10_000, 0.03)]
    case (.miconiContext, MiconiProtocol.Trace.cubic.rawValue):
      errors = [(5_000, 0.15), (10_000, 0.05), (20_000, 0.03)]
    case (.miconiDale, MiconiProtocol.Trace.cubic.rawValue):
      // Read off the lines of the published figure, to about 50 trials.
      criterion = Quartiles(q25: 4450, median: 8250, q75: 16_050)
    case (.rflo, RFLONotebook.Learner.rflo.rawValue): loss = 1.52e-4
    case (.rflo, RFLONotebook.Learner.publishedBPTT.rawValue): loss = 2.32e-4
    default: break
    }
  }
}

/// One experiment's curves beside the published figures.
public struct ValidationReport {
  public let run: PublishedRun
  private let published: PublishedFigures

  public init(_ run: PublishedRun) {
    self.run = run
    published = PublishedFigures(of: run)
  }

  private var curves: [ErrorCurve] { run.curves }
  private var trials: Int { run.trials }
  private var isMiconi: Bool { run.experiment != .rflo }
  /// E below which a trial is right.
  private var rightError: Double { run.experiment.miconi(.cubic)?.largestRightError ?? 1 }
  private var diverged: Int { curves.count { $0.errors.count < trials } }

  /// Trials at which errors are looked up: tenths of the run, and where there is a published figure.
  private var marks: [Int] {
    let tenths = (1...10).map { trials * $0 / 10 }
    return Set(tenths + published.errors.map(\.trial)).filter { $0 >= 1 && $0 <= trials }.sorted()
  }

  /// The median over networks of their median errors in the 100 trials that end there (in all trials of a shorter run),
  /// with its 95 % bootstrap interval; a diverged network counts as infinite.
  func error(at trial: Int) -> (quartiles: Quartiles, interval: Interval) {
    let window = isMiconi ? min(100, trial) : 1
    let values = curves.map { $0.median(at: trial, window: window) ?? .infinity }
    let times = values.map { [SurvivalTime($0, reached: $0.isFinite)] }
    return (Statistics.survivalQuartiles(times.flatMap { $0 }), Statistics.survivalMedianInterval([times]))
  }

  /// Kaplan-Meier; a network that never meets the criterion is censored at its last trial.
  var criterion: (quartiles: Quartiles, interval: Interval, censored: Int) {
    let times = curves.map { curve in
      curve.trialsToCriterion(below: rightError).map { SurvivalTime(Double($0), reached: true) }
        ?? SurvivalTime(Double(trials), reached: false)
    }
    return (
      Statistics.survivalQuartiles(times), Statistics.survivalMedianInterval([times.map { [$0] }]),
      times.count { !$0.reached }
    )
  }

  private func verdict(on median: Double, by interval: Interval) -> String {
    if interval.low <= median && median <= interval.high { return "covered by the interval" }
    // No network may have met it, and none could have been so late.
    if !interval.low.isFinite && median > Double(trials) { return "later than these runs, which cannot tell" }
    return "NOT covered by the interval"
  }

  public var text: String {
    var lines = [
      "\(run.experiment.rawValue), \(run.learner): \(curves.count) networks of \(trials) trials, seed \(run.seed), "
        + "SIMD \(run.simd), "
        + "\(diverged) diverged"
    ]
    if isMiconi {
      let (quartiles, interval, censored) = criterion
      lines.append(
        "trials to criterion (96 of 100 with E < \(shortestText(of: rightError))): median \(Self.whole(quartiles.median)) [95 % "
          + "\(Self.whole(interval.low)), \(Self.whole(interval.high))], quartiles \(Self.whole(quartiles.q25)) and "
          + "\(Self.whole(quartiles.q75)), \(censored) censored")
      if let known = published.criterion {
        lines.append(
          "  published: median \(Self.whole(known.median)), quartiles \(Self.whole(known.q25)) and "
            + "\(Self.whole(known.q75)): \(verdict(on: known.median, by: interval))")
      }
    }
    lines.append(isMiconi ? "median error of the 100 trials up to trial" : "median loss at trial")
    for mark in marks {
      let (quartiles, interval) = error(at: mark)
      var line =
        "  \(mark)".padding(toLength: 10, withPad: " ", startingAt: 0)
        + "\(Self.number(quartiles.median)) [95 % \(Self.number(interval.low)), \(Self.number(interval.high))], "
        + "quartiles \(Self.number(quartiles.q25)) and \(Self.number(quartiles.q75))"
      if let known = published.errors.first(where: { $0.trial == mark }) {
        line += "; published about \(known.error)"
      }
      if mark == trials, let loss = published.loss {
        let below = curves.count { ($0.median(at: mark, window: 1) ?? .infinity) <= loss }
        line += "; published \(loss), one run: \(below) of \(curves.count) networks end as low"
      }
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }

  private static func whole(_ value: Double) -> String { value.isFinite ? "\(Int(value))" : "not reached" }
  private static func number(_ value: Double) -> String { value.isNaN ? "-" : String(format: "%.3g", value) }
}

extension ValidationReport: Encodable {
  enum CodingKeys: String, CodingKey {
    case experiment, learner, networks, trials, seed, simd, diverged, criterion, errors, published
  }

  private struct Figures: Encodable {
    var trial: Int?
    var median: Double?
    var low: Double?
    var high: Double?
    var q25: Double?
    var q75: Double?
    var censored: Int?

    init(_ quartiles: Quartiles, _ interval: Interval?, trial: Int? = nil, censored: Int? = nil) {
      func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
      self.trial = trial
      self.censored = censored
      median = finite(quartiles.median)
      low = finite(interval?.low)
      high = finite(interval?.high)
      q25 = finite(quartiles.q25)
      q75 = finite(quartiles.q75)
    }
  }

  private struct Known: Encodable {
    var criterion: Figures?
    var errors: [String: Double]
    var loss: Double?
  }

  /// `criterion` and `published.criterion` hold medians and quartiles; numbers that do not exist are left out.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(run.experiment.rawValue, forKey: .experiment)
    try container.encode(run.learner, forKey: .learner)
    try container.encode(curves.count, forKey: .networks)
    try container.encode(trials, forKey: .trials)
    try container.encode(run.seed, forKey: .seed)
    try container.encode(run.simd, forKey: .simd)
    try container.encode(diverged, forKey: .diverged)
    if isMiconi {
      let (quartiles, interval, censored) = criterion
      try container.encode(Figures(quartiles, interval, censored: censored), forKey: .criterion)
    }
    let errors = marks.map { mark in
      let (quartiles, interval) = error(at: mark)
      return Figures(quartiles, interval, trial: mark)
    }
    try container.encode(errors, forKey: .errors)
    let known = Known(
      criterion: published.criterion.map { Figures($0, nil) },
      errors: Dictionary(uniqueKeysWithValues: published.errors.map { ("\($0.trial)", $0.error) }),
      loss: published.loss)
    try container.encode(known, forKey: .published)
  }
}
