"""`python -m bench`: measurements; `python -m bench kill`: the kill test, as long as you like."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bench import kill

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


@app.callback()
def main() -> None:
    pass


if __name__ == "__main__":
    app()
