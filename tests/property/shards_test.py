"""Shards merged, and runs killed and resumed, hold the same bits as one run in one piece."""

import random
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from cli import PROGRAM, SOURCE, CliTest, contents, differences  # noqa: E402


def golden(name):
    return str(SOURCE / "tests" / "golden" / f"{name}.toml")


class Shards(CliTest):
    def test_merged_shards_are_the_whole_run(self):
        for name, trials in (("month_everything", 3000), ("week_everything", 1111), ("minimal", 2049)):
            with self.subTest(name):
                common = [golden(name), "--trials", trials, "-q"]
                self.command("run", *common, "-o", "whole.h5", "-j", "2")
                for shard in (1, 2, 3):
                    self.command("run", *common, "-o", f"{shard}.h5", "--shard", f"{shard}/3", "-j", str(shard))
                self.command("merge", "2.h5", "3.h5", "1.h5", "-o", "merged.h5")
                self.assertEqual(differences(self.path("whole.h5"), self.path("merged.h5")), [])
                for file in ("summary", "merged"):
                    self.assertEqual(self.command("summary", "whole.h5", "--json", "-").stdout,
                                     self.command("summary", "merged.h5", "--json", "-").stdout, file)

    def test_the_comparison_can_fail(self):
        self.command("run", golden("minimal"), "--trials", 500, "-q", "-o", "a.h5", "--seed", "1")
        self.command("run", golden("minimal"), "--trials", 500, "-q", "-o", "b.h5", "--seed", "2")
        names = differences(self.path("a.h5"), self.path("b.h5"))
        self.assertIn("/outcomes/leads", names)
        self.assertTrue(any(name.startswith("/series/") for name in names))
        self.assertGreater(len(contents(self.path("a.h5"))), 100)

    def test_threads_leave_the_file_the_same(self):
        for threads in (1, 2, 4):
            self.command("run", golden("week_everything"), "--trials", 1500, "-q", "-o", f"{threads}.h5", "-j", threads)
        for threads in (2, 4):
            self.assertEqual(differences(self.path("1.h5"), self.path(f"{threads}.h5")), [])


class Killed(CliTest):
    def test_a_run_killed_again_and_again_ends_as_if_it_had_not_been(self):
        moments = random.Random(5)
        common = [golden("month_everything"), "--trials", "40000", "-j", "2", "-q"]
        started = time.monotonic()
        self.command("run", *common, "-o", "whole.h5")
        length = time.monotonic() - started
        output = self.path("killed.h5")
        kills = 0
        for attempt in range(6):
            resume = ["--resume"] if attempt > 0 and Path(output + ".partial").exists() else []
            with subprocess.Popen([PROGRAM, "run", *common, "-o", output, *resume], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True) as process:
                try:
                    process.wait(timeout=moments.uniform(0.02, 0.6) * length)
                except subprocess.TimeoutExpired:
                    process.kill()
                    kills += 1
                errors = process.stderr.read()
            if process.returncode >= 0:
                self.assertEqual(process.returncode, 0, errors)
                break
            self.assertFalse(Path(output).exists(), "nothing unfinished may have the final name")
        self.assertGreaterEqual(kills, 2)
        if not Path(output).exists():
            resume = ["--resume"] if Path(output + ".partial").exists() else []
            self.command("run", *common, "-o", output, *resume)
        self.assertEqual(differences(self.path("whole.h5"), output), [])
        self.assertEqual(self.files(), ["killed.h5", "whole.h5"])

    def test_resuming_a_finished_run_does_nothing(self):
        common = [golden("minimal"), "--trials", "800", "-o", "run.h5"]
        self.command("run", *common)
        before = (self.folder / "run.h5").read_bytes()
        stamp = (self.folder / "run.h5").stat().st_mtime_ns
        done = self.command("run", *common, "--resume")
        self.assertIn("PAYBACK", done.stdout)
        self.assertEqual((self.folder / "run.h5").read_bytes(), before)
        self.assertEqual((self.folder / "run.h5").stat().st_mtime_ns, stamp)
        done = self.command("run", *common, "--resume", "--seed", "9", expect=3)
        self.assertIn("seed", done.stderr)
        self.assertEqual((self.folder / "run.h5").read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
