"""The catalogues of the translations: `jlpm i18n:extract` and `jlpm i18n:compile`.

`extract` reads the strings of `src/` (`i18n-strings.mjs`) and of `schema/`, writes the template
`jupyterlab_gpt.pot` and brings each language's `.po` up to it: a new string is there without a
translation, one that is gone is left out. `compile` writes the `.json` beside each `.po`, which
is what JupyterLab reads.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

# The domain that the front end loads; the entry point `jupyterlab.locale` has the same name.
DOMAIN = "jupyterlab_gpt"
ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "jupyterlab_gpt" / "locale"
TEMPLATE = LOCALE / f"{DOMAIN}.pot"
SCHEMA = ROOT / "schema" / "plugin.json"
PROJECT = "JupyterLab GPT"
HOLDER = "The JupyterLab GPT developers"
# Between context and text in JupyterLab's catalogues, as in gettext's.
SEPARATOR = "\x04"


def schema_strings(schema: dict[str, Any], context: str = "schema") -> Iterator[tuple[str, str]]:
    """Context and text of what the settings editor shows of a schema.

    As JupyterLab does for its own: "schema" for title and description of the whole, "settings"
    for those of the properties and for the label of the icon.
    """
    for key in ("title", "description"):
        if isinstance(schema.get(key), str):
            yield context, schema[key]
    label = schema.get("jupyter.lab.setting-icon-label")
    if label:
        yield "settings", label
    for held in (*schema.get("properties", {}).values(), schema.get("items")):
        if isinstance(held, dict):
            yield from schema_strings(held, "settings")


def template() -> Catalog:
    """Every string of the front end and the schema, with the files that it is in."""
    catalog = Catalog(
        domain=DOMAIN,
        project=PROJECT,
        copyright_holder=HOLDER,
        msgid_bugs_address="https://github.com/jupyterlab-gpt/jupyterlab-gpt/issues",
        header_comment=f"# The strings of {PROJECT}; written by `jlpm i18n:extract`, do not edit.",
        fuzzy=False,
    )
    found = subprocess.run(
        ["node", str(ROOT / "scripts" / "i18n-strings.mjs")],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    for row in json.loads(found.stdout):
        text = (row["id"], row["plural"]) if row["plural"] else row["id"]
        # No line numbers: they would change with every edit above.
        catalog.add(text, locations=[(row["file"], 0)], context=row["context"])
    for context, text in schema_strings(json.loads(SCHEMA.read_text("utf-8"))):
        catalog.add(text, locations=[("schema/plugin.json", 0)], context=context)
    return catalog


def read(path: Path) -> Catalog:
    """A catalogue as it is in its file."""
    with path.open("rb") as file:
        return read_po(file, domain=DOMAIN)


def write(path: Path, catalog: Catalog) -> None:
    """Store a catalogue, in the order of the files and without what is no longer there."""
    with path.open("wb") as file:
        write_po(file, catalog, width=100, ignore_obsolete=True, include_lineno=False)


def languages() -> list[Path]:
    """The `.po` of each language."""
    return sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def compiled(catalog: Catalog) -> dict[str, Any]:
    """A catalogue as JupyterLab reads it; a text without a translation is left out."""
    texts: dict[str, Any] = {}
    for message in catalog:
        parts = [message.string] if isinstance(message.string, str) else [*(message.string or ())]
        if not message.id or message.fuzzy or not all(parts):
            continue
        text = message.id if isinstance(message.id, str) else message.id[0]
        key = f"{message.context}{SEPARATOR}{text}" if message.context else text
        texts[key] = parts
    head = {
        "domain": DOMAIN,
        "language": str(catalog.locale_identifier).replace("_", "-"),
        "plural_forms": catalog.plural_forms,
    }
    return {"": head, **dict(sorted(texts.items()))}


def extract() -> None:
    """Write the template, and bring each language up to it."""
    new = template()
    if TEMPLATE.exists():
        # The date of its making says when strings changed, not when this was run.
        old = read(TEMPLATE)
        if {(m.context, m.id) for m in old} == {(m.context, m.id) for m in new}:
            new.creation_date = old.creation_date
    write(TEMPLATE, new)
    for path in languages():
        catalog = read(path)
        catalog.update(new, no_fuzzy_matching=True)
        write(path, catalog)


def compile_all() -> None:
    """Write what JupyterLab reads."""
    for path in languages():
        text = json.dumps(compiled(read(path)), ensure_ascii=False, indent=1)
        path.with_suffix(".json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    extract() if sys.argv[1:] == ["extract"] else compile_all()
