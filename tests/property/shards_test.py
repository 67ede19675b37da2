"""Shards merged hold the same bits as one run in one piece. (Runs that are killed: tests/reliability.)"""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from cli import SOURCE, CliTest, contents, differences  # noqa: E402


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
                whole, merged = (self.command("summary", f"{file}.h5", "--json", "-").stdout
                                 for file in ("whole", "merged"))
                self.assertIn("payback_months", whole)
                self.assertEqual(whole, merged)

    def test_the_comparison_can_fail(self):
        self.command("run", golden("minimal"), "--trials", 500, "-q", "-o", "a.h5", "--seed", "1")
        self.command("run", golden("minimal"), "--trials", 500, "-q", "-o", "b.h5", "--seed", "2")
        names = differences(self.path("a.h5"), self.path("b.h5"))
        self.assertIn("/outcomes/leads", names)
        self.assertTrue(any(name.startswith("/series/") for name in names))
        self.assertGreater(len(contents(self.path("a.h5"))), 100)
        self.assertNotEqual(self.command("summary", "a.h5", "--json", "-").stdout,
                            self.command("summary", "b.h5", "--json", "-").stdout)

    def test_threads_leave_the_file_the_same(self):
        for threads in (1, 2, 4):
            self.command("run", golden("week_everything"), "--trials", 1500, "-q", "-o", f"{threads}.h5", "-j", threads)
        for threads in (2, 4):
            self.assertEqual(differences(self.path("1.h5"), self.path(f"{threads}.h5")), [])


class Finished(CliTest):
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
