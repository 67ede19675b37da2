"""Disks that are full and writes that fail: a message and exit code 4, and no work is lost.

A full disk comes in three ways: a small tmpfs (where it may be mounted), a limit of the size of files (ulimit -f), and
a library between the program and the system that lets any call fail.
"""

import resource
import signal
import subprocess
import tempfile
from pathlib import Path

from harness import *  # noqa: F403

NOTHING_LEFT, PART_KEPT, UNHARMED = ENDS = ("ended with exit code 4 and left nothing",
                                            "ended with exit code 4 and kept what it had", "finished all the same")


class FailingDisk(FaultTest):
    """`self.run_command` and `self.merge_command` are what is disturbed, `self.whole` what both give undisturbed."""

    def prepare(self, scenario, trials):
        shards = []
        for shard in (1, 2):
            shards.append(self.path(f"part{shard}.h5"))
            self.command("run", scenario, "--trials", trials, "-j", 1, "-q", "--shard", f"{shard}/2", "-o", shards[-1])
        self.run_command = ["run", scenario, "--trials", trials, "-j", "1", "-o", "run.h5"]
        self.merge_command = ["merge", *shards, "-o", "run.h5"]
        self.command(*self.run_command)
        self.whole = fingerprint(self.folder / "run.h5")
        self.size = (self.folder / "run.h5").stat().st_size
        self.remove("run.h5")

    def check(self, command, folder, end, reasons):
        """A program that met a disk that fails in the folder: its end, then the same command again without that."""
        code, errors = end
        self.assertIn(code, (0, ENVIRONMENT), errors)
        final = Path(folder, "run.h5")
        if final.exists():
            self.assertEqual(fingerprint(final), self.whole)
        self.assertTrue(code == ENVIRONMENT or final.exists())
        if code == ENVIRONMENT:
            self.assertRegex(errors, rf"(?m)^channelcast: run\.h5[a-z.]*: .*({reasons})")
        left = {entry.name for entry in Path(folder).iterdir() if entry.name.startswith("run.h5")}
        again = [*command, "--resume"] if command[0] == "run" else command
        done = subprocess.run([PROGRAM, *map(str, again)], cwd=folder, capture_output=True, text=True, timeout=300,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(fingerprint(final), self.whole)
        for entry in Path(folder).glob("run.h5*"):
            self.assertEqual(entry.name, "run.h5")
            entry.unlink()
        return UNHARMED if code == 0 else PART_KEPT if left else NOTHING_LEFT


class FailingCalls(FailingDisk):
    def fail_everywhere(self, command, row, **settings):
        self.prepare(MINIMAL, 256)
        command = getattr(self, command)
        clock = {"clock": 500} if command[0] == "run" else {}
        calls = self.calls_of(command, **clock)
        self.remove("run.h5")
        found = collections.Counter()
        for at in some(range(1, len(calls) + 1), repeats(25, 100000)):
            with self.subTest(at=at, call=calls[at - 1]):
                end = self.end_of(command, self.faults(at=at, **clock, **settings))
                found[self.check(command, self.folder, end, "No space left on device|Input/output error")] += 1
        record(row, found.total(), in_order(found, *ENDS))

    def test_a_run_whose_disk_fills_up(self):
        self.fail_everywhere("run_command", "full_run_calls", does="ENOSPC", goes_on=1)

    def test_a_run_with_one_call_that_fails(self):
        self.fail_everywhere("run_command", "failing_run_calls", does="EIO")

    def test_a_merge_whose_disk_fills_up(self):
        self.fail_everywhere("merge_command", "full_merge_calls", does="ENOSPC", goes_on=1)

    def test_a_merge_with_one_call_that_fails(self):
        self.fail_everywhere("merge_command", "failing_merge_calls", does="EIO")


class FileSizes(FailingDisk):
    def test_a_limit_of_the_size_of_files(self):
        self.prepare(MINIMAL, 2000)
        found = collections.Counter()
        sizes = [int(self.size * share / 100) for share in some(range(0, 130), repeats(12, 130))]
        for signals in ("ignored", "usual"):
            for size in sizes:
                def limit(size=size, signals=signals):
                    signal.signal(signal.SIGXFSZ, signal.SIG_IGN if signals == "ignored" else signal.SIG_DFL)
                    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

                for command in (self.run_command, self.merge_command):
                    with self.subTest(size=size, command=command[0], signals=signals):
                        end = self.end_of(command, preexec_fn=limit, restore_signals=False)
                        found[self.check(command, self.folder, end, "File too large")] += 1
        self.assertGreater(found[PART_KEPT], 0)
        self.assertGreater(found[UNHARMED], 0)
        record("file_size", found.total(), in_order(found, *ENDS))


class SmallFileSystem(FailingDisk):
    def mounted(self, kilobytes):
        """A file system of that size; skips the test where none may be mounted."""
        folder = tempfile.mkdtemp(dir=self.folder)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "channelcast-test", folder],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"a small file system cannot be mounted here: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", folder], capture_output=True, check=False)
        return folder

    def test_disks_of_many_sizes(self):
        self.prepare(EVERYTHING, 400)
        folder = self.mounted(4)
        found = collections.Counter()
        for share in some(range(2, 160), repeats(12, 158)):
            for command in (self.run_command, self.merge_command):
                with self.subTest(share=share, command=command[0]):
                    self.resize(folder, self.size * share // 100)
                    end = self.end_of_in(folder, command)
                    self.resize(folder, 4 * self.size)
                    found[self.check(command, folder, end, "No space left on device|are free in|cannot make it")] += 1
        for result in (NOTHING_LEFT, PART_KEPT, UNHARMED):
            self.assertGreater(found[result], 0, found)
        record("small_disk", found.total(), in_order(found, *ENDS))

    def test_a_disk_that_others_fill_while_the_run_goes_on(self):
        self.prepare(EVERYTHING, 3000)
        found = collections.Counter()
        folder = self.mounted(4)
        fast = self.faults(clock=50)
        length = self.seconds_of(self.run_command, fast)
        self.remove("run.h5")
        for moment in spread(repeats(4, 40), length, seed=4):
            self.resize(folder, 2 * self.size)
            with subprocess.Popen([PROGRAM, *map(str, self.run_command)], env=fast, cwd=folder, text=True,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
                try:
                    process.wait(timeout=moment)
                except subprocess.TimeoutExpired:
                    self.fill(folder)
                errors = process.stderr.read()
            Path(folder, "filler").unlink(missing_ok=True)
            found[self.check(self.run_command, folder, (process.returncode, errors), "No space left|are free in")] += 1
        self.assertGreater(found[PART_KEPT], 0)
        record("filled_disk", found.total(), in_order(found, *ENDS))

    def resize(self, folder, size):
        subprocess.run(["mount", "-o", f"remount,size={size // 1024 + 1}k", folder], check=True, timeout=60)

    def fill(self, folder):
        with open(Path(folder, "filler"), "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(1 << 16))
            except OSError:
                pass

    def end_of_in(self, folder, command):
        done = subprocess.run([PROGRAM, *map(str, command)], cwd=folder, capture_output=True, text=True, timeout=300,
                              check=False)
        return done.returncode, done.stderr


if __name__ == "__main__":
    unittest.main()
