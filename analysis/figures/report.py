"""One self-contained HTML page: the table, every figure, and where it all comes from. It opens from disk."""

import base64
import html
from pathlib import Path

from . import program

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
h1 { font-size: 1.5rem; margin-bottom: 0.2rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
img { max-width: 100%; height: auto; } figure { margin: 1rem 0; }
table { border-collapse: collapse; font-size: 0.85rem; } .wide { overflow-x: auto; }
th, td { padding: 0.25rem 0.7rem; text-align: left; border-bottom: 1px solid #ddd; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.partial { background: #fff3cd; border-left: 4px solid #e69f00; padding: 0.5rem 1rem; }
.origin { color: #555; font-size: 0.85rem; } code { font-size: 0.85em; word-break: break-all; }
"""

_CAPTIONS = {
    "ablation-accuracy": "Late accuracy on fresh networks",
    "ablation-reward": "Late reward on fresh networks",
    "learning-accuracy": "Learning curves: accuracy over a lifetime",
    "learning-reward": "Learning curves: reward over a lifetime",
    "meta-learning": "How the rules were learned",
    "rules": "The learned rules",
}

_COLUMNS = [
    ("row", None), ("column", None), ("runs", 0), ("networks", 0), ("iqm", 3), ("low", 3), ("high", 3), ("mean", 3),
    ("none", 3), ("start", 3), ("shortcut", 3), ("chance", 3), ("ceiling", 3), ("diverged", 0),
    ("diverged_networks", 0), ("failed", 0), ("unfinished", 0), ("lifetimes", 0), ("gflop", 0),
]


def write(sweep, images, path):
    """Writes the page to `path`; images (paths of PNGs) are inlined, so that it needs no other file."""
    table = program.table(sweep.program, sweep.folders, sweep.rows)
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
<ul><li><a href="#table">Table</a></li>{links}<li><a href="#cells">Cells and settings</a></li></ul>
<h2 id="table">Late accuracy on fresh networks</h2>
<div class="wide">{_table(table, sweep)}</div>
<p class="origin">iqm: interquartile mean over runs with its 95 % stratified-bootstrap interval (over networks where there
is one run); none: without plasticity; start: the rule the search began with. Diverged networks count with accuracy 0.</p>
{"<h3>Failed cells</h3><ul>" + failures + "</ul>" if failures else ""}
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


def _table(table, sweep):
    names = {"row": table["rows"], "column": table["columns"]}
    head = "".join(f"<th>{html.escape(names.get(name, name.replace('_', ' ')))}</th>" for name, _ in _COLUMNS)
    lines = []
    for cell in table["cells"]:
        fields = []
        for name, decimals in _COLUMNS:
            value = cell[name]
            if decimals is None:
                fields.append(f"<td>{html.escape(sweep.label(value))}</td>")
            else:
                fields.append(f'<td class="number">{"" if value is None else f"{value:.{decimals}f}"}</td>')
        lines.append("<tr>" + "".join(fields) + "</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _cells(sweep):
    """What all cells share, what varies, and every key."""
    cells = sweep.cells
    paths = list(dict.fromkeys(path for cell in cells for path in cell.settings))
    shared = [path for path in sorted(paths) if len(sweep.values(path)) == 1]
    varying = [path for path in sorted(paths) if path not in shared]
    settings = "".join(
        f"<tr><td><code>{html.escape(path)}</code></td><td>{html.escape(sweep.label(cells[0].settings.get(path)))}</td></tr>"
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
        f'<table><tbody>{settings}</tbody></table></details>\n<details><summary>{len(cells)} cells</summary><div class="wide">'
        f"<table><thead><tr><th>key</th>{head}<th>status</th></tr></thead><tbody>{rows}</tbody></table></div></details>"
    )
