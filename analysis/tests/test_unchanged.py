"""Nothing changed that should not: keys of the shipped sweeps, and results of small sweeps over everything, to the bit.

`unchanged/expected.txt` was written by the program as it stood before the architecture was laid out anew. A change that
is meant (a new draw of a task, a shipped sweep with another setting) is written with

    TRIFACTOR=path/of/trifactor python -m analysis.tests.test_unchanged

and its difference read line by line; it names the sweep and the cell.
"""

import csv
import hashlib
import json
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
FIXTURE = HERE / "unchanged"
EXPECTED = FIXTURE / "expected.txt"
# Results differ in their last bits between levels; every CPU has this one.
LEVEL = {"TRIFACTOR_SIMD": "baseline"}
# Of `gradients`: forward tangents and their estimates, by array.
EXPORTED = ("W", "U", "Rdot", "R_antithetic", "g_tangent", "g_antithetic", "g_pathwise", "g_score")


def trifactor(*arguments: str) -> str:
    """What the program prints."""
    program = os.environ.get("TRIFACTOR", str(REPOSITORY / ".build/release/trifactor"))
    done = subprocess.run(
        [program, *arguments], env={**os.environ, **LEVEL}, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, f"trifactor {' '.join(arguments)}\n{done.stderr}"
    return done.stdout


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def shipped() -> list[Path]:
    return sorted((REPOSITORY / "sweeps").glob("*.yaml"))


def keys(sweep: Path) -> list[str]:
    """A line for the keys of a sweep."""
    cells = [cell["key"] for cell in json.loads(trifactor("plan", str(sweep), "--all", "--json"))["cells"]]
    return [f"keys {sweep.stem} {len(cells)} {digest(' '.join(sorted(cells)).encode())}"]


def results(sweep: Path) -> list[str]:
    """A line a cell for the exported results, and one for the whole file."""
    with tempfile.TemporaryDirectory() as folder:
        trifactor("run", str(sweep), "--out", f"{folder}/out")
        trifactor("export", f"{folder}/out", "--to", f"{folder}/all.csv")
        data = Path(f"{folder}/all.csv").read_bytes()
    rows: dict[str, list[str]] = {}
    for row in csv.DictReader(data.decode().splitlines()):
        rows.setdefault(row["key"], []).append(",".join(row.values()))
    lines = [f"export {sweep.stem} {key} {digest(' '.join(own).encode())}" for key, own in sorted(rows.items())]
    return [*lines, f"export {sweep.stem} all {digest(data)}"]


def lifetimes(sweep: Path) -> list[str]:
    """A line an array of one exported lifetime in each precision."""
    lines = []
    for precision in ("float", "double"):
        with tempfile.TemporaryDirectory() as folder:
            trifactor("lifetime", str(sweep), "--precision", precision, "--export", folder)
            lines += [
                f"lifetime {sweep.stem} {precision} {name} {digest(Path(folder, f'{name}.npy').read_bytes())}"
                for name in EXPORTED
            ]
    return lines


def expected(start: str) -> list[str]:
    return [line for line in EXPECTED.read_text().splitlines() if line.startswith(start + " ")]


@pytest.mark.parametrize("sweep", shipped(), ids=lambda path: path.stem)
def test_keys_of_shipped_sweeps(sweep):
    assert keys(sweep) == expected(f"keys {sweep.stem}")


@pytest.mark.parametrize("sweep", sorted(FIXTURE.glob("*.yaml")), ids=lambda path: path.stem)
def test_results(sweep):
    assert results(sweep) == expected(f"export {sweep.stem}")


def test_a_lifetime():
    assert lifetimes(FIXTURE / "gradients.yaml") == expected("lifetime gradients")


def main() -> None:
    sweeps = sorted(FIXTURE.glob("*.yaml"))
    lines = [line for sweep in shipped() for line in keys(sweep)]
    lines += [line for sweep in sweeps for line in results(sweep)]
    lines += lifetimes(FIXTURE / "gradients.yaml")
    EXPECTED.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
