"""What the cases came to, as tables of exit codes."""

from collections.abc import Sequence

from .judge import Case


def table(cases: Sequence[Case], head: str) -> str:
    """Rows by columns: the exit code where all is well, with a ! where it is not."""
    rows = list(dict.fromkeys(case.row for case in cases))
    columns = list(dict.fromkeys(case.column for case in cases))
    width = max(len(row) for row in [*rows, head])
    lines = [f"{head:{width}}  " + "  ".join(columns)]
    for row in rows:
        found = {case.column: case for case in cases if case.row == row}
        texts = [f"{_text(found.get(column)):>{len(column)}}" for column in columns]
        lines.append(f"{row:{width}}  " + "  ".join(texts))
    return "\n".join(lines)


def numbered(cases: Sequence[Case], head: str) -> str:
    """The same where columns have long names: a list of them, and their numbers as the heads."""
    columns = list(dict.fromkeys(case.column for case in cases))
    number = {column: f"{place + 1:2}" for place, column in enumerate(columns)}
    short = [Case(case.part, case.row, number[case.column], case.ended, case.wrong) for case in cases]
    names = [f"  {number[column]}  {column}" for column in columns]
    return "\n".join([*names, "", table(short, head)])


def counts(cases: Sequence[Case]) -> str:
    """A line a row: how many ended with each code."""
    lines = []
    for row in dict.fromkeys(case.row for case in cases):
        own = [case for case in cases if case.row == row]
        codes = sorted({_code(case) for case in own})
        told = ", ".join(f"{code}: {sum(_code(case) == code for case in own)}" for code in codes)
        lines.append(f"  {row}: {told}")
    return "\n".join(lines)


def _code(case: Case) -> str:
    return "hung" if case.ended.hung else str(case.ended.code)


def _text(case: Case | None) -> str:
    if case is None:
        return "-"
    return _code(case) + ("!" if case.wrong else "")
