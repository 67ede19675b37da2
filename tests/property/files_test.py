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
UNCERTAIN_NEWCOMER = NEWCOMER.replace("= 40", '= {dist = "uniform", min = 20, max = 60}')
# What describes the scenario, not what came out of it.
DESCRIPTION = ("/@", "/scenario", "/checksum")
# Without the ways in which one partner gets in another's way: the shared desk and the budget stop.
FREE = ("sales.managers=1e6", "sales.change.2026-01-15.managers=1e6", "finance.budget_policy=report")


class Process:
    """A process of the scenario by the month: what takes it away, and what makes it idle, there but without anything to
    do, as settings (`off`, `idle`) or as tables (`table`: what the name of each begins with; `idle_table`: a text)."""

    def __init__(self, name, off=(), idle=(), table=None, idle_table=""):
        self.name, self.off, self.idle, self.table, self.idle_table = name, off, idle, table, idle_table

    def without(self):
        """The scenario's text without the tables."""
        parts = MONTH.read_text(encoding="utf-8").split("\n\n")
        return "\n\n".join(part for part in parts if self.table is None or not part.startswith(self.table))

    def present(self):
        """The text with the process idle."""
        text = self.without() if self.idle_table else MONTH.read_text(encoding="utf-8")
        return text + self.idle_table


def inputs(table, *names, value):
    return [f"{table}.{name}={value}" for name in names]


def rate(name, table, *names, value="1e-300"):
    return Process(name, inputs(table, *names, value=0), inputs(table, *names, value=value))


NO_IMBALANCE = "partner.swap.exchange.imbalance_exit_sensitivity=0"
PROCESSES = (
    rate("fraud", "partner_defaults.fraud", "share", "episodes_per_year"),
    rate("outages", "partner_defaults.transfer", "outages_per_year"),
    rate("live transfer", "partner_defaults.transfer", "live_share"),
    rate("exits", "partner_defaults.exit", "exits_per_year"),
    rate("reactivation", "partner_defaults.reactivation", "rate"),
    rate("market volume", "market", "volume_sd"),
    rate("dispersion", "partner_defaults.volume", "dispersion"),
    rate("quality", "partner_defaults.quality", "target_sd", "win_sd"),
    rate("training", "partner_defaults.training", "effect"),
    Process("exchange", ["partner.swap.exchange.outbound_per_month=0", NO_IMBALANCE],
            ["partner.swap.exchange.outbound_per_month=1e-300", NO_IMBALANCE]),
    Process("termination", idle=["partner_defaults.termination.min_contacted=1e9"],
            table="[partner_defaults.termination]"),
    Process("events", table="[[event]]", idle_table='''
[[event]]
name = "unlikely"
target = "partner.*.contact"
start = 2026-02-10
probability = 0
factor = 0.1
cost = 1e6
[[event]]
name = "never"
target = "partner.*.volume"
per_year = 0
factor = 9
[[event]]
name = "factor-of-1"
target = "partner.*.churn"
start = 2026-02-10
factor = 1
'''),
    # In this scenario the policy alone does nothing either: it is listed last, for the test that wants to see something.
    Process("budget", ["finance.budget_policy=report", "finance.budget=1e14"],
            ["finance.budget_policy=stop", "finance.budget=1e14"]),
)


