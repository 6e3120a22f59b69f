"""Check every peer's values against trifactor's, then time them in turn with it, and print the ratios.

    python -m analysis.peers [--smoke] [--check] [--json] [--sizes N,T,d;...] [--rounds R] [--core C]

All on one core. Values: U and g of a lifetime of 8 trials, as L2 distance relative to trifactor's, in double and in
float, and trifactor's float against its double; what disagrees ends the run with code 1 before anything is timed.
Times: float32, R rounds, each ours and then every peer once, whole lifetimes; ours include drawing all random numbers,
theirs are given them.
TRIFACTOR_SIMD=v3 leaves trifactor and JAX no more than AVX2. Nothing else should run on the machine.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trifactor import command, program

if TYPE_CHECKING:
    from .lifetimes import Lifetime

# `prepare` of a peer with its variant: (variant, lifetime) to a function that runs it.
Peers = Mapping[str, tuple[Callable[..., Callable[[], tuple[Any, Any]]], str]]

SIZES = "32,24,3;64,100,5;128,200,3;200,200,5;200,1000,5;400,200,5"
# Both sides add the same numbers in other orders: rounding of 2^-53 and 2^-24, grown by 8 trials of T steps. In float
# a synapse or two may also lie so near the clip that only one side cuts it, which changes U there by all it holds:
# 1 / sqrt(synapses) of its norm.
TOLERANCES = {"double": 1e-9, "float": 1e-2}
# Of trifactor's own g in float against double.
OWN_TOLERANCE = 1e-5
CHECK_TRIALS = 8
# XLA's name for the instructions of trifactor's levels.
WIDEST = {"v3": "AVX2", "baseline": "SSE4_2"}


def parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = command.Parser(
        prog="python -m analysis.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--smoke", action="store_true", help="the smallest size, one round: does it run?")
    parser.add_argument("--check", action="store_true", help="values only, no times")
    parser.add_argument("--json", action="store_true", help="print one JSON object in place of the tables")
    parser.add_argument("--sizes", default=None, help=f"default {SIZES}")
    parser.add_argument("--rounds", type=int, default=None, help="default 5")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="default: the last one allowed")
    arguments = parser.parse_args(words)
    arguments.rounds = arguments.rounds or (1 if arguments.smoke else 5)
    text = arguments.sizes or (SIZES.split(";")[0] if arguments.smoke else SIZES)
    try:
        arguments.sizes = [tuple(map(int, item.split(","))) for item in text.split(";")]
        assert all(len(size) == 3 for size in arguments.sizes)
    except (ValueError, AssertionError):
        parser.error(f"--sizes is '{text}'; wanted: N,T,d joined by semicolons, as in 32,24,3;64,100,5")
    if arguments.core not in os.sched_getaffinity(0):
        parser.error(f"--core is {arguments.core}; allowed here: {sorted(os.sched_getaffinity(0))}")
    return arguments


def one_core(core: int) -> None:
    """Pins this process and its children; must come before JAX and PyTorch are loaded."""
    os.sched_setaffinity(0, {core})
    os.environ.pop("OPENBLAS_CORETYPE", None)
    flags = ["--xla_cpu_multi_thread_eigen=false", "intra_op_parallelism_threads=1"]
    # A level asked of trifactor holds for JAX too, as on a core that has no more.
    isa = WIDEST.get(os.environ.get("TRIFACTOR_SIMD", ""))
    if isa:
        flags.append(f"--xla_cpu_max_isa={isa}")
    os.environ["XLA_FLAGS"] = " ".join(flags)
    os.environ["JAX_PLATFORMS"] = "cpu"
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def machine() -> dict[str, Any]:
    """Processor, core count and versions of what is compared."""
    import jax
    import numpy

    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    parts = {
        "processor": cpu,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "jax": jax.__version__,
    }
    try:
        import torch

        parts["torch"] = torch.__version__
    except ImportError:
        parts["torch"] = None
    return parts


def peers() -> Peers:
    """`prepare` of every peer by name, PyTorch's only where it is installed."""
    from . import jax_peer

    found: dict[str, Any] = {
        f"jax {name}": (jax_peer.prepare, name) for name in (*jax_peer.FORWARD, *jax_peer.BACKWARD)
    }
    try:
        from . import torch_peer

        found |= {f"torch {name}": (torch_peer.prepare, name) for name in torch_peer.VARIANTS}
    except ImportError:
        print("peers: PyTorch is not installed and is left out", file=sys.stderr)
    return found


