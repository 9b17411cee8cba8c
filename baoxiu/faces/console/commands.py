"""Every command with its options. What it does lies in the module of its name."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from baoxiu import __version__
from baoxiu.faces.console import start

app = typer.Typer(
    name="baoxiu",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Baoxiu 报修: after-sales service whose procedure is the program that runs.",
)
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]


def version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"baoxiu {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 2,
    working: Annotated[
        int, typer.Option(min=0, max=16, help="Processes for the background; 0 where `baoxiu work` runs.")
    ] = 1,
    prepared: Annotated[bool, typer.Option("--prepared", hidden=True)] = False,
) -> None:
    """Serve the pages and the API, and do the background work. Ctrl-C stops."""
    serving = start.load_plain("serve")
    serving.check(host, port)
    if not prepared:
        # in a process of its own: the one that minds the workers stays small
        preparing = subprocess.Popen([sys.executable, "-m", "baoxiu", "prepare"])
        with contextlib.suppress(
            Exception, SystemExit
        ):  # what is wrong here is wrong there too, and said there
            serving.load_pages()
        if code := preparing.wait():
            raise typer.Exit(code)
    serving.run(host, port, workers, working=working)


@app.command()
def prepare() -> None:
    """Bring the database and the browser files up to date (serve does it by itself)."""
    start.load("start").prepare()


@app.command()
def demo(
    cases: Annotated[
        int, typer.Option(min=20, max=1_000_000, help="How many requests to play through.")
    ] = 300,
    port: Port = 8000,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Throw the demo's data away and play again.")
    ] = False,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve afterwards.")] = True,
) -> None:
    """A company at work with sample people and requests, on this machine only."""
    os.environ["BAOXIU_DEMO"] = "1"
    os.environ.setdefault("BAOXIU_HOME", str(Path.cwd() / "var" / "demo"))
    os.environ["BAOXIU_ORIGIN"] = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "baoxiu", "play-demo", "--cases", str(cases)]
    if code := subprocess.call(command + ["--fresh"] * fresh):
        raise typer.Exit(code)
    if serving:
        start.load_plain("serve").run("127.0.0.1", port, 2, greeting=True)


@app.command(hidden=True)
def play_demo(cases: int = 300, fresh: bool = False) -> None:
    """The first half of `demo`: make the data."""
    start.load("demo").run(cases, fresh)


@app.command(hidden=True)
def pack() -> None:
    """The browser files alone."""
    start.load("start").prepare_static()


@app.command()
def import_cases(
    file: Annotated[Path, typer.Argument(help="A .csv or .csv.gz file.", exists=True, dir_okay=False)],
    report: Annotated[Path | None, typer.Option(help="Where to list refused rows.")] = None,
    batch: Annotated[int, typer.Option(min=1, max=5000, help="Rows in one transaction.")] = 200,
) -> None:
    """Register requests from a file, each through the same rules as any other. Repeating adds nothing."""
    start.load("importing").run(file, report, batch)


@app.command()
def import_units(
    file: Annotated[Path, typer.Argument(help="A .csv, .csv.gz or .xlsx file.", exists=True, dir_okay=False)],
    report: Annotated[Path | None, typer.Option(help="Where to list refused rows.")] = None,
) -> None:
    """Put units sold or in stock on record from a file. Repeating adds nothing; nothing on record is overwritten."""
    start.load("units").run(file, report)


@app.command()
def verify(
    numbers: Annotated[list[str] | None, typer.Argument(help="Case numbers; none: every case.")] = None,
) -> None:
    """Derive cases again from their journals and compare; exit 1 with the place on any difference."""
    start.load("verifying").run(numbers or [])


@app.command()
def sop(
    clause: Annotated[str, typer.Argument(help="A clause such as 4.5; none: all of it.")] = "",
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    check: Annotated[bool, typer.Option("--check", help="Prove the laws of the procedure instead.")] = False,
) -> None:
    """Print the procedure, readably."""
    start.load_plain("reading").run(clause, lang, check)


@app.command()
def due(
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, one object a line.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print what a line may hold, then end.")] = False,
) -> None:
    """Due times by working calendars: questions on standard input, JSON lines or CSV; needs no database."""
    start.load_plain("due").run(as_json, schema)


@app.command()
def conformance(
    log: Annotated[Path, typer.Argument(help=".csv, .csv.gz, .xes or .xes.gz.", exists=True, dir_okay=False)],
    procedure: Annotated[str, typer.Option(help="A procedure's file, or `standard`.")] = "standard",
    case: Annotated[str, typer.Option(help="Column of the case.")] = "",
    activity: Annotated[str, typer.Option(help="Column of the activity.")] = "",
    time: Annotated[str, typer.Option(help="Column of the time.")] = "",
    lifecycle: Annotated[str, typer.Option(help="Column of the life cycle (start, complete).")] = "",
    label: Annotated[
        list[str] | None, typer.Option(help="Activity=step, or Activity= to leave it out; repeat.")
    ] = None,
    running: Annotated[bool, typer.Option("--running", help="Cases may end at any stage.")] = False,
    show: Annotated[int, typer.Option(min=0, help="How many deviating cases to list.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for machines.")] = False,
) -> None:
    """Hold an event log against a procedure: how well it fits, which cases deviate, and where."""
    columns = {"case": case, "activity": activity, "time": time, "lifecycle": lifecycle}
    start.load_plain("replaying").run(log, procedure, columns, label or [], running, show, as_json)


@app.command()
def entitlement(
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, one object a line.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print what a line may hold, then end.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Print the reasoning in words.")] = False,
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    on: Annotated[list[str] | None, typer.Option(help="Switch on a rule that ships off; repeat.")] = None,
    off: Annotated[list[str] | None, typer.Option(help="Switch off a rule; repeat.")] = None,
) -> None:
    """What customers are owed: claims as JSON lines on standard input; needs no database."""
    start.load_plain("entitling").run(as_json, schema, explain, lang, on or [], off or [])


@app.command()
def invite(
    email: Annotated[str, typer.Argument(help="Address to sign in with.")],
    name: Annotated[str, typer.Argument(help="Name shown to colleagues and customers.")],
    role: Annotated[list[str], typer.Option(help="A role; repeat for several.")],
    station: Annotated[str, typer.Option(help="Code of the person's station.")] = "",
    language: Annotated[str, typer.Option(help="zh-hans or en.")] = "zh-hans",
) -> None:
    """Invite the first administrator or any other staff; prints a link for setting the password."""
    start.load("inviting").run(email, name, role, station, language)


@app.command()
def work(
    every: Annotated[float, typer.Option(min=0.2, max=3600, help="Seconds between looks.")] = 1.0,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Processes that work.")] = 1,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then end.")] = False,
    go: Annotated[
        bool, typer.Option("--go", help="Allow sending again after a restore, then as --once.")
    ] = False,
    under: Annotated[int, typer.Option(hidden=True)] = 0,
) -> None:
    """Do the background work: messages, clocks, housekeeping. Ctrl-C ends it after the job in hand."""
    if once or go:
        start.load("working").once(go)
    elif under:
        start.load("working").run(every, under)
    else:
        start.load_plain("supervising").run(workers, every)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
) -> None:
    """Copy database and attachments while people work; the copy is checked before it counts."""
    start.load("backup").run(folder)


@app.command()
def restore(
    folder: Annotated[
        Path, typer.Argument(help="A folder made by `baoxiu backup`.", exists=True, file_okay=False)
    ],
    force: Annotated[bool, typer.Option("--force", help="Put it in place of the data that is here.")] = False,
) -> None:
    """Put a checked backup in place. Outgoing messages stay off until `baoxiu work --go`."""
    start.load("restore").run(folder, force)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The file to write; - for the screen.")],
    format: Annotated[
        str,
        typer.Option(
            "--format", help="csv (one row a case), jsonl (with journals), xes or ocel (event logs)."
        ),
    ] = "",
    numbers: Annotated[
        list[str] | None, typer.Option("--case", help="Only this case; repeat for several.")
    ] = None,
) -> None:
    """Write cases to a file that spreadsheets open safely."""
    start.load("exporting").run(file, format, numbers or [])


@app.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    add_help_option=False,
)
def dispatch(context: typer.Context) -> None:
    """Plan a day of visits from a file (solve), referee a plan (check), print the day's JSON Schema (schema)."""
    start.load_plain("dispatching").app(context.args, prog_name="baoxiu dispatch")


def main() -> None:
    os.umask(0o027)  # the home holds customers' data
    try:
        app()
    except start.Trouble as trouble:
        start.end(trouble)
    except KeyboardInterrupt:
        start.complain("stopped.")
        raise SystemExit(130) from None
    except BrokenPipeError:
        # whoever read us has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
