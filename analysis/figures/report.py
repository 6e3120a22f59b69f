"""One self-contained HTML page: the table, every figure, and where it all comes from. It opens from disk."""

import base64
import html
from pathlib import Path

from . import program

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 84rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0.2rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
img { max-width: min(100%, 62rem); height: auto; } figure { margin: 1rem 0; }
table { border-collapse: collapse; font-size: 0.85rem; } .wide { overflow-x: auto; }
p { max-width: 62rem; }
th, td { padding: 0.25rem 0.7rem 0.25rem 0; text-align: left; border-bottom: 1px solid #ddd; white-space: nowrap; }
td { font-variant-numeric: tabular-nums; } .bad { color: #b34700; }
.partial { background: #fff3cd; border-left: 4px solid #e69f00; padding: 0.5rem 1rem; }
.origin { color: #555; font-size: 0.85rem; } code { font-size: 0.85em; word-break: break-all; }
"""

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
    "audit": "Are the gradients right?",
    "estimators": "Bias and variance of the gradient estimators, by coefficient",
    "contenders": "Rules and learners on the same networks",
    "transfer": "Transfer of learned rules",
}


def write(sweep, images, path):
    """Writes the page to `path`; images (paths of PNGs) are inlined, so that it needs no other file."""
    table = program.table(sweep.program, sweep.folders, sweep.rows)
    comparison = _comparison(sweep)
    figures = [_figure(Path(image)) for image in images]
    links = "".join(
        f'<li><a href="#{Path(image).stem}">{html.escape(_CAPTIONS.get(Path(image).stem, Path(image).stem))}</a></li>'
        for image in images
    )
    partial = (
        f'<p class="partial">PARTIAL: {table["ended"]} of {table["planned"]} cells have ended; numbers will change.</p>'
        if table["partial"]
        else ""
    )
    failures = "".join(f"<li><code>{html.escape(line)}</code></li>" for line in table["failures"])
    page = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(sweep.name)}</title>
<link rel="icon" href="data:,">
<style>{_STYLE}</style>
</head>
<body>
<h1>{html.escape(sweep.name)}</h1>
<p>{html.escape(sweep.question)}</p>
<p class="origin">{html.escape(sweep.signature)}</p>
{partial}
<ul><li><a href="#table">Late accuracy on fresh networks</a></li>
{'<li><a href="#comparison">Differences</a></li>' if comparison else ""}
{links}<li><a href="#cells">Cells and settings</a></li></ul>
<h2 id="table">Late accuracy on fresh networks</h2>
<div class="wide">{_table(table, sweep)}</div>
<p class="origin">Interquartile mean over runs [95 % stratified-bootstrap interval over runs, over networks where
there is one run]. No plasticity and start rule: the same networks with theta = 0 and with the rule the search
began with. Diverged networks count with accuracy 0; failed runs do not count.</p>
{"<h3>Failed cells</h3><ul>" + failures + "</ul>" if failures else ""}
{comparison}
{"".join(figures)}
<h2 id="cells">Cells and settings</h2>
{_cells(sweep)}
</body>
</html>
"""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(page, encoding="utf-8")
    return Path(path)


def _figure(image):
    data = base64.b64encode(image.read_bytes()).decode()
    caption = html.escape(_CAPTIONS.get(image.stem, image.stem))
    return (
        f'<h2 id="{image.stem}">{caption}</h2>\n<figure><img alt="{caption}" src="data:image/png;base64,{data}">'
        "</figure>\n"
    )


def _number(value, decimals=3):
    return "" if value is None else f"{value:.{decimals}f}"


def _interval(cell, low="low", high="high", sign=""):
    if cell[low] is None or cell[high] is None:
        return ""
    return f"[{cell[low]:{sign}.3f}, {cell[high]:{sign}.3f}]"


def _html(head, rows):
    """A table of texts; a field that begins with ! is set as bad news."""

    def field(text):
        text = str(text)
        return f'<td class="bad">{html.escape(text[1:])}</td>' if text[:1] == "!" else f"<td>{html.escape(text)}</td>"

    top = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    lines = "".join("<tr>" + "".join(map(field, row)) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"


def _table(table, sweep):
    head = [
        table["rows"], table["columns"], "late accuracy", "95 %", "no plasticity", "start rule", "shortcut", "chance",
        "ceiling", "runs", "networks", "went wrong", "lifetimes", "GFLOP",
    ]
    rows = []
    for cell in table["cells"]:
        bad = [
            f"{name}: {cell[key]}"
            for key, name in (
                ("diverged", "runs diverged"), ("diverged_networks", "networks diverged"), ("failed", "failed"),
                ("unfinished", "to come"),
            )
            if cell[key]
        ]
        policies = [_number(cell[key]) for key in ("none", "start", "shortcut", "chance", "ceiling")]
        rows.append(
            [sweep.label(cell["row"]), sweep.label(cell["column"]), _number(cell["iqm"]), _interval(cell), *policies]
            + [cell["runs"], cell["networks"], "!" + ", ".join(bad), cell["lifetimes"], _number(cell["gflop"], 0)]
        )
    return _html(head, rows)


def _comparison(sweep):
    """Every value of the compared setting against the first; nothing where there is only one."""
    if len(sweep.row_values) < 2:
        return ""
    baseline = sweep.label(sweep.row_values[0])
    result = program.compare(sweep.program, sweep.folders, sweep.rows, baseline)
    head = [
        result["by"], result["axis"], "mean", "baseline", "difference", "95 % over seeds", "95 % over networks",
        "P(better)", "p", "p Holm", "detectable", "seeds", "networks",
    ]
    rows = [
        [
            sweep.label(row["group"]), sweep.label(row["value"]), _number(row["score"]), _number(row["baseline_score"]),
            "" if row["difference"] is None else f"{row['difference']:+.3f}",
            _interval(row, sign="+") if row["unit"] == "runs" else "one seed",
            _interval(row, "network_low", "network_high", "+"), _number(row["improvement"], 2), _number(row["p"], 4),
            _number(row["p_holm"], 4), _number(row["detectable"]), row["seeds"], row["networks"],
        ]
        for row in result["rows"]
    ]
    return (
        f'<h2 id="comparison">Late accuracy against {html.escape(sweep.rows)} = {html.escape(baseline)}</h2>\n'
        f'<div class="wide">{_html(head, rows)}</div>\n'
        '<p class="origin">Paired by seed and network: the same networks, trials and noise on both sides. p: Wilcoxon '
        "signed-rank; p Holm: adjusted over this table; detectable: the smallest difference that so many pairs tell "
        "(5 %, power 80 %).</p>"
    )


def _cells(sweep):
    """What all cells share, what varies, and every key."""
    cells = sweep.cells
    paths = list(dict.fromkeys(path for cell in cells for path in cell.settings))
    shared = [path for path in sorted(paths) if len(sweep.values(path)) == 1]
    varying = [path for path in sorted(paths) if path not in shared]
    settings = "".join(
        f"<tr><td><code>{html.escape(path)}</code></td>"
        f"<td>{html.escape(sweep.label(cells[0].settings.get(path)))}</td></tr>"
        for path in shared
    )
    head = "".join(f"<th>{html.escape(path)}</th>" for path in varying)
    rows = "".join(
        f"<tr><td><code>{cell.key}</code></td>"
        + "".join(f"<td>{html.escape(sweep.label(cell.settings.get(path)))}</td>" for path in varying)
        + f"<td>{cell.status}</td></tr>"
        for cell in cells
    )
    return (
        f"<details><summary>{len(shared)} settings that all cells share</summary>"
        f"<table><tbody>{settings}</tbody></table></details>\n"
        f'<details><summary>{len(cells)} cells</summary><div class="wide">'
        f"<table><thead><tr><th>key</th>{head}<th>status</th></tr></thead><tbody>{rows}</tbody></table></div></details>"
    )
