"""One self-contained HTML page: the tables, every figure, and where it all comes from. It opens from disk.

Every number in its tables is one that `trifactor table` or `trifactor compare` prints, written as they write it, with
their own notes below.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trifactor import program
from trifactor.command import USAGE, writing

from . import page
from .document import read
from .drawing import Drawing
from .numerals import interval, number, probability, signed
from .sweep import Sweep
from .values import label

_CAPTIONS = {
    "trials": "What the networks meet",
    "ablation-accuracy": "Late accuracy, drawn",
    "ablation-reward": "Late reward, drawn",
    "learning-accuracy": "Learning curves: accuracy over a lifetime",
    "learning-reward": "Learning curves: reward over a lifetime",
    "criterion": "How soon networks learn",
    "meta-learning": "How the rules were learned",
    "rules": "The learned rules",
    "dynamics": "Spectra and fixed points before and after learning",
    "dynamics-rules": "How the rules differ dynamically",
    "alignment": "Do updates follow the gradient?",
    "audit": "Are the gradients right?",
    "estimators": "Bias and variance of the gradient estimators, by coefficient",
    "horizons": "What a horizon makes of gradients",
    "contenders": "Rules and learners on the same networks",
    "transfer": "Transfer of learned rules",
}
# What `trifactor compare --against` leaves in its folder.
_FAIR = ("rival", "metric", "rows", "sentences")


def write(sweep: Sweep, drawings: Sequence[tuple[Drawing, Path]], refused: Sequence[str], path: Path) -> Path:
    """Writes the page to `path`. Drawings come with the paths of their PNGs, which are inlined, so that the page needs
    no other file; each links to its SVG and PDF beside the page. `refused`: why figures are missing, a line each."""
    table = sweep.table("accuracy")
    sections = [
        _results(table, sweep),
        *_comparison(sweep),
        *_against(sweep),
        *(_figure(drawing, image) for drawing, image in drawings),
        _cells(sweep),
    ]
    partial = (
        f"PARTIAL: {table['ended']} of {table['planned']} cells have ended; numbers will change."
        if table["partial"]
        else ""
    )
    text = page.whole(sweep.name, sweep.question, sweep.origin.signature, partial, refused, sections)
    with writing(path):
        path.write_text(text, encoding="utf-8")
    return path


def _figure(drawing: Drawing, image: Path) -> page.Section:
    caption = _CAPTIONS.get(drawing.stem, drawing.stem)
    return page.Section(drawing.stem, caption, page.figure(image, caption, drawing.note))


def _results(table: dict[str, Any], sweep: Sweep) -> page.Section:
    head = [
        table["rows"], table["columns"], "late accuracy", "95 %", "no plasticity", "start rule", "shortcut", "chance",
        "ceiling", "runs x networks", "went wrong", "lifetimes",
    ]  # fmt: skip
    rows = []
    for cell in table["cells"]:
        words = (
            ("diverged", "runs diverged"), ("diverged_networks", "networks diverged"), ("failed", "failed"),
            ("unfinished", "to come"),
        )  # fmt: skip
        bad = ", ".join(f"{word}: {cell[key]}" for key, word in words if cell[key])
        each = number(cell["networks"] / cell["runs"], 1).removesuffix(".0") if cell["runs"] else "0"
        rows.append(
            [label(cell["row"]), label(cell["column"]), number(cell["iqm"]), interval(cell["low"], cell["high"])]
            + [number(cell[key]) for key in ("none", "start", "shortcut", "chance", "ceiling")]
            + [f"{cell['runs']} x {each}", page.Bad(bad), number(cell["search_lifetimes"], 0)]
        )
    body = page.table(head, rows) + page.notes(table["notes"])
    if table["failures"]:
        body += "<h3>Failed cells</h3>" + page.notes(table["failures"])
    return page.Section("table", "Late accuracy on fresh networks", body)


_NUMBERS = [
    "mean", "baseline", "difference", "95 % over seeds", "95 % over networks", "P(better)", "p", "p Holm",
    "detectable", "seeds x networks", "lifetimes",
]  # fmt: skip


def _numbers(row: dict[str, Any]) -> list[str]:
    """The columns `_NUMBERS` of a row of a comparison."""
    over_seeds = interval(row["low"], row["high"], True) if row["unit"] == "runs" else "one seed"
    return [
        number(row["score"]),
        number(row["baseline_score"]),
        signed(row["difference"]),
        over_seeds,
        interval(row["network_low"], row["network_high"], True),
        number(row["improvement"], 2),
        probability(row["p"]),
        probability(row["p_holm"]),
        number(row["detectable"]),
        f"{row['seeds']} x {row['networks'] // row['seeds'] if row['seeds'] else 0}",
        f"{number(row['search_lifetimes'], 0)} / {number(row['baseline_search_lifetimes'], 0)}",
    ]


def _comparison(sweep: Sweep) -> list[page.Section]:
    """Every value of the rows against the first; nothing where there is only one."""
    if len(sweep.row_values) < 2:
        return []
    baseline = label(sweep.row_values[0])
    heading = f"Late accuracy against {sweep.rows} = {baseline}"
    try:
        result = program.compare(
            sweep.program, sweep.folders, sweep.rows, baseline, by=sweep.columns, where=sweep.where
        )
    except program.ProgramError as refusal:
        if refusal.code != USAGE:
            raise
        return [page.Section("comparison", heading, page.notes([f"Not compared: {refusal}"]))]
    rows = [[label(row["group"]), label(row["value"]), *_numbers(row)] for row in result["rows"]]
    body = page.table([result["by"], result["axis"], *_NUMBERS], rows) + page.notes(result["notes"])
    return [page.Section("comparison", heading, body)]


def _against(sweep: Sweep) -> list[page.Section]:
    """The comparisons with tuned rivals that `trifactor compare --against` has left in the folders."""
    found = []
    places = [place for place in sweep.folders for place in sorted(place.glob("against-*")) if place.is_dir()]
    for folder in places:
        rival = folder.name.removeprefix("against-")
        again = f"trifactor compare {folder.parent} --against {rival} --equal-budget"
        name, kept = f"Against {rival}, tuned as hard", folder / "comparison.json"
        if not kept.is_file():
            said = f"{folder} has searches and tests, but no comparison.json: give the command again that made it"
            said += f" ({again} ...)."
            found.append(page.Section(folder.name, name, page.notes([said])))
            continue
        result = read(kept, _FAIR, f"{again} --format json")
        head = ["learned", "budget", *_NUMBERS, "verdict"]
        head[3] = result["rival"]
        rows = [[row["learned"], row["budget"], *_numbers(row), row["verdict"]] for row in result["rows"]]
        notes = [*result["sentences"], *result.get("notes", []), *result.get("warnings", [])]
        found.append(page.Section(folder.name, name, page.table(head, rows) + page.notes(notes)))
    return found


def _cells(sweep: Sweep) -> page.Section:
    """What all cells share, what varies, and every key."""
    cells = sweep.cells
    paths = sorted({path for cell in cells for path in cell.settings})
    varying = [path for path in paths if len(sweep.values(path)) > 1]
    shared = [[path, cells[0][path]] for path in paths if path not in varying]
    rows = [[page.Code(cell.key), *(cell[path] for path in varying), cell.status] for cell in cells]
    body = page.details(f"{len(shared)} settings that all cells share", page.table(["setting", "value"], shared))
    body += page.details(f"{len(cells)} cells", page.table(["key", *varying, "status"], rows))
    return page.Section("cells", "Cells and settings", body)
