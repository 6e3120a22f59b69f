import TestSupport

/// A sweep of two cells that runs in a blink, for tests of commands that need a result folder.
enum TwoCellSweep {
  static let text = """
    name: tiny
    base:
      trials: 10
      network.units: 8
      meta: {lifetimes: 2, iterations: 2, validation-networks: 1, validation-every: 1}
      evaluation: {networks: 2, criterion: {correct: 4, of: 5}}
    axes: {rule.degree: [0, 1]}
    """

  /// Writes the file and runs it to its end in `OUT` of the folder; returns the paths of both.
  static func run(in folder: TemporaryFolder) throws -> (sweep: String, out: String) {
    let sweep = try folder.write(text, to: "tiny.yaml")
    let out = folder.file("OUT")
    let result = try trifactor("run", sweep, "--out", out)
    guard result.code == 0 else { throw ProcessFailure("the sweep of two cells did not run: \(result)") }
    return (sweep, out)
  }
}
