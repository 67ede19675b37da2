#!/usr/bin/env python3
"""On run files: any number of threads gives the same bits; a process that is switched off, or a partner more, changes
nothing but what is its own."""

import sys
import unittest
from pathlib import Path

import h5py
import numpy

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from cli import SOURCE, CliTest, differences  # noqa: E402

MONTH = SOURCE / "tests/golden/month_everything.toml"
WEEK = SOURCE / "tests/golden/week_everything.toml"
NEWCOMER = """[[partner]]
name = "newcomer"
[partner.volume]
leads_per_month = 40
[partner.funnel]
target_rate = 0.5
[partner.payment]
per_lead = 100
"""
# What describes the scenario, not what came out of it.
DESCRIPTION = ("/@", "/scenario", "/checksum")
# A process, what switches it off, and what makes it idle: there, but without anything to do.
PROCESSES = (
    ("fraud", ["partner_defaults.fraud.share=0", "partner_defaults.fraud.episodes_per_year=0"],
     ["partner_defaults.fraud.share=1e-300", "partner_defaults.fraud.episodes_per_year=1e-300"]),
    ("outages", ["partner_defaults.transfer.outages_per_year=0"], ["partner_defaults.transfer.outages_per_year=1e-300"]),
    ("exits", ["partner_defaults.exit.exits_per_year=0"], ["partner_defaults.exit.exits_per_year=1e-300"]),
    ("reactivation", ["partner_defaults.reactivation.rate=0"], ["partner_defaults.reactivation.rate=1e-300"]),
    ("market volume", ["market.volume_sd=0"], ["market.volume_sd=1e-300"]),
    ("budget", ["finance.budget_policy=report", "finance.budget=1e14"],
     ["finance.budget_policy=stop", "finance.budget=1e14"]),
)


def sets(values):
    return [part for value in values for part in ("--set", value)]


class Files(CliTest):
    def run_file(self, name, scenario, *options):
        self.command("run", scenario, "--trials", 600, "-q", "-o", name, *options)
        return self.path(name)

    def test_any_number_of_threads_gives_the_same_bits(self):
        for scenario in (MONTH, WEEK):
            one = self.run_file(f"{scenario.stem}-1.h5", scenario, "-j", 1)
            for threads in range(2, 9):
                other = self.run_file(f"{scenario.stem}-{threads}.h5", scenario, "-j", threads)
                self.assertEqual(differences(one, other), [], f"{scenario.stem}, {threads} threads")

    def test_an_idle_process_leaves_the_file_as_if_it_were_not_there(self):
        for number, (name, off, idle) in enumerate(PROCESSES):
            with self.subTest(name):
                without = self.run_file(f"off-{number}.h5", MONTH, *sets(off))
                present = self.run_file(f"idle-{number}.h5", MONTH, *sets(idle))
                self.assertEqual(differences(without, present, DESCRIPTION), [])

    def test_a_process_with_something_to_do_is_seen(self):
        for number, (name, off, _) in enumerate(PROCESSES[:-1]):
            with self.subTest(name):
                without = self.run_file(f"without-{number}.h5", MONTH, *sets(off))
                usual = self.run_file(f"usual-{number}.h5", MONTH)
                (self.folder / f"usual-{number}.h5").rename(self.folder / "usual.h5")
                self.assertIn("/outcomes/net_cash", differences(without, self.path("usual.h5"), DESCRIPTION), usual)

    def test_switching_off_the_training_changes_only_what_follows_from_it(self):
        """Common random numbers on the file: what happens before the target rate is the same bits."""
        # Without the ways back from the target rate to the leads: budget stop, termination, capacity that changes.
        free = sets(["sales.managers=1e6", "sales.change.2026-01-15.managers=1e6", "finance.budget_policy=report",
                     "partner_defaults.termination.min_contacted=1e9"])
        with_effect = self.run_file("with.h5", MONTH, *free)
        without = self.run_file("without.h5", MONTH, *free, *sets(["partner_defaults.training.effect=0"]))
        changed = differences(with_effect, without, DESCRIPTION)
        for same in ("leads", "fraud_leads", "lost_leads", "worked", "contacted", "payable_leads"):
            self.assertNotIn(f"/outcomes/{same}", changed)
        self.assertIn("/outcomes/target_leads", changed)

    def test_a_partner_more_leaves_the_others_as_they_are(self):
        free = sets(["sales.managers=1e6", "sales.change.2026-01-15.managers=1e6", "finance.budget_policy=report"])
        text = MONTH.read_text(encoding="utf-8")
        first = text.index("[[partner]]")
        more = self.write("more.toml", text[:first] + NEWCOMER + text[first:])
        options = [*free, "--partner-outcomes", "on", "--partner-series", "on"]
        with h5py.File(self.run_file("before.h5", MONTH, *options)) as before, \
                h5py.File(self.run_file("after.h5", more, *options)) as after:
            names = [name.decode() for name in before["partner"][()]]
            now = [name.decode() for name in after["partner"][()]]
            self.assertEqual(now, ["newcomer", *names])
            for input_name in before["inputs"]:
                self.assertEqual(before["inputs"][input_name][()].tobytes(), after["inputs"][input_name][()].tobytes())
            compared = 0
            for metric, values in before["partner_outcomes"].items():
                old, new = values[()], after["partner_outcomes"][metric][()]
                for k, name in enumerate(names):
                    numpy.testing.assert_array_equal(old[:, k], new[:, now.index(name)], f"{metric} of {name}")
                    compared += 1
            self.assertGreater(compared, 20)
            self.assertFalse(numpy.array_equal(before["outcomes/leads"][()], after["outcomes/leads"][()]))


if __name__ == "__main__":
    unittest.main()
