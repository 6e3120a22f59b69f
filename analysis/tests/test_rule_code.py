"""Rules as code: `trifactor rule DIR --cell KEY --as numpy|torch|jax|latex` of random cells, run by themselves.

The rule of every cell lives an exported lifetime of its own configuration again, from W0 on, in a program of its own
that sees nothing of ours. Rounding alone differs: 1e-12 in double precision, where the worst case is 1e-15, and 1e-5 in
single precision, where it is 1e-6. PyTorch and JAX are those of this environment or of `.venv-peers` (`make peers`).
"""

import random
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import trifactor
from trifactor import program
from trifactor.recompute import trial
from trifactor.recompute.critic import Critic
from trifactor.recompute.method import Method

ROOT = Path(__file__).resolve().parents[2]
CELLS = 12
CHOICES = {
    "task": ["cue-association", "delayed-xor"],
    "reward": ["absolute", "squared"],
    "rule.degree": [1, 2, 3, 5],
    "rule.weight-degree": [0, 0, 1, 2],
    "rule.baseline": ["condition", "shared", "learned"],
    "rule.trace-mean": [0, 0.2],
    "rule.trace-mean-by": ["condition", "synapse"],
    "rule.growth": [[0, 0], [1.5, -0.8]],
    "rule.clip": [0.015, 0.002, "none"],
    "rule.tau-e": [400, "none"],
    "rule.tau-bar": [15, 40],
    "exploration.gate": [0, -0.8],
    "network.nonlinearity": ["tanh", "rectified-tanh", "sigmoid"],
    "network.connectivity": [1, 0.6],
    "network.excitatory": ["none", "none", 0.8],
}
KICKS = {"exploration.kind": ["sparse", "gaussian"], "exploration.amplitude": [2.5, 0.3]}
RUNNER = """
import importlib.util, sys
import numpy as np
language, *keys = sys.argv[1:]
for key in keys:
    spec = importlib.util.spec_from_file_location("rule", f"{key}.py")
    rule = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rule)
    given = np.load(f"{key}-given.npz")
    def array(name):
        if name == "condition" or language == "numpy":
            return given[name]
        # Through lists: libraries may have been built for another numpy.
        values = given[name].tolist()
        return rule.torch.tensor(values) if language == "torch" else rule.jnp.array(values)
    arguments = list(map(array, "W0 Win Wout x0 u y window condition kicks".split()))
    layers = dict.fromkeys(getattr(rule, "RATES", {}))
    if layers:
        endings = {"recurrent": "", "input": "_in", "readout": "_out"}
        arguments.append({layer: array("xi" + endings[layer]) for layer in layers})
    else:
        arguments.append(array("xi"))
    taken = rule.lifetime.__code__.co_varnames[: rule.lifetime.__code__.co_argcount]
    R, W = rule.lifetime(*arguments, *[array(name) for name in ("mask", "signs") if name in taken])
    found = {"W" + endings[layer]: W[layer] for layer in layers} if layers else {"W": W}
    source = np.random.default_rng(0) if language == "numpy" else None
    kicks = rule.explore(rule.jax.random.key(0) if language == "jax" else source, (400, 50))
    found |= {"R": R, "kicks": kicks}
    np.savez(f"{key}-found.npz", **{name: np.array(values.tolist()) for name, values in found.items()})
"""


