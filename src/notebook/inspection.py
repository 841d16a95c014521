"""What a kernel says of its variables, without touching them.

This runs in the user's own kernel, in a namespace that is thrown away: `variables.ts` sends it
as it stands here (`inspection.ts` is generated from it by `scripts/inspection.py`). It may meet
any object: one whose `__repr__` sleeps, whose `__class__` lies, whose metaclass has its own
`__eq__`. So of an object that is not known only `type(it)` is asked, types are compared by
identity, and their names are read through the slots of `type` itself.

Known are the types of Python, numpy, pandas and polars; of all others name and type are told.
It must run in every Python that has a kernel, so nothing newer than 3.8 stands here.
"""

import base64
import json
import sys
import time
import types
from itertools import islice

# What a person would look at to know what is in a table; about 100 tokens a variable.
ROWS = 3
ITEMS = 5
# A wider table says how many columns it has, and names these.
COLUMNS = 20
CHARACTERS = 200
SUMMARY = 2000
# Containers within containers: a list of dicts is seen, what is in the dicts' lists is not.
DEPTH = 2
# Digits of an integer that are shown (2 ** 256 has 78): writing a million of them takes seconds.
BITS = 256
# Seconds for all: known types answer within microseconds, but a network may hide in one.
SECONDS = 1.0

# Not the user's: IPython's own names. Those that begin with an underscore are left out, too.
HIDDEN = ("In", "Out", "exit", "quit", "get_ipython", "open")
# Code and not data: its source is in the cells.
CODE = (
    types.ModuleType,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    type,
)

_name_of = type.__dict__["__qualname__"].__get__
_module_of = type.__dict__["__module__"].__get__
_bases_of = type.__dict__["__mro__"].__get__


def _is_one_of(cls, known):
    return any(cls is one for one in known)


def _has_base(cls, base):
    return _is_one_of(base, _bases_of(cls))


def _module(cls):
    try:
        module = _module_of(cls)
    except Exception:
        return ""
    return module if type(module) is str else ""


def type_name(cls):
    """Name a type as a user would: `int`, `Point`, `pandas.DataFrame`."""
    name, module = _name_of(cls), _module(cls).split(".")[0]
    name = name if type(name) is str else "?"
    return name if module in ("builtins", "__main__", "") else module + "." + name


def _library(name):
    """Give a library that the user has imported; never import one."""
    module = sys.modules.get(name)
    return module if type(module) is types.ModuleType else None


def _is(cls, library, name):
    """Tell whether a type is that very type of a library."""
    module = _library(library)
    return module is not None and vars(module).get(name) is cls


def _cut(text, length):
    return text if len(text) <= length else text[:length] + "..."


def _text(value):
    """Write a text or bytes, which may be of a subclass, shortened."""
    base = str if _has_base(type(value), str) else bytes
    size, start = base.__len__(value), base.__getitem__(value, slice(0, CHARACTERS))
    return base.__repr__(start) + ("..." if size > CHARACTERS else "")


def _number(value):
    cls = type(value)
    if _has_base(cls, int):
        bits = int.bit_length(value)
        return int.__repr__(value) if bits <= BITS else "<int of %d bits>" % bits
    return float.__repr__(value) if _has_base(cls, float) else complex.__repr__(value)


def _container(value, base, depth):
    """Write a list, tuple, dict or set, which may be of a subclass, with its first items."""
    size = base.__len__(value)
    left, right = {list: "[]", tuple: "()", dict: "{}", set: "{}", frozenset: "{}"}[base]
    if depth >= DEPTH:
        return left + ("..." if size else "") + right
    if base is dict:
        shown = [
            short(key, depth + 1) + ": " + short(item, depth + 1)
            for key, item in islice(dict.items(value), ITEMS)
        ]
    else:
        shown = [short(item, depth + 1) for item in islice(base.__iter__(value), ITEMS)]
    if size > ITEMS:
        shown.append("... %s more" % format(size - ITEMS, ","))
    return left + ", ".join(shown) + right


def _numpy_scalar(value, depth):
    cls, numpy = type(value), _library("numpy")
    if numpy is None or not _has_base(cls, numpy.generic) or not _is(cls, "numpy", _name_of(cls)):
        return None
    item = value.item()
    return None if type(item) is cls else short(item, depth + 1)


def _moment(value):
    """Write a moment or a duration; a time zone may be of the user's own making."""
    cls, pandas = type(value), _library("pandas")
    if pandas is not None and (value is vars(pandas).get("NaT") or value is vars(pandas).get("NA")):
        return "<NA>"
    if _is(cls, "datetime", "datetime"):
        return value.replace(tzinfo=None).isoformat()
    if _is(cls, "pandas", "Timestamp"):
        return value.replace(tzinfo=None).isoformat()
    if _is(cls, "datetime", "date") or _is(cls, "datetime", "timedelta"):
        return str(value)
    if _is(cls, "pandas", "Timedelta") or _is(cls, "decimal", "Decimal"):
        return str(value)
    return None


def short(value, depth=0):
    """Write a value in a few characters; an unknown one is its type."""
    cls = type(value)
    if value is None or cls is bool:
        return repr(value)
    for base in (int, float, complex):
        if _has_base(cls, base) and (cls is base or _module(cls) != "numpy"):
            return _number(value)
    if _has_base(cls, str) or _has_base(cls, bytes):
        return _text(value)
    for base in (list, tuple, dict, set, frozenset):
        if _has_base(cls, base):
            return _container(value, base, depth)
    known = _moment(value) if depth > DEPTH else _numpy_scalar(value, depth) or _moment(value)
    return known or "<" + type_name(cls) + ">"


