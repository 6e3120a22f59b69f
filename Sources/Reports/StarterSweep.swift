/// The sweep file that `trifactor init` writes: small, whole, and every line explained.
public enum StarterSweep {
  public static let text = """
    # A sweep: every combination of the axes is a cell, in which a rule is learned from scratch and tried on fresh networks.
    #   trifactor plan FILE                       what it would cost; runs nothing
    #   trifactor run FILE --out out/NAME         alone, or under mpirun -n 8; the same command resumes
    #   trifactor table out/NAME                  what the axes did
    # `trifactor settings` lists every setting with its default and bounds, `trifactor tasks` the tasks.

    name: my-sweep
    question: Does a cubic rule learn what a linear one cannot?

    base:                       # settings that all cells share; what is not given has its default
      trials: 200               # trials of a network's lifetime
      network:
        units: 32
      exploration:
        kind: sparse            # what is added to the state: none, sparse, gaussian. It decides what can be learned
      meta:
        estimator: antithetic   # of the gradient; pathwise has less noise, score is for binary reward
        horizon: 20             # trials over which sensitivities are carried; none = all
        iterations: 120         # steps of Adam, each on `lifetimes` fresh networks
        lifetimes: 4
      evaluation:
        networks: 60            # fresh networks on which the rule counts

    axes:                       # all combinations; a list, a range, or {from: 0.001, to: 0.1, count: 5, scale: log}
      rule.degree: [1, 3]
      task: [cue-association, perceptual-decision]      # or the path of a task file of your own
      seed: 0..<3               # 3 screen, 20 carry a claim

    # zip: {network.units: [32, 64], network.gain: [1.5, 2]}                # settings that change together
    # when: [{if: {task: perceptual-decision}, set: {trials: 300}}]         # settings of some cells
    # exclude: [{rule.degree: 1, task: perceptual-decision}]                # combinations to leave out

    """
}
