"""The command `batch`: rows and their differences, refusals, interruption and resume, all outputs."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

import h5py
import numpy

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from cli import PROGRAM, CliTest, differences  # noqa: E402

SWEEP = """
[[sweep]]
key = "finance.launch_cost"
values = [10000, 30000]
[[sweep]]
key = "partner.alpha.payment.per_lead"
values = [250, 300, 350]
"""


class Rows(CliTest):
    def test_the_grid_in_all_outputs(self):
        done = self.command("batch", self.small(SWEEP), "-o", "t.h5", "--table", "t.csv", "--json", "t.json", "-q")
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80)
        result = json.loads((self.folder / "t.json").read_text())
        with open(self.path("t.csv"), encoding="utf-8", newline="") as file:
            table = list(csv.DictReader(file))
        self.assertEqual([run["run"] for run in result["runs"]], list(range(7)))
        self.assertEqual(len(table), 7)
        with h5py.File(self.path("t.h5")) as file:
            self.assertEqual(file.attrs["filetype"], "channelcast-batch")
            self.assertEqual(file.attrs["complete"], 1)
            self.assertEqual([name.decode() for name in file["name"][()]], [run["name"] for run in result["runs"]])
            numpy.testing.assert_array_equal(file["inputs/value"][1:, 1], [250, 300, 350] * 2)
            for at, run in enumerate(result["runs"]):
                for metric, summary in run["outcomes"].items():
                    for statistic in ("mean", "mcse", "sd"):
                        value = file[f"outcomes/{metric}/{statistic}"][at]
                        read = float(table[at][f"outcome.{metric}.{statistic}"] or "nan")
                        numpy.testing.assert_array_equal(read, value)  # 17 digits: the same bits
                        if summary[statistic] is not None:
                            self.assertEqual(summary[statistic] + 0.0, value)
                if at == 0:
                    self.assertIsNone(run["differences"])
                    continue
                for metric, difference in run["differences"].items():
                    self.assertEqual(difference["mean"], file[f"differences/{metric}/mean"][at])
                    self.assertEqual(difference["p_better"]["probability"], float(table[at][f"difference.{metric}.p_better"]))
        self.assertEqual(table[3]["input.partner.alpha.payment.per_lead"], "350")
        self.assertEqual((table[0]["seed"], table[0]["trials"]), ("7", "200"))

    def test_differences_are_those_of_single_runs(self):
        small = self.small()
        self.write("rows.csv", "name,finance.launch_cost,partner.alpha.funnel.target_rate\nx,30000,0.6\n")
        result = json.loads(self.command("batch", small, "--csv", "rows.csv", "--json", "-", "-q").stdout)
        self.command("run", small, "-o", "base.h5", "-q")
        self.command("run", small, "-o", "x.h5", "-q", "--set", "finance.launch_cost=30000", "--set",
                     "partner.alpha.funnel.target_rate=0.6")
        with h5py.File(self.path("base.h5")) as base, h5py.File(self.path("x.h5")) as other:
            for metric, difference in result["runs"][1]["differences"].items():
                a, b = other[f"outcomes/{metric}"][()].astype(float), base[f"outcomes/{metric}"][()].astype(float)
                better = (a > b if metric in ("npv", "contracts") else a < b).mean()
                limit = 12.0 if metric == "payback_months" else numpy.inf
                d = numpy.minimum(a, limit) - numpy.minimum(b, limit)
                self.assertAlmostEqual(difference["mean"], d.mean(), delta=1e-9 * (1 + abs(d.mean())))
                self.assertAlmostEqual(difference["mcse"], d.std(ddof=1) / len(d)**0.5, delta=1e-9 * (1 + d.std()))
                self.assertEqual(difference["p_better"]["probability"], better)

    def test_a_mix_in_a_row(self):
        beta = '[[partner]]\nname = "beta"\n[partner.volume]\nleads_per_month = 40\n'
        mix = '[[mix]]\nname = "alone"\npartners = ["alpha"]\n'
        small = self.small(beta + mix)
        self.write("rows.csv", "mix,finance.launch_cost\nalone,\n,20000\n")
        result = json.loads(self.command("batch", small, "--csv", "rows.csv", "--json", "-", "-q").stdout)
        self.assertEqual([run["mix"] for run in result["runs"]], [None, "alone", None])
        # 40 leads a month for twelve months, without spread
        self.assertAlmostEqual(result["runs"][1]["outcomes"]["leads"]["mean"] + 480,
                               result["runs"][0]["outcomes"]["leads"]["mean"], delta=8)

    def test_one_thread_and_two_give_the_same_bits(self):
        small = self.small(SWEEP)
        self.command("batch", small, "-o", "one.h5", "-j", "1", "-q")
        self.command("batch", small, "-o", "two.h5", "-j", "2", "-q")
        self.assertEqual(differences(self.path("one.h5"), self.path("two.h5")), [])

    def test_long_tables_show_the_best_rows(self):
        values = ",".join(str(1000 * k) for k in range(100))
        done = self.command("batch", self.small(), "--trials", "20", "--sweep", f"finance.launch_cost={values}", "-q")
        self.assert_fragments(done.stdout, "100 rows and the base case", "Shown: the base case and the best 19 by npv",
                              "1 *   launch_cost=0 ")
        self.assertNotIn("launch_cost=99000", done.stdout)

    def test_the_page(self):
        self.command("batch", self.small(SWEEP), "--report", "t.html", "--lang", "ru", "-q")
        page = (self.folder / "t.html").read_text(encoding="utf-8")
        self.assertIn("Серия вариантов", page)


class Refusals(CliTest):
    def test_usage(self):
        small = self.small()
        self.write("rows.csv", "finance.launch_cost\n1\n")
        for arguments, words in (
                ([], "no [[sweep]]"), (["--resume", "--csv", "rows.csv"], "-o"),
                (["--csv", "rows.csv", "--sweep", "finance.budget=1"], "give one"),
                (["--csv", "rows.csv", "--by", "npw"], "did you mean 'npv'"),
                (["--sweep", "finance.budget"], "KEY=V1,V2"), (["--sweep", "finance.budget=x"], "no list of numbers"),
                (["--csv", "rows.csv", "-o", "rows.csv"], "table of rows"),
                (["--csv", "rows.csv", "--table", small], "scenario"),
                (["--csv", "rows.csv", "--table", "a", "--json", "a"], "another file"),
                (["--csv", "rows.csv", "--table", "-", "--json", "-"], "another file"),
                (["--sweep", "finance.launch_cost=" + ",".join(["1"] * 200), "--sweep",
                  "finance.fixed_cost_per_month=" + ",".join(["1"] * 200)], "40000 rows")):
            with self.subTest(arguments):
                self.assertIn(words, self.command("batch", small, *arguments, expect=2).stderr)
        self.assertEqual(self.files(), ["rows.csv", "small.toml"])

    def test_all_errors_of_a_table_at_once(self):
        self.write("rows.csv", "name,finance.bugdet\na,1\n")
        message = self.command("batch", self.small(), "--csv", "rows.csv", "-o", "t.h5", expect=3).stderr
        self.assertIn("rows.csv:1: column 2 'finance.bugdet': unknown key 'bugdet'; did you mean 'budget'?", message)
        self.write("rows.csv", "name,finance.budget,partner.alpha.funnel.target_rate\na,-1,0.5\nb,1,1.5\n")
        message = self.command("batch", self.small(), "--csv", "rows.csv", "-o", "t.h5", expect=3).stderr
        self.assert_fragments(message, "rows.csv:2: column 'finance.budget': -1", "rows.csv:3: column", "2 errors")
        self.assertFalse((self.folder / "t.h5").exists())
        self.command("batch", self.small(), "--csv", "none.csv", expect=4)

    def test_an_invalid_grid_names_the_row(self):
        message = self.command("batch", self.small(), "--sweep", "finance.budget=1,-1", expect=3).stderr
        self.assert_fragments(message, "row 2 (budget=-1): finance.budget: -1 is out of range")


class Interruption(CliTest):
    ROWS = 24

    def start(self, *arguments):
        values = ",".join(str(1000 + k) for k in range(self.ROWS))
        return [PROGRAM, "batch", self.path("small.toml"), "--trials", "20000", "--sweep",
                f"finance.launch_cost={values}", "-j", "1", "-q", "-o", self.path("t.h5"), *arguments]

    def interrupt(self, number, *arguments):
        """Starts a batch and ends it with a signal once some rows are kept."""
        journal = self.folder / "t.h5.partial.rows"
        size = journal.stat().st_size if journal.exists() and arguments else 0
        process = subprocess.Popen(self.start(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline:
            if journal.exists() and journal.stat().st_size > size + 20000:
                process.send_signal(number)
                break
            time.sleep(0.005)
        message = process.communicate(timeout=120)[1]
        return process.returncode, message

    def test_a_batch_killed_again_and_again_gives_the_same_bits(self):
        self.small()
        subprocess.run(self.start(), check=True, stdout=subprocess.DEVNULL)
        os.rename(self.path("t.h5"), self.path("whole.h5"))
        options = []
        for number in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            code, message = self.interrupt(number, *options)
            options = ["--resume"]
            if number == signal.SIGKILL:
                self.assertEqual(code, -signal.SIGKILL)
            else:
                self.assertEqual(code, 130, message)
                self.assert_fragments(message, "interrupted after", f"of {self.ROWS + 1} runs", "--resume")
            self.assertFalse((self.folder / "t.h5").exists())
        done = subprocess.run([word for word in self.start("--resume") if word != "-q"], capture_output=True, text=True,
                              check=True)
        self.assertRegex(done.stderr, rf"resumed after \d+ of {self.ROWS + 1} runs")
        self.assertEqual(differences(self.path("t.h5"), self.path("whole.h5")), [])
        self.assertEqual(self.files(), ["small.toml", "t.h5", "whole.h5"])

    def test_another_batch_is_not_resumed(self):
        self.small()
        self.interrupt(signal.SIGKILL)
        done = subprocess.run([*self.start("--resume"), "--seed", "8"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 3)
        self.assert_fragments(done.stderr, "is of another batch", "seed is 7 there and 8 here")

    def test_without_an_output_nothing_is_kept(self):
        self.small()
        command = [word for word in self.start() if word not in ("-o", self.path("t.h5"))]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        message = process.communicate(timeout=120)[1]
        self.assertEqual(process.returncode, 130, message)
        self.assertIn("-o TABLE.h5", message)


if __name__ == "__main__":
    unittest.main()
