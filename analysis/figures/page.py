"""The parts of an HTML page, as text: sections, tables, notes, figures. Every text given is escaped here."""

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# On a narrow screen figures keep the width at which their text can be read, and scroll sideways in their frame.
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 84rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0.2rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
figure { margin: 1rem 0; } figcaption { max-width: 62rem; font-size: 0.9rem; color: #333; }
.wide { overflow-x: auto; } img { width: 62rem; max-width: 100%; min-width: 47rem; height: auto; }
table { border-collapse: collapse; font-size: 0.85rem; } p, ul.notes { max-width: 62rem; }
th, td { padding: 0.25rem 0.7rem 0.25rem 0; text-align: left; border-bottom: 1px solid #ddd; white-space: nowrap; }
td { font-variant-numeric: tabular-nums; } .bad { color: #b34700; }
ul.notes { color: #444; font-size: 0.9rem; padding-left: 1.2rem; }
.partial { background: #fff3cd; border-left: 4px solid #e69f00; padding: 0.5rem 1rem; }
.origin { color: #555; font-size: 0.85rem; overflow-wrap: anywhere; } code { font-size: 0.85em; }
"""


class Bad(str):
    """A text of a table that is bad news."""


class Code(str):
    """A text of a table that is a key or a path."""


@dataclass(frozen=True)
class Section:
    """A heading with its anchor, and HTML below it."""

    anchor: str
    heading: str
    body: str


def whole(
    name: str, question: str, origin: str, partial: str, refused: Sequence[str], sections: Sequence[Section]
) -> str:
    """The page: name, question, origin, what is missing, a list of contents, sections."""
    links = "".join(f'<li><a href="#{_text(s.anchor)}">{_text(s.heading)}</a></li>' for s in sections)
    body = "\n".join(f'<h2 id="{_text(s.anchor)}">{_text(s.heading)}</h2>\n{s.body}' for s in sections)
    warnings = "".join(
        f'<p class="partial">{_text(line)}</p>\n' for line in ([partial] if partial else []) + [*refused]
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_text(name)}</title>
<link rel="icon" href="data:,">
<style>{_STYLE}</style>
</head>
<body>
<h1>{_text(name)}</h1>
<p>{_text(question)}</p>
<p class="origin">{_text(origin)}</p>
{warnings}<ul>{links}</ul>
{body}
</body>
</html>
"""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th>{_text(name)}</th>" for name in head)
    lines = "".join("<tr>" + "".join(map(_field, row)) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>\n'


def notes(lines: Sequence[str]) -> str:
    return '<ul class="notes">' + "".join(f"<li>{_text(line)}</li>" for line in lines) + "</ul>\n"


def figure(image: Path, caption: str, note: str) -> str:
    """An inlined PNG that leads to the SVG of the same name beside the page, with its note as text."""
    data = base64.b64encode(image.read_bytes()).decode()
    stem = _text(image.stem)
    inlined = f'<img alt="{_text(caption)}" src="data:image/png;base64,{data}">'
    return (
        f'<figure><div class="wide"><a href="{stem}.svg">{inlined}</a></div>\n'
        f'<figcaption>{_text(note)} <a href="{stem}.svg">SVG</a> <a href="{stem}.pdf">PDF</a></figcaption>'
        "</figure>\n"
    )


def details(summary: str, body: str) -> str:
    return f"<details><summary>{_text(summary)}</summary>{body}</details>\n"


def _field(text: str) -> str:
    if isinstance(text, Bad):
        return f'<td class="bad">{_text(text)}</td>'
    return f"<td><code>{_text(text)}</code></td>" if isinstance(text, Code) else f"<td>{_text(text)}</td>"


def _text(text: str) -> str:
    return html.escape(text)