# Beside these, by the cells' number: all layers, two with and without theta of their own, and one alone.
LAYERED = CHOICES | {"rule.degree": [1, 2, 3], "rule.eta-input": [1, 0.5], "rule.eta-readout": [1, 2]}
EVERYWHERE = ["recurrent", "input", "readout"]
PLASTIC = [EVERYWHERE, EVERYWHERE, ["recurrent", "readout"], ["recurrent", "input"], "readout", "input"]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A sweep of random cells, in double precision, whose rules have learned a little."""
    return learned(drawn(CHOICES), tmp_path_factory.mktemp("code") / "random")


@pytest.fixture(scope="module")
def layered(tmp_path_factory):
    """The same with rules of several layers of synapses."""
    cells = drawn(LAYERED)
    cells["rule.plastic"] = [PLASTIC[cell % len(PLASTIC)] for cell in range(CELLS)]
    cells["rule.theta-by"] = [
        "layer" if cell % 2 == 0 and isinstance(plastic, list) else "all"
        for cell, plastic in enumerate(cells["rule.plastic"])
    ]
    for cell, plastic in enumerate(cells["rule.plastic"]):
        for layer in ("input", "readout"):
            if layer not in plastic:
                cells[f"rule.eta-{layer}"][cell] = 1
    return learned(cells, tmp_path_factory.mktemp("code") / "layered")


def drawn(choices):
    """The settings of random cells."""
    draw = random.Random(20)
    # Every value as often as any other, shuffled.
    cells = {path: draw.sample((values * CELLS)[:CELLS], CELLS) for path, values in choices.items()}
    kinds = draw.sample([0, 1] * (CELLS // 2), CELLS)
    cells |= {path: [values[kind] for kind in kinds] for path, values in KICKS.items()}
    # Cells that nothing makes a difference to would be refused.
    for cell, rate in enumerate(cells["rule.trace-mean"]):
        cells["rule.trace-mean-by"][cell] = cells["rule.trace-mean-by"][cell] if rate else "condition"
    return cells


def learned(cells, folder):
    base = {"trials": 20, "precision": "double", "network": {"units": 10}, "evaluation": {"networks": 1}}
    base |= {"meta": {"estimator": "pathwise", "iterations": 3, "lifetimes": 2, "validation-networks": 1}}
    sweep = {"name": "random", "base": base, "zip": cells | {"seed": list(range(CELLS))}}
    return trifactor.run(sweep, folder, show=False)


@cache
def lifetime_of(folder, key):
    """An exported lifetime of the rule of a cell in the cell's configuration, with the kicks before their gate."""
    place = folder.with_name(f"lifetime-{key}")
    rule = folder.with_name(f"{key}.rule")
    tool = program.find()
    program.ask(tool, "rule", folder, "--cell", key, "--to", rule)
    sweep = folder.with_name(f"{folder.name}.yaml")
    program.ask(tool, "lifetime", sweep, "--cell", key, "--rule", rule, "--export", place)
    lifetime = trifactor.ExportedLifetime.load(place)
    life, c = Method(lifetime.arrays, lifetime.constants), lifetime.constants
    critic, kicks = Critic(c["critic"], c["a_R"], np.zeros(1)), lifetime["kicks"].copy()
    for h in range(life.H):
        condition = int(lifetime["condition"][h])
        expected = critic.expected(condition)
        if expected is not None:
            kicks[h] /= np.exp(c["gate"] * (expected + 1))
        before = life.layers.join(lifetime.arrays, "W0", start=True)
        ran = trial.run(life, h, before if h == 0 else life.layers.join(lifetime.arrays, "W")[h - 1])
        critic.follow(ran.R, ran.f, condition)
    return lifetime, kicks


@cache
def python_with(module):
    """A Python that has the module, None where there is none."""
    for python in (Path(sys.executable), ROOT / ".venv-peers" / "bin" / "python"):
        if python.is_file() and subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            return python
    return None


