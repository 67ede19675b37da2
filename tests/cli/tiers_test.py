"""The command `tiers`: from a scenario and from a run file, all outputs, refusals."""

import json
import sys
import unittest
from pathlib import Path

import h5py
import numpy
from scipy import stats

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from cli import CliTest, differences  # noqa: E402

MORE = """
[[target]]
name = "excellent"
all = [{metric = "payback_months", at_most = 2.35}, {metric = "cac", at_most = 650}, {metric = "contracts", at_least = 600}]
"""


class Tiers(CliTest):
    def test_a_scenario_and_its_run_file_give_the_same(self):
        small = self.small(MORE)
        self.command("run", small, "-o", "run.h5", "-q")
        one = self.command("tiers", small, "--json", "a.json", "-o", "a.h5", "-j", "1", "-q").stdout
        two = self.command("tiers", "run.h5", "--json", "b.json", "-o", "b.h5", "-q").stdout
        self.assertEqual(one, two)
        self.assertLessEqual(max(map(len, one.splitlines())), 80)
        self.assertEqual((self.folder / "a.json").read_text(), (self.folder / "b.json").read_text())
        self.assertEqual(differences(self.path("a.h5"), self.path("b.h5")), [])

    def test_figures_against_numpy_and_scipy(self):
        small = self.small(MORE)
        self.command("run", small, "-o", "run.h5", "-q")
        result = json.loads(self.command("tiers", "run.h5", "--json", "-", "-q").stdout)
        tier = result["tiers"][1]
        with h5py.File(self.path("run.h5")) as file:
            metric = {name: file[f"outcomes/{name}"][()] for name in ("payback_months", "cac", "contracts")}
            leads = file["inputs/partner.alpha.volume.leads_per_month"][()]
        met = [metric["payback_months"] <= 2.35, metric["cac"] <= 650, metric["contracts"] >= 600]
        inside = met[0] & met[1] & met[2]
        self.assertEqual(tier["probability"], inside.mean())
        self.assertTrue(30 <= inside.sum() <= 170, inside.sum())  # or the comparison below would be none
        self.assertAlmostEqual(tier["cac"]["mean"], metric["cac"][inside].mean(), places=6)
        self.assertAlmostEqual(tier["cac"]["q50"], numpy.median(metric["cac"][inside]), places=6)
        for k, condition in enumerate(tier["conditions"]):
            others = numpy.all([m for j, m in enumerate(met) if j != k], axis=0)
            self.assertEqual(condition["met"]["probability"], met[k].mean())
            self.assertEqual(condition["fails_alone"]["probability"], (others & ~met[k]).mean())
        alone = [condition["fails_alone"]["probability"] for condition in tier["conditions"]]
        self.assertEqual(tier["bottleneck"], int(numpy.argmax(alone)))
        one = tier["inputs"][0]
        test = stats.mannwhitneyu(leads[inside], leads[~inside], method="asymptotic", use_continuity=False)
        self.assertAlmostEqual(one["higher_inside"]["probability"], test.statistic / (inside.sum() * (~inside).sum()))
        self.assertAlmostEqual(one["higher_inside"]["p_value"], test.pvalue, delta=1e-9 + 1e-6 * test.pvalue)

    def test_the_page(self):
        self.command("tiers", self.small(MORE), "--report", "t.html", "--lang", "ru", "-q")
        self.assertIn("Уровни прогноза", (self.folder / "t.html").read_text(encoding="utf-8"))

    def test_refusals(self):
        small = self.small()
        self.command("run", small, "-o", "run.h5", "-q")
        for options in (["--set", "finance.budget=1"], ["--seed", "2"], ["--trials", "5"]):
            self.assertIn("finished run", self.command("tiers", "run.h5", *options, expect=2).stderr)
        self.assertIn("-o", self.command("tiers", "run.h5", "-o", "run.h5", expect=2).stderr)
        bare = self.write("bare.toml", Path(small).read_text().partition("[[target]]")[0])
        self.assert_fragments(self.command("tiers", bare, expect=2).stderr, "no targets", "[[target]]")
        self.command("tiers", "none.toml", expect=4)
        (self.folder / "cut.h5").write_bytes((self.folder / "run.h5").read_bytes()[:5000])
        self.command("tiers", "cut.h5", expect=3)


if __name__ == "__main__":
    unittest.main()
