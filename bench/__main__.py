"""`python -m bench`: measurements; `python -m bench kill`: the kill test, as long as you like."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bench import calendars, entitlement, kill, measure, soak

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command("kill")
def kill_test(
    kills: Annotated[int, typer.Option(min=1)] = 40,
    seed: int = 1,
    keep: Annotated[
        Path | None, typer.Option(help="A new folder for the home and the witnesses' logs.")
    ] = None,
) -> None:
    """SIGKILL a process of the server at random moments; exit 1 when anything acknowledged is lost or doubled."""
    home = keep or Path(tempfile.mkdtemp(prefix="baoxiu-kill-"))
    outcome = kill.run(home / "home", kills=kills, seed=seed)
    typer.echo(str(outcome))
    for complaint in outcome.complaints:
        typer.echo(complaint)
    if outcome.complaints:
        typer.echo(f"the home is kept in {home}")
        raise typer.Exit(1)
    if keep is None:
        shutil.rmtree(home)


@app.command("calendars")
def working_time() -> None:
    """Working time: additions and measurements a second on one core."""
    typer.echo(calendars.row())


@app.command("entitlement")
def entitled() -> None:
    """Entitlement: decisions a second on one core."""
    typer.echo(entitlement.row())


@app.command("soak")
def soak_test(minutes: Annotated[float, typer.Option(min=0.5, max=600)] = 10) -> None:
    """Mixed work with the background beside it; exit 1 when memory or open files grow."""
    outcome = soak.run(minutes)
    typer.echo(str(outcome))
    for complaint in outcome.complaints():
        typer.echo(complaint)
    if outcome.complaints():
        raise typer.Exit(1)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    cases: Annotated[
        str, typer.Option(help="Sizes, with commas; 1000000 takes a while to seed.")
    ] = "10000,100000",
    actions: Annotated[str, typer.Option(help="Of W1 W2 W2b W3 W4 W5 W5b.")] = "W1,W2,W2b,W3,W4,W5,W5b",
    concurrency: Annotated[str, typer.Option(help="Users side by side.")] = "1,4,16",
    seconds: Annotated[float, typer.Option(help="How long each is measured.")] = 8.0,
    root: Annotated[Path | None, typer.Option(help="Where the seeded homes are kept.")] = None,
    slow: Annotated[bool, typer.Option(help="Slow uploads as well.")] = True,
    soaking: Annotated[float, typer.Option("--soak", help="Minutes of the soak at the end; 0: none.")] = 10,
) -> None:
    """Create, list, read, answer, search over HTTP on the real pages, as signed-in agents."""
    if context.invoked_subcommand:
        return
    root = root or Path(tempfile.gettempdir()) / "baoxiu-bench"
    found = {}
    for size in map(int, cases.split(",")):
        server = measure.home(root, size)
        typer.echo(f"\n{size:,} cases")
        found[size] = measure.measure(
            server, actions.split(","), list(map(int, concurrency.split(","))), seconds
        )
    measure.growth(found)
    typer.echo(f"\n{calendars.row()}\n{entitlement.row()}")
    if slow:
        typer.echo("")
        measure.slow_uploads(server)
    if soaking:
        typer.echo("")
        soak_test(soaking)


if __name__ == "__main__":
    app()
