"""The articles for those who extend the Swift modules: every symbol that they link to is there."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from trifactor import program

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "Sources").glob("*/*.docc"))


@pytest.fixture(scope="module")
def convert():
    if not shutil.which("docc"):
        pytest.skip("the Swift toolchain has no docc in PATH")
    build = Path(program.find()).resolve().parent
    if not (build / "Modules" / "Model.swiftmodule").exists():
        pytest.skip(f"{build} has no Swift modules: it is no build with tests")

    def run(out: Path, catalogue: Path) -> subprocess.CompletedProcess[str]:
        words = [ROOT / ".ci" / "docc", build, out, catalogue]
        return subprocess.run(words, capture_output=True, text=True, timeout=300, env=os.environ)

    return run


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_articles_link_to_what_is_there(convert, catalogue, tmp_path):
    done = convert(tmp_path, catalogue)
    assert done.returncode == 0, done.stderr
    pages = tmp_path / catalogue.stem / "data" / "documentation" / catalogue.stem.lower()
    articles = [path for path in catalogue.glob("*.md") if path.stem != catalogue.stem]
    assert articles
    for article in articles:
        assert (pages / f"{article.stem.lower()}.json").is_file(), article.stem


def test_a_link_to_nowhere_is_told(convert, tmp_path):
    broken = tmp_path / "Model.docc"
    shutil.copytree(ROOT / "Sources" / "Model" / "Model.docc", broken)
    (broken / "Model.md").write_text("# ``Model``\n\nWrong.\n\n## Topics\n\n### Adding\n\n- ``Mechanismus``\n")
    done = convert(tmp_path / "out", broken)
    assert done.returncode == 1 and "Model.md:9: 'Mechanismus' doesn't exist" in done.stderr, done.stderr


def test_there_are_articles_for_what_is_extended():
    names = {path.stem for catalogue in CATALOGUES for path in catalogue.glob("Adding*.md")}
    assert names == {"AddingATask", "AddingAMechanism", "AddingAnEstimator", "AddingAKernelLevel"}
