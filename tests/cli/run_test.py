"""The command `run`: exit codes, messages, what is left on disk, and what comes out where."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from cli import PROGRAM, SMALL, SOURCE, CliTest, differences  # noqa: E402

QUANTILES = ["q05", "q10", "q25", "q50", "q75", "q90", "q95"]
OUTCOMES = """leads lost_leads fraud_leads worked expired_leads contacted target_leads deals contracts reactivated_contracts
churned_customers pipeline_contracts acquisition_cost total_cost gross_profit net_cash active_customers leads_first_year
max_backlog exits terminations payback_months discounted_payback_months npv irr peak_funding peak_funding_month
budget_overrun budget_exhausted_month cac ltv ltv_to_cac""".split()
SERIES = """leads worked contacted target_leads deals contracts reactivated_contracts churned_customers active_customers
acquisition_cost total_cost gross_profit cash cumulative_cash backlog""".split()


class ExitCodes(CliTest):
    def test_a_missing_scenario_is_a_file_error(self):
        done = self.command("run", "nowhere.toml", expect=4)
        self.assert_fragments(done.stderr, "channelcast: ", "nowhere.toml")
        self.assertEqual(done.stdout, "")

    def test_an_invalid_scenario_shows_all_errors_in_one_pass(self):
        bad = SMALL.replace("target_rate = 0.5", "target_rate = 1.5").replace("per_lead", "per_led")
        bad = bad.replace("periods = 12", "periods = -3")
        done = self.command("run", self.write("bad.toml", bad), expect=3)
        self.assert_fragments(done.stderr, "bad.toml:5:", "periods", "target_rate", "per_led", "per_lead", "3 errors")
        self.assertEqual(done.stdout, "")

    def test_wrong_usage(self):
        small = self.small()
        for arguments in ([], ["walk"], ["run"], ["run", small, "--trails", "5"], ["run", small, "extra"],
                          ["run", small, "-j", "-1"], ["run", small, "-j", "many"],
                          ["run", small, "--partner-outcomes", "maybe"], ["run", small, "--set"],
                          ["replay", small], ["merge", "a.h5"], ["info"]):
            with self.subTest(arguments):
                done = self.command(*arguments, expect=2)
                self.assertNotEqual(done.stderr, "")

    def test_bad_shards(self):
        small = self.small()
        for shard in ("0/3", "4/3", "1", "a/b", "1/0", "-1/3", "1/3/5", "1.5/3"):
            with self.subTest(shard):
                done = self.command("run", small, "-o", "run.h5", "--shard", shard, expect=2)
                self.assertIn("shard", done.stderr)
        done = self.command("run", small, "--shard", "1/2", expect=2)
        self.assert_fragments(done.stderr, "-o")
        done = self.command("run", small, "-o", "run.h5", "--shard", "1/200", expect=2)
        self.assert_fragments(done.stderr, "more shards")
        self.assertEqual(self.files(), ["small.toml"])

    def test_no_result_takes_the_place_of_what_is_read(self):
        (self.folder / "draws.csv").write_text("leads\n90\n110\n", encoding="utf-8")
        small = self.write("small.toml", SMALL.replace('{dist = "uniform", min = 80, max = 120}',
                                                       '{dist = "draws", file = "draws.csv", column = "leads"}'))
        os.link(self.path("draws.csv"), self.path("hard.csv"))
        (self.folder / "soft.csv").symlink_to("draws.csv")
        for option in ("-o", "--json"):
            for name in ("draws.csv", "./draws.csv", "hard.csv", "soft.csv"):
                with self.subTest(option=option, name=name):
                    done = self.command("run", small, option, name, expect=2)
                    self.assert_fragments(done.stderr, option, "draws", "name another file")
        self.assertEqual((self.folder / "draws.csv").read_text(encoding="utf-8"), "leads\n90\n110\n")

    def test_resume_needs_an_output(self):
        done = self.command("run", self.small(), "--resume", expect=2)
        self.assertIn("-o", done.stderr)

    def test_bad_overrides(self):
        small = self.small()
        done = self.command("run", small, "--set", "finance.budget", expect=2)
        self.assertIn("finance.budget", done.stderr)
        done = self.command("run", small, "--set", "finance.bugdet=5", expect=3)
        self.assert_fragments(done.stderr, "bugdet", "budget")
        done = self.command("run", small, "--set", "partner.beta.funnel.win_rate=0.5", expect=3)
        self.assert_fragments(done.stderr, "beta", "alpha")
        done = self.command("run", small, "--set", "partner.alpha.funnel.win_rate=1.5", expect=3)
        self.assertIn("win_rate", done.stderr)

    def test_a_number_that_overflows_is_a_numeric_failure_that_says_how_to_look_at_it(self):
        storm = "".join(f'[[event]]\nname = "e{i}"\ntarget = "partner.alpha.revenue"\nstart = 2025-07-01\nfactor = 1e6\n'
                        for i in range(60))
        done = self.command("run", self.small(storm), "-o", "run.h5", expect=5)
        # Which block is first to notice depends on the threads; the trial named and the command must be the same one.
        self.assertRegex(done.stderr, r"trial (\d+): .*not a finite number.*replay \S+small.toml --trial \1`")
        self.assertFalse((self.folder / "run.h5").exists())

    def test_the_command_that_looks_at_a_failed_trial_shows_it(self):
        storm = "".join(f'[[event]]\nname = "e{i}"\ntarget = "partner.alpha.revenue"\nstart = 2025-07-01\nfactor = 1e6\n'
                        for i in range(60))
        os.rename(self.small(storm), self.path("it's a storm.toml"))
        done = self.command("run", "it's a storm.toml", "--trials", "300", "--seed", "9", "--set",
                            'simulation.sampling="lhs"', expect=5)
        command = re.search(r"`channelcast (.*)`", done.stderr)[1]
        words = shlex.split(command)
        self.assertEqual([*words[:2], *words[4:]], ["replay", "it's a storm.toml", "--trials", "300", "--seed", "9",
                                                    "--set", 'simulation.sampling="lhs"'])
        shown = self.command(*words, expect=5)
        self.assert_fragments(shown.stdout, "inputs as drawn", "2025-06-01", "# programme by period")
        self.assertRegex(shown.stderr, rf"^channelcast: trial {words[3]}: .*not a finite number")
        self.assertNotIn("look at it", shown.stderr)

    def test_help_and_version(self):
        for arguments in (["--help"], ["run", "--help"], ["-h"]):
            self.assertIn("Usage", self.command(*arguments).stdout)
        self.assertRegex(self.command("--version").stdout, r"^channelcast \d+\.\d+")


class Outputs(CliTest):
    def test_an_output_that_cannot_be_written_is_refused_before_simulating(self):
        small = self.small()
        big = ["--trials", "500000000", "--partner-outcomes", "off"]  # would take for ever
        done = self.command("run", small, *big, "-o", "nowhere/run.h5", expect=4)
        self.assert_fragments(done.stderr, "nowhere", "does not exist")
        done = self.command("run", small, *big, "-o", ".", expect=4)
        self.assert_fragments(done.stderr, "is a folder")
        done = self.command("run", small, *big, "--json", "nowhere/a.json", expect=4)
        self.assertIn("nowhere", done.stderr)
        if os.geteuid() != 0:
            locked = self.folder / "locked"
            locked.mkdir(mode=0o555)
            self.command("run", small, *big, "-o", "locked/run.h5", expect=4)
            locked.rmdir()
        self.assertEqual(self.files(), ["small.toml"], "nothing is left behind")

    def test_a_run_that_fails_leaves_nothing_with_the_final_name(self):
        self.command("run", self.write("bad.toml", "format = 1\n"), "-o", "run.h5", expect=3)
        self.assertEqual(self.files(), ["bad.toml"])

    def test_results_go_to_standard_output_and_notes_to_standard_error(self):
        done = self.command("run", self.small(), "-o", "run.h5")
        self.assert_fragments(done.stdout, "PAYBACK", "npv", "good")
        self.assert_fragments(done.stderr, "200 trials", "run.h5")
        self.assertNotIn("PAYBACK", done.stderr)
        self.assertNotIn("done in", done.stdout)
        self.assertEqual(self.files(), ["run.h5", "small.toml"], "no partial file, lock or checkpoint remains")

    def test_quiet_is_silent_on_standard_error(self):
        done = self.command("run", self.small(), "-q", "-o", "run.h5")
        self.assertEqual(done.stderr, "")
        self.assertIn("PAYBACK", done.stdout)

    def test_no_colours_where_there_is_no_terminal(self):
        for environment in ({"TERM": "xterm-256color"}, {"TERM": "xterm-256color", "CLICOLOR_FORCE": "1"}):
            done = self.command("run", self.small(), environment=environment)
            self.assertNotIn("\033", done.stdout + done.stderr)

    def test_json_on_standard_output_is_only_json_with_the_documented_keys(self):
        done = self.command("run", self.small(), "--json", "-")
        document = json.loads(done.stdout)
        self.assertEqual([document["scenario"], document["seed"], document["trials"]], ["small", 7, 200])
        self.assertLessEqual(set(OUTCOMES), set(document["outcomes"]))
        for name, row in document["outcomes"].items():
            self.assertLessEqual({"mean", "mcse", "sd", "p_within_horizon", *QUANTILES}, set(row), name)
        self.assertLessEqual(set(SERIES), set(document["series"]))
        for name in SERIES:
            for key in ("mean", "q10", "q50", "q90"):
                self.assertEqual(len(document["series"][name][key]), 12)
        self.assertEqual(list(document["partners"]), ["alpha"])
        self.assertIn("mean", document["partners"]["alpha"]["contracts"])
        self.assertEqual(set(document["targets"]), {"good"})
        self.assertLessEqual({"probability", "mcse"}, set(document["targets"]["good"]))
        self.assertEqual(document["partners"]["alpha"]["leads"]["mean"], document["outcomes"]["leads"]["mean"])

    def test_json_constraints_are_numbers_with_names_for_programs(self):
        golden = SOURCE / "tests/golden/month_everything.toml"
        document = json.loads(self.command("run", golden, "--trials", "500", "-q", "--json", "-").stdout)
        constraints = document["findings"]["constraints"]
        figures = {"sales_capacity": ["bound_periods_if_any", "expired_leads"],
                   "partner_pool": ["exhausted_partners_if_any"], "budget": ["month_if_any"]}
        self.assertEqual(list(constraints), list(figures))
        for name, own in figures.items():
            expected = ["probability", "mcse", "low", "high"]
            expected += [key for figure in own for key in (figure, f"{figure}_mcse")]
            self.assertEqual(list(constraints[name]), expected)
            for key, value in constraints[name].items():
                self.assertIsInstance(value, (int, float), f"{name} {key}")
        sales = constraints["sales_capacity"]
        self.assertAlmostEqual(sales["probability"] * sales["bound_periods_if_any"],
                               document["outcomes"]["capacity_bound_periods"]["mean"])
        self.assertEqual(sales["expired_leads"], document["outcomes"]["expired_leads"]["mean"])
        month = document["outcomes"]["budget_exhausted_month"]
        self.assertEqual(constraints["budget"]["month_if_any"], month["mean"])
        self.assertEqual(constraints["budget"]["probability"], month["p_within_horizon"])

    def test_json_says_null_for_what_never_happens(self):
        done = self.command("run", self.small(), "--json", "-", "--set", "finance.budget=1e12")
        findings = json.loads(done.stdout)["findings"]
        self.assertEqual(findings["budget_overrun"]["probability"], 0)
        self.assertIsNone(findings["budget_overrun"]["mean_if_any"])
        self.assertIsNone(findings["constraints"]["budget"]["month_if_any"])
        self.assertIsNone(findings["constraints"]["partner_pool"]["exhausted_partners_if_any"])

    def test_json_says_null_where_a_quantile_is_beyond_the_horizon(self):
        done = self.command("run", self.small(), "--json", "-", "--set", "finance.launch_cost=5e8")
        self.assertNotRegex(done.stdout, r"(?i)\b(nan|inf|infinity)\b")
        payback = json.loads(done.stdout)["outcomes"]["payback_months"]
        self.assertEqual(payback["p_within_horizon"], 0)
        for name in ("q05", "q50", "q95", "mean", "sd"):
            self.assertIsNone(payback[name], name)
        for name in QUANTILES:
            self.assertIsNone(payback["quantile_mcse"][name], "what has no value has no error of 0")
        npv = json.loads(done.stdout)["outcomes"]["npv"]
        self.assertLess(npv["q95"], 0)

    def test_json_to_a_file(self):
        on_screen = self.command("run", self.small(), "--json", "-").stdout
        done = self.command("run", self.small(), "--json", "out.json")
        self.assertIn("PAYBACK", done.stdout)
        self.assertEqual((self.folder / "out.json").read_text(encoding="utf-8"), on_screen)

    def test_the_summary_fits_eighty_columns(self):
        library = sorted((SOURCE / "scenarios" / "library").glob("*.toml"))
        self.assertGreater(len(library), 0)
        for scenario in library + [SOURCE / "tests/golden/month_everything.toml", SOURCE / "tests/golden/week_everything.toml"]:
            with self.subTest(scenario.name):
                done = self.command("run", scenario, "--trials", "300", "-q")
                wide = [line for line in done.stdout.splitlines() if len(line) > 80]
                self.assertEqual(wide, [])
                glued = [line for line in done.stdout.splitlines() if re.search(r"\)[-\d]", line)]
                self.assertEqual(glued, [], "a label touches its figure")


class Options(CliTest):
    def outcomes(self, *options):
        return json.loads(self.command("run", self.small(), "-q", "--json", "-", *options).stdout)["outcomes"]

    def test_overrides_take_effect(self):
        before = self.outcomes()
        self.assertEqual(self.outcomes("--set", "finance.launch_cost=20000"), before, "the same value changes nothing")
        after = self.outcomes("--set", "finance.launch_cost=120000")
        self.assertAlmostEqual(after["net_cash"]["mean"], before["net_cash"]["mean"] - 100000, places=4)
        self.assertEqual(after["leads"], before["leads"])
        both = self.outcomes("--set", "finance.launch_cost=120000", "--set", "partner.alpha.payment.per_lead=0")
        self.assertEqual(both["acquisition_cost"]["mean"], 0)
        self.assertEqual(self.outcomes("--set", "simulation.trials=50")["leads"], self.outcomes("--trials", "50")["leads"])

    def test_seeds_at_the_ends_work_and_differ(self):
        means = set()
        for seed in ("0", "1", "18446744073709551615"):
            done = self.command("run", self.small(), "-q", "--json", "-", "--seed", seed)
            document = json.loads(done.stdout)
            self.assertEqual(document["seed"], int(seed))
            means.add(document["outcomes"]["leads"]["mean"])
        self.assertEqual(len(means), 3)

    def test_one_trial(self):
        done = self.command("run", self.small(), "-q", "--json", "-", "--trials", "1")
        document = json.loads(done.stdout)
        self.assertEqual(document["trials"], 1)
        self.assertEqual(document["outcomes"]["leads"]["q05"], document["outcomes"]["leads"]["q95"])

    def test_partner_outcomes_can_be_left_out(self):
        self.command("run", self.small(), "-q", "-o", "with.h5", "--partner-outcomes", "on")
        self.command("run", self.small(), "-q", "-o", "without.h5", "--partner-outcomes", "off")
        names = differences(self.path("with.h5"), self.path("without.h5"))
        self.assertTrue(any(name.startswith("/partner_outcomes") for name in names))
        self.assertEqual([name for name in names if name.startswith("/outcomes/")], [])

    def test_names_that_are_not_latin(self):
        scenario = self.write("ünï cöde.toml", SMALL.replace('name = "small"', 'name = "Партнёры – прогноз"'))
        done = self.command("run", scenario, "-q", "-o", "résultat.h5")
        self.assertIn("Партнёры – прогноз", done.stdout)
        self.assertIn("Партнёры – прогноз", self.command("info", "résultat.h5").stdout)


class Resumed(CliTest):
    def test_nothing_to_resume_is_a_start(self):
        small = self.small()
        done = self.command("run", small, "-o", "run.h5", "--resume")
        self.assertIn("nothing to resume; starting from trial 0", done.stderr)
        self.assertEqual(self.files(), ["run.h5", "small.toml"])
        self.command("run", small, "-o", "plain.h5")
        self.assertEqual(differences(self.path("plain.h5"), self.path("run.h5")), [])
        done = self.command("run", small, "-o", "quiet.h5", "--resume", "-q")
        self.assertEqual(done.stderr, "")

    def test_a_shard_says_where_it_starts(self):
        golden = SOURCE / "tests/golden/month_everything.toml"
        done = self.command("run", golden, "--trials", "1024", "--shard", "2/2", "-o", "part.h5", "--resume")
        self.assertRegex(done.stderr, r"nothing to resume; starting from trial [1-9]\d*\n")

    def test_a_finished_run_is_left_alone(self):
        small = self.small()
        first = self.command("run", small, "-o", "run.h5", "--resume").stdout
        before = (self.folder / "run.h5").stat()
        done = self.command("run", small, "-o", "run.h5", "--resume")
        self.assertIn("resumed after 200 trials", done.stderr)
        self.assertNotIn("nothing to resume", done.stderr)
        self.assertEqual(done.stdout, first)
        after = (self.folder / "run.h5").stat()
        self.assertEqual((before.st_ino, before.st_mtime_ns), (after.st_ino, after.st_mtime_ns))
        done = self.command("run", small, "-o", "run.h5", "--resume", "--seed", "8", expect=3)
        self.assertIn("seed is 7 there and 8 here", done.stderr)


class Interrupted(CliTest):
    def test_what_is_complete_is_kept_and_can_be_resumed(self):
        scenario = SOURCE / "tests/golden/month_everything.toml"
        options = ["--trials", "24000", "-j", "2"]
        self.command("run", scenario, *options, "-q", "-o", "whole.h5")
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                output = self.path(f"{number}.h5")
                with subprocess.Popen([PROGRAM, "run", scenario, *options, "-o", output], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True) as process:
                    deadline = time.monotonic() + 60
                    while not os.path.exists(output + ".partial") and time.monotonic() < deadline:
                        time.sleep(0.005)
                    time.sleep(0.15)
                    process.send_signal(number)
                    _, errors = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 130, errors)
                self.assert_fragments(errors, "interrupted after", "--resume", ".partial")
                self.assertTrue(os.path.exists(output + ".partial"))
                self.assertFalse(os.path.exists(output))
                self.command("run", scenario, "--trials", "24001", "-o", output, "--resume", expect=3)
                done = self.command("run", scenario, *options, "-o", output, "--resume")
                self.assertIn("resumed after", done.stderr)
                self.assertFalse(os.path.exists(output + ".partial"))
                self.assertEqual(differences(self.path("whole.h5"), output), [])

    def test_without_an_output_nothing_is_kept(self):
        scenario = SOURCE / "tests/golden/month_everything.toml"
        with subprocess.Popen([PROGRAM, "run", scenario, "--trials", "60000"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, cwd=self.folder) as process:
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("nothing was kept", errors)
        self.assertEqual(output, "")
        self.assertEqual(self.files(), [])


if __name__ == "__main__":
    unittest.main()
