import ArgumentParser
import Experiment
import Foundation
import Kernels
import Launch
import Model
import Plasticity
import Sweep

/// `trifactor lifetime`: one lifetime of a cell, with everything that went in and came out.
struct LifetimeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lifetime",
    abstract: "Run lifetime 0 of meta-iteration 0 of one cell and write every input and output.",
    discussion: """
      Writes float64 .npy files and constants.json, from which anyone can compute the lifetime again \
      (python -m analysis.recompute FOLDER): W0, Win, Wout, x0, u, y, window, condition, xi, kicks, theta, scale; R, \
      Rbar, W, R_antithetic; U, Rdot and the estimates g_tangent, g_antithetic, g_pathwise, g_score. Gradients are \
      those of the cell's engine: adjoint has no U and no Rdot. A rival, and a rule that no engine can differentiate, \
      has none of them; constants.json says what is left out and why. --alignment adds, as aligned_NAME, all draws that \
      `trifactor evaluate --alignment` would make in this lifetime, with mu, dR/dW and the numbers that come of them.
      """)

  @OptionGroup var file: SweepArgument
  @Option(
    help: "Key of the cell, or its first digits; the first cell if not given.")
  var cell: String?
  @Option(help: "float or double, in place of the cell's own precision.") var precision: Precision?
  @Option(
    help: "A hand-made rule (miconi, miconi-13, linear) or a rule file, in place of the cell's learner.")
  var rule: String?
  @Option(help: "Trials (H), in place of the cell's own number.") var trials: Int?
  @Flag(help: "Measure alignment with the gradient, and write every draw.") var alignment = false
  @Option(help: "Points along the lifetime at which alignment is measured; 10 if not given.")
  var alignmentPoints: Int?
  @Option(help: "Draws of trial, kicks and weight noise at each point; 64 if not given.")
  var alignmentDraws: Int?
  @Option(help: "Folder to write the files to; made if it does not exist.") var export: String?

  func validate() throws {
    try require("--trials", trials, in: Bounds.trials)
    try requireName("--export", export)
    try requireAlignment(alignment, points: alignmentPoints, draws: alignmentDraws)
  }

  func run() throws {
    let sweep = try file.load()
    var chosen = try CellChoice(cell).cell(of: sweep.cells)
    if let precision { chosen.settings.precision = precision }
    if let trials { chosen.settings.trials = trials }
    try requireMemory(
      try LifetimeExport.bytes(of: chosen),
      "a lifetime has \(chosen.settings.trials) trials (--trials), and every number of them is kept")
    let aligned = alignment ? AlignmentPlan(points: alignmentPoints, draws: alignmentDraws) : nil
    if let aligned {
      try requireMemory(
        try LifetimeExport.bytes(of: aligned, in: chosen),
        "there are \(aligned.points) points of \(aligned.draws) draws, and every number of them is kept")
    }
    let level = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
    let other = try rule.map { try RuleChoice($0) }
    if let note = other?.note { Console.complain("note: \(note)") }
    let result = try LifetimeExport(chosen, rule: other?.rule, alignment: aligned, level: level)
    if let export {
      try LifetimeFiles(folder: export).write(result)
      if let leftOut = result.leftOut {
        Console.complain("note: left out: \(leftOut.names.joined(separator: ", ")) (\(leftOut.reason))")
      }
    }
    let end = result.divergedAt.map { "diverged in trial \($0)" } ?? "did not diverge"
    try Console.print(
      "cell \(chosen.keyText), lifetime 0: \(end), mean reward \(result.score), late accuracy \(result.lateAccuracy)"
        + (export.map { "; \(result.arrays.count) arrays in \($0)" } ?? "; --export FOLDER writes its arrays")
    )
  }
}

extension Precision: ExpressibleByArgument {}
