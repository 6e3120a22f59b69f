"""Results of trifactor as numpy arrays, its rules as formulas and lifetimes, its sweeps from Python.

    import trifactor

    results = trifactor.run("sweeps/quickstart.yaml", "out/quickstart")    # or trifactor.open("out/quickstart")
    cell = results.select({"rule.degree": 3, "seed": 0})[0]
    cell.theta[-1], cell.networks()["late_accuracy"], cell.rule.formula()

Needs numpy only; what needs more says which package, and how to install it.
"""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as _installed_version

from trifactor.command import CommandError
from trifactor.exported import ExportedLifetime
from trifactor.launch import run
from trifactor.optional import MissingPackage
from trifactor.results import Cell, Results
from trifactor.results import open_folder as open
from trifactor.rule import Rule

try:
    __version__ = _installed_version("trifactor")
except PackageNotFoundError:  # used where it lies, not installed
    __version__ = "not installed"

__all__ = ["Cell", "CommandError", "ExportedLifetime", "MissingPackage", "Results", "Rule", "open", "run"]
