"""Kills at random moments and at every change of a file, and two runs on one output.

Whatever happens: there is no file under the final name or the complete one, and the same command with --resume (or
`merge` again) gives the bytes that come out when nothing happens.
"""

import resource
import subprocess

from harness import *  # noqa: F403

NONE, BEGUN, CHECKPOINT, FINISHED = STATES = ("before there was a file", "before the first checkpoint",
                                              "with a checkpoint to go on from", "after the file had its name")
PART = "with the file begun"
EARLY, LATE, DONE = "refused before the first trial", "out of memory in the middle", "finished"


class KilledRun(FaultTest):
    """`self.run_command` is the run, `self.whole` what it gives undisturbed."""

    def prepare(self, scenario, trials, threads):
        self.run_command = ["run", scenario, "--trials", trials, "-j", threads, "-o", "run.h5"]
        self.command(*self.run_command)
        self.whole = fingerprint(self.folder / "run.h5")
        self.remove("run.h5")

    def state(self):
        """What a kill left."""
        final, partial, checkpoint = ((self.folder / f"run.h5{end}").exists()
                                      for end in ("", ".partial", ".partial.checkpoint"))
        if final:
            self.assertFalse(partial, "a finished file has no part beside it")
            self.assertEqual(fingerprint(self.folder / "run.h5"), self.whole)
            return FINISHED
        if not partial:
            return NONE
        code, errors = self.end_of(["info", "run.h5.partial"])
        self.assertIn(code, (0, BAD_DATA), errors)  # 0: nothing was missing but the final name
        self.assertTrue(code == 0 or "run.h5.partial: " in errors, errors)
        return CHECKPOINT if checkpoint else BEGUN

    def resume(self):
        code, errors = self.end_of([*self.run_command, "--resume"])
        self.assertEqual(code, 0, errors)
        self.assertEqual(fingerprint(self.folder / "run.h5"), self.whole)
        self.assertEqual(self.files(), ["run.h5"])
        self.remove("run.h5")

    def test_at_random_moments(self):
        self.prepare(EVERYTHING, repeats(3000, 20000), threads=2)
        fast = self.faults(clock=50)  # a checkpoint every 20 ms
        length = min(self.seconds_of(self.run_command, fast) for _ in range(2))
        self.remove("run.h5")
        again = random.Random(2)
        kills = repeats(12, 100)
        found = collections.Counter()
        for moment in itertools.chain.from_iterable(spread(kills, 1.02 * length, seed) for seed in itertools.count()):
            if self.killed_after(moment, self.run_command, fast):
                found[self.state()] += 1
                # Half of the runs are killed once more while they go on.
                if found.total() < kills and again.random() < 0.5:
                    if self.killed_after(again.random() * length, [*self.run_command, "--resume"], fast):
                        found[self.state()] += 1
            self.resume()
            if found.total() == kills:
                break
        self.assertGreaterEqual(found[CHECKPOINT], kills / 2)
        record("kill_run", kills, in_order(found, *STATES))

    def test_at_every_change_of_a_file(self):
        self.prepare(MINIMAL, 256, threads=1)
        calls = self.calls_of(self.run_command, clock=500)
        self.remove("run.h5")
        self.assertGreaterEqual(calls.count("rename"), 4, "checkpoints are to be among them")
        places = [(at, does) for at, call in enumerate(calls, 1) for does in ("kill", "tear")
                  if does == "kill" or call == "long-write"]
        found = collections.Counter()
        for at, does in some(places, repeats(30, 100000)):
            code, errors = self.end_of(self.run_command, self.faults(at=at, does=does, clock=500))
            self.assertIn(code, (0, KILLED), errors)
            if code == KILLED:
                found[self.state()] += 1
            self.resume()
        self.assertGreater(found[CHECKPOINT], 0)
        record("kill_run_calls", found.total(), in_order(found, *STATES))


