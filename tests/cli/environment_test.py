"""What a run meets on a machine: files that are none, folders that are missing, too little memory, another run."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from cli import PROGRAM, SMALL, SOURCE, CliTest, differences  # noqa: E402

LARGE = SOURCE / "tests/golden/month_everything.toml"
FOR_EVER = ["--trials", "500000000", "--partner-outcomes", "off"]


class Scenarios(CliTest):
    def refused(self, scenario, code):
        """The message with which every command refuses a scenario."""
        messages = set()
        for command, *options in (["run", "-o", "run.h5"], ["validate"], ["replay", "--trial", "0"]):
            done = self.command(command, scenario, *options, expect=code)
            self.assertEqual(done.stdout, "")
            messages.add(done.stderr)
        self.assertEqual(len(messages), 1)
        self.assertFalse((self.folder / "run.h5").exists())
        return messages.pop()

    def test_a_path_that_is_no_file(self):
        self.assert_fragments(self.refused("nowhere.toml", 4), "nowhere.toml: there is no such file")
        self.assert_fragments(self.refused(".", 4), ".: is a folder; name a file")
        self.assert_fragments(self.refused(self.small() + "/x.toml", 4), "small.toml/x.toml: ")
        (self.folder / "loop.toml").symlink_to("loop.toml")
        self.assert_fragments(self.refused("loop.toml", 4), "loop.toml: ")
        self.assertIn("scenario: is empty; give a value", self.command("run", "", expect=2).stderr)

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_a_file_that_may_not_be_read(self):
        os.chmod(self.small(), 0)
        self.assert_fragments(self.refused("small.toml", 4), "small.toml: cannot be read", "permissions")

    def test_files_that_are_no_text(self):
        whole = Path(PROGRAM).read_bytes()[:200000]
        (self.folder / "binary.toml").write_bytes(whole)
        (self.folder / "zeros.toml").write_bytes(bytes(1000))
        (self.folder / "latin1.toml").write_bytes(SMALL.replace("small", "Größe").encode("latin-1"))
        (self.folder / "utf16.toml").write_bytes(SMALL.encode("utf-16"))
        (self.folder / "cut.toml").write_bytes(SMALL.replace("small", "Größe").encode()[:24])
        for name in ("binary.toml", "zeros.toml", "latin1.toml", "utf16.toml", "cut.toml"):
            with self.subTest(name):
                message = self.refused(name, 3)
                self.assertRegex(message, f"^channelcast: {name}:\\d+:\\d+: this is not valid TOML: ")
                self.assertLess(len(message), 1000)
                self.assertTrue(message.replace("\n", "").isprintable(), repr(message))
        self.write("empty.toml", "")
        self.assertIn("the file is empty", self.refused("empty.toml", 3))

    def test_a_file_that_is_far_too_large(self):
        for size in (200 << 20, 1 << 40):
            with open(self.path("large.toml"), "wb") as large:
                large.truncate(size)
            message = self.refused("large.toml", 4)
            self.assert_fragments(message, "large.toml: is larger than 16 MB")

    def test_a_pipe_is_read(self):
        done = subprocess.run([PROGRAM, "run", "/dev/stdin", "-q"], input=SMALL, capture_output=True, text=True,
                              timeout=60, check=False, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, self.command("run", self.small(), "-q").stdout)


class Outputs(CliTest):
    def refused(self, *arguments):
        """The message of a run that is refused at once and leaves nothing behind."""
        before = self.files()
        done = self.command("run", self.path("small.toml"), *FOR_EVER, *arguments, expect=4)
        self.assertEqual(done.stdout, "")
        self.assertEqual(self.files(), before)
        return done.stderr

    def test_folders_that_are_none(self):
        self.small()
        for option in ("-o", "--json"):
            with self.subTest(option):
                self.assertIn("nowhere/run: its folder nowhere does not exist", self.refused(option, "nowhere/run"))
                self.assertIn("small.toml is no folder", self.refused(option, "small.toml/run"))
                self.assertIn("is a folder; name a file in it", self.refused(option, "."))

    def test_a_folder_that_may_not_be_written_to(self):
        self.small()
        if os.geteuid() == 0:  # root may write everywhere but where nobody can
            self.assertIn("/proc/run.h5", self.refused("-o", "/proc/run.h5"))
            return
        locked = self.folder / "locked"
        locked.mkdir(mode=0o555)
        for option in ("-o", "--json"):
            self.assertIn("its folder cannot be written to", self.refused(option, "locked/run"))
        locked.rmdir()

    def test_a_run_file_cannot_be_a_pipe_or_device(self):
        self.small()
        os.mkfifo(self.path("pipe"))
        self.assertIn("pipe: is a pipe or device", self.refused("-o", "pipe"))
        (self.folder / "link").symlink_to("pipe")
        self.assertIn("link: is a pipe or device", self.refused("-o", "link"))

    def test_text_goes_through_a_pipe_and_never_takes_its_place(self):
        small = self.small()
        expected = self.command("run", small, "-q", "--json", "-").stdout
        os.mkfifo(self.path("pipe"))
        with subprocess.Popen(["cat", self.path("pipe")], stdout=subprocess.PIPE, text=True) as reader:
            self.command("run", small, "-q", "--json", "pipe")
            self.assertEqual(reader.communicate(timeout=60)[0], expected)
        self.assertTrue((self.folder / "pipe").is_fifo())
        (self.folder / "there.json").write_text("x" * 100000, encoding="utf-8")
        (self.folder / "link.json").symlink_to("there.json")
        with open(self.path("there.json"), encoding="utf-8") as before:
            self.command("run", small, "-q", "--json", "link.json")
            self.assertEqual(before.read(), "x" * 100000, "replaced, not overwritten")
        self.assertTrue((self.folder / "link.json").is_symlink())
        self.assertEqual((self.folder / "there.json").read_text(encoding="utf-8"), expected)
        (self.folder / "there.json").unlink()
        self.command("run", small, "-q", "--json", "link.json")
        self.assertEqual((self.folder / "there.json").read_text(encoding="utf-8"), expected)

    def test_a_full_disk_for_text_is_said(self):
        small = self.small()
        for stream in ("stdout", "--json"):
            with self.subTest(stream), open("/dev/full", "w", encoding="utf-8") as full:
                arguments = ["--json", "/dev/stdout"] if stream == "--json" else []
                done = subprocess.run([PROGRAM, "run", small, "-q", *arguments], stdout=full, stderr=subprocess.PIPE,
                                      text=True, timeout=60, check=False)
                self.assertEqual(done.returncode, 4)
                self.assertIn("cannot be written: No space left on device", done.stderr)

    def test_help_that_cannot_be_written_is_said(self):
        for arguments in (["--help"], ["--version"], ["run", "--help"]):
            with self.subTest(arguments), open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run([PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60,
                                      check=False)
                self.assertEqual(done.returncode, 4)
                self.assertIn("cannot write to standard output", done.stderr)

    def test_a_run_file_that_is_a_folder(self):
        for arguments in (["summary", "."], ["info", "."], ["merge", ".", "-o", "all.h5"]):
            with self.subTest(arguments):
                self.assertIn("is a folder; name a run file", self.command(*arguments, expect=4).stderr)

    def test_a_link_stays_and_what_it_leads_to_is_written(self):
        small = self.small()
        (self.folder / "link.h5").symlink_to("there.h5")
        for _ in range(2):  # to a file that is not there yet, and to one that is
            self.command("run", small, "-q", "-o", "link.h5")
            self.assertTrue((self.folder / "link.h5").is_symlink())
            self.assertFalse((self.folder / "there.h5").is_symlink())
            self.command("info", "there.h5", "--verify")
            self.assertEqual(self.files(), ["link.h5", "small.toml", "there.h5"])

    def test_messages_that_nobody_hears_do_not_stop_a_run(self):
        small = self.small()
        for closed in ("2>&-", "2>/dev/full"):
            with self.subTest(closed):
                done = subprocess.run(["bash", "-c", f'exec "$0" run "$1" -o "$2" {closed}', PROGRAM, small,
                                       self.path("run.h5")], stdout=subprocess.DEVNULL, timeout=60, check=False)
                self.assertEqual(done.returncode, 0)
                self.assertTrue((self.folder / "run.h5").exists())


def with_limit(kilobytes, *arguments, option="-v"):
    """Runs the program under a limit of memory."""
    script = f'ulimit -c 0; ulimit {option} {kilobytes} && exec "$0" "$@"'
    return subprocess.run(["bash", "-c", script, PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                          timeout=300, check=False, stdin=subprocess.DEVNULL)


def works_under_a_limit():
    """Whether limits can be tested: instrumented programs need terabytes of address space."""
    return with_limit(1000000, "--version").returncode == 0


def stated_need(message):
    """Megabytes of the message "this run needs about … and the limit … is …"."""
    return float(message.partition("needs about ")[2].partition(" MB")[0])


@unittest.skipUnless(works_under_a_limit(), "this program does not start under a limit of memory")
class Memory(CliTest):
    def test_too_little_is_said_before_the_work(self):
        for option, name in (("-v", "ulimit -v"), ("-d", "ulimit -d")):
            for threads in ("1", "4", "16"):
                with self.subTest(option=option, threads=threads):
                    start = time.monotonic()
                    done = with_limit(50000, "run", LARGE, "--trials", "1000000", "-j", threads, "-o",
                                      self.path("run.h5"), option=option)
                    self.assertEqual(done.returncode, 4, done.stderr)
                    self.assertRegex(done.stderr, rf"^channelcast: this run needs about .* \({name}\) is 51 MB; use ")
                    self.assertLess(time.monotonic() - start, 20)
                    self.assertEqual(done.stdout, "")
                    self.assertEqual(self.files(), [])

    def test_what_a_run_says_it_needs_is_enough(self):
        self.command("run", LARGE, "--trials", "4000", "-q", "-o", "free.h5")
        for threads in ("1", "2", "16"):
            with self.subTest(threads=threads):
                run = ["run", LARGE, "--trials", "4000", "-j", threads, "-o", self.path("run.h5")]
                need = stated_need(with_limit(50000, *run).stderr)
                enough = int((need + 2) * 1e6 / 1024)
                done = with_limit(enough, *run)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(differences(self.path("free.h5"), self.path("run.h5")), [])
                done = with_limit(int((need - 2) * 1e6 / 1024), *run)
                self.assertEqual(done.returncode, 4)
                self.assertIn("this run needs about", done.stderr)

    def starve(self, *arguments):
        """Starts a run, and when it is under way allows it no more memory."""
        checkpoint = self.folder / "run.h5.partial.checkpoint"
        command = [PROGRAM, "run", str(LARGE), "--trials", "60000", "-j", "2", *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              cwd=self.folder) as process:
            deadline = time.monotonic() + 60
            while "-o" in arguments and not checkpoint.exists() and time.monotonic() < deadline:
                time.sleep(0.005)
            time.sleep(0.5)
            resource.prlimit(process.pid, resource.RLIMIT_AS, (1 << 20, 1 << 20))
            output, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 4, errors)
        self.assertEqual(output, "")
        return errors

    def test_running_out_of_it_keeps_the_checkpoint(self):
        errors = self.starve("-o", "run.h5")
        self.assertIn("channelcast: out of memory; what was complete is kept in run.h5.partial", errors)
        self.assertIn("--resume", errors)
        self.assertEqual(self.files(), ["run.h5.partial", "run.h5.partial.checkpoint"])
        done = self.command("run", LARGE, "--trials", "60000", "-o", "run.h5", "--resume")
        self.assertNotIn("nothing to resume", done.stderr)
        self.command("run", LARGE, "--trials", "60000", "-o", "whole.h5", "-q")
        self.assertEqual(differences(self.path("whole.h5"), self.path("run.h5")), [])

    def test_running_out_of_it_without_a_file(self):
        errors = self.starve()
        self.assertIn("channelcast: out of memory; use fewer threads", errors)
        self.assertEqual(self.files(), [])


class Threads(CliTest):
    def test_threads_that_cannot_be_started_are_said(self):
        small = self.small()
        os.chmod(self.folder, 0o777)
        nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}  # root has no limit

        def limited(script):
            return subprocess.run(["bash", "-c", f'ulimit -c 0; {script} exec "$0" "$@"', PROGRAM, "run", small, "-j",
                                   "16", "-o", self.path("run.h5")], capture_output=True, text=True, timeout=60,
                                  check=False, cwd=self.folder, **nobody)

        try:
            possible = limited("").returncode == 0
        except OSError:
            possible = False
        if not possible:
            self.skipTest("the program cannot be run as another user here")
        done = limited("ulimit -u 3;")
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("channelcast: a thread could not be started; use fewer threads (-j)", done.stderr)


class TwoRuns(CliTest):
    def wait_for(self, name):
        deadline = time.monotonic() + 60
        while not (self.folder / name).exists():
            self.assertLess(time.monotonic(), deadline, f"{name} does not come")
            time.sleep(0.005)

    def test_the_second_run_of_an_output_is_refused_and_the_first_goes_on(self):
        run = ["run", str(LARGE), "--trials", "30000", "-j", "1"]
        with subprocess.Popen([PROGRAM, *run, "-o", "run.h5"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, cwd=self.folder) as first:
            try:
                self.wait_for("run.h5.partial.checkpoint")
                for output in ("run.h5", "./run.h5", self.path("run.h5")):
                    for resume in ([], ["--resume"]):
                        done = self.command(*run, "-o", output, *resume, expect=4)
                        self.assert_fragments(done.stderr, "another run is writing it now", "run.h5.partial.lock",
                                              "give another output file")
                        self.assertEqual(done.stdout, "")
                self.assertIsNone(first.poll(), "the first run has to be under way for this test")
                self.command("run", self.small(), "-q", "-o", "other.h5")
                _, errors = first.communicate(timeout=300)
            finally:
                first.kill()
        self.assertEqual(first.returncode, 0, errors)
        self.assertEqual(self.files(), ["other.h5", "run.h5", "small.toml"])
        self.command("run", LARGE, "--trials", "30000", "-q", "-o", "alone.h5")
        self.assertEqual(differences(self.path("alone.h5"), self.path("run.h5")), [])

    def test_of_many_at_once_one_runs(self):
        """Started together; each is refused or finishes, and what is there in the end is whole."""
        run = [PROGRAM, "run", str(LARGE), "--trials", "5000", "-j", "1", "-q", "-o", "run.h5"]
        processes = [subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                      cwd=self.folder) for _ in range(6)]
        codes = []
        for process in processes:
            _, errors = process.communicate(timeout=300)
            codes.append(process.returncode)
            if process.returncode != 0:
                self.assertIn("another run is writing it now", errors)
        self.assertLessEqual(set(codes), {0, 4})
        self.assertIn(0, codes)
        self.assertEqual(self.files(), ["run.h5"])
        self.command("run", LARGE, "--trials", "5000", "-q", "-o", "alone.h5")
        self.assertEqual(differences(self.path("alone.h5"), self.path("run.h5")), [])

    def test_a_run_that_was_killed_holds_nothing(self):
        run = ["run", str(LARGE), "--trials", "30000", "-j", "1", "-o", "run.h5"]
        with subprocess.Popen([PROGRAM, *run], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              cwd=self.folder) as first:
            self.wait_for("run.h5.partial.checkpoint")
            first.send_signal(signal.SIGKILL)
        self.assertIn("run.h5.partial.lock", self.files())
        shutil.copytree(self.folder, self.folder.parent / (self.folder.name + "-copy"))
        self.addCleanup(shutil.rmtree, self.folder.parent / (self.folder.name + "-copy"))
        done = self.command(*run, "--resume")
        self.assertEqual(self.files(), ["run.h5"])
        self.assertNotIn("given up", done.stderr)
        # Without --resume the work is lost, and that is said.
        shutil.rmtree(self.folder)
        shutil.copytree(self.folder.parent / (self.folder.name + "-copy"), self.folder)
        done = self.command(*run)
        self.assertIn("note: the unfinished run in run.h5.partial is given up; with --resume", done.stderr)


if __name__ == "__main__":
    unittest.main()
