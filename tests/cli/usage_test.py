"""Command lines that are wrong: the exit code is 2, and the message names what is wrong and what was probably meant."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from cli import CliTest  # noqa: E402


class Usage(CliTest):
    def refused(self, *arguments):
        """The message of a command line that is refused; nothing may have been done."""
        before = self.files()
        done = self.command(*arguments, expect=2)
        self.assertEqual(done.stdout, "")
        self.assertEqual(self.files(), before)
        return done.stderr


class Numbers(Usage):
    def test_trials_and_seeds_that_are_none_are_named_as_they_were_given(self):
        small = self.small()
        trials = ["0", "-5", "many", " ", "1.5", "2000000000", "1e12", "1e300", "nan", "inf", "10 000", "10,000", "[5]",
                  "9" * 400]
        seeds = ["-1", "x", " ", "0.5", "1e30", "18446744073709551616", "true"]
        for option, values in (("--trials", trials), ("--seed", seeds)):
            for command in (["run", small, "-o", "run.h5"], ["replay", small, "--trial", "0"]):
                for value in values:
                    with self.subTest(f"{command[0]} {option}={value[:30]}"):
                        message = self.refused(*command, f"{option}={value}")
                        self.assertRegex(message, f"^channelcast: {option}: '.*' is no whole number from ")
                        self.assertNotIn("--set", message)
                        self.assertLess(len(message), 200)

    def test_the_option_and_its_value_may_be_two_words(self):
        self.assertIn("--trials: '0'", self.refused("run", self.small(), "--trials", "0"))
        self.assertIn("--trials: '-5'", self.refused("run", self.small(), "--trials", "-5"))
        self.assertIn("--trials: is empty", self.refused("run", self.small(), "--trials", ""))
        self.assertIn("channelcast run: --trials", self.refused("run", self.small(), "--trials="))

    def test_numbers_are_written_as_in_a_scenario(self):
        small = self.small()
        expected = self.command("run", small, "-q", "--trials", "1000", "--seed", "255").stdout
        for trials, seed in (("1_000", "0xff"), ("1e3", "255.0")):
            self.assertEqual(self.command("run", small, "-q", "--trials", trials, "--seed", seed).stdout, expected)

    def test_it_is_said_before_a_file_is_looked_at(self):
        self.refused("run", "nowhere.toml", "--trials", "0")
        self.refused("run", "nowhere.toml", "-o", "nowhere/run.h5", "--seed", "x")

    def test_what_the_file_says_is_still_an_error_of_the_file(self):
        done = self.command("run", self.small(), "--set", "simulation.trials=0", expect=3)
        self.assertIn("--set simulation.trials: 0 is out of range", done.stderr)


class Names(Usage):
    def test_a_misspelt_command(self):
        small = self.small()
        for wrong, right in (("rnu", "run"), ("Run", "run"), ("valdiate", "validate"), ("sumary", "summary"),
                             ("merg", "merge"), ("repley", "replay")):
            with self.subTest(wrong):
                message = self.refused(wrong, small)
                self.assertIn(f"channelcast: unknown command '{wrong}'; did you mean '{right}'?", message)
                self.assertIn("channelcast --help", message)

    def test_a_command_like_no_other(self):
        for wrong in ("frobnicate", "x" * 300, "zzz"):
            message = self.refused(wrong, "x.toml")
            self.assert_fragments(message, "unknown command '", "valid names: 'run', 'validate'")

    def test_no_command(self):
        self.assert_fragments(self.refused(), "a command is missing; there are 'run'")
        self.assert_fragments(self.refused("--quiet"), "channelcast: unknown option '--quiet'")

    def test_a_misspelt_option(self):
        small = self.small()
        for arguments, wrong, right in (
                (["run", small, "--trails", "5"], "--trails", "--trials"),
                (["run", small, "--trails=5"], "--trails", "--trials"),
                (["run", "--sede", "5", small], "--sede", "--seed"),
                (["run", small, "--resum"], "--resum", "--resume"),
                (["replay", small, "--trail", "5"], "--trail", "--trial"),
                (["merge", "a.h5", "--outptu", "x"], "--outptu", "--output"),
                (["summary", "a.h5", "--jsn", "x"], "--jsn", "--json")):
            with self.subTest(wrong):
                message = self.refused(*arguments)
                self.assertIn(f"channelcast {arguments[0]}: unknown option '{wrong}'; did you mean '{right}'?", message)
                self.assertIn(f"channelcast {arguments[0]} --help", message)

    def test_an_option_like_no_other(self):
        self.assertIn("channelcast run: unknown option '--colour'\n", self.refused("run", self.small(), "--colour"))
        self.assertIn("unknown option '-x'\n", self.refused("run", self.small(), "-x"))

    def test_an_empty_value_as_of_a_variable_that_is_not_set(self):
        for option in ("-o", "--json", "--set", "--trials"):
            with self.subTest(option):
                self.assertIn(": is empty; give a value\n", self.refused("run", self.small(), option, ""))
        self.assertIn("--json: is empty", self.refused("summary", "a.h5", "--json", ""))

    def test_one_argument_too_many_or_too_few(self):
        self.assertIn("channelcast run: unexpected argument 'extra'", self.refused("run", self.small(), "extra"))
        self.assertIn("channelcast run: scenario is required", self.refused("run"))
        self.assertIn("channelcast merge: --output is required", self.refused("merge", "a.h5"))


class Overrides(CliTest):
    def test_a_partners_table_without_the_partner(self):
        small = self.small()
        for key, fragments in (
                ("volume.leads_per_month", ["mean 'partner.alpha.volume.leads_per_month'?", "partner_defaults"]),
                ("volume.foo", ["'volume' belongs to a partner", "no key 'foo'", "'partner.alpha.volume.KEY'"]),
                ("funnel.win_rat", ["did you mean 'partner.alpha.funnel.win_rate'?"]),
                ("win_rate", ["did you mean 'partner.alpha.funnel.win_rate'?"]),
                ("trials", ["did you mean 'simulation.trials'?"]),
                ("budget", ["did you mean 'finance.budget'?"])):
            with self.subTest(key):
                done = self.command("run", small, "--set", f"{key}=1", expect=3)
                self.assert_fragments(done.stderr, f"--set {key}: there is no input '{key}'", *fragments)


class Files(Usage):
    def test_a_result_never_takes_the_place_of_the_scenario_or_of_another(self):
        small = self.small()
        text = Path(small).read_bytes()
        (self.folder / "link.toml").symlink_to(small)
        for arguments in (["-o", small], ["-o", "./small.toml"], ["-o", "link.toml"], ["--json", small],
                          ["-o", "run.h5", "--json", "./run.h5"]):
            with self.subTest(arguments):
                self.refused("run", small, *arguments)
                self.assertEqual(Path(small).read_bytes(), text)


if __name__ == "__main__":
    unittest.main()