class KilledMerge(FaultTest):
    def prepare(self, scenario, trials):
        shards = []
        for shard in (1, 2, 3):
            shards.append(f"part{shard}.h5")
            self.command("run", scenario, "--trials", trials, "-j", 2, "-q", "--shard", f"{shard}/3", "-o", shards[-1])
        self.merge_command = ["merge", *shards, "-o", "all.h5"]
        self.command(*self.merge_command)
        self.whole = fingerprint(self.folder / "all.h5")
        self.remove("all.h5")
        self.shards = {name: fingerprint(self.folder / name) for name in shards}

    def check(self, killed):
        """What a kill left; then the same merge again."""
        final = (self.folder / "all.h5").exists()
        if final:
            self.assertEqual(fingerprint(self.folder / "all.h5"), self.whole)
        self.assertTrue(final or killed)
        self.assertEqual({name: fingerprint(self.folder / name) for name in self.shards}, self.shards)
        begun = (self.folder / "all.h5.partial.final").exists()
        code, errors = self.end_of(self.merge_command)
        self.assertEqual(code, 0, errors)
        self.assertEqual(fingerprint(self.folder / "all.h5"), self.whole)
        self.assertEqual(self.files(), sorted(["all.h5", *self.shards]))
        self.remove("all.h5")
        return FINISHED if final else PART if begun else NONE

    def test_at_random_moments(self):
        self.prepare(EVERYTHING, repeats(3000, 30000))
        length = min(self.seconds_of(self.merge_command) for _ in range(3))
        self.remove("all.h5")
        kills = repeats(8, 100)
        found = collections.Counter()
        for moment in itertools.chain.from_iterable(spread(kills, 1.02 * length, seed) for seed in itertools.count()):
            killed = self.killed_after(moment, self.merge_command)
            state = self.check(killed)
            if killed:
                found[state] += 1
            if found.total() == kills:
                break
        record("kill_merge", kills, in_order(found, NONE, PART, FINISHED))

    def test_at_every_change_of_a_file(self):
        self.prepare(MINIMAL, 256)
        calls = self.calls_of(self.merge_command)
        self.remove("all.h5")
        places = [(at, does) for at, call in enumerate(calls, 1) for does in ("kill", "tear")
                  if does == "kill" or call == "long-write"]
        found = collections.Counter()
        for at, does in some(places, repeats(20, 100000)):
            code, errors = self.end_of(self.merge_command, self.faults(at=at, does=does))
            self.assertEqual(code, KILLED, errors)
            found[self.check(killed=True)] += 1
        record("kill_merge_calls", found.total(), in_order(found, NONE, PART, FINISHED))


class ScarceMemory(FaultTest):
    def test_limits_from_too_little_to_enough(self):
        """Under ulimit -v: refused before the first trial, or ended with a message, or finished as without a limit."""
        command = ["run", EVERYTHING, "--trials", repeats(600, 3000), "-j", 2, "-o", "run.h5"]
        need = re.search(r"needs about (\d+) MB of memory", self.command(*command).stderr)
        whole = fingerprint(self.folder / "run.h5")
        self.remove("run.h5")
        least = next((size for size in range(8, 200) if self.end_under(size, "--version")[0] == 0), None)
        if least is None:
            self.skipTest("this program does not start under a limit of memory (is it instrumented?)")
        most = least + 2 * int(need[1])
        found = collections.Counter()
        for size in sorted({round(least + part / 100 * (most - least)) for part in some(range(101), repeats(10, 101))}):
            with self.subTest(megabytes=size):
                code, errors = self.end_under(size, *command)
                self.assertIn(code, (0, ENVIRONMENT), errors)
                if code == 0:
                    self.assertEqual(fingerprint(self.folder / "run.h5"), whole)
                    found[DONE] += 1
                else:
                    self.assertNotIn("run.h5", self.files())
                    early = " (ulimit -v) is " in errors and self.files() == []
                    self.assertTrue(early or "out of memory; " in errors, errors)
                    found[EARLY if early else LATE] += 1
                self.remove("run.h5*")
        self.assertGreater(found[EARLY], 0)
        self.assertGreater(found[DONE], 0)
        record("memory", found.total(), in_order(found, EARLY, LATE, DONE))

    def end_under(self, megabytes, *arguments):
        limit = megabytes << 20
        return self.end_of(arguments, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))


class TwoRuns(FaultTest):
    def test_one_runs_and_the_other_is_refused(self):
        """Started together with different seeds: a file with a part of each would be neither's."""
        command = ["run", str(EVERYTHING), "--trials", "2500", "-j", "1", "-q"]
        alone = {}
        for seed in ("1", "2"):
            self.command(*command, "--seed", seed, "-o", "alone.h5")
            alone[seed] = fingerprint(self.folder / "alone.h5")
        self.assertNotEqual(alone["1"], alone["2"])
        self.remove("alone.h5")
        rounds = 10
        first = 0
        for _ in range(rounds):
            both = {seed: subprocess.Popen([PROGRAM, *command, "--seed", seed, "-o", "run.h5"], cwd=self.folder,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                    for seed in alone}
            errors = {seed: process.communicate(timeout=300)[1] for seed, process in both.items()}
            codes = {seed: process.returncode for seed, process in both.items()}
            self.assertEqual(sorted(codes.values()), [0, ENVIRONMENT], errors)
            winner, loser = sorted(codes, key=codes.get)
            first += winner == "1"
            self.assertRegex(errors[loser], r"^channelcast: run\.h5: another run is writing it now .*\.partial\.lock")
            self.assertEqual(fingerprint(self.folder / "run.h5"), alone[winner])
            self.assertEqual(self.files(), ["run.h5"])
            self.remove("run.h5")
        record("two_runs", rounds, {"times the one that was started first ran": first,
                                    "times the other": rounds - first})


if __name__ == "__main__":
    unittest.main()
