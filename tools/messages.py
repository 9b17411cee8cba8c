"""Translations without a gettext tool on the machine: Babel does all of it.

    tools/messages.py extract            every English id in the code and the templates, one per line
    tools/messages.py missing [PATH]     JSON skeleton of what zh_Hans lacks (below PATH): fill in, pipe to add
    tools/messages.py check              exit 1 and list what is missing, fuzzy or has wrong placeholders
    tools/messages.py add < new.json     merge {"English id": "中文"} and compile; safe to call concurrently
    tools/messages.py compile            .po -> .mo
    tools/messages.py prune              drop what no code uses any more

Keys of `add` (and of what `missing` prints):

    "Save"                               a plain message
    "%(n)s case|%(n)s cases"             a plural: singular|plural, no spaces round the bar; one value,
                                         since Chinese has one form
    "month::May"                         pgettext: context::id

Marked in Python by `_ gettext gettext_lazy ngettext ngettext_lazy pgettext pgettext_lazy npgettext`, and by `N_` or
`gettext_noop` where a text is only collected (plain Python under sop/). Marked in Jinja2 by
`{{ _("Hello %(name)s", name=who) }}`, `{{ ngettext(…) }}`, `{{ pgettext(…) }}` and `{% trans %}`.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import normalize, read_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "baoxiu"
LOCALES = SOURCE / "locale"
TARGET = "zh_Hans"
# one form, spoken and written alike; read by Django and by gettext
HEADER = {
    "Language": TARGET,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
KEYWORDS: dict[str, object] = dict.fromkeys(("_", "N_", "gettext", "gettext_lazy", "gettext_noop", "_lazy"))
KEYWORDS |= dict.fromkeys(("ngettext", "ngettext_lazy", "N_n"), (1, 2))
KEYWORDS |= dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2))
KEYWORDS |= dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3))

Id = str | tuple[str, str]
Key = tuple[Id, str | None]
PLACEHOLDER = re.compile(r"%\((\w+)\)[-+0 #]*\d*(?:\.\d+)?[sdfr]|(?<!\{)\{(\w*)\}(?!\})")


def catalogue_path(locale: str = TARGET) -> Path:
    return LOCALES / locale / "LC_MESSAGES" / "django.po"


# -- keys -----------------------------------------------------------------------------------


def parse_key(text: str) -> Key:
    """Read `context::one|many` into Babel's id and context."""
    context: str | None = None
    if "::" in text:
        context, text = text.split("::", 1)
    if match := re.fullmatch(r"(?s)(.*\S)\|(\S.*)", text):
        return (match[1], match[2]), context
    return text, context


def format_key(key: Key) -> str:
    message_id, context = key
    text = message_id if isinstance(message_id, str) else "|".join(message_id)
    return f"{context}::{text}" if context else text


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def disagreement(key: Key, translation: str) -> str | None:
    """Say how the placeholders of a translation differ from those of its id, if they do.

    A singular may leave its number out, so only the plural binds.
    """
    message_id = key[0]
    wanted = placeholders(message_id if isinstance(message_id, str) else message_id[1])
    found = placeholders(translation)
    if isinstance(message_id, tuple) and found - wanted == set() and wanted - found <= {"%(n)s", "%(count)s"}:
        return None
    if wanted == found:
        return None
    return f"placeholders differ: {sorted(wanted)} in English, {sorted(found)} in Chinese"


# -- extraction -----------------------------------------------------------------------------


def sources(below: Path | None = None) -> Iterator[tuple[Path, str]]:
    """Yield each file with messages and its extraction method."""
    below = below or SOURCE
    for path in sorted([below] if below.is_file() else below.rglob("*")):
        inner = path.relative_to(SOURCE).parts if path.is_relative_to(SOURCE) else ()
        if {"static", "migrations", "locale", "__pycache__", "demo_data"} & set(inner):
            continue
        if path.suffix == ".py":
            yield path, "python"
        elif path.suffix in {".html", ".txt", ".jinja", ".typ"} and "templates" in inner:
            yield path, "jinja2.ext:babel_extract"


def extract(below: Path | None = None) -> dict[Key, list[str]]:
    """Map each message key to the files that use it."""
    found: dict[Key, list[str]] = {}
    options = {
        "newstyle_gettext": "true",
        "trimmed": "true",
        "silent": "false",
        "extensions": "jinja2.ext.do",
    }
    for path, method in sources(below):
        try:
            rows = list(
                extract_from_file(
                    method, path, keywords=KEYWORDS, options=options if "jinja2" in method else {}
                )
            )
        except Exception as error:  # a template that does not parse is reported by name
            raise SystemExit(f"messages: {path.relative_to(ROOT)}: {error}") from error
        for _line, message_id, _comments, context in rows:
            if message_id:
                # Babel hands plurals over as a tuple
                key: Key = (
                    message_id if isinstance(message_id, str) else (message_id[0], message_id[1]),
                    context,
                )
                files = found.setdefault(key, [])
                if (name := path.relative_to(ROOT).as_posix()) not in files:
                    files.append(name)
    return found


# -- the catalogue --------------------------------------------------------------------------


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Hold the one writer's lock (on the folder itself, so no lock file is left)."""
    folder = catalogue_path().parent
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def load(path: Path) -> dict[Key, Message]:
    if not path.exists():
        return {}
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=TARGET)
    return {
        (
            message.id if isinstance(message.id, str) else (message.id[0], message.id[1]),
            message.context,
        ): message
        for message in catalogue
        if message.id
    }


