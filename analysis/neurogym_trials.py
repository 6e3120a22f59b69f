"""Whole trials of a NeuroGym environment as a task file: `task: FILE.npz` in a sweep file.

    python -m analysis.neurogym_trials DelayMatchSample-v0 --to match.npz --dt 20 --timing delay=300 decision=200

Observations of whole trials become inputs, the ground truth becomes the target: its classes by a code, 0 is fixation
and 0, 1 is +1, 2 is -1 unless `--code` says otherwise. The response window is the period `decision`, or that of
`--decision`. Conditions are what the environment's trials say of themselves (ground truth, coherence, ...); of each
there are so many samples. Environments whose observations depend on actions, or that have no trials, are refused by
name.
Needs neurogym; see analysis/requirements-neurogym.txt.
"""

import sys
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trifactor.command import DATA, UNAVAILABLE, CommandError, Parser, named, run, writing

Array = NDArray[Any]
# What a trial says of itself, its window, and its steps.
Key = tuple[tuple[tuple[str, Any], ...], tuple[int, int], int]
CODE = {0: 0.0, 1: 1.0, 2: -1.0}
MOST_CONDITIONS = 1024
# Environments that no array of trials can stand for, and why; others are refused by what is found in them.
REFUSED = {
    "Bandit": "its trials are one step of a bandit and have no ground truth",
    "DawTwoStep": "its second observation depends on the action before it",
    "EconomicDecisionMaking": "its choices have no ground truth",
    "Null": "it has no trials",
    "Reaching1D": "its observations show where the actions have led",
    "Reaching1DWithSelfDistraction": "its observations show where the actions have led",
}


