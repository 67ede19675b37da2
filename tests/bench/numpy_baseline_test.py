"""The numpy baseline of the speed comparison simulates the engine's model, and refuses what it does not have.

The speed itself is not tested here: scripts/bench.sh measures it.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))
ENGINE = os.environ.get("CHANNELCAST_EXECUTABLE", str(ROOT / "build/ci/channelcast"))
BASELINE = ROOT / "bench/baselines/numpy_forecast.py"
SCENARIOS = (ROOT / "scenarios/library/b2b_telecom.toml", ROOT / "bench/scenarios/three_partners.toml")
TRIALS = "4000"


def run_baseline(*arguments):
    return subprocess.run([sys.executable, str(BASELINE), *map(str, arguments)], capture_output=True, text=True)


class NumpyBaseline(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.result = Path(folder.name) / "result.json"
        self.scenario = Path(folder.name) / "scenario.toml"

    def check(self, scenario, seed, leads="chain"):
        return run_baseline(scenario, "--trials", TRIALS, "--seed", seed, "--leads", leads, "--statistics", "--check",
                            self.result)

    def test_agrees_with_the_engine_and_notices_where_it_does_not(self):
        for scenario in SCENARIOS:
            with self.subTest(scenario=scenario.name):
                subprocess.run([ENGINE, "run", str(scenario), "--trials", TRIALS, "--seed", "11", "--quiet", "--json",
                                str(self.result)], check=True, stdout=subprocess.DEVNULL)
                for leads in ("chain", "thinned"):
                    done = self.check(scenario, 12, leads)
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                    self.assertIn("agree", done.stdout)

                # A mean that is off by twelve standard errors is found.
                document = json.loads(self.result.read_text(encoding="utf-8"))
                contracts = document["outcomes"]["contracts"]
                contracts["mean"] += 12.0 * contracts["mcse"]
                self.result.write_text(json.dumps(document), encoding="utf-8")
                document["series"]["cash"]["mean"][3] += 12.0 * document["series"]["cash"]["mcse"][3]
                self.result.write_text(json.dumps(document), encoding="utf-8")
                done = self.check(scenario, 12)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("contracts mean", done.stdout)
                self.assertIn("cash of period 3", done.stdout)

    def test_threads_and_chunks_do_not_change_what_is_simulated(self):
        sys.path.insert(0, str(BASELINE.parent))
        from numpy_forecast import load, simulate_all

        scenario = load(SCENARIOS[0])
        one = simulate_all(scenario, seed=3, trials=600, chunk=200, threads=1)
        two = simulate_all(scenario, seed=3, trials=600, chunk=200, threads=2)
        for name, values in one.items():
            self.assertTrue((values == two[name]).all(), name)

    def test_refuses_what_it_does_not_model(self):
        text = SCENARIOS[1].read_text(encoding="utf-8")
        for addition in ('[[event]]\nname = "strike"\ntarget = "partner.large.volume"\nper_year = 1.0\n',
                         "[partner.exchange]\noutbound_per_month = 3\n"):
            with self.subTest(addition=addition.split("\n")[0]):
                self.scenario.write_text(text + "\n" + addition, encoding="utf-8")
                done = run_baseline(self.scenario, "--trials", "10")
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("is not modelled by the numpy baseline", done.stderr)


if __name__ == "__main__":
    unittest.main()