BY_PARTNER = ("--partner-outcomes", "on", "--partner-series", "on")


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
        for number, process in enumerate(PROCESSES):
            with self.subTest(process.name):
                absent = self.write(f"absent-{number}.toml", process.without())
                present = self.write(f"present-{number}.toml", process.present())
                without = self.run_file(f"off-{number}.h5", absent, *sets(process.off), *BY_PARTNER)
                idle = self.run_file(f"idle-{number}.h5", present, *sets(process.idle), *BY_PARTNER)
                self.assertEqual(differences(without, idle, DESCRIPTION), [])

    def test_a_process_with_something_to_do_is_seen(self):
        usual = self.run_file("usual.h5", MONTH, *BY_PARTNER)
        for number, process in enumerate(PROCESSES[:-1]):
            with self.subTest(process.name):
                absent = self.write(f"absent-{number}.toml", process.without())
                without = self.run_file(f"without-{number}.h5", absent, *sets(process.off), *BY_PARTNER)
                changed = differences(without, usual, DESCRIPTION)
                for name in ("/outcomes/net_cash", "/partner_outcomes/contribution",
                             "/partner_series/gross_profit/mean"):
                    self.assertIn(name, changed)

    def test_switching_off_the_training_changes_only_what_follows_from_it(self):
        """Common random numbers on the file: what happens before the target rate is the same bits."""
        # And without termination, the way back from the target rate to the leads.
        free = sets([*FREE, "partner_defaults.termination.min_contacted=1e9"])
        with_effect = self.run_file("with.h5", MONTH, *free)
        without = self.run_file("without.h5", MONTH, *free, *sets(["partner_defaults.training.effect=0"]))
        changed = differences(with_effect, without, DESCRIPTION)
        for same in ("leads", "fraud_leads", "lost_leads", "worked", "contacted", "payable_leads"):
            self.assertNotIn(f"/outcomes/{same}", changed)
        self.assertIn("/outcomes/target_leads", changed)

    def with_partner(self, name, text, place):
        """The scenario with a partner more, in front of the others or behind them."""
        scenario = MONTH.read_text(encoding="utf-8")
        at = scenario.index("[[partner]]" if place == "front" else "[[event]]")
        return self.write(name, scenario[:at] + text + "\n" + scenario[at:])

    def assert_same_partners(self, before, after):
        """Every outcome and period series of the partners of one file is in the other, bit by bit."""
        names = [name.decode() for name in before["partner"][()]]
        now = [name.decode() for name in after["partner"][()]]
        self.assertEqual([name for name in now if name != "newcomer"], names)
        places = [now.index(name) for name in names]
        compared = 0
        for metric, values in before["partner_outcomes"].items():
            new = after["partner_outcomes"][metric][()][:, places]
            self.assertEqual(values[()].tobytes(), numpy.ascontiguousarray(new).tobytes(), metric)
            compared += 1
        for metric, group in before["partner_series"].items():
            for statistic, values in group.items():
                # The partner is the last axis but one: quantiles have one more in front.
                new = numpy.take(after["partner_series"][metric][statistic][()], places, axis=-2)
                self.assertEqual(values[()].tobytes(), numpy.ascontiguousarray(new).tobytes(), f"{metric} {statistic}")
                compared += 1
        self.assertGreater(compared, 40)

    def changed_inputs(self, before, after):
        return {name for name, values in before["inputs"].items()
                if values[()].tobytes() != after["inputs"][name][()].tobytes()}

    def test_a_partner_more_leaves_the_others_as_they_are(self):
        for sampling in ("random", "lhs"):
            options = [*sets([*FREE, f"simulation.sampling={sampling}"]), *BY_PARTNER]
            old = self.run_file(f"before-{sampling}.h5", MONTH, *options)
            for place in ("front", "behind"):
                with self.subTest(sampling=sampling, place=place):
                    more = self.with_partner("more.toml", UNCERTAIN_NEWCOMER, place)
                    new = self.run_file(f"{sampling}-{place}.h5", more, *options)
                    with h5py.File(old) as before, h5py.File(new) as after:
                        self.assertEqual(self.changed_inputs(before, after), set())
                        self.assert_same_partners(before, after)
                        self.assertFalse(numpy.array_equal(before["outcomes/leads"][()], after["outcomes/leads"][()]))

    def test_a_partner_in_front_moves_the_sobol_dimensions_behind_it(self):
        options = sets([*FREE, "simulation.sampling=sobol"])
        old = self.run_file("before.h5", MONTH, *options)
        for place in ("front", "behind"):
            with self.subTest(place):
                more = self.with_partner("more.toml", UNCERTAIN_NEWCOMER, place)
                with h5py.File(old) as before, h5py.File(self.run_file(f"{place}.h5", more, *options)) as after:
                    now = list(after["inputs"])
                    own = [k for k, name in enumerate(now) if name.startswith("partner.newcomer.")]
                    self.assertGreater(len(own), 2)
                    behind = {name for name in now[own[-1] + 1:]}
                    self.assertTrue(behind)
                    changed = self.changed_inputs(before, after)
                    self.assertEqual(changed, behind)
                    if place == "behind":
                        # Only what stands behind all partners, the events' inputs: no partner's have moved.
                        self.assertFalse([name for name in changed if name.startswith("partner.")])

    def test_the_comparison_of_partners_can_fail(self):
        options = [*sets(FREE), *BY_PARTNER]
        with h5py.File(self.run_file("a.h5", MONTH, *options)) as before, \
                h5py.File(self.run_file("b.h5", MONTH, *options, "--seed", 9)) as after:
            self.assertIn("partner.alpha.funnel.target_rate", self.changed_inputs(before, after))
            with self.assertRaises(AssertionError):
                self.assert_same_partners(before, after)


if __name__ == "__main__":
    unittest.main()
