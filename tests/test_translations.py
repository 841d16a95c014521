"""The catalogues hold every string, French has each of them, and JupyterLab finds it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import i18n
import pytest
from babel.messages.catalog import Catalog, Message
from hatchling.builders.wheel import WheelBuilder
from jupyterlab_server.translation_utils import get_installed_packages_locale, translator

ROOT = Path(__file__).parent.parent
# What the front end fills in, and the words by which a prompt names what goes along.
PLACEHOLDER = re.compile(r"%\d|\{\w+\}")
LANGUAGES = i18n.languages()


@cache
def wanted() -> Catalog:
    """What is in `src/` and `schema/` today."""
    return i18n.template()


def keys(catalog: Catalog) -> set[tuple[str | None, str | tuple[str, ...]]]:
    return {(m.context, m.id if isinstance(m.id, str) else tuple(m.id)) for m in catalog if m.id}


def texts(message: Message) -> Iterator[tuple[str, str]]:
    """Each translation of a message, beside all that it may take its placeholders from."""
    source = message.id if isinstance(message.id, str) else " ".join(message.id)
    target = [message.string] if isinstance(message.string, str) else message.string
    for text in target:
        yield source, text


def test_the_template_has_every_string():
    assert len(keys(wanted())) > 700
    assert keys(i18n.read(i18n.TEMPLATE)) == keys(wanted()), "run `jlpm i18n:extract`"


def test_a_text_that_is_not_written_out_is_refused(tmp_path):
    (tmp_path / "a.ts").write_text("trans.__('a ' + 'b'); trans._n('%1 c', '%1 cs', n, n);")
    script = ["node", str(ROOT / "scripts" / "i18n-strings.mjs"), str(tmp_path)]
    rows = json.loads(subprocess.check_output(script, cwd=ROOT))
    assert [(row["id"], row["plural"]) for row in rows] == [("a b", None), ("%1 c", "%1 cs")]
    (tmp_path / "b.tsx").write_text("const a = <b>{t.__(`c ${d}`)}</b>;")
    done = subprocess.run(script, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0
    assert "b.tsx:1: the text is not written out" in done.stderr


def test_the_settings_have_the_contexts_of_jupyterlab():
    schema = json.loads(i18n.SCHEMA.read_text("utf-8"))
    asked = set()

    class Asked:
        def pgettext(self, context, text):
            asked.add((context, text))
            return text

    # What JupyterLab's server would translate by a language pack's catalogue.
    translator._translate_schema_strings(Asked(), schema)
    assert asked == set(i18n.schema_strings(json.loads(i18n.SCHEMA.read_text("utf-8"))))


def test_the_languages_that_are_shipped():
    assert [path.parent.parent.name for path in LANGUAGES] == ["fr_FR"]


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.parent.parent.name)
def test_a_language_is_complete(path):
    catalog = i18n.read(path)
    assert keys(catalog) == keys(wanted()), "run `jlpm i18n:extract`"
    for message in catalog:
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        for source, text in texts(message):
            assert text.strip(), f"not translated: {source}"
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(source)), text


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.parent.parent.name)
def test_what_jupyterlab_reads_is_compiled(path):
    shipped = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert shipped == i18n.compiled(i18n.read(path)), "run `jlpm i18n:compile`"


def test_french_keeps_its_typography():
    """A narrow no-break space before ; : ? ! » and after «, so that no line begins with them."""
    for message in i18n.read(i18n.LOCALE / "fr_FR/LC_MESSAGES/jupyterlab_gpt.po"):
        for _, text in texts(message) if message.id else ():
            assert not re.search(r" [;:?!»]|« |['\"]", text), text


def test_the_wheel_holds_the_catalogues():
    included = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    for path in (i18n.TEMPLATE, *LANGUAGES, *(path.with_suffix(".json") for path in LANGUAGES)):
        assert path.relative_to(ROOT).as_posix() in included


def test_jupyterlab_finds_the_catalogue():
    assert [one.value for one in entry_points(group="jupyterlab.locale", name=i18n.DOMAIN)]
    found, problems = get_installed_packages_locale("fr_FR")
    assert problems.strip() == ""
    assert found[i18n.DOMAIN]["Send"] == ["Envoyer"]
