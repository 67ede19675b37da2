"""The commands validate, init, schema, info, summary, merge and replay."""

import json
import math
import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

import h5py

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from cli import PROGRAM, SMALL, SOURCE, CliTest, differences  # noqa: E402


class Scenarios(CliTest):
    def test_validate_says_what_a_scenario_is(self):
        done = self.command("validate", self.small())
        self.assert_fragments(done.stdout, "valid", '"small"', "1 partner", "12 months", "1 uncertain", "1 target")

    def test_validate_takes_overrides(self):
        small = self.small()
        self.command("validate", small, "--set", "finance.budget=-1", expect=3)
        self.command("validate", small, "--set", "finance.budget=1")

    def test_validate_shows_the_resolved_scenario(self):
        done = self.command("validate", self.small(), "--resolved", "--set", "finance.budget=123")
        text = json.dumps(json.loads(done.stdout))
        self.assert_fragments(text, "123", "--set", "default", "currency/lead")

    def test_every_scenario_of_the_library_is_valid(self):
        library = sorted((SOURCE / "scenarios" / "library").glob("*.toml"))
        for scenario in library:
            self.command("validate", scenario)

    def test_init_writes_a_valid_scenario_and_never_over_another(self):
        on_screen = self.command("init").stdout
        done = self.command("init", "mine.toml")
        self.assertIn("mine.toml", done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual((self.folder / "mine.toml").read_text(encoding="utf-8"), on_screen)
        self.command("validate", "mine.toml")
        (self.folder / "mine.toml").write_text("precious", encoding="utf-8")
        done = self.command("init", "mine.toml", expect=4)
        self.assertIn("exists", done.stderr)
        self.assertEqual((self.folder / "mine.toml").read_text(encoding="utf-8"), "precious")
        self.command("init", "nowhere/mine.toml", expect=4)
        self.command("init", ".", expect=4)

    def test_schema_is_json_schema(self):
        document = json.loads(self.command("schema").stdout)
        self.assertIn("json-schema.org", document["$schema"])
        self.assertIn("partner", document["properties"])
        import jsonschema
        jsonschema.validators.validator_for(document).check_schema(document)


class Names(CliTest):
    def test_control_characters_of_a_name_do_not_reach_the_terminal(self):
        name = 'name="two\\u001b[2J\\nlines"'
        small = self.small()
        shown = self.command("validate", small, "--set", name).stdout
        self.command("run", small, "-q", "--set", name, "-o", "run.h5")
        shown += self.command("info", "run.h5").stdout + self.command("summary", "run.h5").stdout
        self.assertEqual(shown.count("two [2J lines"), 3, shown)
        self.assertNotIn("\x1b", shown)


class Validation(CliTest):
    def test_accepts_only_what_runs(self):
        many = SMALL.replace("alpha", "p").replace('name = "p"', 'name = "p"\ncount = 4000')
        many = self.write("many.toml", many)
        sobol = ["--set", 'simulation.sampling="sobol"']
        self.command("validate", many)
        messages = {self.command(*command, *sobol, expect=3).stderr
                    for command in (["validate", many], ["validate", many, "--resolved"], ["run", many, "-q"])}
        self.assertEqual(len(messages), 1, messages)
        self.assertIn("sobol", messages.pop().lower())

    def test_a_default_that_nobody_takes_is_warned_about(self):
        small = self.small()
        done = self.command("validate", small, "--set", "partner_defaults.payment.per_lead=1")
        self.assert_fragments(done.stderr, "warning: ", "partner_defaults.payment.per_lead", "partner.*.payment.per_lead")
        self.assertEqual(self.command("validate", small, "--set", "partner_defaults.payment.per_target=1").stderr, "")

    def test_without_a_name_the_file_has_one(self):
        nameless = self.write("my plan.toml", SMALL.replace('name = "small"\n', ""))
        self.assertTrue(self.command("run", nameless, "-q", "-o", "run.h5").stdout.startswith("my plan\n"))
        self.assertIn("# my plan: trial 3", self.command("replay", nameless, "--trial", "3").stdout)
        document = json.loads(self.command("summary", "run.h5", "--json", "-").stdout)
        self.assertEqual(document["scenario"], "my plan")

    def test_json_has_no_negative_zero(self):
        done = self.command("run", self.small(), "-q", "--json", "-", "--set", "finance.budget=1e12")
        self.assertNotRegex(done.stdout, r"-0\.0\b(?!\d)")


class Interrupts(CliTest):
    def interrupted(self, *command, ready=None):
        with subprocess.Popen([PROGRAM, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, cwd=self.folder) as process:
            deadline = time.monotonic() + 60
            while ready and not ready() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.0005)
            time.sleep(0 if ready else 0.5)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
            return process.returncode

    def test_commands_that_wait_end(self):
        os.mkfifo(self.path("pipe"))
        for command in (["replay", "/dev/stdin", "--trial", "0"], ["validate", "/dev/stdin"], ["info", "pipe"],
                        ["summary", "pipe"]):
            with self.subTest(command):
                self.assertEqual(self.interrupted(*command), 130)

    def test_a_merge_leaves_nothing(self):
        golden = SOURCE / "tests/golden/month_everything.toml"
        for shard in (1, 2):
            self.command("run", golden, "--trials", "20000", "-q", "-o", f"{shard}.h5", "--shard", f"{shard}/2")
        ready = (self.folder / "all.h5.partial.final").exists
        self.assertEqual(self.interrupted("merge", "1.h5", "2.h5", "-o", "all.h5", ready=ready), 130)
        self.assertEqual(self.files(), ["1.h5", "2.h5"])


class RunFiles(CliTest):
    def setUp(self):
        super().setUp()
        self.command("run", self.small(), "-q", "-o", "run.h5")

    def test_info(self):
        done = self.command("info", "run.h5")
        self.assert_fragments(done.stdout, "run.h5", "small", "200", "seed", "12 months from 2025-06-01")

    def test_summary_is_what_run_said(self):
        run = self.command("run", self.path("small.toml"), "-q")
        self.assertEqual(self.command("summary", "run.h5").stdout, run.stdout)
        run = self.command("run", self.path("small.toml"), "-q", "--json", "-")
        self.assertEqual(self.command("summary", "run.h5", "--json", "-").stdout, run.stdout)
        self.command("summary", "run.h5", "--json", "out.json")
        self.assertEqual((self.folder / "out.json").read_text(encoding="utf-8"), run.stdout)
        self.command("summary", "run.h5", "--json", "nowhere/out.json", expect=4)

    def test_results_do_not_take_the_place_of_runs(self):
        before = (self.folder / "run.h5").read_bytes()
        os.link(self.path("run.h5"), self.path("hard.h5"))
        (self.folder / "soft.h5").symlink_to("run.h5")
        for name in ("run.h5", "./run.h5", "hard.h5", "soft.h5"):
            with self.subTest(name):
                self.command("summary", "run.h5", "--json", name, expect=2)
                self.command("merge", "other.h5", "run.h5", "-o", name, expect=2)
        self.assertEqual((self.folder / "run.h5").read_bytes(), before)

    def test_files_that_are_no_runs(self):
        self.write("text.h5", "not a run file at all\n" * 100)
        with h5py.File(self.path("other.h5"), "w") as other:
            other["x"] = 1
        whole = (self.folder / "run.h5").read_bytes()
        (self.folder / "cut.h5").write_bytes(whole[: len(whole) // 2])
        for command in ("info", "summary"):
            self.command(command, "nowhere.h5", expect=4)
            for name in ("text.h5", "other.h5", "cut.h5"):
                with self.subTest(f"{command} {name}"):
                    done = self.command(command, name, expect=3)
                    self.assertIn(name, done.stderr)
                    self.assertEqual(done.stdout, "")
            self.command(command, ".", expect=None)

    def test_an_unfinished_file_is_refused(self):
        with h5py.File(self.path("run.h5"), "r+") as run:
            self.assertEqual(run.attrs["filetype"], b"channelcast-run" if isinstance(run.attrs["filetype"], bytes)
                             else "channelcast-run")
            del run.attrs["complete"]
        self.command("summary", "run.h5", expect=3)

    def test_merge_refuses_what_does_not_fit(self):
        golden = SOURCE / "tests/golden/month_everything.toml"
        for shard in (1, 2, 3):
            self.command("run", golden, "--trials", "800", "-q", "-o", f"{shard}.h5", "--shard", f"{shard}/3")
        self.command("run", golden, "--trials", "800", "--seed", "5", "-q", "-o", "seed.h5", "--shard", "3/3")
        for shards in (["1.h5", "2.h5"], ["1.h5", "2.h5", "2.h5", "3.h5"], ["1.h5", "2.h5", "seed.h5"],
                       ["1.h5", "2.h5", "run.h5"], ["1.h5"]):
            with self.subTest(shards):
                done = self.command("merge", *shards, "-o", "all.h5", expect=3)
                self.assertNotEqual(done.stderr, "")
                self.assertFalse((self.folder / "all.h5").exists())
        self.command("merge", "1.h5", "2.h5", "nowhere.h5", "-o", "all.h5", expect=4)
        self.command("merge", "1.h5", "2.h5", "3.h5", "-o", "nowhere/all.h5", expect=4)
        done = self.command("merge", "3.h5", "1.h5", "2.h5", "-o", "all.h5")
        self.assertIn("3 shards", done.stderr)
        self.command("run", golden, "--trials", "800", "-q", "-o", "whole.h5")
        self.assertEqual(differences(self.path("whole.h5"), self.path("all.h5")), [])


class Replay(CliTest):
    def replayed(self, *arguments):
        """Outcomes and inputs of a replayed trial by name."""
        text = self.command("replay", *arguments).stdout
        tables = {}
        for part in text.split("\n# ")[1:]:
            heading, _, body = part.partition("\n")
            tables[heading] = [line.split() for line in body.strip().splitlines()]
        return text, tables

    def test_outcomes_are_those_of_the_run_file(self):
        for name in ("month_everything", "week_everything"):
            golden = SOURCE / f"tests/golden/{name}.toml"
            self.command("run", golden, "--trials", "700", "-q", "-o", f"{name}.h5")
            with h5py.File(self.path(f"{name}.h5")) as run:
                for trial in (0, 1, 255, 256, 433, 699):
                    _, tables = self.replayed(golden, "--trial", trial, "--trials", "700")
                    rows = {row[0]: row[1] for row in tables["outcomes"]}
                    self.assertEqual(set(rows), set(run["outcomes"]))
                    for metric, text in rows.items():
                        expected = float(run["outcomes"][metric][trial])
                        self.assertEqual(text, f"{expected:.10g}" if not math.isnan(expected) else text, metric)
                        self.assertEqual(math.isnan(float(text)), math.isnan(expected), metric)
                    for path, text, *_ in tables["inputs as drawn"]:
                        self.assertEqual(text, f"{float(run['inputs'][path][trial]):.10g}", path)

    def test_shows_every_period_and_partner(self):
        text, tables = self.replayed(self.small(), "--trial", "3")
        self.assertIn("trial 3 of 200, seed 7", text)
        partners = tables["partners by period"]
        self.assertEqual(len(partners), 1 + 12)
        self.assertEqual(partners[1][:3], ["0", "2025-06-01", "alpha"])
        leads = partners[0].index("leads")
        total = sum(float(row[leads]) for row in partners[1:])
        self.assertEqual(dict((row[0], float(row[1])) for row in tables["outcomes"])["leads"], total)
        self.assertEqual(len(tables["programme by period"]), 1 + 12)
        self.assertTrue(all(len(row) == len(partners[0]) for row in partners))

    def test_refuses_a_trial_that_is_not_there(self):
        small = self.small()
        done = self.command("replay", small, "--trial", "200", expect=2)
        self.assert_fragments(done.stderr, "199", "--trials")
        for trial in ("-1", "--trial=-1"):
            self.assertIn("'-1'", self.command("replay", small, *(["--trial", trial] if trial == "-1" else [trial]),
                                               expect=2).stderr)
        self.command("replay", small, "--trial", "one", expect=2)
        self.command("replay", "nowhere.toml", "--trial", "1", expect=4)
        self.command("replay", small, "--trial", "200", "--trials", "201")

    def test_takes_seed_and_overrides(self):
        small = self.small()
        plain, _ = self.replayed(small, "--trial", "3")
        seeded, _ = self.replayed(small, "--trial", "3", "--seed", "8")
        free, tables = self.replayed(small, "--trial", "3", "--set", "partner.alpha.payment.per_lead=0")
        self.assertNotEqual(plain, seeded)
        self.assertEqual(dict((row[0], row[1]) for row in tables["outcomes"])["acquisition_cost"], "0")
        self.assertNotEqual(plain, free)


if __name__ == "__main__":
    unittest.main()
