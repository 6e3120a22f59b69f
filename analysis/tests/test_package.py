"""The package `trifactor`: a real sweep opened, tabulated, run from Python, and installed elsewhere."""

import csv
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

import trifactor
from analysis.tests import made_up
from analysis.tests.lifetimes import CASES, export
from analysis.tests.test_shards import mapped
from trifactor import command, program
from trifactor.optional import need

ROOT = Path(__file__).resolve().parents[2]
SWEEP = {
    "name": "small",
    "question": "What is read?",
    "base": {
        "trials": 20,
        "network.units": 8,
        "meta": {"iterations": 4, "lifetimes": 2, "validation-networks": 2},
        "evaluation.networks": 3,
    },
    "axes": {"rule.degree": [1, 3], "task": ["cue-association", "delayed-xor"], "seed": range(2)},
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A sweep that `trifactor.run` has run."""
    return trifactor.run(SWEEP, tmp_path_factory.mktemp("package") / "small", show=False)


def test_a_dictionary_is_a_sweep_and_its_file_stays(results, capfd):
    assert len(results) == 8 and {cell.status for cell in results} == {"done"}
    file = results.folder.with_name("small.yaml")
    assert program.ask(program.find(), "plan", file).startswith("sweep small")
    # The same call has nothing left to do, and says so.
    again = trifactor.run(SWEEP, results.folder)
    assert len(again) == 8 and "0 of 8 cells to run" in capfd.readouterr().err


def test_axes_are_what_tells_cells_apart(results):
    assert results.axes == {"rule.degree": [1, 3], "task": ["cue-association", "delayed-xor"], "seed": [0, 1]}
    assert results.following == {"options.cues": "task"}
    assert repr(results).endswith("8 cells: rule.degree (2) x task (2) x seed (2)>")
    chosen = results.select({"rule.degree": 3, "seed": [1]})
    assert [cell["task"] for cell in chosen] == ["cue-association", "delayed-xor"]
    assert chosen.axes == {"task": ["cue-association", "delayed-xor"]} and len(results[:3]) == 3
    cell = chosen[0]
    assert results[cell.key[:8]].key == cell.key and cell["network.units"] == 8 and cell.chance == 0.5


def test_what_cells_hold_is_what_the_program_says(results):
    program.ask(program.find(), "export", results.folder, "--to", results.folder.with_name("networks.csv"))
    with results.folder.with_name("networks.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 72
    for cell in results:
        networks = cell.networks()
        assert mapped(networks) and mapped(cell.iterations) and networks["network"].tolist() == [0, 1, 2]
        mine = [float(row["late_accuracy"]) for row in rows if (row["key"], row["role"]) == (cell.key, "learned")]
        assert mine == pytest.approx(networks["late_accuracy"].tolist(), abs=1e-9)
        side = cell["rule.degree"] + 1
        assert cell.theta.shape == (4, side, side)
        assert (cell.theta.reshape(4, -1) == cell.iterations["theta"]).all()
        assert len(cell.networks("none")) == 3 and len(cell.dynamics()) == 0


def test_dynamics_are_read_by_stage(results, tmp_path):
    copy = tmp_path / "out"
    shutil.copytree(results.folder, copy)
    key = results[0].key
    program.ask(program.find(), "dynamics", copy, "--cell", key)
    cell = trifactor.open(copy)[key]
    assert set(cell.dynamics()["network"]) == {0} and len(cell.dynamics("before")) == len(cell.dynamics("learned")) > 0
    assert (cell.dynamics("learned")["stage"] == 1).all()


def test_a_table_has_a_row_a_record(results):
    pytest.importorskip("pandas")
    networks = results.to_pandas()
    assert len(networks) == 8 * 9 and list(networks.columns[:5]) == [
        "cell",
        "rule.degree",
        "task",
        "seed",
        "options.cues",
    ]
    cell = results.select({"rule.degree": 3, "task": "delayed-xor", "seed": 1})[0]
    mine = networks[(networks.cell == cell.key) & (networks.role == "learned")]
    assert mine.late_reward.tolist() == cell.networks()["late_reward"].tolist()
    learning = results.to_pandas("iterations")
    assert len(learning) == 8 * 4
    last = learning[(learning.cell == cell.key) & (learning.iteration == 3)].iloc[0]
    assert last["theta k1l3"] == cell.theta[3, 1, 3]
    whole = results.to_pandas("cells")
    assert whole.status.tolist() == ["done"] * 8 and (whole.lifetimes > 0).all()


def test_arrays_have_the_axes_of_the_sweep(results):
    pytest.importorskip("xarray")
    arrays = results.to_xarray()
    assert arrays.late_accuracy.dims == ("rule.degree", "task", "seed", "role", "network")
    learning = results.to_xarray("iterations")
    assert learning.theta.dims == ("rule.degree", "task", "seed", "iteration", "k", "l")
    for cell in results:
        where = {path: cell[path] for path in results.axes}
        for role in ("learned", "start", "none"):
            mine = arrays.late_reward.sel(where | {"role": role}).values
            assert mine.tolist() == cell.networks(role)["late_reward"].tolist()
        side = cell["rule.degree"] + 1
        theta = learning.theta.sel(where).values
        assert (theta[:, :side, :side] == cell.theta).all() and np.isnan(theta[:, side:]).all()
    assert arrays["options.cues"].values.tolist() == [4, None]


def test_a_rule_is_a_formula(results):
    sympy = pytest.importorskip("sympy")
    cell = results.select({"rule.degree": 3, "task": "cue-association", "seed": 0})[0]
    rule = cell.rule
    assert (rule.coefficients == rule.theta * rule.scale).all() and rule.constants["eta"] == 0.02
    values = {"r_j": 0.3, "delta_i": -0.7, "e_ij": 2.0, "tau_e": rule.constants["tau-e"]}
    right = rule.formula().rhs.subs(sympy.Function("e_ij")(sympy.Symbol("t")), values["e_ij"])
    right = right.subs({s: values[s.name] for s in right.free_symbols})
    powers = np.array([[0.3**k * (-0.7) ** l for l in range(4)] for k in range(4)])
    # Sums of 16 numbers.
    assert float(right) == pytest.approx((rule.coefficients * powers).sum() - 2.0 / 400, rel=1e-12)
    text = rule.latex()
    assert text.startswith("\\begin{aligned}\n\\dot e_{ij} &= ") and "\\bar R_c" in text
    # The term of the largest |theta| comes first.
    first = next(iter(rule.terms))
    k, l = int(first[1]), int(first[3])
    assert abs(rule.theta[k, l]) == np.abs(rule.theta).max() and f"{abs(rule.terms[first]):.2g}"[:4] in text


def test_a_rule_file_and_its_cell_are_the_same_rule(results, tmp_path):
    pytest.importorskip("yaml")
    for cell in results:
        program.ask(program.find(), "rule", results.folder, "--cell", cell.key, "--to", tmp_path / "one.rule")
        rule, own = trifactor.Rule.load(tmp_path / "one.rule"), cell.rule
        assert (rule.theta == own.theta).all() and (rule.scale == own.scale).all()
        assert rule.constants == own.constants and (rule.critic, rule.exploration) == (own.critic, own.exploration)
    (tmp_path / "short.rule").write_text("degree: 1\ntheta: {k1l1: 0.3, k0l1m1: -1e-5}\nconstants: {clip: none}\n")
    short = trifactor.Rule.load(tmp_path / "short.rule")
    assert short.terms == {"k1l1": 0.3, "k0l1m1": -1e-5} and short.weight_degree == 1 and short.scale is None
    assert short.constants["clip"] == np.inf


@pytest.mark.parametrize(
    "changes, limit",
    [
        ({"rule.theta": "{k3l3: -0.4, k1l1: 0.1}", "rule.clip": "none", "rule.baseline": "shared"}, 1e-10),
        # Kicks are drawn in single precision, so those of another amplitude are known to 1e-7 of their size.
        ({"exploration.amplitude": 2, "rule.trace-mean": 0.2}, 1e-6),
    ],
)
def test_another_rule_lives_the_same_life(changes, limit, tmp_path):
    """A network's lifetime under the rule of another is what the program exports for that one."""
    for name, settings in (("one", {}), ("other", changes)):
        (tmp_path / name).mkdir()
        export(tmp_path / name, CASES["defaults"] | settings)
    one, other = (trifactor.ExportedLifetime.load(tmp_path / name / "lifetime") for name in ("one", "other"))
    mine = other.rule.lifetime(one)
    assert np.abs(one["W"] - other["W"]).max() > 1e-3, "the rules differ"
    assert np.abs(mine["W"] - other["W"]).max() <= limit * np.abs(other["W"]).max()
    assert np.abs(mine["R"] - other["R"]).max() <= limit


LAYERS = {"rule.plastic": "[recurrent, input, readout]", "rule.eta-input": 0.5, "rule.eta-readout": 2}
OWN = {"rule.theta-by": "layer", "rule.theta": "{k1l1: 0.3, readout-k1l1: -0.2, input-k0l2: 0.1}"}


@pytest.mark.parametrize("changes", [LAYERS, LAYERS | OWN | {"rule.weight-degree": 1, "rule.growth": "[1, 2]"}])
def test_a_lifetime_of_several_layers_is_lived_again(changes, tmp_path):
    lifetime = trifactor.ExportedLifetime.load(export(tmp_path, changes))
    mine, rule = lifetime.run(), lifetime.rule
    for found in (mine, lifetime.run(rule)):
        for name in ("R", "Rbar", "W", "W_in", "W_out"):
            assert np.abs(found[name] - lifetime[name]).max() <= 1e-10 * np.abs(lifetime[name]).max(), name
    assert rule.plastic == ("recurrent", "input", "readout") and rule.rate("readout") == 2
    # Another rule on the same network: by recurrent synapses alone the others stay, and have no noise.
    (tmp_path / "plain").mkdir()
    plain = trifactor.ExportedLifetime.load(export(tmp_path / "plain", {}))
    alone = lifetime.run(plain.rule)
    assert "W_in" not in alone and np.abs(alone["W"] - lifetime["W"]).max() > 1e-3
    with pytest.raises(
        command.CommandError, match=r"weight noise for recurrent synapses, and by .* input, readout ones"
    ):
        plain.run(rule)


def test_rules_of_several_layers(tmp_path):
    pytest.importorskip("yaml")
    sweep = SWEEP | {"axes": {"rule.theta-by": ["all", "layer"], "rule.weight-degree": [0, 1]}}
    sweep["base"] = SWEEP["base"] | {"rule.degree": 2, "rule.plastic": ["recurrent", "readout"], "rule.eta-readout": 3}
    found = trifactor.run(sweep, tmp_path / "layers", show=False)
    for cell in found:
        program.ask(program.find(), "rule", found.folder, "--cell", cell.key, "--to", tmp_path / "one.rule")
        rule, own = trifactor.Rule.load(tmp_path / "one.rule"), cell.rule
        assert (rule.theta == own.theta).all() and (rule.scale == own.scale).all() and rule.constants == own.constants
        assert rule.plastic == own.plastic == ("recurrent", "readout") and rule.layers == own.layers
        by_layer, powers = cell["rule.theta-by"] == "layer", cell["rule.weight-degree"] + 1
        assert own.theta.shape == (2,) * by_layer + (2,) * (powers - 1) + (3, 3)
        table = own.coefficients.reshape(-1, powers, 3, 3)
        assert (own.of_layer("readout") == 3 * table[-1]).all() and (own.of_layer("recurrent") == table[0]).all()
        assert all((name.split("-")[0] in ("recurrent", "readout")) == by_layer for name in own.terms)
        with pytest.raises(
            command.CommandError, match="input synapses do not learn by it; those that do are recurrent, r"
        ):
            own.formula("input")
    sympy = pytest.importorskip("sympy")
    right = own.formula("readout").rhs
    assert {str(symbol) for symbol in right.free_symbols} >= {"r_j", "zeta_i", "tau_e"}
    values = {"r_j": 0.3, "zeta_i": -0.7, "W_ij": 0.2, "tau_e": 400.0}
    powers = np.array([[[0.2**m * 0.3**k * (-0.7) ** l for l in range(3)] for k in range(3)] for m in range(2)])
    value = float(
        right.subs(sympy.Function("e_ij")(sympy.Symbol("t")), 2.0).subs(
            {symbol: values[str(symbol)] for symbol in right.free_symbols if str(symbol) in values}
        )
    )
    assert value == pytest.approx((own.of_layer("readout") * powers).sum() - 2.0 / 400, rel=1e-12)
    assert r"\zeta_{i}" in own.latex(layer="readout") and r"\zeta_{i}" not in own.latex()
    (tmp_path / "short.rule").write_text(
        "degree: 1\nplastic: [readout, recurrent]\ntheta-by: layer\ntheta: {k1l1: 0.3, readout-k1l1: -1, k0l1: 2}\n"
    )
    short = trifactor.Rule.load(tmp_path / "short.rule")
    assert short.terms == {"recurrent-k0l1": 2, "readout-k0l1": 2, "readout-k1l1": -1, "recurrent-k1l1": 0.3}


WRONG = {
    "no folder": (lambda r, t: trifactor.open(t / "nothing"), "is no result folder: it has no sweep.json"),
    "a file": (lambda r, t: trifactor.open(ROOT / "README.md"), "README.md is no result folder"),
    "no such cell": (lambda r, t: r["zz"], "0 of 8 cells have a key that starts with 'zz'"),
    "no such value": (lambda r, t: r.select({"rule.degree": 2}), "no cell has rule.degree = 2; it is 1, 3"),
    "no such path": (lambda r, t: r.select({"rule.degre": 2}), "rule.degre = 2; no cell has that setting"),
    "no such setting": (lambda r, t: r[0]["rule.degre"], "has no setting 'rule.degre'; it has "),
    "no such role": (lambda r, t: r[0].networks("best"), "role 'best' is unknown; give learned, start or none"),
    "no such stage": (lambda r, t: r[0].dynamics("after"), "stage 'after' is unknown; give before,"),
    "no such table": (
        lambda r, t: r.to_pandas("rules"),
        "to_pandas('rules'): unknown; give one of networks, iterations",
    ),
    "no such arrays": (lambda r, t: r.to_xarray("cells"), "to_xarray('cells'): unknown; give one of networks, iter"),
    "no such rule": (lambda r, t: trifactor.Rule.load(t / "no.rule"), "there is no such file; `trifactor rule DIR"),
    "no export": (lambda r, t: trifactor.ExportedLifetime.load(t), "is no exported lifetime: it has no constants.json"),
    "no ranks": (lambda r, t: trifactor.run(SWEEP, t / "o", ranks=0), "ranks is 0; give 1 or more"),
    "no program": (lambda r, t: trifactor.run(SWEEP, t / "o", trifactor=t / "no"), "there is no program here"),
    "no sweep": (lambda r, t: trifactor.run(t / "no.yaml", t / "o", show=False), "no.yaml: "),
    "a typo": (lambda r, t: trifactor.run({"axes": {"sed": [1]}}, t / "o", show=False), "did you mean `seed`?"),
    "a function": (lambda r, t: trifactor.run({"axes": {"seed": len}}, t / "o"), "holds what no sweep file can"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(name, results, tmp_path):
    act, words = WRONG[name]
    with pytest.raises(command.CommandError) as trouble:
        act(results, tmp_path)
    assert words in str(trouble.value), trouble.value


def test_a_file_of_another_hand_is_not_overwritten(tmp_path):
    (tmp_path / "o.yaml").write_text("name: mine\n")
    with pytest.raises(command.CommandError, match=r"o\.yaml is there and was not written by trifactor\.run"):
        trifactor.run(SWEEP, tmp_path / "o")
    assert (tmp_path / "o.yaml").read_text() == "name: mine\n"


@pytest.mark.parametrize(
    "text, words",
    [
        ("theta: {k1l1: 1}\n", "degree is missing"),
        ("degree: 1\ntheta: {k2l1: 1}\n", "k2l1 is above degree 1"),
        ("degree: 1\ntheta: [[1, 2]]\n", "theta is 1 x 2, wanted 2 x 2"),
        ("degree: 1\ntheta: {k1l1: 1}\nconstants: {etta: 1}\n", "unknown constant 'etta'"),
        ("degre: 1\n", "unknown key 'degre'"),
        ("[1, 2]\n", "a list, and a rule file has degree and theta"),
        ("a: [\n", "not a YAML file"),
    ],
)
def test_rule_files_that_are_none(text, words, tmp_path):
    pytest.importorskip("yaml")
    (tmp_path / "my.rule").write_text(text)
    with pytest.raises(command.CommandError) as trouble:
        trifactor.Rule.load(tmp_path / "my.rule")
    assert words in str(trouble.value) and "my.rule" in str(trouble.value)


def test_cells_without_a_rule_and_damage(folder, tmp_path):
    made = trifactor.open(folder)
    status = {cell.status: cell for cell in made}
    assert set(status) == {"done", "failed", "diverged", "begun"}
    with pytest.raises(command.CommandError, match="has failed, so it has no rule; `trifactor status"):
        _ = status["failed"].rule
    with pytest.raises(command.CommandError, match="has not ended, so it has no rule"):
        _ = status["begun"].rule
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    shard = copy / "shards" / "evaluation-d3.00000.npy"
    data = bytearray(shard.read_bytes())
    data[-500] ^= 1
    shard.write_bytes(bytes(data))
    with pytest.raises(command.CommandError, match="--salvage` keeps what is good") as trouble:
        trifactor.open(copy)
    assert trouble.value.code == command.DATA


def test_a_rival_has_no_rule(tmp_path):
    settings = {"rule.degree": 0, "task": "t", "seed": 0, "learner": "rflo"}
    made_up.write_plan(tmp_path, [{"key": f"{1:016x}", "settings": settings}])
    (tmp_path / "shards").mkdir()
    with pytest.raises(command.CommandError, match="tuned rflo, which is no rule of theta"):
        _ = trifactor.open(tmp_path)[0].rule


def test_a_missing_package_is_named_with_its_command():
    with pytest.raises(ImportError, match=r"to_pandas\(\) needs no_such_package, .* pip install no_such_package"):
        need("no_such_package", "to_pandas()")


def test_a_gated_lifetime_is_of_its_own_rule(tmp_path):
    lifetime = trifactor.ExportedLifetime.load(export(tmp_path, CASES["gate"]))
    rule = lifetime.rule
    assert np.abs(lifetime.run(rule)["W"] - lifetime["W"]).max() < 1e-10
    rule.constants["gate"] = -0.2
    with pytest.raises(command.CommandError, match="export a lifetime of it, `trifactor lifetime SWEEP --rule FILE"):
        lifetime.run(rule)


def test_the_version_is_that_of_the_program():
    with (ROOT / "analysis" / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    assert program.ask(program.find(), "--version").split()[0] == version


ELSEWHERE = """
import json, sys
import trifactor
results = trifactor.open(sys.argv[1])
cell = results.select({"rule.degree": 3})[0]
said = {"file": trifactor.__file__, "version": trifactor.__version__, "theta": cell.theta[-1].tolist()}
try:
    results.to_pandas()
except ImportError as error:
    said["error"] = str(error)
print(json.dumps(said))
"""


def test_it_is_installed_and_used_where_no_checkout_is(results, tmp_path):
    """numpy comes from the environment of the tests, all else is as pip makes it."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    # A copy, so that building leaves nothing in the checkout.
    source = tmp_path / "analysis"
    shutil.copytree(ROOT / "analysis", source, ignore=shutil.ignore_patterns("*.egg-info", "build", "__pycache__"))
    words = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(source)]
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, env=variables)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(source)
    words = [str(python), "-c", ELSEWHERE, str(results.folder)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, env=variables, timeout=60)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert Path(said["file"]).is_relative_to(tmp_path / "venv") and said["version"] == trifactor.__version__
    assert said["theta"] == results.select({"rule.degree": 3})[0].theta[-1].tolist()
    assert said["error"].endswith("Install it: pip install pandas")
    listed = subprocess.run([str(python), "-m", "pip", "list", "--format=json"], capture_output=True, text=True)
    names = {package["name"] for package in json.loads(listed.stdout)}
    assert names <= {"numpy", "pip", "setuptools", "trifactor", "wheel"}
    assert next((tmp_path / "venv").rglob("trifactor/py.typed"), None) is not None