def translation_of(message: Message) -> str:
    return message.string if isinstance(message.string, str) else "".join(message.string[:1])


def render(messages: dict[Key, Message]) -> str:
    lines = ['msgid ""', 'msgstr ""', *(f'"{name}: {value}\\n"' for name, value in HEADER.items()), ""]
    for key in sorted(messages, key=lambda key: (format_key((key[0], None)), key[1] or "")):
        message_id, context = key
        message = messages[key]
        if message.fuzzy:
            lines.append("#, fuzzy")
        if context:
            lines.append(f"msgctxt {normalize(context)}")
        if isinstance(message_id, str):
            lines += [f"msgid {normalize(message_id)}", f"msgstr {normalize(translation_of(message))}", ""]
        else:
            lines += [f"msgid {normalize(message_id[0])}", f"msgid_plural {normalize(message_id[1])}"]
            lines += [f"msgstr[0] {normalize(translation_of(message))}", ""]
    return "\n".join(lines)


def replace(path: Path, data: bytes) -> None:
    """Write so that a reader sees the old file or the new one, never half."""
    if path.exists() and path.read_bytes() == data:
        return
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)


def compile_catalogue(path: Path) -> int:
    """Write the .mo beside the .po; return the number of messages in it."""
    catalogue = Catalog(locale=path.parent.parent.name, charset="utf-8")
    with path.open("rb") as stream:
        source = read_po(stream, locale=path.parent.parent.name)
    # a fresh catalogue: no creation date, so the same texts always give the same bytes
    catalogue.mime_headers = (
        list(HEADER.items()) if path.parent.parent.name == TARGET else source.mime_headers
    )
    for message in source:
        if message.id and not message.fuzzy:
            catalogue[message.id] = message
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    replace(path.with_suffix(".mo"), buffer.getvalue())
    return len(catalogue)


# -- commands -------------------------------------------------------------------------------


def do_extract(_options: argparse.Namespace) -> int:
    for key in sorted(extract(), key=format_key):
        print(json.dumps(format_key(key), ensure_ascii=False))
    return 0


def do_missing(options: argparse.Namespace) -> int:
    have = load(catalogue_path())
    below = Path(options.path).resolve() if options.path else None
    lacking = [
        key for key in extract(below) if key not in have or have[key].fuzzy or not translation_of(have[key])
    ]
    print(
        json.dumps(
            {format_key(key): "" for key in sorted(lacking, key=format_key)}, ensure_ascii=False, indent=1
        )
    )
    return 0


def problems() -> list[str]:
    """List what keeps the Chinese from being complete, one line each."""
    have, found = load(catalogue_path()), []
    for key, files in sorted(extract().items(), key=lambda row: format_key(row[0])):
        name, message = json.dumps(format_key(key), ensure_ascii=False), have.get(key)
        if message is None or not translation_of(message):
            found.append(f"missing {name} ({files[0]})")
        elif message.fuzzy:
            found.append(f"fuzzy {name} ({files[0]})")
        elif trouble := disagreement(key, translation_of(message)):
            found.append(f"wrong {name}: {trouble}")
    return found


def do_check(_options: argparse.Namespace) -> int:
    found = problems()
    for line in found:
        print(line)
    if found:
        print(f"messages: {len(found)} to do; see `tools/messages.py missing` and `add`", file=sys.stderr)
        return 1
    print(f"messages: complete, {len(extract())} ids in {TARGET}")
    return 0


def do_add(_options: argparse.Namespace) -> int:
    try:
        new = json.load(sys.stdin)
    except ValueError as error:
        print(f"messages: standard input is no JSON object: {error}", file=sys.stderr)
        return 1
    if not isinstance(new, dict):
        print('messages: expected one JSON object {"English id": "中文"}', file=sys.stderr)
        return 1
    refused: list[str] = []
    added = 0
    with locked():
        messages = load(catalogue_path())
        for text, translation in new.items():
            key = parse_key(text)
            if not isinstance(translation, str) or not translation.strip():
                refused.append(f"{text!r}: empty")
            elif trouble := disagreement(key, translation):
                refused.append(f"{text!r}: {trouble}")
            else:
                string = translation if isinstance(key[0], str) else (translation,)
                messages[key] = Message(key[0], string, context=key[1])
                added += 1
        replace(catalogue_path(), render(messages).encode())
        compile_catalogue(catalogue_path())
    print(f"messages: {added} merged, {len(messages)} in all")
    for line in refused:
        print(f"messages: refused {line}", file=sys.stderr)
    return 1 if refused else 0


def do_compile(_options: argparse.Namespace) -> int:
    with locked():
        for path in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")):
            print(f"messages: {path.relative_to(ROOT)}: {compile_catalogue(path)} compiled")
    return 0


def do_prune(_options: argparse.Namespace) -> int:
    with locked():
        used, messages = extract(), load(catalogue_path())
        kept = {key: message for key, message in messages.items() if key in used}
        replace(catalogue_path(), render(kept).encode())
        compile_catalogue(catalogue_path())
    print(f"messages: {len(messages) - len(kept)} dropped, {len(kept)} kept")
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    for name, run in (
        ("extract", do_extract),
        ("missing", do_missing),
        ("check", do_check),
        ("add", do_add),
        ("compile", do_compile),
        ("prune", do_prune),
    ):
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        if name == "missing":
            command.add_argument("path", nargs="?")
    options = parser.parse_args(arguments)
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
