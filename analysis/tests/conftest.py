"""What the tests share: the checkout on the path, the program, and a made-up sweep."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import made_up  # noqa: E402
from analysis.figures import program  # noqa: E402
from analysis.figures.sweep import Sweep  # noqa: E402


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A result folder with every kind of ending."""
    path = tmp_path_factory.mktemp("results") / "made-up"
    made_up.write_sweep(path)
    return path


@pytest.fixture(scope="session")
def sweep(folder):
    """That folder as figures see it; needs the built program ($TRIFACTOR or the newest build)."""
    return Sweep([folder], program.find())
