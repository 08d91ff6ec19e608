"""Talking to the person at the terminal, and running other programs.

Progress goes to standard error, so that standard output holds nothing but results.
"""

import contextlib
import ctypes
import fcntl
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import paths

# Set by the first step, so that time goes on when it hands over to the next.
_started = float(os.environ.setdefault("AFTERSALES_STARTED", str(time.monotonic())))
_PR_SET_PDEATHSIG = 1
_PATIENCE = 15  # seconds between two signs of life
# What Odoo's log says of its way through the modules.
_STEPS = re.compile(r"Loading module \S+ \((\d+)/(\d+)\)")

# What a log says, and what that means for the reader.
_HINTS = {
    r"No space left on device": "The disk is full.",
    r"Temporary failure|Name or service not known|Could not resolve|NewConnectionError"
    r"|Network is unreachable|EAI_AGAIN": "The network cannot be reached.",
    r"Permission denied": "Some file belongs to another user; did root run this first?",
}


class SetupError(Exception):
    """What went wrong, in a sentence that tells what to do; the status is 1."""


def say(text: str) -> None:
    """Show progress, with the seconds since the start."""
    print(f"[{time.monotonic() - _started:4.0f}s] {text}", file=sys.stderr, flush=True)


def run_logged(
    what: str, argv: Sequence[object], log: str, timeout: float = 3600, **options
) -> None:
    """Run a program with its output in a log file; if it fails, raise with its end.

    :param what: what it does, as the sentence "... failed" begins
    :param log: the log's name; overwritten each time
    """
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    path = paths.LOGS / f"{log}.log"
    with path.open("w") as output:
        process = subprocess.Popen(
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent,
            **options,
        )
        try:
            status = _wait(process, path, time.monotonic() + timeout)
        finally:
            process.kill()
            process.wait()
    if status:
        raise SetupError(failure(what, path))


def _wait(process: subprocess.Popen, log: Path, deadline: float) -> int:
    """The program's status; now and then say how far its log has come."""
    while time.monotonic() < deadline:
        try:
            return process.wait(timeout=min(_PATIENCE, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            if steps := _STEPS.findall(log.read_text(errors="replace")):
                done, total = steps[-1]
                say(f"   module {done} of {total}")
    return -1


def failure(what: str, log: Path, lines: int = 25) -> str:
    """A message with the end of the log and, where the log gives it away, the cause."""
    text = log.read_text(errors="replace") if log.exists() else ""
    hints = [hint for pattern, hint in _HINTS.items() if re.search(pattern, text)]
    tail = "\n".join("    " + line for line in text.splitlines()[-lines:])
    return "\n".join(
        [f"{what} failed. {' '.join(hints)}".rstrip(), tail, f"All of it is in {log}"]
    )


def die_with_parent() -> None:
    """In a child, before exec: have the kernel end it when the parent dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """One process of this clone at a time; the kernel frees it at its death."""
    paths.LOCAL.mkdir(exist_ok=True)
    with (paths.LOCAL / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another setup on this clone ({name}) ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def exit_on_signals() -> None:
    """Make Ctrl-C, a closed terminal and a kill end the program in one orderly way.

    Set even where a shell started us in the background, with SIGINT ignored.
    """

    def leave(number, _frame):
        raise SystemExit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Finish what is begun here, however often Ctrl-C is pressed."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def main(command) -> None:
    """Run ``command(arguments)`` as a program: its number is the exit status."""
    exit_on_signals()
    try:
        status = command(sys.argv[1:])
    except SetupError as error:
        print(f"\nsetup: {error}", file=sys.stderr)
        status = 1
    except OSError as error:
        if error.errno is None:
            raise
        print(f"\nsetup: {error.strerror}: {error.filename or ''}", file=sys.stderr)
        status = 1
    sys.exit(status)
