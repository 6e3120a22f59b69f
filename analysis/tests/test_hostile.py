"""A selection of the hostile run, and that its judge sees what it is there for."""

import time
from pathlib import Path

import pytest

from analysis.hostile import __main__ as hostile
from analysis.hostile import damage, documents, judge, numbers, outputs, paths
from analysis.hostile.world import World
from trifactor import command, program


def test_a_selection_holds(capsys):
    """`make hostile` runs all of it."""
    code = hostile.main(["--quick"])
    said = capsys.readouterr().out
    assert code == 0, said
    assert "Exit codes of commands by standard output" in said and "Exit codes by damage of the folder" in said
    assert "0 of them wrong" in said and int(said.splitlines()[-1].split()[0]) > 200


def ended(script, **options):
    return judge.run(["bash", "-c", script], **options)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("kill -ILL $$", "died of SIGILL"),
        ("kill -SEGV $$", "died of SIGSEGV"),
        ("echo wrong >&2; exit 70", "exit code 70, not 0 or 65"),
        ("exit 65", "exit code 65 without a word"),
        ("exit 0", "exit code 0 without output"),
        ("echo 'Traceback (most recent call last)' >&2; exit 65", "says 'Traceback"),
        ("echo 'Fatal error: index out of range' >&2; exit 65", "says 'Fatal error'"),
    ],
)
def test_the_judge_sees(script, words):
    complaints = ended(script).complaints({0, 65})
    assert any(words in line for line in complaints), complaints


def test_the_judge_finds_nothing_wrong_with_what_is_right():
    assert ended("echo fine").complaints({0}) == []
    assert ended("echo 'no such file' >&2; exit 65").complaints({0, 65}) == []
    assert ended("exit 0").complaints({0}, prints=False) == []


def assert_dies(process, within=60):
    """A signal is sent at once and acted on when the process is next given a core."""
    deadline = time.monotonic() + within
    while lives(process):
        assert time.monotonic() < deadline, f"process {process} is alive after {within} s"
        time.sleep(0.05)


def lives(process):
    """Whether it runs: it is neither gone nor dead and waiting to be buried."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return not status.rpartition(") ")[2].startswith("Z")


def test_what_hangs_is_ended_with_all_that_it_started():
    began = time.monotonic()
    hung = ended("sleep 1000 & echo $!; sleep 1000", limit=1)
    assert hung.hung and hung.complaints({0}) == ["did not end within 1 s"]
    assert 1 <= time.monotonic() - began < 30
    assert_dies(int(hung.output))
    assert not ended("sleep 0.2; echo done", limit=20).hung


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return World.make(tmp_path_factory.mktemp("world"))


def test_every_command_has_its_options_tried(world):
    """The options come from the help of every command that there is."""
    commands = {
        line.split()[0]
        for line in program.ask(world.program, "--help").split("SUBCOMMANDS:")[1].splitlines()
        if line.startswith("  ") and line[2:3].strip() and not line.startswith("  See")
    }
    assert commands == set(numbers.TRIED) and len(commands) >= 17
    assert {"--set", "--ranks", "--ranks-per-cell", "--rate"} == set(numbers.options(world, "plan"))
    assert set(numbers.options(world, "lifetime")) == {
            "--set", "--trials", "--cell", "--precision", "--rule", "--alignment-points", "--alignment-draws"
        }  # fmt: skip


def test_there_are_hundreds_of_cases(world):
    every = (outputs.cases, damage.cases, paths.cases, numbers.cases, documents.cases)
    found = [sum(1 for _ in cases(world, False)) for cases in every]
    assert all(count > 250 for count in found) and sum(found) > 3000
    assert len(damage.KINDS) >= 30 and len(outputs.OUTPUTS) == 6


def test_damage_is_the_same_for_the_same_seed(world):
    data = (world.folder / "tiny.yaml").read_bytes()
    changed = [documents.damaged(data, documents.random.Random(f"0 sweep {number}")) for number in range(50)]
    assert changed == [documents.damaged(data, documents.random.Random(f"0 sweep {number}")) for number in range(50)]
    assert sum(one != data for one in changed) > 45 and len(set(changed)) > 45


def test_wrong_arguments(capsys):
    assert command.run(hostile.main, ["--only", "nothing"]) == 64
    assert command.run(hostile.main, ["--jobs", "0"]) == 64 and "--jobs is 0" in capsys.readouterr().err
