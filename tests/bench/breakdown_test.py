"""The programs behind the tables of docs/performance.md work: time by process, growth, switched-off processes, writing.

Speeds are not tested here (scripts/bench.sh measures them); that the hooks still meet every process is.
"""

import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))
ENGINE = Path(os.environ.get("CHANNELCAST_EXECUTABLE", str(ROOT / "build/ci/channelcast")))
BENCH = ENGINE.parent / "bench"
TELECOM = ROOT / "scenarios/library/b2b_telecom.toml"
# A process whose function was renamed or given other parameters would silently be missing.
PROCESSES = {"market and quality", "volume", "fraud", "transfer", "training", "exchange", "sales capacity", "funnel",
             "deal cycle, return lag", "customers", "partner's money", "exit", "books", "outcomes", "uncertain inputs",
             "statistics", "rest"}
WITH_DRAWS = {"market and quality", "volume", "fraud", "transfer", "funnel", "deal cycle, return lag", "customers", "exit"}


def output_of(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


class Programs(unittest.TestCase):
    def setUp(self):
        if not (BENCH / "bench_breakdown").exists():
            self.skipTest("the benchmarks are not built")

    def test_every_process_is_met_and_its_draws_are_counted(self):
        found = json.loads(output_of(BENCH / "bench_breakdown", TELECOM, "--blocks", 2, "--rounds", 1, "--json"))
        processes = found["processes"]
        self.assertEqual(set(processes), PROCESSES)
        self.assertEqual({name for name, one in processes.items() if one["draws"] > 20}, WITH_DRAWS)
        self.assertAlmostEqual(sum(one["seconds"] for one in processes.values()), found["run"], delta=1e-9)
        # Fraud: a uniform and two binomials for each month of a partner that works; a standby partner takes over from one
        # that has left.
        self.assertGreater(processes["fraud"]["draws"], 36 + 2 * 30)
        self.assertLess(processes["fraud"]["draws"], 2 * 36 + 2 * 36)
        self.assertGreater(found["best"], 0.0)
        self.assertAlmostEqual(found["share_of_run"], found["best"] / found["run"], delta=1e-9)
        self.assertAlmostEqual(found["share_of_model"], found["best"] / found["model"], delta=1e-9)
        for name, one in processes.items():
            self.assertGreaterEqual(one["seconds"], one["drawing"], name)
            self.assertEqual(one["drawing"] > 0.0, one["draws"] > 0.0, name)
        table = output_of(BENCH / "bench_breakdown", TELECOM, "--blocks", 2, "--rounds", 1)
        self.assertIn("| **whole run** |", table)

    def test_scaling_gives_its_tables(self):
        for part, rows in (("growth", 8), ("processes", 7), ("uncertain", 5), ("running", 4)):
            with self.subTest(part):
                text = output_of(sys.executable, ROOT / "bench/scaling.py", BENCH / "bench_throughput", ENGINE, part,
                                 "--quick")
                self.assertEqual(text.count("\n| "), rows)

    def test_a_process_left_out_and_one_set_to_zero_are_the_same_run(self):
        sys.path.insert(0, str(ROOT / "bench"))
        import scaling

        text = TELECOM.read_text(encoding="utf-8")
        for name, tables, keys, zeros in scaling.PROCESSES:
            with self.subTest(name):
                found = []
                for variant in scaling.variants(text, tables, keys, zeros):
                    self.assertNotEqual(variant, text)
                    done = subprocess.run([ENGINE, "run", "/dev/stdin", "--trials", "256", "--quiet", "--json", "-"],
                                          input=variant, capture_output=True, text=True, check=True)
                    document = json.loads(done.stdout[done.stdout.index("{"):])
                    found.append({outcome: values["mean"] for outcome, values in document["outcomes"].items()})
                self.assertEqual(*found)

    def test_what_is_spread_is_uncertain(self):
        sys.path.insert(0, str(ROOT / "bench"))
        import scaling

        text = TELECOM.read_text(encoding="utf-8")
        for name, keys in scaling.SPREADS:
            with self.subTest(name):
                counts = []
                for variant in scaling.spread(text, keys):
                    self.assertNotEqual(variant, text)
                    done = subprocess.run([ENGINE, "validate", "/dev/stdin"], input=variant, capture_output=True,
                                          text=True, check=True)
                    counts.append(int(re.search(r"(\d+) uncertain inputs", done.stdout).group(1)))
                # One for each of the two partners.
                self.assertEqual(counts[1] - counts[0], 2 * sum(isinstance(value, tuple) for value in keys.values()))


if __name__ == "__main__":
    unittest.main()