def _dtype(dtype):
    known = _module(type(dtype)).split(".")[0] in ("numpy", "pandas", "polars")
    return _cut(str(dtype), 60) if known else type_name(type(dtype))


def _table(rows, width, names, dtypes, lines):
    """Put a table into lines: its size, its columns, its first rows."""
    head = "%s rows x %s columns" % (format(rows, ","), format(width, ","))
    columns = ["%s: %s" % (name, dtype) for name, dtype in zip(names, dtypes)]
    if width > len(columns):
        columns.append("... %s more" % format(width - len(columns), ","))
    text = [head, ", ".join(columns)]
    if lines:
        text.append("first %s:" % ("row" if len(lines) == 1 else "%d rows" % len(lines)))
        text.extend(" | ".join(line) for line in lines)
    return "\n".join(text)


def _name(name):
    return _cut(name, 60) if type(name) is str else short(name, 1)


def _pandas_frame(frame):
    rows, width = frame.shape
    top = frame.iloc[:ROWS, :COLUMNS]
    dtypes = list(top.dtypes)
    ours = [_module(type(dtype)).split(".")[0] in ("numpy", "pandas") for dtype in dtypes]
    lines = [
        [short(top.iat[row, at], 1) if known else "..." for at, known in enumerate(ours)]
        for row in range(min(ROWS, rows))
    ]
    names = [_name(name) for name in top.columns.tolist()]
    return _table(rows, width, names, [_dtype(dtype) for dtype in dtypes], lines)


def _polars_frame(frame):
    rows, width = frame.shape
    top = frame[:ROWS, :COLUMNS]
    lines = [[short(value, 1) for value in row] for row in top.rows()]
    return _table(rows, width, [_name(n) for n in top.columns], map(_dtype, top.dtypes), lines)


def _sequence(size, dtype, values):
    shown = [short(value, 1) for value in values]
    if size > len(shown):
        shown.append("... %s more" % format(size - len(shown), ","))
    return "%s values, %s\n[%s]" % (format(size, ","), dtype, ", ".join(shown))


def _array(array):
    shape = " x ".join(format(side, ",") for side in array.shape) or "no dimensions"
    values = [short(value, 1) for value in array.flat[:ITEMS].tolist()]
    if array.size > ITEMS:
        values.append("... %s more" % format(array.size - ITEMS, ","))
    return "shape %s, %s\n[%s]" % (shape, _dtype(array.dtype), ", ".join(values))


def _pandas_series(series):
    known = _module(type(series.dtype)).split(".")[0] in ("numpy", "pandas")
    top = series.iloc[:ITEMS] if known else ()
    values = [top.iat[at] for at in range(len(top))]
    return _sequence(series.shape[0], _dtype(series.dtype), values)


def _polars_series(series):
    return _sequence(len(series), _dtype(series.dtype), series[:ITEMS].to_list())


LIBRARY_TYPES = (
    ("numpy", "ndarray", _array),
    ("pandas", "DataFrame", _pandas_frame),
    ("pandas", "Series", _pandas_series),
    ("polars", "DataFrame", _polars_frame),
    ("polars", "Series", _polars_series),
)


def summarize(value):
    """Describe a value in a few lines; an unknown one has no more than its type."""
    cls = type(value)
    for library, name, describe in LIBRARY_TYPES:
        if _is(cls, library, name):
            return describe(value)
    for base in (str, bytes):
        if _has_base(cls, base):
            unit = "characters" if base is str else "bytes"
            return "%s %s\n%s" % (format(base.__len__(value), ","), unit, _text(value))
    for base in (list, tuple, dict, set, frozenset):
        if _has_base(cls, base):
            size = format(base.__len__(value), ",")
            return "%s items\n%s" % (size, _container(value, base, 0))
    text = short(value)
    return "" if text == "<" + type_name(cls) + ">" else text


def _is_data(name, value):
    cls = type(value)
    if type(name) is not str or name.startswith("_") or name in HIDDEN:
        return False
    return not any(_has_base(cls, code) for code in CODE)


def answer(namespace, request):
    """List the variables of a namespace, or describe those that are named.

    `request` is `{"names": [...]}` or `{"query": "...", "limit": n}`; the answer is the JSON of
    `[{"name", "type", "summary"}]` in base64, so that its `repr` needs no reading.
    """
    end = time.monotonic() + SECONDS
    wanted = request.get("names")
    found = []
    for name in list(namespace) if wanted is None else wanted:
        if name not in namespace or not _is_data(name, namespace[name]):
            continue
        entry = {"name": name, "type": _cut(type_name(type(namespace[name])), 100), "summary": ""}
        if wanted is None:
            if request["query"].lower() not in name.lower():
                continue
        elif time.monotonic() < end:
            try:
                entry["summary"] = _cut(summarize(namespace[name]), SUMMARY)
            except Exception:
                entry["summary"] = ""
        found.append(entry)
        if len(found) >= request.get("limit", 100):
            break
    return base64.b64encode(json.dumps(found).encode()).decode()