@pytest.mark.parametrize("cells", ["results", "layered"])
@pytest.mark.parametrize("language, limit", [("numpy", 1e-12), ("torch", 1e-5), ("jax", 1e-5)])
def test_the_code_lives_the_exported_lifetime(language, limit, cells, request, tmp_path):
    results = request.getfixturevalue(cells)
    python = python_with(language)
    if python is None:
        pytest.skip(f"{language} is not installed, neither here nor in .venv-peers: pip install {language}")
    for cell in results:
        lifetime, kicks = lifetime_of(results.folder, cell.key)
        words = ("--as", language, "--to", tmp_path / f"{cell.key}.py")
        program.ask(program.find(), "rule", results.folder, "--cell", cell.key, *words)
        np.savez(tmp_path / f"{cell.key}-given.npz", **(lifetime.arrays | {"kicks": kicks}))
    # Elsewhere, where neither this package nor the checkout is on the path.
    (tmp_path / "run.py").write_text(RUNNER)
    words = [str(python), "run.py", language, *(cell.key for cell in results)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    for cell in results:
        lifetime, _ = lifetime_of(results.folder, cell.key)
        assert lifetime.constants["diverged_at"] is None and lifetime["kicks"].any()
        assert (lifetime["theta"] == cell.rule.theta.ravel()).all()
        with np.load(tmp_path / f"{cell.key}-found.npz") as out:
            names = {"R", *(name for name in out if name.startswith("W"))}
            assert names >= {"W"} or cells == "layered"
            learns = cell["rule.plastic"].strip("[]").split(",") if cells == "layered" else ["recurrent"]
            assert names == {"R", *({"recurrent": "W", "input": "W_in", "readout": "W_out"}[one] for one in learns)}
            for name in names:
                worst = np.abs(out[name] - lifetime[name]).max()
                assert worst <= limit * np.abs(lifetime[name]).max(), (name, worst, cell.settings)
            drawn, amplitude = out["kicks"], cell["exploration.amplitude"]
        # 20,000 draws: four standard errors of their share and of their size.
        if cell["exploration.kind"] == "sparse":
            assert (np.abs(drawn) <= amplitude).all() and abs((drawn != 0).mean() - 0.01) < 0.003
        else:
            assert abs(drawn.std() - amplitude) < 0.02 * amplitude


def test_all_mechanisms_are_among_the_cells(results):
    for path, values in (CHOICES | KICKS).items():
        seen = {str(cell[path]).replace(" ", "") for cell in results}
        assert seen == {str(value).replace(" ", "") for value in values}, path
    assert any("k1l1m1" in cell.rule.terms for cell in results)


def test_layers_are_among_the_cells(layered):
    for cell in layered:
        own = cell["rule.theta-by"] == "layer"
        assert cell.rule.theta.shape[0] == (
            len(cell.rule.plastic)
            if own
            else cell.rule.theta.shape[-1]
            if cell.rule.weight_degree == 0
            else cell.rule.weight_degree + 1
        )
    assert any(name.startswith("readout-") for cell in layered for name in cell.rule.terms)


@pytest.mark.parametrize("language", ["numpy", "latex"])
def test_what_a_layered_rule_has_is_in_its_file(language, layered):
    for cell in layered:
        text = code(layered.folder, cell.key, language)
        readouts, inputs = "readout" in cell.rule.plastic, "input" in cell.rule.plastic
        if language == "numpy":
            assert ("def fluctuation" in text) == readouts and ("(u[h], delta)" in text) == inputs
            assert ("SHARED" in text) == (not cell.rule.layers)
            assert "$" not in text and "#if" not in text
        else:
            assert ("\\bar z_i" in text) == readouts and ("\\Delta W^{\\mathrm{in}}_{ij}" in text) == inputs


def test_what_a_rule_does_not_have_is_not_in_its_file(results):
    texts = {cell.key: code(results.folder, cell.key, "numpy") for cell in results}
    for cell in results:
        text = texts[cell.key]
        assert ("GATE" in text) == (cell["exploration.gate"] != 0)
        assert ("TRACE_MEAN" in text) == (cell["rule.trace-mean"] != 0)
        assert ("signs" in text) == (cell["network.excitatory"] != "none")
        assert "$" not in text and "#if" not in text and "trifactor" not in text.replace("written by trifactor", "")
        assert max(len(line) for line in text.splitlines() if "[" not in line) <= 120
        compile(text, "rule.py", "exec")


def code(folder, key, language):
    return program.ask(program.find(), "rule", folder, "--cell", key, "--as", language)


@pytest.mark.parametrize("cells", ["results", "layered"])
def test_latex_has_every_coefficient_and_compiles(cells, request, tmp_path):
    results = request.getfixturevalue(cells)
    for cell in results:
        text = code(results.folder, cell.key, "latex")
        equations = text.split("\\begin{align*}")[1].split("\\end{align*}")[0]
        rule = cell.rule
        for layer in rule.layers or ("",):
            letter = {"": "e", "recurrent": "e"}.get(
                layer, rf"e^{{\mathrm{{{layer.removesuffix('put').removeprefix('read')}}}}}"
            )
            trace = equations.split(rf"\dot {letter}_{{ij}} &= ")[1].split(r"\dot e")[0].split(r"\Delta W")[0]
            terms = re.findall(r" ([+-]) ([0-9.]+)(?: \\cdot 10\^\{(-?\d+)\})?", trace)
            values = [float(f"{sign}{number}e{exponent or 0}") for sign, number, exponent in terms]
            own = [value for name, value in rule.terms.items() if not layer or name.startswith(layer)]
            # Six digits each, largest |theta| first.
            assert values == pytest.approx(own, rel=1e-5)
        assert ("\\lambda_0" in text) == (rule.constants["growth-0"] != 0)
        if shutil.which("pdflatex"):
            (tmp_path / "rule.tex").write_text(text)
            words = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "rule.tex"]
            done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize(
    "words, told",
    [
        (["miconi", "--as", "numpy"], "--as writes what a synapse computes, theta s, and miconi has no s"),
        (["OUT", "--as", "numpy"], f"--as writes one rule, and OUT holds {CELLS}; choose one by --cell KEY"),
        (["OUT", "--as", "numpy", "--prune"], "--prune and --as exclude each other"),
        (["miconi", "--as", "fortran"], "'fortran' is invalid for '--as <as>'"),
    ],
)
def test_what_cannot_be_written_is_told(words, told, results):
    words = [str(results.folder) if word == "OUT" else word for word in words]
    done = subprocess.run([program.find(), "rule", *words], capture_output=True, text=True)
    assert done.returncode == 64 and told.replace("OUT", str(results.folder)) in done.stderr, done.stderr
