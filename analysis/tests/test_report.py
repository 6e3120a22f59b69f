"""The HTML page: whole, safe and without other files. `test_browser.py` opens it."""

import base64
import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

from analysis.figures import report
from analysis.figures.sweep import Sweep
from trifactor import command, program


class Page(HTMLParser):
    """Links, anchors, images and open tags of a page."""

    VOID = frozenset({"meta", "link", "img", "br", "hr"})

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors, self.images, self.others, self.open = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in self.VOID:
            self.open.append(tag)
        if "id" in attributes:
            self.anchors.append(attributes["id"])
        if tag == "a":
            self.links.append(attributes["href"])
        elif tag == "img":
            self.images.append(attributes["src"])
        elif tag in ("script", "iframe", "object") or "src" in attributes:
            self.others.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another tag"


@pytest.fixture
def path(made):
    return made / "report.html"


def test_the_page_stands_alone(path):
    """Images are inlined, anchors are met; what links lead elsewhere are the figures' SVG and PDF beside the page."""
    page = Page(path.read_text())
    assert page.open == [], "every tag is closed"
    assert page.others == [], "no scripts, frames or other files"
    assert len(page.images) == 8 and len(set(page.anchors)) == len(page.anchors)
    for source in page.images:
        kind, data = source.split(",", 1)
        assert kind == "data:image/png;base64" and base64.b64decode(data)[:4] == b"\x89PNG"
    inner = [link for link in page.links if link[0] == "#"]
    assert len(inner) >= len(page.images) and all(link[1:] in page.anchors for link in inner)
    outer = {link for link in page.links if link[0] != "#"}
    assert {link.rsplit(".")[0] for link in outer} <= set(page.anchors) and len(outer) == 16
    assert all((path.parent / link).is_file() for link in outer)


def test_texts_are_escaped(path):
    text = path.read_text()
    assert "Is &lt;this&gt; read &amp; drawn?" in text and "no &lt;room&gt;" in text
    assert "<this>" not in text and "<room>" not in text


def test_failures_are_told(path):
    text = path.read_text()
    assert "PARTIAL: 11 of 12 cells have ended" in text
    assert "failed: 1" in text and "networks diverged: 3" in text
    assert "Late accuracy against rule.degree = 1" in text
    assert len(re.findall(r"<code>[0-9a-f]{16}</code>", text)) == 12


def printed(sweep, *words):
    """Fields of the lines of a printed table, and the notes below it."""
    command = [sweep.program, words[0], *map(str, sweep.folders), *words[1:], "--format", "markdown"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ") and " --- " not in line]
    return rows, [line[2:] for line in lines if line.startswith("- ")]


def test_every_number_and_note_is_the_programs(path, sweep):
    """Those of the printed table and comparison, in the same digits, with every note below them."""
    text = html.unescape(path.read_text())
    fields = set(re.findall(r"<td[^>]*>([^<]*)</td>", text))
    rows, notes = printed(sweep, "table")
    entries = [field for row in rows[1:3] for field in row[1:]]
    assert len(entries) == 6
    for entry in entries:
        number, _, rest = entry.partition(" [")
        assert number in fields or number == "-", entry
        assert not rest or "[" + rest.partition("]")[0] + "]" in fields, entry
    comparison, more = printed(sweep, "compare", "--axis", "rule.degree", "--baseline", "1")
    for field in (field for row in comparison[1:] for field in row):
        assert field in fields, field
    assert len(notes) >= 4 and len(more) >= 4
    for note in notes + more:
        assert f"<li>{note}</li>" in text, note


def test_what_was_compared_with_a_rival_is_told(folder, tmp_path):
    """The comparison that `compare --against` has left, or the command that makes it."""
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    for name in ("miconi", "linear"):
        (copy / f"against-{name}").mkdir()
    row = {
        "learned": "rule.degree=3", "budget": "equal", "verdict": "rival ahead", "score": 0.7365, "baseline_score": 0.9,
        "difference": -0.1635, "low": -0.2, "high": -0.1, "network_low": -0.19, "network_high": -0.1, "unit": "runs",
        "improvement": 0, "p": 0.25, "p_holm": 1, "detectable": None, "seeds": 3, "networks": 60,
        "search_lifetimes": 816, "baseline_search_lifetimes": 2448,
    }  # fmt: skip
    document = {"rival": "miconi", "metric": "accuracy", "rows": [row], "sentences": ["miconi <is> ahead."]}
    (copy / "against-miconi" / "comparison.json").write_text(json.dumps(document | {"warnings": ["Too few seeds."]}))
    sections = {section.anchor: section.body for section in report._against(Sweep([copy]))}
    body = sections["against-miconi"]
    assert "<td>0.737</td><td>0.900</td><td>-0.164</td><td>[-0.200, -0.100]</td>" in body
    assert "<td>816 / 2448</td><td>rival ahead</td>" in body and "miconi &lt;is&gt; ahead." in body
    assert "Too few seeds." in body
    assert "no comparison.json: give the command again" in sections["against-linear"]
    (copy / "against-miconi" / "comparison.json").write_text("{}")
    with pytest.raises(command.CommandError, match="it lacks rival, metric, rows, sentences") as refused:
        report._against(Sweep([copy]))
    assert refused.value.code == command.DATA


def test_values_that_cannot_be_compared_leave_the_programs_words(sweep, monkeypatch):
    def refuse(*_, **__):
        raise program.ProgramError("a pair is <not> unique", code)

    monkeypatch.setattr(program, "compare", refuse)
    code = command.USAGE
    [section] = report._comparison(sweep)
    assert "Not compared: a pair is &lt;not&gt; unique" in section.body
    code = command.DATA
    with pytest.raises(program.ProgramError):
        report._comparison(sweep)
