"""Wrong sweep, rule and task files, and good ones with random damage: refused with a word, or understood."""

import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from .judge import DATA, DONE, REFUSALS, Case, run
from .world import World

PART = "documents"
# What reads each kind without much work.
READERS = {"sweep": "plan HERE", "rule": "rule HERE", "task": "tasks HERE", "arrays": "tasks HERE"}
GOOD = {"sweep": "tiny.yaml", "rule": "rule.yaml", "task": "task.yaml", "arrays": "task.npz"}

WRONG = {
    "sweep": [
        "[]", "3", "base", "base: 3", "base: []", "base: {}\nbase: {}", "base:\n\ttask: x", "base: {rule.degree: -1}",
        "base: {rule.degree: 1e9}", "base: {trials: 1e400}", "base: {trials: .nan}",
        "base: {seed: 18446744073709551616}",
        "base: {network.units: 0}", "base: {network.units: 100000000}", "axes: {seed: 0..<1000000000}",
        "axes: {seed: 5..<0}", "axes: {seed: {from: 0, to: 1, count: 1e12}}", "axes: {seed: []}",
        "axes: {rule.eta: [.inf]}",
        "zip: {seed: [1, 2], trials: [1]}", "when: [{if: {}, set: {}}]", "when: {a: b}", "exclude: [{nothing: 1}]",
        "base: &a {b: *a}", "base: {<<: {trials: 5}}", "--- {}\n--- {}",
        "name: '../../x'\nbase: {}", "question: [1]\nbase: {}", "base: {task: task.yaml}", "base: {task: /dev/zero}",
        "base: {task: [cue-association, cue-association, cue-association]}", "base: {rule.theta: ../..}",
        "base: {rule.theta: {k9l9: 1}}", "base: {rule.theta: [[1]]}", "base: {options.cues: 1e9}",
        "base: {time.step: 1e-9}", "base: {time: {step: 15, trial: 1e12}}", "{" * 5000, "[" * 100000,
        "base: {x: " + "a" * 100000 + "}", "\x00", "base: {task: \x1b[31m}", "a: b\r\nc: d",
        "base: {rule: {terms: [x]}}", "base: {memory: 1e99GiB}", "base: {reward: ~}", "base: {meta.learn: []}",
        "base: {meta: {learn: [probability], estimator: pathwise}}", "base: {exploration: {amplitude: -1}}",
    ],
    "rule": [
        "[]", "degree: 3", "degree: 9\ntheta: {}", "degree: 1\ntheta: [[1, 2]]", "degree: 1\ntheta: {k1l1: nan}",
        "degree: 1\ntheta: {k1l1: 1e999}", "degree: 1\ntheta: {k2l2: 1}", "degree: 1\ntheta: {}\nconstants: {eta: -1}",
        "degree: 1\ntheta: {}\nconstants: {baseline-rate: 2}", "degree: 1\ntheta: {}\nmechanisms: 3",
        "degree: 1\ntheta: {}\nexploration: loud",
        "degree: 1\ntheta: {}\nprovenance: &a [*a]",
        "degree: 1\ntheta: {}\nnormalise: maybe", "degree: 1.5\ntheta: {}", "degree: '1'\ntheta: {k1l1: '1'}",
    ],
    "task": [
        "[]", "name: x", "name: x\ninputs: []\noutputs: []\nperiods: {}\nshow: []\nconditions: []\nrespond: y",
        "name: x\ninputs: [a]\noutputs: [z]\nperiods: {p: 1e12}\nshow: []\nconditions: [{z: 1}]\nrespond: p",
        "name: x\ninputs: [a]\noutputs: [z]\nperiods: {p: 0}\nshow: []\nconditions: [{z: 1}]\nrespond: p",
        "name: x\ninputs: [a]\noutputs: [z]\nperiods: {p: -5}\nshow: []\nconditions: [{z: 1}]\nrespond: p",
        "name: x\ninputs: [a]\noutputs: [z]\nperiods: {p: 30}\nshow: []\nconditions: [{z: .nan}]\nrespond: p",
        "name: x\ninputs: [a, a]\noutputs: [z]\nperiods: {p: 30}\nshow: []\nconditions: [{z: 1}]\nrespond: p",
        "name: x\ninputs: [a]\noutputs: [z]\nperiods: {p: 30}\nshow: []\nconditions: []\nrespond: p",
        "name: x\ninputs: [a]\noutputs: [z]\nperiods: {p: 30}\nshow: []\nconditions: [{z: 1}]\nrespond: q",
        "name: x\ninputs: [a]\noutputs: [z]\nperiods: {p: 30}\nshow: [{channel: b, during: p}]\nconditions: [{z: 1}]\n"
        "respond: p",
        "name: x\ninputs: [a]\noutputs: [z]\nperiods: {p: {choice: []}}\nshow: []\nconditions: [{z: 1}]\nrespond: p",
    ],
    "arrays": [""],
}  # fmt: skip
MARKS = [b":", b"{", b"]", b"- ", b"\n", b"&a ", b"*a", b"1e999", b"-", b"\t", b"'"]
# Damaged files a kind.
DAMAGED = 120
QUICK_DAMAGED = 8


def cases(world: World, quick: bool, seed: int = 0) -> Iterator[Callable[[], Case]]:
    for kind, texts in WRONG.items():
        for number, text in enumerate(texts[:6] if quick else texts):
            data = text.encode()
            yield partial(_case, world, kind, f"wrong {number}", data)
        good = (world.folder / GOOD[kind]).read_bytes()
        for number in range(QUICK_DAMAGED if quick else DAMAGED):
            data = damaged(good, random.Random(f"{seed} {kind} {number}"))
            yield partial(_case, world, kind, f"damaged {number}", data)


def damaged(data: bytes, draw: random.Random) -> bytes:
    """One to four random changes: bytes replaced, taken out, put in or told twice, lines exchanged, the end lost."""
    result = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        place, length = draw.randrange(len(result) + 1), draw.randint(1, 12)
        change = draw.randrange(7)
        if change == 0:
            result[place : place + length] = draw.randbytes(length)
        elif change == 1:
            del result[place : place + length]
        elif change == 2:
            result[place:place] = draw.choice(
                [b":", b"{", b"]", b"- ", b"\n", b"&a ", b"*a", b"1e999", b"-", b"\t", b"'"]
            )
        elif change == 3:
            result[place:place] = result[place : place + length]
        elif change == 4:
            lines = result.splitlines(keepends=True)
            draw.shuffle(lines)
            result = bytearray(b"".join(lines))
        elif change == 5:
            del result[place:]
        else:
            digits = [index for index, byte in enumerate(result) if byte in b"0123456789"]
            if digits:
                place = draw.choice(digits)
                result[place : place + 1] = b"9" * length
    return bytes(result)


def _case(world: World, kind: str, label: str, data: bytes) -> Case:
    place = world.new()
    path = place / Path(GOOD[kind]).name
    path.write_bytes(data)
    ended = run(world.words(READERS[kind], place, HERE=path), folder=place, environment=world.environment)
    case = Case(PART, f"{kind} file", label, ended)
    wrong = label.startswith("wrong")
    case.wrong = ended.complaints({DATA} if wrong else REFUSALS | {DONE})
    if ended.code == DATA and not any(name in ended.errors for name in (path.name, "/dev/zero")):
        case.wrong.append("the message names no file")
    return case
