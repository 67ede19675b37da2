"""The command `rank`: effects against single runs, all outputs, refusals."""

import json
import sys
import unittest
from pathlib import Path

import h5py
import numpy

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from cli import SMALL, SOURCE, CliTest, differences  # noqa: E402

BETA = """
[[partner]]
name = "beta"
[partner.volume]
leads_per_month = {dist = "uniform", min = 20, max = 60}
[partner.customer]
revenue_per_month = 400
[partner.score]
ease = 6
strategic_fit = 8
engagement = 3
"""


class Rank(CliTest):
    def test_the_effect_is_that_of_two_runs(self):
        small = self.small(BETA)
        result = json.loads(self.command("rank", small, "--json", "-", "-q").stdout)
        alone = self.write("alone.toml", SMALL)
        self.command("run", small, "-o", "both.h5", "-q")
        self.command("run", alone, "-o", "alone.h5", "-q")
        with h5py.File(self.path("both.h5")) as both, h5py.File(self.path("alone.h5")) as one:
            effect = both["outcomes/npv"][()] - one["outcomes/npv"][()]
            own = both["partner_outcomes/contribution"][:, 1]
        beta = result["alternatives"][1]
        self.assertEqual(beta["name"], "beta")
        self.assertAlmostEqual(beta["effect"]["mean"], effect.mean(), delta=1e-6)
        self.assertAlmostEqual(beta["effect"]["mcse"], effect.std(ddof=1) / len(effect)**0.5, delta=1e-6)
        self.assertEqual(beta["effect"]["p_positive"]["probability"], (effect > 0).mean())
        self.assertAlmostEqual(beta["contribution"]["mean"], own.mean(), delta=1e-6)
        ice = beta["ice"]
        alpha = result["alternatives"][0]["effect"]["mean"]
        self.assertAlmostEqual(ice["impact"], 1 + 9 * max(0, effect.mean()) / max(alpha, effect.mean()))
        self.assertAlmostEqual(ice["confidence"], 1 + 9 * (effect > 0).mean())
        self.assertAlmostEqual(ice["ice"], ice["impact"] * ice["confidence"] * 6)
        self.assertIsNone(result["alternatives"][0]["ice"]["ice"])
        self.assertAlmostEqual(beta["matrix"]["score"], (2 * 8 + 2 * 3) / 4)
        self.assertEqual(beta["matrix"]["cut_off"], "open")
        self.assertEqual(result["alternatives"][0]["matrix"]["cut_off"], "unscored")

    def test_text_and_files(self):
        pilots = SOURCE / "scenarios/library/three_pilots.toml"
        for arguments in ([pilots], [pilots, "--by", "contracts"], [self.small(BETA)]):
            done = self.command("rank", *arguments, "--trials", "300", "-q")
            self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80, done.stdout)
        self.command("rank", pilots, "--trials", "300", "-q", "-o", "one.h5", "-j", "1")
        self.command("rank", pilots, "--trials", "300", "-q", "-o", "two.h5", "-j", "2")
        self.assertEqual(differences(self.path("one.h5"), self.path("two.h5")), [])
        with h5py.File(self.path("one.h5")) as file:
            self.assertEqual(file.attrs["filetype"], "channelcast-ranking")
            self.assertEqual(file["matrix/scores"].shape, (3, 10))
            self.assertEqual(numpy.isnan(file["matrix/scores"][()]).sum(), 2)
        self.command("rank", pilots, "--trials", "300", "-q", "--report", "r.html", "--lang", "ru")
        self.assertIn("Ранжирование партнёров", (self.folder / "r.html").read_text(encoding="utf-8"))

    def test_mixes(self):
        mixes = '[[mix]]\nname = "a"\npartners = ["alpha"]\nease = 5\n[[mix]]\nname = "ab"\nease = 5\n'
        small = self.small(BETA + mixes)
        result = json.loads(self.command("rank", small, "--of", "mixes", "--json", "-", "-q").stdout)
        self.command("run", small, "-o", "both.h5", "-q")
        with h5py.File(self.path("both.h5")) as both:
            self.assertAlmostEqual(result["alternatives"][1]["effect"]["mean"], both["outcomes/npv"][()].mean(), delta=1e-6)
        self.assertNotIn("matrix", result["alternatives"][0])

    def test_refusals(self):
        small = self.small()
        self.assertIn("one partner only", self.command("rank", small, expect=2).stderr)
        self.assertIn("no [[mix]]", self.command("rank", small, "--of", "mixes", expect=2).stderr)
        both = self.write("both.toml", SMALL + BETA)
        self.assertIn("did you mean 'npv'", self.command("rank", both, "--by", "nvp", expect=2).stderr)
        self.command("rank", both, "--of", "people", expect=2)
        self.command("rank", both, "-o", both, expect=2)
        message = self.command("rank", both, "--set", "partner.beta.score.engagment=1", expect=3).stderr
        self.assertIn("did you mean 'engagement'?", message)
        self.command("rank", "none.toml", expect=4)

    def test_a_numeric_failure_names_the_variant(self):
        storm = "".join(f'[[event]]\nname = "e{i}"\ntarget = "partner.beta.revenue"\nstart = 2025-07-01\nfactor = 1e6\n'
                        for i in range(60))
        self.assertIn("all partners: ", self.command("rank", self.small(BETA + storm), expect=5).stderr)


if __name__ == "__main__":
    unittest.main()
