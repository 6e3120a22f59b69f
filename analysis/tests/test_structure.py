"""The arrows between files: inside a module no file refers to another that refers back to it, however long the way.

What a file declares at its top level is what others refer to it by; every other mention of a capitalised name counts as
a reference, so a local type of the same name as another file's can make a cycle that is none: give it another name.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "Sources"
MODULES = sorted(p for p in SOURCES.iterdir() if p.is_dir() and not p.is_symlink() and any(p.rglob("*.swift")))
DECLARATION = re.compile(
    r"(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|final|indirect|nonisolated)\s+)*"
    r"(?:struct|class|enum|protocol|typealias|actor)\s+(\w+)"
)
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def code(text: str) -> str:
    """A file without its comments, and of its strings only what is interpolated."""
    text = re.sub(r"(?m)//.*$", "", text)
    text = re.sub(r'(?s)"""(.*?)"""', lambda m: " ".join(re.findall(r"\\\((.*?)\)", m[1])), text)
    return STRING.sub(lambda m: " ".join(re.findall(r"\\\((.*)\)", m[1])), text)


def declared(text: str) -> Iterator[str]:
    """The types at the top level of a file, in order."""
    depth = 0
    for line in text.splitlines():
        if depth == 0 and (match := DECLARATION.match(line)):
            yield match[1]
        depth += line.count("{") - line.count("}")


def references(texts: dict[str, str]) -> dict[str, set[str]]:
    """For every file the other files whose types it mentions."""
    owners: dict[str, set[str]] = {}
    for name, text in texts.items():
        for kind in declared(text):
            owners.setdefault(kind, set()).add(name)
    graph = {}
    for name, text in texts.items():
        words = set(re.findall(r"\b[A-Z]\w*", text))
        graph[name] = {owner for word in words for owner in owners.get(word, ())} - {name}
    return graph


def cycle(graph: dict[str, set[str]]) -> list[str]:
    """Files that refer to each other in a ring, or none."""
    left = {name: set(others) for name, others in graph.items()}
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]
    if not left:
        return []
    way = [min(left)]
    while (following := min(left[way[-1]] & left.keys())) not in way:
        way.append(following)
    return way[way.index(following) :]


def test_a_ring_is_found_and_a_chain_is_none() -> None:
    sources = {
        "A": "public struct First {\n  var next: Second? // not Third\n}",
        "B": 'final class Second {\n  struct Inner {}\n  let text = "First \\(Third.name)"\n}',
        "C": "enum Third {\n  static let name = 1\n}",
    }
    texts = {name: code(source) for name, source in sources.items()}
    assert references(texts) == {"A": {"B"}, "B": {"C"}, "C": set()}
    assert cycle(references(texts)) == []
    texts["C"] += "\nextension Third { init(_ first: First) {} }"
    assert cycle(references(texts)) == ["A", "B", "C"]


@pytest.mark.parametrize("module", MODULES, ids=lambda p: p.name)
def test_no_file_refers_back_to_itself(module: Path) -> None:
    texts = {str(p.relative_to(module)): code(p.read_text(encoding="utf-8")) for p in module.rglob("*.swift")}
    ring = cycle(references(texts))
    assert not ring, " -> ".join([*ring, ring[0]])
