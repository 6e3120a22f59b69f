"""Runs a notebook in a folder of its own, and writes it back with its output.

    python -m analysis.notebook docs/tutorial.ipynb
    python -m analysis.notebook docs/tutorial.ipynb --check    # run it, write nothing

Texts of progress and times are left out, so that what is written depends on the results alone.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trifactor import command, program
from trifactor.optional import need

_ROOT = Path(__file__).resolve().parents[1]


def executed(path: Path, folder: Path) -> Any:
    """The notebook with the output of its cells, run one after the other in the folder.

    Raises CommandError for a file that is no notebook and for a cell that ends with an error.
    """
    nbformat, client = need("nbformat", "running a notebook"), need("nbclient", "running a notebook")
    need("ipykernel", "running a notebook")
    try:
        notebook = nbformat.read(command.file(path), as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError) as error:
        raise command.CommandError(f"{path}: no notebook ({error})", command.DATA) from error
    # The program and the package of this checkout, wherever the kernel comes from.
    os.environ["TRIFACTOR"] = program.find()
    os.environ["PYTHONPATH"] = os.pathsep.join([str(_ROOT), str(_ROOT / "analysis" / "src")])
    resources = {"metadata": {"path": str(folder)}}
    try:
        client.NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources=resources, coalesce_streams=True
        ).execute()
    except client.exceptions.CellExecutionError as error:
        raise command.CommandError(f"{path}: a cell ends with an error\n{error}", command.DATA) from error
    for cell in notebook.cells:
        cell.metadata.clear()
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return notebook


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.notebook", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("notebook", type=command.named, metavar="FILE", help="an .ipynb file")
    parser.add_argument("--check", action="store_true", help="run it and write nothing")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        notebook = executed(options.notebook, Path(folder))
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    if not options.check:
        with command.writing(options.notebook):
            need("nbformat", "writing a notebook").write(notebook, options.notebook)
    print(f"{options.notebook}: {cells} cells {'run' if options.check else 'written with their output'}")
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
