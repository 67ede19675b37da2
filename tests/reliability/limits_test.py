"""The stated limits, reached: 1,000 partners, 1,200 periods, 10 million leads a period, 100 million trials by shards.

At each the results are compared with what is known of them: means within five standard errors, sums that are equal.
"""

import math
import resource
import shutil
import subprocess
import sys
import time

import h5py
import numpy

from harness import *  # noqa: F403

SCENARIO = """
[horizon]
start = 2026-01-01
periods = {periods}
period = "{period}"
[[partner]]
name = "p"
count = {partners}
[partner.volume]
leads_per_month = {leads}
[partner.funnel]
target_rate = 0.5
win_rate = 0.1
[partner.payment]
per_lead = 1
"""
# All that is needed for leads and contracts, in as few periods as make a quarter.
TINY = SCENARIO.format(periods=3, period="month", partners=1, leads=10)
MONTHS_A_WEEK = 7 / 30.4375
TRIALS = 100_000_000
# In a small process of its own: a child's peak begins with what its parent had.
MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""
BLOCK = 1024  # trials: the smallest shard of a run that long


class LimitsTest(FaultTest):
    def scenario(self, periods=12, period="month", partners=1, leads=100):
        text = SCENARIO.format(periods=periods, period=period, partners=partners, leads=leads)
        return self.write("limits.toml", text)

    def measured(self, *arguments):
        """Runs the program: seconds and the peak of its memory in bytes."""
        start = time.monotonic()
        done = subprocess.run([sys.executable, "-c", MEASURE, PROGRAM, *map(str, arguments)], cwd=self.folder,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return time.monotonic() - start, int(done.stdout) * 1024

    def assert_mean(self, values, expected, sd):
        """The mean of trials lies within five standard errors, and so does, roughly, their spread."""
        count = len(values)
        self.assertLess(abs(numpy.mean(values) - expected), 5 * sd / math.sqrt(count))
        if count >= 64:
            self.assertLess(abs(numpy.std(values) / sd - 1), 5 / math.sqrt(2 * count))

    def check_counts(self, run, leads, periods, partners):
        """Counts of all trials against the Poisson distribution they have, and against each other."""
        outcomes = {name: run["outcomes"][name][:]
                    for name in ("leads", "target_leads", "contracts", "acquisition_cost")}
        for name in ("leads", "target_leads", "contracts"):
            self.assertEqual(run["outcomes"][name].dtype, numpy.int64)
        for name, share in (("leads", 1.0), ("target_leads", 0.5), ("contracts", 0.05)):
            self.assert_mean(outcomes[name], share * leads, math.sqrt(share * leads))
        self.assertTrue((outcomes["acquisition_cost"] == outcomes["leads"]).all(), "one unit of currency a lead")
        self.assertEqual((len(run["period"]), len(run["partner"])), (periods, partners))
        self.assertEqual(run["series/leads/mean"].shape, (periods,))
        mean = outcomes["leads"].mean()
        self.assertAlmostEqual(run["series/leads/mean"][:].sum() / mean, 1, places=9)
        if "partner_outcomes" in run:
            sums = run["partner_outcomes/leads"][:].sum(axis=1)
            self.assertTrue((sums == outcomes["leads"]).all())

    def run_and_check(self, row, trials, **size):
        """Runs the scenario of a size in one piece and as two shards."""
        size = {"periods": 12, "period": "month", "partners": 1, "leads": 100, **size}
        path = self.scenario(**size)
        seconds, peak = self.measured("run", path, "--trials", trials, "-o", "run.h5")
        months = size["periods"] * (MONTHS_A_WEEK if size["period"] == "week" else 1)
        with h5py.File(self.path("run.h5")) as run:
            self.check_counts(run, size["leads"] * months * size["partners"], size["periods"], size["partners"])
            last = run["period_start"].asstr()[-1]
        if trials > 16:
            for shard in (1, 2):
                self.command("run", path, "--trials", trials, "-q", "--shard", f"{shard}/2", "-o", f"part{shard}.h5")
            self.command("merge", "part1.h5", "part2.h5", "-o", "all.h5")
            self.assertEqual(fingerprint(self.folder / "all.h5"), fingerprint(self.folder / "run.h5"))
        self.assertEqual(self.command("info", "run.h5", "--verify").stderr, "")
        size_of_file = (self.folder / "run.h5").stat().st_size
        print(f"{row}: {seconds:.1f} s, {peak / 1e6:.0f} MB of memory, {size_of_file / 1e6:.0f} MB of disk")
        record_need(row, trials, peak, size_of_file)
        return last


class Sizes(LimitsTest):
    def test_a_thousand_partners(self):
        self.run_and_check("partners", repeats(48, 1000), partners=1000, leads=20)

    def test_1200_months(self):
        last = self.run_and_check("months", repeats(100, 10000), periods=1200, partners=2)
        self.assertEqual(last, "2125-12-01")

    def test_1200_weeks(self):
        last = self.run_and_check("weeks", repeats(100, 10000), periods=1200, period="week", partners=2)
        self.assertEqual(last, "2048-12-24")

    def test_ten_million_leads_a_period(self):
        self.run_and_check("leads", repeats(2000, 10000), periods=36, leads=1e7)

    @unittest.skipUnless(LONG, "takes long")
    def test_all_of_it_at_once(self):
        self.run_and_check("together", 16, periods=1200, partners=1000, leads=1e7)

    def test_one_more_than_the_format_allows_is_refused(self):
        """The limits that docs/formats/scenario.md states are those of the program."""
        stated = re.search(r"([\d,]+) periods, ([\d,]+) partners \(members counted\), 10⁹ trials",
                           (SOURCE / "docs/formats/scenario.md").read_text(encoding="utf-8"))
        periods, partners = (int(text.replace(",", "")) for text in stated.groups())
        for name, most in (("periods", periods), ("partners", partners)):
            path = self.scenario(**{name: most})
            self.assertEqual(self.command("validate", path).stderr, "")
            path = self.scenario(**{name: most + 1})
            self.assertIn(f"{most}", self.command("validate", path, expect=BAD_DATA).stderr.replace(",", ""))
        self.command("validate", self.scenario(), "--set", "simulation.trials=1000000000")
        self.command("validate", self.scenario(), "--set", "simulation.trials=1000000001", expect=BAD_DATA)
        # 2^53 leads in all, up to which counts are exact; what is not used for that is the contracts' and the money's.
        self.command("validate", self.scenario(periods=1000, partners=9, leads=1e12))
        done = self.command("validate", self.scenario(periods=1000, partners=10, leads=1e12), expect=BAD_DATA)
        self.assertIn("leads", done.stderr)


class Shards(LimitsTest):
    """100,000,000 trials."""

    def test_the_first_and_the_last_of_the_smallest_shards(self):
        path = self.write("tiny.toml", TINY)
        shards = -(-TRIALS // BLOCK)
        for shard, trials, first in ((1, BLOCK, 0), (shards, TRIALS - (shards - 1) * BLOCK, (shards - 1) * BLOCK)):
            self.command("run", path, "--trials", TRIALS, "--shard", f"{shard}/{shards}", "-o", f"{shard}.h5", "-q")
            done = self.command("info", f"{shard}.h5", "--verify")
            self.assertRegex(done.stdout,
                             rf"trials +{trials} of {TRIALS} \(shard {shard} of {shards}, from trial {first}\)")
            with h5py.File(self.path(f"{shard}.h5")) as run:
                self.assertEqual(list(run["trial"][[0, -1]]), [first, first + trials - 1])
                self.assert_mean(run["outcomes/leads"][:], 30, math.sqrt(30))
        done = self.command("merge", "1.h5", f"{shards}.h5", "-o", "all.h5", expect=BAD_DATA)
        self.assertEqual(done.stderr, f"channelcast: the run has {shards} shards; missing: 2 to {shards - 1}\n")
        done = self.command("run", path, "--trials", TRIALS, "--shard", f"1/{shards + 1}", "-o", "x.h5",
                            expect=WRONG_USE)
        self.assert_fragments(done.stderr, f"more shards ({shards + 1}) than blocks", "use fewer shards")

    def test_more_shards_than_files_may_be_open(self):
        path = self.write("tiny.toml", TINY)
        shards = repeats(40, 2000)
        names = [f"part{shard}.h5" for shard in range(1, shards + 1)]
        for shard, name in enumerate(names, 1):
            self.command("run", path, "--trials", BLOCK * shards, "--shard", f"{shard}/{shards}", "-q", "-o", name)
        self.command("run", path, "--trials", BLOCK * shards, "-q", "-o", "run.h5")
        most = shards // 2

        def limit(hard):
            return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))

        code, errors = self.end_of(["merge", *names, "-o", "all.h5"], preexec_fn=limit(most))
        self.assertEqual(code, ENVIRONMENT)
        self.assertRegex(errors, rf"^channelcast: {shards} files .*\(ulimit -n\) is {most}; raise it to \d+, or use ")
        self.assertNotIn("all.h5", self.files())
        code, errors = self.end_of(["merge", *names, "-o", "all.h5"], preexec_fn=limit(4 * shards))
        self.assertEqual(code, 0, errors)
        self.assertEqual(fingerprint(self.folder / "all.h5"), fingerprint(self.folder / "run.h5"))

    @unittest.skipUnless(LONG, "takes long")
    def test_all_of_them(self):
        """All 100,000,000 trials in a hundred shards, merged."""
        trials, shards = TRIALS, 100
        room = 620 * trials  # bytes: the shards without their zeros, and the result
        if shutil.disk_usage(self.folder).free < room:
            self.skipTest(f"there are not {room / 1e9:.0f} GB of disk for it")
        leads = self.run_shards(trials, shards)
        seconds, memory = self.measured("merge", *(f"part{shard}.h5" for shard in range(1, shards + 1)), "-o", "all.h5")
        print(f"merge: {seconds:.0f} s", flush=True)
        record_need("merge", trials, memory, (self.folder / "all.h5").stat().st_size)
        self.remove("part*.h5")
        with h5py.File(self.path("all.h5")) as run:
            self.assertEqual(run.attrs["trials"], trials)
            summary = {row["metric"].decode(): row for row in run["summary"][:]}
            self.assertAlmostEqual(summary["leads"]["mean"], leads / trials, places=12)
            for name, mean in (("leads", 30), ("target_leads", 15), ("contracts", 1.5)):
                self.assertEqual(summary[name]["trials"], trials)
                self.assertLess(abs(summary[name]["mean"] - mean), 5 * math.sqrt(mean / trials))
                self.assertAlmostEqual(summary[name]["mcse"] / math.sqrt(mean / trials), 1, places=2)
        self.command("info", "all.h5", "--verify")

    def run_shards(self, trials, shards):
        """Runs them one after the other; the sum of their leads."""
        path = self.write("tiny.toml", TINY)
        leads = peak = 0
        for shard in range(1, shards + 1):
            seconds, memory = self.measured("run", path, "--trials", trials, "--shard", f"{shard}/{shards}", "-o",
                                            f"part{shard}.h5")
            peak = max(peak, memory)
            with h5py.File(self.path(f"part{shard}.h5")) as run:
                leads += int(run["outcomes/leads"][:].sum())
            size_of_shard = (self.folder / f"part{shard}.h5").stat().st_size
            # Zeros need no room on the disk; the content stays the same.
            subprocess.run(["fallocate", "--dig-holes", self.path(f"part{shard}.h5")], check=True, timeout=600)
            print(f"shard {shard}: {seconds:.1f} s", flush=True)
        record_need("shard", trials // shards, peak, size_of_shard)
        return leads


if __name__ == "__main__":
    unittest.main()
