"""Pages whose blocks are run, in the order in which they stand.

A block of YAML after "save this as `NAME`" becomes that file; lines of `sh` are commands; `python` blocks of a page
share one namespace. Blocks of mathematics and of `text` are not run.
"""

import os
import re
import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path

from trifactor import program

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"[Ss]ave\s+this\s+as\s+`([^`]+)`|^( *)```(\w*)( \w+)?\n(.*?)^\2```", re.S | re.M)
RUN, SHOWN = ("sh", "python", "yaml"), ("math", "text")


def steps(page: Path) -> Iterator[tuple[str, str, str]]:
    """("file", text, name), ("sh", command, mark) and ("python", code, mark); a mark stands behind the language."""
    name = None
    for saved, _, language, mark, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        text = textwrap.dedent(text)
        if saved:
            name = saved
        elif language == "yaml":
            assert name, f"{page.name}: a block of YAML that is saved nowhere:\n{text}"
            yield "file", text, name
            name = None
        elif language == "sh":
            for line in text.replace("\\\n", " ").splitlines():
                yield "sh", line, mark.strip()
        else:
            assert language in (*RUN, *SHOWN), f"{page.name}: a block of {language or 'no language'}:\n{text}"
            if language == "python":
                yield "python", text, mark.strip()


def prepare(folder: Path) -> dict[str, str]:
    """Makes the folder what a reader has: analysis, sweeps and job scripts of the checkout. Returns the environment of
    commands, with the program and Python in the path."""
    for name in ("analysis", "sweeps", "slurm"):
        (folder / name).symlink_to(ROOT / name)
    return {
        **os.environ,
        "PATH": f"{Path(program.find()).resolve().parent}:{ROOT}/.venv/bin:{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'analysis' / 'src'}",
        "MPLBACKEND": "Agg",
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
        "OMPI_MCA_rmaps_base_oversubscribe": "1",
    }


def obey(command: str, folder: Path, variables: dict[str, str]) -> str:
    """What a command prints; it has to end well."""
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        timeout=240,
        executable="/bin/bash",
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
