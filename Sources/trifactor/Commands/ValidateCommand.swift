import Ablation
import ArgumentParser
import Foundation
import Kernels
import MPI
import Plasticity
import ResultStore

/// `trifactor validate`: published numbers of others, by their own protocols.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Reproduce a published number by its own protocol, beside what was published.",
    discussion: """
      miconi-dnms: trials to criterion and error of Miconi 2017 (eLife 6:e20899) on delayed non-match to sample. \
      miconi-context: his context task's error. rflo: the final loss of Murray's published notebook, for RFLO, for \
      BPTT with its backward pass, and for the exact gradient. Runs alone or under mpirun, networks spread over the ranks; --errors writes every trial's error.
      """)

  @Argument(help: "miconi-dnms, miconi-context or rflo.") var experiment: Experiment
  @Option(help: "Networks.") var networks = 20
  @Option(help: "Trials of each; 10000, and 20000 for miconi-context, otherwise.") var trials: Int?
  @Option(help: "Seed of weights, trials and perturbations.") var seed: UInt64 = 0
  @Option(help: "Miconi's trace: cubic (his), cubic-fluctuation, linear or node-perturbation.")
  var trace = MiconiProtocol.Trace.cubic
  @Option(help: "eta in place of the published one.") var eta: Double?
  @Option(help: "Weight noise sigma, which the protocol has none of.") var weightNoise = 0.0
  @Option(help: "File for the errors: .npy, networks x trials, NaN after a divergence.") var errors: String?
  @Flag(help: "Print JSON.") var json = false

  enum Experiment: String, ExpressibleByArgument, CaseIterable {
    case miconiDNMS = "miconi-dnms"
    case miconiContext = "miconi-context"
    case rflo
  }

  private var count: Int { trials ?? (experiment == .miconiContext ? 20_000 : 10_000) }

  func validate() throws {
    for (name, value) in [("--networks", networks), ("--trials", count)] where value < 1 {
      throw ValidationError("\(name) is \(value); wanted: at least 1")
    }
    guard weightNoise >= 0, weightNoise.isFinite else {
      throw ValidationError("--weight-noise is \(weightNoise); wanted: a number >= 0")
    }
  }

  func run() throws {
    let code = MPI.run(exitCode: Failure.code(of:)) { world in
      let own = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
      let level = SIMDLevel(code: Int(try world.allReduce([Int64(own.code)], .minimum)[0]))!
      let team = WorldTeam(world) {}
      let clock = ContinuousClock()
      let start = clock.now
      let reports = try reports(level, team)
      let seconds = (clock.now - start) / .seconds(1)
      guard world.rank == 0 else { return 0 }
      for report in reports { try write(report) }
      if json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        print(String(decoding: try encoder.encode(reports), as: UTF8.self))
      } else {
        print(reports.map(\.text).joined(separator: "\n\n"))
        let total = reports.reduce(0) { $0 + $1.curves.reduce(0) { $0 + $1.errors.count } }
        let rate = Double(total) / seconds / Double(world.size)
        print(String(format: "%d trials in %.0f s, %.0f a second and rank", total, seconds, rate))
      }
      return 0
    }
    if code != 0 { throw ExitCode(code) }
  }

  private func reports(_ level: SIMDLevel, _ team: any Team) throws -> [ValidationReport] {
    switch experiment {
    case .miconiDNMS, .miconiContext:
      var model =
        experiment == .miconiDNMS ? MiconiProtocol.delayedNonmatch(trace) : .contextIntegration(trace)
      if let eta { model.eta = eta }
      model.weightNoise = weightNoise
      let network = MiconiNetwork<Float>(model, level: level)
      let curves = try self.curves(team) { network.run($0, trials: count) }
      return [
        ValidationReport(
          experiment: experiment.rawValue, learner: trace.rawValue, trials: count, seed: seed,
          simd: level.rawValue,
          curves: curves, published: .miconi(experiment, trace))
      ]
    case .rflo:
      var model = RFLONotebook()
      if let eta { model.eta = eta }
      return try RFLONotebook.Learner.allCases.map { learner in
        let curves = try self.curves(team) { model.run(learner, $0, trials: count) }
        return ValidationReport(
          experiment: experiment.rawValue, learner: learner.rawValue, trials: count, seed: seed,
          simd: level.rawValue,
          curves: curves, published: .notebook(learner))
      }
    }
  }

  private func curves(_ team: any Team, _ run: (LifetimeAddress) -> [Double]) throws -> [ErrorCurve] {
    let rows = try team.spread(networks, width: count) { index in
      let errors = run(LifetimeAddress(seed: seed, domain: .evaluation, index: UInt32(index)))
      return errors + Array(repeating: .nan, count: count - errors.count)
    }
    return rows.map { row in ErrorCurve(errors: Array(row.prefix { !$0.isNaN })) }
  }

  /// The errors as an array; for several learners the file's name takes theirs.
  private func write(_ report: ValidationReport) throws {
    guard let errors else { return }
    let path = experiment == .rflo ? errors.replacing(".npy", with: "") + "-\(report.learner).npy" : errors
    let values = report.curves.flatMap { $0.errors + Array(repeating: .nan, count: count - $0.errors.count) }
    do {
      let bytes = NPYArray(values, shape: [networks, count]).bytes
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    } catch {
      throw StoreError(
        .io, "cannot write '\(path)': \(error.localizedDescription). Give another path, or make room")
    }
  }
}

extension MiconiProtocol.Trace: ExpressibleByArgument {}
