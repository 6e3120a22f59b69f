"""What the tests share: a made-up sweep, as a folder and as figures see it."""

from collections.abc import Iterator

import pytest

from analysis.figures import __main__ as figures
from analysis.figures.sweep import Sweep
from analysis.tests import made_up
from trifactor import program


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A result folder with every kind of ending."""
    path = tmp_path_factory.mktemp("results") / "made-up"
    made_up.write_sweep(path)
    return path


@pytest.fixture(scope="session")
def made(folder, tmp_path_factory):
    """Its figures and report, in a folder of their own."""
    to = tmp_path_factory.mktemp("figures")
    assert figures.main([str(folder), "--to", str(to)]) == 0
    return to


@pytest.fixture
def sweep(folder) -> Iterator[Sweep]:
    """That folder as figures see it; needs the built program ($TRIFACTOR or the newest build)."""
    yield Sweep([folder], program.find())
