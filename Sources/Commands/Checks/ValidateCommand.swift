import ArgumentParser
import Foundation
import Launch
import MPI
import Model
import Plasticity
import Reports
import ResultStore

/// `trifactor validate`: published numbers of others, by their own protocols.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Reproduce a published number by its own protocol, beside what was published.",
    discussion: """
      miconi-dnms: trials to criterion and error of Miconi (2017, eLife 6:e20899) on delayed non-match to sample. \
      miconi-context: the error on his context task. miconi-dale: the same delayed non-match in his network of \
      excitatory and inhibitory neurons. rflo: the final loss of Murray's published notebook, for RFLO, for \
      BPTT with the notebook's backward pass, and for the exact gradient. Runs alone or under mpirun, which spreads the \
      networks over the ranks. --errors writes the error of every trial.
      """)

  @Argument(help: "miconi-dnms, miconi-context, miconi-dale or rflo.") var experiment: PublishedExperiment
  @Option(help: "Number of networks.") var networks = 20
  @Option(
    help:
      "Trials of each network; if not given, 10000, or 20000 for miconi-context and 30000 for miconi-dale."
  )
  var trials: Int?
  @Option(help: "Seed of weights, trials and perturbations.") var seed: UInt64 = 0
  @Option(
    help: "Trace of Miconi's rule: cubic (the published one), cubic-fluctuation, linear or node-perturbation."
  )
  var trace = MiconiProtocol.Trace.cubic
  @Option(help: "eta, in place of the published one.") var eta: Double?
  @Option(help: "Weight noise sigma; the published protocol has none.") var weightNoise = 0.0
  @Option(help: "File to write the errors to (.npy): networks x trials, NaN after a divergence.") var errors:
    String?
  @Flag(help: "Print JSON.") var json = false

  private var count: Int { trials ?? experiment.standardTrials }

  func validate() throws {
    try require("--networks", networks, in: Bounds.networks)
    try requireName("--errors", errors)
    try require("--trials", count, in: Bounds.trials)
    try require("--networks and --trials", networks, times: count, atMost: Bounds.heldNumbers, "errors")
    try require("--seed", seed, in: Bounds.seeds)
    try require("--eta", eta, in: 0...1e6)
    try require("--weight-noise", weightNoise, in: 0...1e6)
  }

  func run() throws {
    var launch = ValidationLaunch(experiment, networks: networks, trials: count)
    launch.seed = seed
    launch.trace = trace
    launch.eta = eta
    launch.weightNoise = weightNoise
    let code = MPI.run(exitCode: Failure.code(of:)) { [launch] world in
      let clock = ContinuousClock()
      let start = clock.now
      let runs = try launch.run(world: world, environment: ProcessInfo.processInfo.environment)
      let seconds = (clock.now - start) / .seconds(1)
      guard world.rank == 0 else { return 0 }
      for run in runs { try write(run) }
      let reports = runs.map(ValidationReport.init)
      if json {
        try Console.write(printedJSON(reports))
      } else {
        try Console.print(reports.map(\.text).joined(separator: "\n\n"))
        let total = runs.reduce(0) { $0 + $1.curves.reduce(0) { $0 + $1.errors.count } }
        let rate = Double(total) / seconds / Double(world.size)
        try Console.print(String(format: "%d trials in %.0f s, %.0f a second and rank", total, seconds, rate))
      }
      return 0
    }
    if code != 0 { throw ExitCode(code) }
  }

  /// The errors as an array; for several learners the file's name takes theirs.
  private func write(_ run: PublishedRun) throws {
    guard let errors else { return }
    let path = experiment == .rflo ? errors.replacing(".npy", with: "") + "-\(run.learner).npy" : errors
    let values = run.curves.flatMap { $0.errors + Array(repeating: .nan, count: count - $0.errors.count) }
    try OutputFile.write(NPYArray(values, shape: [networks, count]).bytes, to: path)
  }
}

extension MiconiProtocol.Trace: ExpressibleByArgument {}
extension PublishedExperiment: ExpressibleByArgument {}
