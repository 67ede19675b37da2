"""Files with a flipped bit, cut files, and files with another file's middle: refused by name, or read as they were.

Every command that reads a damaged file must either end with exit code 3 and a message that names the file, or give
exactly what it gives for the file as it was, because it does not need that part. `info --verify` reads all of it: it
must refuse each damaged file. No other figures, no crash, no hanging.
"""

import concurrent.futures
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from harness import *  # noqa: F403

TRIALS = 64
EVERY = 31  # bytes: a step that comes to all places of a number
VERIFY = "info --verify"
OTHERS = "; otherwise they gave what they give for the undamaged file"
REFUSED, AS_BEFORE = "refused, with the file named", "read as if nothing had happened"
# What is damaged: a dataset, what is no dataset, the checkpoint, or the file as a whole, where HDF5 cannot open it.
NAMED = re.compile(r" /[a-z]\w*(/\w+)*|names, attributes or texts|attribute|checkpoint: |"
                   r"not an HDF5 file|the file is damaged: (truncated file|incorrect metadata checksum)")


class Damage(FaultTest):
    def setUp(self):
        super().setUp()
        # In memory where possible: a damaged copy is written for each try.
        memory = Path("/dev/shm")
        place = memory if os.access(memory, os.W_OK) else None
        self.copies = Path(tempfile.mkdtemp(prefix="channelcast-damage-", dir=place))
        self.addCleanup(shutil.rmtree, self.copies, ignore_errors=True)

    def flips(self, content, usual):
        """(place, what gives the content with one bit flipped there): random places, or all over the file."""
        bits = random.Random(len(content))
        places = range(bits.randrange(EVERY), len(content), EVERY) if LONG else some(range(len(content)), usual)
        for at in places:
            changed = bytes([content[at] ^ 1 << bits.randrange(8)])
            yield at, lambda at=at, changed=changed: content[:at] + changed + content[at + 1:]

    def cuts(self, content, usual):
        """The same with the file cut to that length: random lengths and those next to the ends."""
        for length in {0, 1, 47, 48, len(content) - 1, *some(range(len(content)), repeats(usual, 400))}:
            yield length, lambda length=length: content[:length]

    def try_all(self, damaged, attempt):
        """Counts what `attempt(folder, content)` says of each damaged content; as many at a time as processors."""
        found = collections.Counter()
        wrong = []

        def one(case):
            at, content = case
            folder = Path(tempfile.mkdtemp(dir=self.copies))
            try:
                return at, attempt(folder, content())
            finally:
                shutil.rmtree(folder)

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for at, results in pool.map(one, damaged):
                for what, result in results.items():
                    found[what, result] += 1
                    if result not in (REFUSED, AS_BEFORE):
                        wrong.append(f"{what} of the file damaged at {at}: {result}")
        self.assertEqual(wrong, [])
        return found

    def result(self, folder, command, name, expected):
        """What a command did with the damaged file `name`; `expected` tells if that is what it does without damage."""
        try:
            done = subprocess.run([PROGRAM, *command], cwd=folder, capture_output=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            return "it hangs"
        errors = done.stderr.decode(errors="replace")
        if done.returncode == BAD_DATA:
            said = re.search(rf"^channelcast: {re.escape(name)}[.a-z]*: (.*)\n\Z", errors, re.MULTILINE)
            return REFUSED if said and NAMED.search(said[0]) else f"an unclear message: {errors}"
        if done.returncode == 0:
            return AS_BEFORE if expected(done.stdout) else f"other figures: {done.stdout[:2000]}"
        return f"exit code {done.returncode}: {errors}"


class RunFiles(Damage):
    COMMANDS = {"info": ["info", "run.h5"], VERIFY: ["info", "run.h5", "--verify"],
                "summary": ["summary", "run.h5"], "summary --json": ["summary", "run.h5", "--json", "-"]}

    def setUp(self):
        super().setUp()
        self.command("run", MINIMAL, "--trials", TRIALS, "-q", "-o", "run.h5")
        self.read_undamaged()

    def read_undamaged(self):
        self.content = (self.folder / "run.h5").read_bytes()
        self.texts = {what: self.command(*command).stdout.encode() for what, command in self.COMMANDS.items()}

    def attempt(self, folder, content):
        (folder / "run.h5").write_bytes(content)
        return {what: self.result(folder, self.COMMANDS[what], "run.h5", lambda printed, text=text: printed == text)
                for what, text in self.texts.items()}

    def check(self, row, damaged):
        found = self.try_all(damaged, self.attempt)
        self.assertEqual(found[VERIFY, AS_BEFORE], 0, "it reads everything")
        others = sum(found[what, AS_BEFORE] for what in self.texts)
        record(row, found[VERIFY, REFUSED], "refused by " + ", ".join(
            f"`{what}` {found[what, REFUSED]:,}" for what in self.texts) + (OTHERS if others else ""))

    def test_flipped_bits(self):
        self.check("flip_run", self.flips(self.content, 50))

    def test_cut_files(self):
        self.check("cut_run", self.cuts(self.content, 15))

    def test_pieces_of_another_run(self):
        """A page of the same place in another run's file. Attributes there have HDF5's own checksums, which are right:
        that they are another run's shows only when everything is compared."""
        run = ["run", MINIMAL, "--trials", TRIALS, "-q"]
        for seed, name in ((2, "other.h5"), (3, "run.h5")):
            self.command(*run, "--seed", seed, "-o", name)
        self.read_undamaged()
        other = (self.folder / "other.h5").read_bytes()
        self.assertEqual(len(other), len(self.content))
        pages = [at for at in range(0, len(other), 4096) if other[at:at + 4096] != self.content[at:at + 4096]]
        self.texts = {VERIFY: self.texts[VERIFY]}
        self.check("pages_run", [(at, lambda at=at: self.content[:at] + other[at:at + 4096] + self.content[at + 4096:])
                                 for at in some(pages, repeats(30, len(pages)))])


class Shards(Damage):
    def setUp(self):
        super().setUp()
        for shard in (1, 2):
            self.command("run", MINIMAL, "--trials", TRIALS, "-q", "--shard", f"{shard}/2", "-o", f"part{shard}.h5")
        self.merge = ["merge", "part1.h5", "part2.h5", "-o", "all.h5"]
        self.command(*self.merge)
        self.whole = fingerprint(self.folder / "all.h5")

    def attempt(self, folder, content):
        (folder / "part1.h5").symlink_to(self.folder / "part1.h5")
        (folder / "part2.h5").write_bytes(content)
        result = self.result(folder, self.merge, "part2.h5", lambda _: fingerprint(folder / "all.h5") == self.whole)
        if result == REFUSED and len(list(folder.iterdir())) > 2:
            result = "something is left behind"
        return {"merge": result}

    def check(self, row, damaged):
        found = self.try_all(damaged, self.attempt)
        record(row, found.total(), {"refused": found["merge", REFUSED],
                                    "merged to the undamaged result": found["merge", AS_BEFORE]})

    def test_flipped_bits(self):
        self.check("flip_merge", self.flips((self.folder / "part2.h5").read_bytes(), 50))

    def test_cut_files(self):
        self.check("cut_merge", self.cuts((self.folder / "part2.h5").read_bytes(), 10))


class UnfinishedRuns(Damage):
    """A part of a run and its checkpoint, of a program that was killed."""

    def setUp(self):
        super().setUp()
        self.run_command = ["run", str(MINIMAL), "--trials", "256", "-j", "1", "-q", "-o", "run.h5"]
        self.command(*self.run_command)
        self.whole = fingerprint(self.folder / "run.h5")
        self.remove("run.h5")
        calls = self.calls_of(self.run_command, clock=500)
        self.remove("run.h5")
        third = [at for at, call in enumerate(calls, 1) if call == "rename"][2]
        code, errors = self.end_of(self.run_command, self.faults(at=third + 1, does="kill", clock=500))
        self.assertEqual(code, KILLED, errors)
        self.parts = {name: (self.folder / name).read_bytes()
                      for name in ("run.h5.partial", "run.h5.partial.checkpoint")}

    def check(self, row, name, damages):
        def attempt(folder, content):
            for other, untouched in self.parts.items():
                (folder / other).write_bytes(content if other == name else untouched)
            return {"resume": self.result(folder, [*self.run_command, "--resume"], "run.h5",
                                          lambda _: fingerprint(folder / "run.h5") == self.whole)}

        found = self.try_all(damages(self.parts[name]), attempt)
        record(row, found.total(), {"refused": found["resume", REFUSED],
                                    "finished with the undamaged result": found["resume", AS_BEFORE]})

    def test_flipped_bits(self):
        self.check("flip_partial", "run.h5.partial", lambda content: self.flips(content, 50))

    def test_flipped_bits_of_the_checkpoint(self):
        self.check("flip_checkpoint", "run.h5.partial.checkpoint", lambda content: self.flips(content, 20))

    def test_cut_files(self):
        self.check("cut_partial", "run.h5.partial", lambda content: self.cuts(content, 10))

    def test_cut_checkpoints(self):
        self.check("cut_checkpoint", "run.h5.partial.checkpoint", lambda content: self.cuts(content, 10))


if __name__ == "__main__":
    unittest.main()
