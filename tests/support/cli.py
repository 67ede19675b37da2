"""Running the program in Python tests: a folder of one's own, the program's output, and run files compared bit by bit."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy

SOURCE = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))
PROGRAM = os.environ.get("CHANNELCAST_EXECUTABLE", str(SOURCE / "build" / "ci" / "channelcast"))

SMALL = """format = 1
name = "small"
[horizon]
start = 2025-06-01
periods = 12
[simulation]
trials = 200
seed = 7
[finance]
launch_cost = 20000
budget = 400000
[[partner]]
name = "alpha"
[partner.volume]
leads_per_month = {dist = "uniform", min = 80, max = 120}
[partner.funnel]
target_rate = 0.5
[partner.customer]
revenue_per_month = 1000
[partner.payment]
per_lead = 300
[[target]]
name = "good"
all = [{metric = "payback_months", at_most = 6}]
"""

# What says when, where and how a run was made; everything else must be the same bits.
PROVENANCE = {"created", "started", "finished", "hostname", "host", "threads", "seconds", "history"}


class CliTest(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="channelcast-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, name):
        return str(self.folder / name)

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return self.path(name)

    def small(self, extra=""):
        return self.write("small.toml", SMALL + extra)

    def command(self, *arguments, expect=0, environment=None):
        """Runs the program; fails unless it ends with the expected code."""
        done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300, check=False,
                              cwd=self.folder, stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
        if expect is not None:
            self.assertEqual(done.returncode, expect, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def assert_fragments(self, text, *fragments):
        for fragment in fragments:
            self.assertIn(fragment, text)

    def files(self):
        return sorted(entry.name for entry in self.folder.iterdir())


def contents(path):
    """Every dataset and attribute of a run file as bytes, by name, without provenance."""
    found = {}

    def attributes(name, thing):
        for key, value in thing.attrs.items():
            if key in PROVENANCE or key in ("DIMENSION_LIST", "REFERENCE_LIST"):
                continue
            array = numpy.asarray(value)
            found[f"{name}@{key}"] = (str(array.dtype), array.shape,
                                      array.tobytes() if array.dtype != object else repr(value).encode())

    def visit(name, thing):
        attributes("/" + name, thing)
        if isinstance(thing, h5py.Dataset):
            array = thing[()]
            array = numpy.asarray(array)
            data = array.tobytes() if array.dtype != object else repr(array.tolist()).encode()
            found["/" + name] = (str(thing.dtype), thing.shape, data)

    with h5py.File(path, "r") as file:
        attributes("/", file)
        file.visititems(visit)
    return found


def differences(left, right, ignored=()):
    """Names of what differs between two run files."""
    a, b = contents(left), contents(right)
    return sorted(name for name in a.keys() | b.keys()
                  if a.get(name) != b.get(name) and not any(part in name for part in ignored))
