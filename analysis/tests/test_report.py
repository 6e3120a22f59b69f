"""The HTML page: whole, safe and without other files. `test_browser.py` opens it."""

import base64
import re
from html.parser import HTMLParser

import pytest

from analysis.figures import __main__ as command


class Page(HTMLParser):
    """Links, anchors, images and open tags of a page."""

    VOID = {"meta", "link", "img", "br", "hr"}

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


@pytest.fixture(scope="module")
def path(folder, tmp_path_factory):
    to = tmp_path_factory.mktemp("report")
    command.main([str(folder), "--to", str(to)])
    return to / "report.html"


def test_the_page_stands_alone(path):
    page = Page(path.read_text())
    assert page.open == [], "every tag is closed"
    assert page.others == [], "no scripts, frames or other files"
    assert len(page.images) == 8 and len(set(page.anchors)) == len(page.anchors)
    for source in page.images:
        kind, data = source.split(",", 1)
        assert kind == "data:image/png;base64" and base64.b64decode(data)[:4] == b"\x89PNG"
    assert page.links and all(link[0] == "#" and link[1:] in page.anchors for link in page.links)


def test_texts_are_escaped(path):
    text = path.read_text()
    assert "Is &lt;this&gt; read &amp; drawn?" in text and "no &lt;room&gt;" in text
    assert "<this>" not in text and "<room>" not in text


def test_numbers_and_failures_are_told(path):
    text = path.read_text()
    assert "PARTIAL: 11 of 12 cells have ended" in text
    assert "<td>0.711</td>" in text and "failed: 1" in text and "networks diverged: 3" in text
    assert "Late accuracy against rule.degree = 1" in text
    assert len(re.findall(r"<code>[0-9a-f]{16}</code>", text)) == 12
