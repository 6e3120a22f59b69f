"""Small lifetimes over all settings that a lifetime depends on, exported and computed again."""

import subprocess

from trifactor import program, recompute
from trifactor.recompute import rivals

# Small networks: the settings are what is tested. Each case changes some of these.
BASE = {
    "task": "cue-association",
    "precision": "double",
    "trials": 24,
    "network.units": 12,
    "rule.theta": "{k1l1: 0.3, k0l2: -0.1, k2l1: 0.2, k3l3: -0.2}",
}
STRONG = {"rule.degree": 1, "rule.theta": "{k1l1: 0.5, k0l1: -0.2}"}
# Much noise, so that many weights are cut.
DALE = {
    "network.excitatory": 0.7,
    "network.connectivity": 0.5,
    "network.nonlinearity": "rectified-tanh",
    "exploration.weight-noise": 0.05,
}

CASES = {
    "defaults": {"network.units": 32, "trials": 45, "rule.theta": "{k1l1: 0.3}"},
    "squared": {"reward": "squared"},
    "binary": {"reward": "binary"},
    "no kicks": {"exploration.kind": "none"},
    "gaussian": {"exploration.kind": "gaussian", "exploration.amplitude": 0.3},
    "every step kicks": {"exploration.probability": 1, "exploration.amplitude": 0.2},
    "no clip": {"rule.clip": "none"},
    "tight clip": {"rule.clip": 0.001, "meta.horizon": "none"},
    "no horizon": {"meta.horizon": "none"},
    "horizon 1": {"meta.horizon": 1},
    "horizon 7": {"meta.horizon": 7},
    "no decay": {"rule.tau-e": "none"},
    "initial per trial": {"network.initial-per-trial": "true", "network.initial-scale": 0.5},
    "raw monomials": {"rule.normalise": "false", "rule.theta": "{k1l1: 0.001, k3l3: -0.002}"},
    "no weight noise": {"exploration.weight-noise": 0, "meta.estimator": "pathwise"},
    "much weight noise": {"exploration.weight-noise": 0.02},
    "degree 0": {"rule.degree": 0, "rule.theta": "{}"},
    "degree 0, drift": {"rule.degree": 0, "rule.theta": "{k0l0: 0.2}"},
    "degree 1": STRONG,
    "degree 2": {"rule.degree": 2, "rule.theta": "{k1l1: 0.3, k0l2: 0.1}"},
    "degree 4": {"rule.degree": 4},
    "degree 5": {"rule.degree": 5},
    "degree 6": {"rule.degree": 6, "trials": 12},
    "degree 7": {"rule.degree": 7, "trials": 12},
    "degree 8": {"rule.degree": 8, "trials": 12, "network.units": 9},
    "random start": {"rule.theta": "random", "rule.degree": 2, "rule.eta": 0.005},
    "other seed": {"seed": 41},
    "largest seed": {"seed": 2**53 - 1},
    "other constants": {
        "rule.eta": 0.05,
        "rule.tau-bar": 60,
        "rule.baseline-rate": 0.1,
        "network.tau": 40,
        "network.gain": 0.9,
        "network.input-scale": 1,
        "network.readout-scale": 2,
        "time.step": 10,
    },
    "baseline stands": {"rule.baseline-rate": 0},
    "baseline jumps": {"rule.baseline-rate": 1},
    "stretched": {"time.trial": 555},
    "odd step": {"time.step": 7},
    "nonmatch": {"task": "delayed-nonmatch", "form": "short"},
    "nonmatch, full": {"task": "delayed-nonmatch", "form": "full", "trials": 8},
    "perceptual": {"task": "perceptual-decision", "form": "short"},
    "perceptual, full": {"task": "perceptual-decision", "form": "full", "trials": 6},
    "perceptual, binary": {"task": "perceptual-decision", "reward": "binary", "meta.horizon": "none"},
    "flip-flop": {"task": "flip-flop", "trials": 10},
    "trajectory": {"task": "cue-trajectory", "trials": 10},
    "pairs": {"task": "paired-association", "trials": 12},
    "one unit": {"network.units": 1},
    "sixteen units": {"network.units": 16},
    "seventeen units": {"network.units": 17},
    "gate": {"exploration.gate": -1.4},
    "gate, gaussian": {"exploration.gate": 0.7, "exploration.kind": "gaussian", "exploration.amplitude": 0.2},
    "gate, no horizon": {"exploration.gate": -1.4, "meta.horizon": "none", "rule.clip": "none", **STRONG},
    "growth": {"rule.growth": "[1.5, 0.8]"},
    "growth, no horizon": {"rule.growth": "[-2, 3]", "meta.horizon": "none"},
    "gate and growth": {"exploration.gate": -1.4, "rule.growth": "[1, 2]", "rule.degree": 5},
    "gate, growth, binary": {"exploration.gate": -0.5, "rule.growth": "[1, 2]", "reward": "binary"},
    "gate, growth, squared": {"exploration.gate": -0.5, "rule.growth": "[1, 2]", "reward": "squared"},
    "sparse": {"network.connectivity": 0.4, "network.autapses": "false"},
    "no autapses, no horizon": {"network.autapses": "false", "meta.horizon": "none"},
    "sigmoid": {"network.nonlinearity": "sigmoid", "meta.horizon": "none"},
    "rectified": {"network.nonlinearity": "rectified-tanh"},
    "signs": DALE | {"network.connectivity": 1},
    "signs, tanh": DALE | {"network.nonlinearity": "tanh", "meta.horizon": "none"},
    "signs, degree 5": DALE | {"rule.degree": 5, "rule.clip": 0.002},
    "signs, gate and growth": DALE | {"exploration.gate": -1.4, "rule.growth": "[1, 2]", "reward": "squared"},
    "signs, binary": DALE | {"network.nonlinearity": "sigmoid", "reward": "binary", "network.autapses": "false"},
    "signs, no weight noise": DALE | {"exploration.weight-noise": 0, "meta.estimator": "pathwise", "rule.eta": 0.2},
}
MEAN = {"rule.trace-mean": 0.2}
# All that gradients may learn beside theta; the last needs a slow mean.
CONSTANTS = "eta, clip, tau-e, tau-bar, baseline-rate, amplitude, gate, growth"
EVERY = {"meta.learn": f"[theta, {CONSTANTS}]", "meta.horizon": "none"}
ALL = EVERY | {"meta.learn": f"[theta, {CONSTANTS}, trace-mean]"}
# Beside the cases above: the rule, widened.
WIDENED = {
    "slow mean by condition": MEAN | {"rule.trace-mean-by": "condition"},
    "slow mean by synapse": MEAN | {"rule.trace-mean-by": "synapse", "meta.horizon": "none"},
    "slow mean stands": MEAN | {"rule.trace-mean": 1e-9},
    "slow mean jumps": MEAN | {"rule.trace-mean": 1},
    "slow mean, gate and growth": MEAN
    | {"exploration.gate": -1.4, "rule.growth": "[1, 2]", "rule.trace-mean-by": "synapse"},
    "slow mean, linear": MEAN | STRONG | {"task": "delayed-xor", "rule.clip": "none"},
    "slow mean learned, by condition": MEAN | {"meta.learn": "[theta, trace-mean]", "meta.horizon": "none"},
    "slow mean learned, by synapse": MEAN | {"meta.learn": "[theta, trace-mean]", "rule.trace-mean-by": "synapse"},
    "condition, gate": {"rule.baseline": "condition", "exploration.gate": -0.6},
    "shared, gate": {"rule.baseline": "shared", "exploration.gate": -0.6},
    "learned, gate": {"rule.baseline": "learned", "exploration.gate": -0.6},
    "shared, gate, no horizon": {"rule.baseline": "shared", "exploration.gate": 0.4, "meta.horizon": "none"},
    "learned, gate, no horizon": {"rule.baseline": "learned", "exploration.gate": 0.4, "meta.horizon": "none"},
    "learned, binary": {"rule.baseline": "learned", "reward": "binary", "task": "delayed-xor"},
    "learned, all steps seen": {"rule.baseline": "learned", "task": "perceptual-decision", "trials": 12},
    "learned, jumps": {"rule.baseline": "learned", "rule.baseline-rate": 1, "network.nonlinearity": "sigmoid"},
    "learned, growth": {"rule.baseline": "learned", "rule.growth": "[1, 2]", "reward": "squared"},
    "weight degree 1": {"rule.weight-degree": 1, "rule.theta": "{k1l1: 0.3, k0l2m1: -0.1}"},
    "weight degree 2": {"rule.weight-degree": 2, "rule.theta": "{k1l1: 0.3, k0l2m1: -0.1, k2l1m2: 0.2}"},
    "weight degree 2, no horizon": {
        "rule.weight-degree": 2,
        "rule.theta": "{k1l1: 0.3, k1l0m1: -0.2, k3l3m2: 0.1}",
        "meta.horizon": "none",
        "rule.clip": "none",
    },
    "terms": {"rule.terms": "[k1l1, k1l3, k3l3]", "rule.theta": "{k1l1: 0.3, k3l3: -0.2}"},
    "terms with weights": {
        "rule.terms": "[k0l0, k2l1m1, k1l1]",
        "rule.weight-degree": 1,
        "rule.theta": "{k1l1: 0.3, k2l1m1: 0.2}",
        "meta.horizon": "none",
    },
    "all constants": ALL | MEAN | {"exploration.gate": -0.5, "rule.growth": "[1, 2]"},
    "all constants, horizon": ALL | MEAN | {"rule.trace-mean-by": "synapse", "meta.horizon": 7},
    "all constants, from off": EVERY,
    "all constants, tight clip": EVERY | {"rule.clip": 0.001, "exploration.kind": "gaussian"},
    "all constants, squared": EVERY | {"reward": "squared", "exploration.gate": 0.3, "rule.baseline": "shared"},
    "all constants, binary": EVERY | {"reward": "binary", "task": "perceptual-decision"},
    "all constants, no weight noise": EVERY | {"exploration.weight-noise": 0, "meta.estimator": "pathwise"},
    "constants alone": {"meta.learn": "[eta, gate, tau-e]"},
    "mixture": ALL
    | DALE
    | {
        "rule.baseline": "learned",
        "rule.weight-degree": 2,
        "rule.terms": "[k1l1, k0l2, k3l3, k1l0m1, k2l1m2]",
        "rule.theta": "{k1l1: 0.3, k3l3: -0.2, k1l0m1: -0.1, k2l1m2: 0.2}",
        "rule.trace-mean": 0.3,
        "rule.trace-mean-by": "synapse",
        "exploration.gate": -0.7,
        "rule.growth": "[1, -0.5]",
        "reward": "squared",
    },
    "other mixture": ALL
    | {
        "task": "delayed-xor",
        "rule.baseline": "shared",
        "rule.degree": 2,
        "rule.weight-degree": 1,
        "rule.theta": "random",
        "rule.eta": 0.005,
        "rule.trace-mean": 0.1,
        "exploration.gate": 0.5,
        "exploration.kind": "gaussian",
        "exploration.amplitude": 0.3,
        "network.nonlinearity": "sigmoid",
        "network.connectivity": 0.6,
        "network.initial-per-trial": "true",
        "meta.horizon": 9,
    },
}
CASES |= WIDENED
# Input and readout synapses that learn.
EVERYWHERE = {"rule.plastic": "[recurrent, input, readout]"}
LAYERED = {
    "inputs": {"rule.plastic": "[recurrent, input]"},
    "readout": {"rule.plastic": "[recurrent, readout]", "meta.horizon": "none"},
    "readout alone": {"rule.plastic": "readout", "rule.eta-readout": 3},
    "inputs alone, binary": {"rule.plastic": "input", "reward": "binary"},
    "every layer its own": EVERYWHERE
    | {"rule.theta-by": "layer", "rule.theta": "{k1l1: 0.3, readout-k1l1: -0.2, input-k0l2: 0.1}"},
    "some terms of a layer": EVERYWHERE
    | {
        "rule.theta-by": "layer",
        "rule.terms": "[recurrent-k1l1, recurrent-k3l3, readout-k1l1]",
        "rule.theta": "{k1l1: 0.3}",
    },
    "layers, weights and signs": DALE | EVERYWHERE | {"rule.weight-degree": 2, "rule.growth": "[1, 2]"},
    "layers, adjoint": ALL
    | MEAN
    | EVERYWHERE
    | {
        "meta.learn": f"[theta, {CONSTANTS}, trace-mean, eta-input, eta-readout]",
        "rule.weight-degree": 1,
        "rule.baseline": "learned",
        "exploration.gate": -0.5,
        "engine": "adjoint",
    },
    "layers, all constants": ALL
    | MEAN
    | EVERYWHERE
    | {
        "meta.learn": f"[theta, {CONSTANTS}, trace-mean, eta-input, eta-readout]",
        "rule.theta-by": "layer",
        "rule.eta-input": 0.5,
        "rule.eta-readout": 2,
        "exploration.gate": -0.5,
        "task": "flip-flop",
        "trials": 12,
    },
}
# Swept back; a gradient has to be the same whichever way it is computed.
ADJOINT = [
    "defaults",
    "squared",
    "tight clip",
    "no horizon",
    "horizon 7",
    "no weight noise",
    "much weight noise",
    "initial per trial",
    "degree 0, drift",
    "degree 6",
    "baseline stands",
    "nonmatch",
    "flip-flop",
    "gate and growth",
    "gate, growth, binary",
    "sparse",
    "signs",
    "signs, degree 5",
    "signs, gate and growth",
    *WIDENED,
]
# Their noise carries nothing, or no reward differs from what is expected.
WITHOUT_CREDIT = ["no weight noise", "all constants, no weight noise", "gate, growth, binary"]
RIVALS = list(rivals.RIVALS)
FLOAT = [
    "defaults",
    "squared",
    "binary",
    "gaussian",
    "no horizon",
    "no decay",
    "degree 0, drift",
    "degree 1",
    "degree 5",
    "no weight noise",
    "initial per trial",
    "perceptual",
    "nonmatch",
    "gate and growth",
    "raw monomials",
    "tight clip",
    "seventeen units",
    "sparse",
    "sigmoid",
    "signs",
    *WIDENED,
]


def write_sweep(folder, settings):
    lines = [f"  {key}: {value}" for key, value in (BASE | settings).items()]
    sweep = folder / "sweep.yaml"
    sweep.write_text("\n".join(["name: lifetime", "base:", *lines, ""]))
    return sweep


def export(folder, settings, *options):
    """Runs `trifactor lifetime` and returns the folder of its files."""
    out = folder / "lifetime"
    command = [program.find(), "lifetime", str(write_sweep(folder, settings)), "--export", str(out), *options]
    run = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert run.returncode == 0, run.stderr
    return out


def check(folder):
    lines = recompute.compare(folder)
    wrong = [line for line in lines if not line[1] <= line[2]]
    assert not wrong, "\n".join(
        f"{name}: error {error:.2e} > {limit:.0e}, trial {trial}" for name, error, limit, trial in wrong
    )
    return lines
