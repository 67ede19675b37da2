#!/usr/bin/env python3
"""A run says beforehand what it will need: the peak of its memory stays below that, and not absurdly far below."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ENGINE = os.environ["CHANNELCAST_EXECUTABLE"]
LIBRARY = Path(os.environ["CHANNELCAST_SOURCE_DIR"]) / "scenarios/library"
UNITS = {"kB": 1e3, "MB": 1e6, "GB": 1e9}
MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
sys.stderr.write(done.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""
PARTNERS = """
[horizon]
start = 2026-01-01
periods = 60
[[partner]]
name = "p"
count = 100
[partner.volume]
leads_per_month = 20
"""

RESERVES = """
[horizon]
start = 2026-01-01
periods = 240
[partner_defaults.volume]
leads_per_month = 1
[partner_defaults.deal_cycle]
mean_days = { dist = "uniform", min = 20, max = 60 }
sd_days = 20
[partner_defaults.customer]
retention = "weibull"
weibull_shape = { dist = "uniform", min = 0.8, max = 1.2 }
weibull_scale_months = 20
revenue_per_month = 10
[partner_defaults.payment]
per_contract = 10
clawback_months = 3
[partner_defaults.exit]
exits_per_year = 2
"""
WITH_RESERVE = """
[[partner]]
name = "p{0}"
reserve = {{ partner = "r{0}", lead_time_months = 1 }}
[[partner]]
name = "r{0}"
standby = true
"""


def stated_and_peak(*arguments):
    """Bytes announced, and the greatest resident set of the run, in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, ENGINE, "run", *map(str, arguments), "-o", str(Path(folder) / "run.h5")],
            capture_output=True, text=True, check=True)
    stated = re.search(r"needs about ([\d.,]+) (kB|MB|GB) of memory", done.stderr)
    assert stated, done.stderr
    return float(stated[1].replace(",", "")) * UNITS[stated[2]], float(done.stdout) * 1024


class Memory(unittest.TestCase):
    def check(self, *arguments):
        stated, peak = stated_and_peak(*arguments)
        text = f"{arguments}: {stated / 1e6:.0f} MB announced, {peak / 1e6:.0f} MB used"
        print(text)
        self.assertLess(peak, stated, text)
        self.assertGreater(8 * peak, stated, text)

    def test_the_main_example(self):
        for trials, threads in ((2_000, 1), (60_000, 2), (60_000, 8)):
            with self.subTest(trials=trials, threads=threads):
                self.check(LIBRARY / "b2b_telecom.toml", "--trials", trials, "--threads", threads)

    def test_many_partners(self):
        with tempfile.TemporaryDirectory() as folder:
            scenario = Path(folder) / "partners.toml"
            scenario.write_text(PARTNERS, encoding="utf-8")
            for series in ("on", "off"):
                with self.subTest(series=series):
                    self.check(scenario, "--trials", 3_000, "--partner-series", series)

    def test_many_reserves(self):
        """Their lists of trials have no more room than the block has trials, or not much more."""
        with tempfile.TemporaryDirectory() as folder:
            scenario = Path(folder) / "reserves.toml"
            scenario.write_text(RESERVES + "".join(WITH_RESERVE.format(i) for i in range(60)), encoding="utf-8")
            self.check(scenario, "--trials", 64, "--threads", 1)


if __name__ == "__main__":
    unittest.main()
