"""What the tests of reliability share: how long they are, faults put into the program, figures for docs/reliability.md.

CHANNELCAST_RELIABILITY=long makes them long, and CHANNELCAST_RELIABILITY_FIGURES names a folder for their figures:
scripts/reliability.sh sets both. Otherwise the tests are the same, with fewer repetitions.
"""

import collections
import hashlib
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from cli import PROGRAM, SOURCE, CliTest  # noqa: E402

LONG = os.environ.get("CHANNELCAST_RELIABILITY") == "long"
FIGURES = os.environ.get("CHANNELCAST_RELIABILITY_FIGURES")
EVERYTHING = SOURCE / "tests/golden/month_everything.toml"
MINIMAL = SOURCE / "tests/golden/minimal.toml"
# Ends of a program: the exit codes of the README, and the signal of `kill -9`.
WRONG_USE, BAD_DATA, ENVIRONMENT, KILLED = 2, 3, 4, -9


def repeats(usual, long):
    return long if LONG else usual


def record(row, times, found):
    """Notes a row of the report: which one, how often it was tried, and what came out (text, or counts by text)."""
    if not FIGURES:
        return
    if not isinstance(found, str):
        found = "; ".join(f"{count:,} {what}" for what, count in found.items() if count)
    Path(FIGURES, row + ".json").write_text(json.dumps({"times": times, "found": found}), encoding="utf-8")


def record_need(row, trials, memory, disk):
    """Notes a row of the table of limits: bytes of memory and disk."""
    if FIGURES:
        Path(FIGURES, row + ".json").write_text(json.dumps({"times": trials, "memory": memory, "disk": disk}),
                                                encoding="utf-8")


def in_order(found, *whats):
    """Counts in a fixed order."""
    unknown = set(found) - set(whats)
    assert not unknown, unknown
    return {what: found[what] for what in whats}


def spread(count, length, seed):
    """Random moments, one in each of `count` equal parts of the time, in random order."""
    moments = random.Random(seed)
    all_of_them = [(part + moments.random()) / count * length for part in range(count)]
    moments.shuffle(all_of_them)
    return all_of_them


def some(things, count, seed=3):
    """Random ones of a list; all of it, if it is not longer."""
    return random.Random(seed).sample(things, min(count, len(things)))


def fingerprint(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def build_preload(folder):
    """The library of failing_calls.c; None and why not, where it cannot be used."""
    library = Path(folder, "failing_calls.so")
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        return None, "there is no C compiler"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(HERE / "failing_calls.c"), "-ldl"],
                   check=True, timeout=120)
    tried = subprocess.run([PROGRAM, "--version"], env={**os.environ, "LD_PRELOAD": str(library)}, check=False,
                           capture_output=True, text=True, timeout=60)
    if tried.returncode != 0 or tried.stderr:
        return None, "this program does not start with a library preloaded (is it instrumented?)"
    return library, ""


class FaultTest(CliTest):
    """Runs of the program that something happens to."""

    preload = None
    why_no_preload = ""

    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.mkdtemp(prefix="channelcast-faults-")
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        cls.preload, cls.why_no_preload = build_preload(cls.shared)

    def faults(self, **settings):
        """The environment for a program with a fault: faults(at=7, does="kill", clock=20)."""
        if self.preload is None:
            self.skipTest(self.why_no_preload)
        return {**os.environ, "LD_PRELOAD": str(self.preload),
                **{f"FAULT_{name.upper()}": str(value) for name, value in settings.items()}}

    def calls_of(self, arguments, **settings):
        """What the program does to files, in order, when nothing happens."""
        log = self.path("calls.log")
        done = subprocess.run([PROGRAM, *map(str, arguments)], env=self.faults(log=log, **settings), check=False,
                              capture_output=True, text=True, timeout=300, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        calls = Path(log).read_text(encoding="utf-8").split()
        os.remove(log)
        return calls

    def end_of(self, arguments, environment=None, **options):
        """A program that may end in any way but not hang: its code and its messages."""
        done = subprocess.run([PROGRAM, *map(str, arguments)], env=environment, check=False, capture_output=True,
                              text=True, errors="replace", timeout=300, cwd=self.folder, stdin=subprocess.DEVNULL,
                              **options)
        return done.returncode, done.stderr

    def killed_after(self, seconds, arguments, environment=None):
        """Starts the program and kills it then; whether it was still there. If not, it must have succeeded."""
        with subprocess.Popen([PROGRAM, *map(str, arguments)], env=environment, cwd=self.folder, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            time.sleep(seconds)
            process.kill()
            errors = process.stderr.read()
        self.assertIn(process.returncode, (0, KILLED), errors)
        return process.returncode != 0

    def seconds_of(self, arguments, environment=None):
        start = time.monotonic()
        code, errors = self.end_of(arguments, environment)
        self.assertEqual(code, 0, errors)
        return time.monotonic() - start

    def remove(self, *names):
        for name in names:
            for path in self.folder.glob(name):
                path.unlink()


__all__ = ["BAD_DATA", "ENVIRONMENT", "EVERYTHING", "FIGURES", "KILLED", "LONG", "MINIMAL", "PROGRAM", "SOURCE",
           "WRONG_USE", "FaultTest", "collections", "fingerprint", "in_order", "itertools", "random", "re", "record",
           "record_need", "repeats", "some", "spread", "unittest"]