class NoTrials(CommandError):
    """An environment that cannot be a task file; the message says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message, DATA)


def neurogym_trials(
    environment: Any,
    samples: int = 16,
    seed: int = 0,
    code: Mapping[int, float] | None = None,
    decision: str = "decision",
    trials: int = 4000,
    by: Sequence[str] | None = None,
    name: str | None = None,
    **options: Any,
) -> dict[str, Array]:
    """The arrays u, y, window, dt, weight, name and condition of a task file.

    environment: an id such as "DelayMatchSample-v0" (made with `options`, such as dt=20 and timing={...}), or an
    environment. code: target of each class of the ground truth, by number. Environments whose ground truth is a vector
    have it as target. by: those values of a trial that make conditions; all of them otherwise. A condition whose
    samples are all alike keeps one, and where all do the arrays have no samples.
    """
    env = _made(environment, options)
    label = type(env).__name__
    if label in REFUSED:
        raise NoTrials(f"{label}: {REFUSED[label]}; write the task as YAML instead")
    if _depends_on_actions(env, seed):
        raise NoTrials(f"{label}: its observations depend on the actions; write the task as YAML instead")
    env.seed(seed)
    groups: dict[Key, list[tuple[Array, Array]]] = {}
    for _ in range(trials):
        trial = env.new_trial()
        for attribute, what in (("ob", "observations"), ("gt", "ground truth")):
            if getattr(env, attribute, None) is None:
                raise NoTrials(f"{label}: its trials have no {what} of their own; write the task as YAML instead")
        window = _window(env, decision, label)
        target = _target(np.array(env.gt), CODE if code is None else code, label)
        key: Key = (_key(trial, by, label), window, len(env.ob))
        groups.setdefault(key, []).append((np.array(env.ob, dtype=np.float32), target))
        if len(groups) > MOST_CONDITIONS:
            raise NoTrials(
                f"{label}: more than {MOST_CONDITIONS} conditions in {trials} trials, such as {_words(key)}; give its "
                "periods fixed lengths (timing={'delay': 500}, or --timing delay=500), or say which values make "
                "conditions (by=['ground_truth'], or --by ground_truth)"
            )
    order = sorted(groups, key=repr)
    counts: Array = np.array([len(groups[key]) for key in order], dtype=np.float64)
    kept = counts * 1000 >= counts.max()  # Of rarer ones a lifetime shows none.
    order, counts = [key for key, keep in zip(order, kept) if keep], counts[kept]
    # Drawn equally often, but for chance, they count alike.
    alike = np.abs(counts - counts.mean()).max() <= 4 * np.sqrt(counts.mean())
    weights = np.ones(len(counts)) if alike else counts
    size = samples
    if all(all(np.array_equal(ob, group[0][0]) for ob, _ in group) for group in (groups[key] for key in order)):
        size = 1
    elif counts.min() < samples:
        raise NoTrials(
            f"{label}: {int(counts.min())} of {trials} trials are of the condition {_words(order[counts.argmin()])}, "
            f"and {samples} samples of each are wanted; draw more trials or fewer samples"
        )
    steps = max(length for _, _, length in order)
    u = np.stack([np.stack([_padded(ob, steps) for ob, _ in groups[key][:size]]) for key in order])
    y = np.stack([np.stack([_padded(target, steps) for _, target in groups[key][:size]]) for key in order])
    if size == 1:
        u, y = u[:, 0], y[:, 0]
    windows = np.zeros((len(order), steps), dtype=bool)
    for row, (_, (start, end), _) in enumerate(order):
        windows[row, start:end] = True
    return {
        "u": u,
        "y": y.astype(np.float32),
        "window": windows,
        "dt": np.array(float(env.dt)),
        "weight": weights,
        "name": np.array([name or label]),
        "condition": np.array([_words(key) for key in order]),
    }


def _made(environment: Any, options: Mapping[str, Any]) -> Any:
    if not isinstance(environment, str):
        return environment.unwrapped
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import neurogym
        except ModuleNotFoundError as error:
            raise CommandError(f"{error}; pip install -r analysis/requirements-neurogym.txt", UNAVAILABLE) from error

        known = sorted(neurogym.envs.registration.all_envs())
        name = environment if environment in known else f"{environment}-v0"
        if name not in known:
            raise NoTrials(f"neurogym has no environment {environment!r}; it has {', '.join(known)}")
        return neurogym.make(name, **options).unwrapped


def _depends_on_actions(env: Any, seed: int) -> bool:
    """Runs one trial twice, with other actions, from the same seed."""
    seen = []
    space = env.action_space
    actions = [0, space.n - 1] if hasattr(space, "n") else [space.low, space.high]
    for action in actions:
        env.seed(seed)
        env.new_trial()
        if getattr(env, "ob", None) is None or not getattr(env, "tmax", 0):
            return False
        env.t = env.t_ind = 0
        rows = []
        for _ in range(len(env.ob) - 2):
            observation, _, _, _, info = env.step(action)
            if info.get("new_trial"):
                break
            rows.append(np.array(observation, dtype=float))
        seen.append(rows)
    return any(not np.array_equal(a, b) for a, b in zip(*seen))


def _window(env: Any, decision: str, label: str) -> tuple[int, int]:
    if decision not in env.start_ind:
        raise NoTrials(
            f"{label}: it has no period {decision!r}; name one of {', '.join(env.start_ind)} by decision=..., or "
            "--decision"
        )
    start, end = int(env.start_ind[decision]), min(int(env.end_ind[decision]), len(env.ob))
    if end <= start:
        raise NoTrials(f"{label}: its period {decision!r} holds no step of {env.dt} ms; give a shorter dt")
    return start, end


def _target(truth: Array, code: Mapping[int, float], label: str) -> Array:
    if truth.ndim == 2:
        return truth.astype(np.float32)
    classes = sorted({int(value) for value in truth})
    unknown = [one for one in classes if one not in code]
    if unknown:
        raise NoTrials(
            f"{label}: its ground truth has the classes {classes}, and the code says nothing of {unknown}; give "
            "code={0: 0, 1: 1, 2: -1, ...}, or --code 0=0 1=1 2=-1 ..."
        )
    return np.array([[code[int(value)]] for value in truth], dtype=np.float32)


def _key(trial: Mapping[str, Any] | None, by: Sequence[str] | None, label: str) -> tuple[tuple[str, Any], ...]:
    """What a trial says of itself: its plain values, rounded so that equal ones are equal."""
    trial = trial or {}
    missing = [one for one in by or () if one not in trial]
    if missing:
        raise NoTrials(f"{label}: its trials say nothing of {missing}; they have {', '.join(trial)}")
    items: list[tuple[str, Any]] = []
    for name, value in sorted(trial.items()):
        if by and name not in by:
            continue
        if isinstance(value, (tuple, list, np.ndarray)):
            items.append((name, tuple(_plain(one) for one in np.asarray(value).ravel())))
        else:
            items.append((name, _plain(value)))
    return tuple(items)


def _plain(value: Any) -> str | int | float:
    if isinstance(value, (str, np.str_)):
        return str(value)
    number = round(float(value), 6)
    return int(number) if number.is_integer() else number


def _words(key: Key) -> str:
    items, (start, end), _ = key
    return " ".join(f"{name}={value}" for name, value in items) + f" window={start}..<{end}"


def _padded(rows: Array, steps: int) -> Array:
    return np.concatenate([rows, np.zeros((steps - len(rows), rows.shape[1]), dtype=np.float32)])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="python -m analysis.neurogym_trials", description=__doc__.splitlines()[0])
    parser.add_argument("environment", help="such as DelayMatchSample-v0")
    parser.add_argument("--to", type=named, required=True, help="the .npz file to write")
    parser.add_argument("--dt", type=float, default=20, help="step in ms")
    parser.add_argument("--samples", type=int, default=16, help="trials kept of each condition")
    parser.add_argument("--trials", type=int, default=4000, help="trials drawn")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--decision", default="decision", help="the period that is the response window")
    parser.add_argument("--timing", nargs="*", default=[], metavar="PERIOD=MS", help="lengths of periods")
    parser.add_argument("--by", nargs="*", help="values of a trial that make conditions; all unless given")
    parser.add_argument("--code", nargs="*", metavar="CLASS=TARGET", help="0=0 1=1 2=-1 unless given")
    parser.add_argument("--name", help="the task's name; that of the environment unless given")
    options = parser.parse_args(arguments)
    timing = _numbers("--timing", options.timing)
    code = None if options.code is None else {int(name): to for name, to in _numbers("--code", options.code).items()}
    made: dict[str, Any] = {"dt": options.dt} | ({"timing": timing} if timing else {})
    arrays = neurogym_trials(
        options.environment,
        samples=options.samples,
        seed=options.seed,
        code=code,
        decision=options.decision,
        trials=options.trials,
        by=options.by,
        name=options.name,
        **made,
    )
    with writing(options.to):
        np.savez_compressed(options.to, **arrays)  # type: ignore[arg-type]
    shape = arrays["u"].shape
    print(f"{options.to}: {shape[0]} conditions, T {shape[-2]} steps of {arrays['dt']} ms, M {shape[-1]} inputs")
    return 0


def _numbers(option: str, words: Sequence[str]) -> dict[str, float]:
    """`delay=300` by name. Raises CommandError for anything else."""
    found = {}
    for word in words:
        name, _, text = word.partition("=")
        try:
            found[name] = float(text)
        except ValueError as error:
            raise CommandError(f"{option} {word}: wanted NAME=NUMBER") from error
    return found


if __name__ == "__main__":
    sys.exit(run(main))
