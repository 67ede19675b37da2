"""compare and optimize on the command line: what they print and write, what they refuse, and that threads do not matter."""

import json
import os
import subprocess
import sys
import time
import unittest
from pathlib import Path

import h5py
import numpy

SOURCE = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(SOURCE / "tests"))
from support.cli import PROGRAM, CliTest  # noqa: E402

MIXES = """
[[partner]]
name = "beta"
[partner.volume]
leads_per_month = 60
[partner.funnel]
target_rate = 0.6
[partner.customer]
revenue_per_month = 1000
[partner.payment]
per_lead = 250
[[mix]]
name = "alpha"
partners = ["alpha"]
[[mix]]
name = "beta"
partners = ["beta"]
[[mix]]
name = "more beta"
scale = {beta = 1.5}
set = {"partner.beta.payment.per_lead" = 300}
"""


class Studies(CliTest):
    def scenario(self):
        return self.small(MIXES)

    def document(self, *arguments):
        return json.loads(self.command(*arguments, "-q", "--json", "-").stdout)

    def test_everything_is_compared_and_written(self):
        document = self.document("compare", self.scenario(), "-o", "cmp.h5", "--report", "page.html", "--all-trials")
        names = [one["name"] for one in document["alternatives"]]
        self.assertEqual(names, ["as written", "alpha", "beta", "more beta"])
        self.assertEqual(len(document["pairs"]), 6)
        self.assertIn(document["best"], names)
        self.assertEqual(sorted(document["ranking"]), sorted(names))
        with h5py.File(self.path("cmp.h5")) as file:
            self.assertEqual(file.attrs["filetype"], "channelcast-comparison")
            self.assertEqual(file.attrs["complete"], 1)
            npv = file["outcomes/npv"][:]
            self.assertEqual(file["outcomes/npv"].attrs["units"], "RUB")
            self.assertEqual(npv.shape, (4, 200))
            self.assertEqual([name.decode() for name in file["alternative"][:]], names)
            mean = file["pairs/npv/mean"][:]
        for pair in document["pairs"]:
            a, b = names.index(pair["a"]), names.index(pair["b"])
            difference = npv[a] - npv[b]
            stated = pair["metrics"]["npv"]
            self.assertAlmostEqual(stated["mean"], difference.mean(), delta=1e-9 * abs(difference).max())
            self.assertAlmostEqual(stated["mcse"], difference.std(ddof=1) / len(difference) ** 0.5, places=6)
            self.assertAlmostEqual(stated["q10"], numpy.quantile(difference, 0.1), places=6)
            self.assertEqual(stated["p_a_better"]["probability"], (difference > 0).mean())
            ratio = (npv[a].var(ddof=1) + npv[b].var(ddof=1)) / difference.var(ddof=1)
            self.assertAlmostEqual(stated["variance_ratio"], ratio, delta=1e-9 * ratio)
            self.assertEqual(mean[a, b], stated["mean"])
            self.assertEqual(mean[b, a], -stated["mean"])
        self.assertIn("Comparison of partner mixes", (self.folder / "page.html").read_text(encoding="utf-8"))
        self.assertEqual(self.files(), ["cmp.h5", "page.html", "small.toml"])

    def test_alternatives_are_those_of_run(self):
        scenario = self.scenario()
        self.command("compare", scenario, "-o", "cmp.h5", "--all-trials", "-q")
        self.command("run", scenario, "-o", "run.h5", "-q")
        with h5py.File(self.path("cmp.h5")) as file, h5py.File(self.path("run.h5")) as run:
            self.assertTrue((file["outcomes/npv"][0] == run["outcomes/npv"][:]).all())
            self.assertTrue((file["outcomes/payback_months"][0] == run["outcomes/payback_months"][:]).all())

    def test_mixes_are_named_together_or_one_by_one(self):
        scenario = self.scenario()
        together = self.document("compare", scenario, "--mix", "alpha", "beta", "--trials", "500")
        self.assertEqual([one["name"] for one in together["alternatives"]], ["alpha", "beta"])
        self.assertEqual(self.document("compare", scenario, "--mix", "alpha", "--mix", "beta", "--trials", "500"), together)

    def test_threads_do_not_matter(self):
        scenario = self.scenario()
        for command in (["compare", scenario, "--trials", 3000], ["optimize", scenario, "--volumes", "0.5,1,2"]):
            texts = [self.command(*command, "-q", "-j", threads, "--json", "-").stdout for threads in (1, 2)]
            self.assertEqual(texts[0], texts[1])

    def test_several_scenarios(self):
        first = self.scenario()
        other = self.write("other.toml", Path(first).read_text(encoding="utf-8").replace("min = 80", "min = 70"))
        document = self.document("compare", first, other)
        self.assertEqual([one["name"] for one in document["alternatives"]], ["small", "other"])
        self.assert_fragments(self.command("compare", first, other, "--mix", "alpha", expect=2).stderr, "--mix")
        self.assert_fragments(self.command("compare", first, first, expect=2).stderr, "compared twice")
        weeks = self.write("weeks.toml", Path(first).read_text(encoding="utf-8").replace("periods = 12", "periods = 24"))
        self.assert_fragments(self.command("compare", first, weeks, expect=2).stderr, "cannot be compared", "24 periods")

    def test_wrong_use_is_told(self):
        scenario = self.scenario()
        for arguments, fragments in (
            (["--mix", "alpah"], ["there is no mix 'alpah'", "alpha"]),
            (["--mix", "alpha"], ["at least two"]),
            (["--objective", "cac"], ["--objective", "ratio"]),
            (["--objective", "target:best"], ["there is no target 'best'", "good"]),
            (["--confidence", "1.5"], ["--confidence"]),
            (["--least-trials", "0"], ["--least-trials"]),
            (["--json", scenario], ["--json", "is the scenario"]),
            (["--json", "x", "--report", "x"], ["--json and --report"]),
        ):
            self.assert_fragments(self.command("compare", scenario, *arguments, expect=2).stderr, *fragments)
        self.assert_fragments(self.command("compare", scenario, "-o", "no/cmp.h5", expect=4).stderr, "no")
        self.command("compare", "none.toml", expect=4)
        for arguments, fragments in (
            (["--limit", "npv"], ["--limit", "is no limit"]),
            (["--limit", "p(overrun)<=2"], ["between 0 and 1"]),
            (["--partner", "alfa"], ["--partner", "alpha"]),
            (["--keep", "alpha", "--keep", "beta", "--max-partners", "1"], ["--max-partners"]),
            (["--volumes", "0"], ["--volumes"]),
            (["--method", "guess"], ["--method"]),
        ):
            self.assert_fragments(self.command("optimize", scenario, *arguments, expect=2).stderr, *fragments)
        self.assert_fragments(self.command("optimize", scenario, "--managers", "3", expect=3).stderr,
                              "leads_per_manager_per_month")
        self.assertEqual(self.files(), ["other.toml"] if "other.toml" in self.files() else ["small.toml"])

    def test_optimize_gives_a_mix_that_can_be_compared(self):
        scenario = self.scenario()
        document = self.document("optimize", scenario, "--volumes", "0.5,1,2", "--limit", "p(overrun)<=0.5", "-o", "opt.h5",
                                 "--report", "page.html", "--trials", "1000")
        best = document["best"]
        self.assertEqual(document["choices"], 3 + 3 + 9)
        self.assertEqual(document["method"], "exhaustive")
        self.assertTrue(all(limit["kept"] for limit in best["fresh"]["limits"]))
        text = Path(scenario).read_text(encoding="utf-8") + best["mix"]
        (self.folder / "with_best.toml").write_text(text, encoding="utf-8")
        compared = self.document("compare", "with_best.toml", "--mix", "best", "--mix", "as written", "--trials", "1000",
                                 "--all-trials")
        mean = compared["alternatives"][0]["outcomes"]["npv"]["mean"]
        self.assertAlmostEqual(mean, best["final"]["npv"]["value"], delta=1e-9 * abs(mean))
        with h5py.File(self.path("opt.h5")) as file:
            self.assertEqual(file["candidate"].shape, (15,))
            self.assertEqual(file["best"][:].sum(), 1)
            where = int(file["best"][:].argmax())
            self.assertEqual(file["candidate"][where].decode(), best["name"])
            self.assertEqual(file["fresh/npv"][where], best["fresh"]["npv"]["value"])

    def test_an_interrupt_ends_with_130_and_leaves_nothing(self):
        running = subprocess.Popen([PROGRAM, "compare", self.scenario(), "-o", "cmp.h5", "--trials", "2000000",
                                    "--all-trials", "--set", "horizon.periods=60"], cwd=self.folder,
                                   stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        time.sleep(1.0)
        running.send_signal(2)
        _, errors = running.communicate(timeout=60)
        if running.returncode == 4:
            self.skipTest("not enough memory for a long study here")
        self.assertEqual(running.returncode, 130, errors)
        self.assertIn("interrupted", errors)
        self.assertEqual(self.files(), ["small.toml"])


if __name__ == "__main__":
    unittest.main()
