"""The command sensitivity: what it says and writes, what it refuses, how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

import h5py

SOURCE = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(SOURCE / "tests"))
from support.cli import PROGRAM, CliTest, differences  # noqa: E402

LEADS = "partner.alpha.volume.leads_per_month"
ESTIMATE = {"value", "error", "low", "high"}
EVERYTHING = SOURCE / "tests/golden/month_everything.toml"
FEE = ["--goal", "npv>=2.5e6@0.9", "--input", "partner.alpha.payment.per_lead"]


class Drivers(CliTest):
    def study(self, *arguments, scenario=None):
        done = self.command("sensitivity", scenario or self.small(), "--trials", "256", "-q", "--json", "-", *arguments)
        self.assertEqual(done.stderr, "")
        return json.loads(done.stdout)

    def test_text_says_what_drives_what(self):
        done = self.command("sensitivity", self.small(), "--trials", "256")
        self.assert_fragments(done.stdout, "SENSITIVITY  small", "1 uncertain input; 256 rows in 16 replicates",
                              "npv: net present value", "due to luck", LEADS, "luck within a trial", "at q90")
        self.assertIn("6 runs of 256 trials: 1,536 simulated trials", done.stderr)
        self.assertLessEqual(max(len(line) for line in done.stdout.splitlines()), 80)

    def test_json_has_the_documented_keys(self):
        study = self.study("--metric", "npv", "--metric", "payback_months")
        self.assertEqual(list(study), ["scenario", "seed", "scenario_sha256", "stream_version", "program_version",
                                       "currency", "rows", "replicates", "simulated_trials", "horizon_months",
                                       "screened_from", "factors", "tornado_inputs", "outcomes"])
        self.assertEqual(list(study["outcomes"]), ["npv", "payback_months"])
        self.assertEqual(study["factors"], [{"name": LEADS, "kind": "single", "inputs": [LEADS]}])
        bar, = study["tornado_inputs"]
        self.assertEqual((bar["name"], bar["unit"]), (LEADS, "leads/month"))
        self.assertAlmostEqual(bar["q10"], 84)
        self.assertAlmostEqual(bar["q90"], 116)
        npv = study["outcomes"]["npv"]
        self.assertEqual(list(npv), ["unit", "problem", "censored_at_horizon", "mean", "sd", "within_horizon",
                                     "epistemic_share", "aleatory_share", "luck", "interactions", "indices", "tornado",
                                     "shapley"])
        self.assertEqual(set(npv["mean"]), ESTIMATE)
        self.assertEqual(set(npv["indices"][LEADS]["total"]), ESTIMATE)
        self.assertEqual(set(npv["tornado"][LEADS]), {"at_q10", "at_q90", "swing"})
        self.assertIn("within_horizon_at_q10", study["outcomes"]["payback_months"]["tornado"][LEADS])
        self.assertAlmostEqual(npv["epistemic_share"]["value"] + npv["aleatory_share"]["value"], 1.0)
        self.assertAlmostEqual(npv["tornado"][LEADS]["swing"]["value"],
                               npv["tornado"][LEADS]["at_q90"]["value"] - npv["tornado"][LEADS]["at_q10"]["value"],
                               places=6)

    def test_threads_change_nothing(self):
        for number in (1, 2):
            self.command("sensitivity", EVERYTHING, "--trials", "64", "--most", "3", "-q", "-j", number, "-o",
                         f"{number}.h5", "--json", f"{number}.json")
            self.command("sensitivity", self.small(), *FEE, "-q", "--trials", "300", "-j", number, "--json",
                         f"goal{number}.json")
        for name in ("{}.json", "goal{}.json"):
            self.assertEqual(Path(self.path(name.format(1))).read_text(encoding="utf-8"),
                             Path(self.path(name.format(2))).read_text(encoding="utf-8"))
        self.assertEqual(differences(self.path("1.h5"), self.path("2.h5")), [])

    def test_the_file_holds_what_the_json_says(self):
        study = self.study("-o", "s.h5", scenario=EVERYTHING)
        with h5py.File(self.path("s.h5"), "r") as file:
            self.assertEqual(file.attrs["filetype"], "channelcast-sensitivity")
            self.assertEqual(file.attrs["complete"], 1)
            outcomes = [name.decode() for name in file["outcome"]]
            factors = [name.decode() for name in file["factor"]]
            bars = [name.decode() for name in file["tornado_input"]]
            self.assertEqual(outcomes, list(study["outcomes"]))
            for m, outcome in enumerate(outcomes):
                said = study["outcomes"][outcome]
                self.assertEqual(file["luck/total"][m].tolist(), list(said["aleatory_share"].values()))
                for f, factor in enumerate(factors):
                    self.assertEqual(file["indices/total"][m, f].tolist(), list(said["indices"][factor]["total"].values()))
                for b, bar in enumerate(bars):
                    self.assertEqual(file["tornado/swing"][m, b].tolist(), list(said["tornado"][bar]["swing"].values()))
            self.assertEqual(file["indices/total"].dims[1][0].name, "/factor")

    def test_without_uncertain_inputs_all_is_luck(self):
        study = self.study("--set", f"{LEADS}=100", "-o", "luck.h5", "--report", "luck.html")
        self.assertEqual(study["outcomes"]["npv"]["aleatory_share"]["value"], 1)
        self.assertEqual(study["factors"], [])
        with h5py.File(self.path("luck.h5"), "r") as file:
            self.assertNotIn("factor", file)
        text = self.command("sensitivity", self.small(), "--set", f"{LEADS}=100", "--trials", "64").stdout
        self.assertIn("whatever varies is luck", text)

    def test_some_inputs_by_themselves(self):
        study = self.study("--inputs", "partner.*.funnel.*", scenario=EVERYTHING)
        self.assertEqual(study["factors"][-1]["kind"], "others")
        for factor in study["factors"][:-1]:
            self.assertTrue(any(re.fullmatch(r"partner\..*\.funnel\..*", path) for path in factor["inputs"]), factor)

    def test_the_page_is_written_in_both_languages(self):
        for language, word in (("en", "Sensitivity"), ("ru", "Чувствительность")):
            self.command("sensitivity", EVERYTHING, "--trials", "64", "-q", "--report", "page.html", "--lang", language)
            self.assertIn(word, Path(self.path("page.html")).read_text(encoding="utf-8"))


class Goals(CliTest):
    def test_an_answer_and_its_interval(self):
        done = self.command("sensitivity", self.small(), *FEE, "--trials", "1000", "--json", "goal.json", "-o", "goal.h5",
                            "--report", "goal.html")
        self.assert_fragments(done.stdout, "GOAL  small", "wanted: npv >= 2500000 with probability 90 %", "now 300",
                              "95 % interval", "in trials not used before")
        self.assertLessEqual(max(len(line) for line in done.stdout.splitlines()), 80)
        goal = json.loads(Path(self.path("goal.json")).read_text(encoding="utf-8"))
        answer, = goal["answers"]
        self.assertLessEqual(answer["low"], answer["value"])
        self.assertLessEqual(answer["value"], answer["high"])
        self.assertTrue(goal["monotone"])
        self.assertEqual([point["value"] for point in goal["curve"]],
                         sorted(point["value"] for point in goal["curve"]))
        # A run of its own with that value has the probability that was asked for.
        done = self.command("run", self.small('[[target]]\nname = "pays"\nall = [{metric = "npv", at_least = 2.5e6}]\n'),
                            "--set", f"partner.alpha.payment.per_lead={answer['value']}", "--trials", "4000", "--seed",
                            "99", "-q", "--json", "-")
        self.assertAlmostEqual(json.loads(done.stdout)["targets"]["pays"]["probability"], 0.9, delta=0.05)
        with h5py.File(self.path("goal.h5"), "r") as file:
            self.assertEqual(file.attrs["filetype"], "channelcast-goal")
            self.assertEqual(file["answer"][:].tolist(), [answer["value"]])

    def test_a_target_is_a_goal(self):
        done = self.command("sensitivity", self.small(), "--goal", "target:good@0.5", "--input", LEADS, "--trials", "200",
                            "-q", "--json", "-")
        self.assertEqual(json.loads(done.stdout)["goal"], {"condition": "target good", "probability": 0.5})

    def test_without_an_input_candidates_are_named(self):
        done = self.command("sensitivity", self.small(), "--goal", "npv>=2.9e6@0.9", expect=2)
        self.assertIn(f"--input PATH which input is moved; what goes strongest with the goal (rank correlation): {LEADS}",
                      done.stderr)


class Refusals(CliTest):
    def refused(self, *arguments, code=2, scenario=None):
        done = self.command("sensitivity", scenario or self.small(), *arguments, expect=code)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_wrong_options(self):
        for arguments, fragment in [
            (["--metric", "nvp"], "did you mean 'npv'?"),
            (["--trials", "many"], "--trials"),
            (["--trials", "63"], "--trials"),
            (["--trials", "1e9"], "--trials"),
            (["--most", "0"], "--most"),
            (["--inputs", "finance.*"], "no uncertain input matches 'finance.*'"),
            (["--input", LEADS], "--goal"),
            (["--from", "3"], "--goal"),
            (["--goal", "npv>=0@0.9", "--metric", "npv"], "--metric"),
            (["--goal", "npv>=0", "--input", LEADS], "has no probability"),
            (["--goal", "npv>0@0.5", "--input", LEADS], "is no condition"),
            (["--goal", "target:god@0.5", "--input", LEADS], "did you mean 'good'?"),
            (["--goal", "npv>=0@0.5", "--input", LEADS + "s"], f"did you mean '{LEADS}'?"),
            (["--goal", "npv>=0@0.5", "--input", LEADS, "--from", "few"], "--from"),
            (["--goal", "npv>=0@0.5", "--input", LEADS, "--from", "-5"], "--from"),
            (["--json", "x.json", "--report", "x.json"], "--json and --report"),
            (["-o", self.small()], "is the scenario"),
        ]:
            with self.subTest(arguments):
                self.assertIn(fragment, self.refused(*arguments))

    def test_files_and_scenarios(self):
        self.refused("-o", "none/s.h5", code=4)
        self.refused("--set", "finance.budget=-1", code=3)
        self.assertEqual(self.command("sensitivity", "none.toml", expect=4).stdout, "")

    def test_an_outcome_without_a_variance_is_a_data_error(self):
        error = self.refused("--metric", "exits", "--trials", "64", "-q", code=3)
        self.assertIn("no outcome can be analysed: exits is the same in every trial", error)

    def test_values_that_a_scenario_refuses_are_named(self):
        scenario = self.small("").replace("small.toml", "back.toml")
        Path(scenario).write_text(Path(self.small()).read_text(encoding="utf-8").replace(
            "[partner.payment]", "[partner.reactivation]\nrate = 0.1\nfrom_months = 3\nto_months = 6\n[partner.payment]"),
            encoding="utf-8")
        error = self.refused("--goal", "npv>=0@0.5", "--input", "partner.alpha.reactivation.from_months", "--from", "1",
                             "--to", "9", "--trials", "64", "-q", code=3, scenario=scenario)
        self.assertIn("partner.alpha.reactivation.from_months cannot be", error)
        self.assertIn("--from and --to", error)


class Interrupted(CliTest):
    def test_an_interrupt_leaves_nothing(self):
        for arguments in ([], ["--goal", "npv>=0@0.9", "--input", "partner.main.payment.per_lead"]):
            with self.subTest(arguments):
                with subprocess.Popen([PROGRAM, "sensitivity", SOURCE / "scenarios/library/b2b_telecom.toml", "--trials",
                                       "200000", "-o", "s.h5", *arguments], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True, cwd=self.folder) as process:
                    time.sleep(1.5)
                    process.send_signal(signal.SIGINT)
                    output, errors = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 130, errors)
                self.assertIn("nothing of the study was kept", errors)
                self.assertEqual((output, self.files()), ("", []))


if __name__ == "__main__":
    unittest.main()