def check(
    trifactor: str, folder: Path, size: tuple[int, int, int], contenders: Peers
) -> tuple[dict[str, Any], "Lifetime", float]:
    """Errors of every peer by precision: {precision: {peer: {"g": error, "U": error}}}, the lifetime in float, and
    the error of our own g in float against double."""
    import jax
    import numpy as np

    from . import lifetimes, ours, table

    errors: dict[str, Any] = {}
    gradients: dict[str, Any] = {}
    for precision, dtype in (("double", np.float64), ("float", np.float32)):
        place = ours.export(trifactor, folder, size, precision, CHECK_TRIALS)
        lifetime, U, g = lifetimes.read(place, dtype)
        errors[precision] = {}
        gradients[precision] = g
        with jax.enable_x64(precision == "double"):
            for name, (prepare, variant) in contenders.items():
                seen_U, seen_g = prepare(variant, lifetime)()
                seen = {"g": table.relative(seen_g, g)}
                if seen_U is not None:
                    seen["U"] = table.relative(seen_U, U)
                errors[precision][name] = seen
    return errors, lifetime, table.relative(gradients["float"], gradients["double"])


def timed(
    trifactor: str, size: tuple[int, int, int], lifetime: "Lifetime", contenders: Peers, rounds: int
) -> dict[str, list[float]]:
    """ms a trial by name, one number a round; every round goes through all in turn."""
    from . import jax_peer, ours

    small = size[0] ** 2 * size[1] <= 100_000
    trials = 200 if small else 20
    ready = {}
    for name, (prepare, variant) in contenders.items():
        # A trial's cost does not depend on H; the slow peers run fewer.
        H = trials if name.startswith("jax grad") or (small and name.startswith("jax")) else 20 if small else 4
        at_once = jax_peer.lifetimes_at_once(variant) if name.startswith("jax") else 1
        ready[name] = prepare(variant, lifetime.repeated(H)), H * at_once
        ready[name][0]()
    times: dict[str, list[float]] = {name: [] for name in ("ours forward", "ours adjoint", *ready)}
    for _ in range(rounds):
        for engine, row in ours.bench(trifactor, size, trials, 3).items():
            times[f"ours {engine}"].append(row["ms_per_trial"])
        for name, (run, H) in ready.items():
            run()  # caches are those of another program
            start = time.perf_counter()
            run()
            times[name].append(1e3 * (time.perf_counter() - start) / H)
    return times


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse(words)
    one_core(arguments.core)
    from . import lifetimes, table

    trifactor = program.find()
    contenders = peers()
    report: dict[str, Any] = {"machine": machine(), "core": arguments.core, "tolerances": TOLERANCES, "results": []}
    if not arguments.json:
        print(", ".join(f"{key} {value}" for key, value in report["machine"].items()))
    with tempfile.TemporaryDirectory() as folder:
        for size in arguments.sizes:
            print("peers: N = {}, T = {}, d = {}".format(*size), file=sys.stderr)
            try:
                errors, lifetime, own = check(trifactor, Path(folder), size, contenders)
                result = {"size": size, "errors": errors, "own": own}
                wrong = [
                    f"{name}, {precision}: {what} is off by {error:.1e}, allowed {TOLERANCES[precision]:.0e}"
                    for precision, named in errors.items()
                    for name, seen in named.items()
                    for what, error in seen.items()
                    if not error <= TOLERANCES[precision]
                ]
                if not own <= OWN_TOLERANCE:
                    wrong.append(
                        f"trifactor's g in float against double is off by {own:.1e}, allowed {OWN_TOLERANCE:.0e}"
                    )
                if wrong:
                    print("\n".join(["peers: values differ from trifactor's:", *wrong]), file=sys.stderr)
                    return 1
                worst = {
                    precision: max(max(seen.values()) for seen in named.values()) for precision, named in errors.items()
                }
                if not arguments.json:
                    print(
                        "N = {}, T = {}, d = {}: ".format(*size)
                        + "U and g agree; worst relative error "
                        + ", ".join(f"{key} {value:.1e}" for key, value in worst.items())
                        + f"; our float against double {own:.1e}"
                    )
                if not arguments.check:
                    result["times"] = timed(trifactor, size, lifetime, contenders, arguments.rounds)
                    result["ratios"] = table.ratios(result["times"])
            except lifetimes.UnsuitedLifetime as problem:
                print(f"peers: {problem}", file=sys.stderr)
                return 70
            report["results"].append(result)
    if arguments.json:
        print(json.dumps(report, indent=1))
    elif not arguments.check:
        print("\n".join(["", *table.lines(report["results"])]))
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
