"""Results as a table of pandas or as labelled arrays of xarray."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from trifactor import command
from trifactor.optional import need
from trifactor.results import ROLES, STAGES, table
from trifactor.shards import Records

if TYPE_CHECKING:
    from trifactor.results import Cell, Results

# What every record has and no reader asks for.
_FRAME = ("magic", "crc32", "sequence", "cell", "schema", "unsynced")
KINDS = ("networks", "iterations", "cells", "dynamics")


def to_pandas(results: "Results", of: str) -> Any:
    """One row a record, with the cell's key and a column for every setting that varies."""
    pandas = need("pandas", "to_pandas()")
    _check(of, KINDS, "to_pandas")
    paths = [*results.axes, *results.following]
    taken = {*paths, "cell", "status", "role", "stage"}
    rows: list[dict[str, Any]] = []
    for cell in results:
        where = {"cell": cell.key} | {path: cell.settings.get(path) for path in paths}
        if of == "cells":
            rows.append(where | {"status": cell.status} | _free(_numbers_of_cell(cell), taken))
        for name, records in _records(cell, of):
            for record in records:
                rows.append(where | name | _free(_plain(record, cell), taken))
    return pandas.DataFrame(rows)


def to_xarray(results: "Results", of: str) -> Any:
    """One array a field; its dimensions are the axes, then those of the records."""
    xarray = need("xarray", "to_xarray()")
    _check(of, ("networks", "iterations"), "to_xarray")
    if not len(results):
        raise command.CommandError(f"{results.folder} has no cells to make arrays of")
    axes = results.axes
    # Labels, so that a setting may be none in some cells and a number in others.
    places = {path: {_label(value): n for n, value in enumerate(values)} for path, values in axes.items()}
    sizes = [len(values) for values in axes.values()]
    inner, names = _inner(results, of)
    fields: dict[str, Any] = {}
    for cell in results:
        where = tuple(places[path][_label(cell.settings.get(path))] for path in axes)
        for outer, records in _records(cell, of):
            at = where + ((ROLES.index(outer["role"]),) if outer else ())
            for field, values in _free(dict(_columns(records, cell)), {*axes, *results.following}).items():
                if field not in fields:
                    dims = [*axes, *inner, *(("m",) if values.ndim == 4 else ()), *("k", "l")[: values.ndim - 1]]
                    shape = (*sizes, *inner.values(), *_largest(results, values))
                    fields[field] = (dims, np.full(shape, np.nan))
                place = (*at, records[names].astype(int), *(slice(0, size) for size in values.shape[1:]))
                fields[field][1][place] = values
    coordinates: dict[str, Any] = dict(axes)
    coordinates |= {"role": list(ROLES)} if of == "networks" else {}
    coordinates |= {inner_name: np.arange(size) for inner_name, size in inner.items() if inner_name != "role"}
    for path, axis in results.following.items():
        known = {_label(cell.settings.get(axis)): cell.settings.get(path) for cell in results}
        coordinates[path] = (axis, [known[_label(value)] for value in axes[axis]])
    about = {"sweep": results.name, "question": results.question, "folder": str(results.folder)}
    return xarray.Dataset(fields, coordinates, about)


def _inner(results: "Results", of: str) -> tuple[dict[str, int], str]:
    """The dimensions after the axes, and the field that gives a record's place in the last of them."""
    if of == "iterations":
        return {"iteration": max((len(cell.iterations) for cell in results), default=0)}, "iteration"
    networks = max(
        (int(part["network"].max()) + 1 for cell in results for _, part in _records(cell, of) if len(part)), default=0
    )
    return {"role": len(ROLES), "network": networks}, "network"


def _largest(results: "Results", values: Any) -> tuple[int, ...]:
    """Sizes of k and l (and m) that hold every cell's coefficients."""
    if values.ndim == 1:
        return ()
    degree = max(int(cell["rule.degree"]) for cell in results)
    powers = max(int(cell.settings.get("rule.weight-degree", 0)) for cell in results) + 1
    return (powers, degree + 1, degree + 1) if values.ndim == 4 else (degree + 1, degree + 1)


def _records(cell: "Cell", of: str) -> Iterator[tuple[dict[str, str], Records]]:
    """The records of a kind, with what tells apart those of different parts."""
    if of == "networks":
        for role in ROLES:
            yield {"role": role}, cell.networks(role)
    elif of == "iterations":
        yield {}, cell.iterations
    elif of == "dynamics":
        for stage in STAGES:
            yield {"stage": stage}, cell.dynamics(stage)


def _columns(records: Records, cell: "Cell") -> Iterator[tuple[str, Any]]:
    """Numbers by field, and tables of coefficients; curves and constants are left to the records."""
    for name in records.dtype.names or ():
        shape = records.dtype[name].shape
        if name in ("theta", "gradient") and len(records):
            coefficients = table(records[name], int(cell["rule.degree"]))
            yield name, coefficients
        elif name not in (*_FRAME, "role", "network", "iteration") and not shape and len(records):
            yield name, records[name]


def _plain(record: Any, cell: "Cell") -> dict[str, Any]:
    """The numbers and texts of one record; coefficients by name."""
    fields: dict[str, Any] = {}
    for name in record.dtype.names:
        value = record[name]
        if name in ("theta", "gradient"):
            flat = value.reshape(-1, (int(cell["rule.degree"]) + 1) ** 2)
            side = int(cell["rule.degree"]) + 1
            for m, row in enumerate(flat):
                for place, number in enumerate(row):
                    term = f"k{place // side}l{place % side}" + (f"m{m}" if m else "")
                    fields[f"{name} {term}"] = float(number)
        elif name not in (*_FRAME, "role", "stage") and not record.dtype[name].shape:
            fields[name] = value.decode("utf-8", "replace") if isinstance(value, bytes) else value.item()
    return fields


def _numbers_of_cell(cell: "Cell") -> dict[str, Any]:
    policies = {"chance": cell.chance, "shortcut": cell.shortcut, "ceiling": cell.ceiling}
    if cell.result is None:
        return policies
    numbers = _plain(cell.result, cell)
    return policies | {name: value for name, value in numbers.items() if name != "status"}


def _free(fields: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    """The fields, renamed where a setting has the name: `record trials` beside a setting `trials`."""
    return {f"record {name}" if name in taken else name: value for name, value in fields.items()}


def _label(value: Any) -> str:
    return f"{type(value).__name__} {value}"


def _check(of: str, wanted: tuple[str, ...], what: str) -> None:
    if of not in wanted:
        raise command.CommandError(f"{what}({of!r}): unknown; give one of {', '.join(wanted)}")
