"""All sides of the benchmark of the chain of draws draw the same distribution: expected contracts, known in closed form.

The speed itself is not tested here: scripts/bench.sh measures it.
"""

import json
import math
import os
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))
ENGINE = Path(os.environ.get("CHANNELCAST_EXECUTABLE", str(ROOT / "build/ci/channelcast")))
SIDES = {"numpy": (sys.executable, ROOT / "bench/baselines/numpy_chain.py"), "others": (ENGINE.parent / "bench/bench_chain",)}


def expected_contracts():
    sys.path.insert(0, str(ROOT / "bench/baselines"))
    import numpy_chain as chain

    contacted, target, deal, won = chain.RATES
    a_month = sum(chain.LEADS_PER_MONTH) * contacted * target * deal * (won + (1.0 - won) * chain.RETURNING)
    # What is won in the last months becomes a contract too late.
    return a_month * sum(share * (chain.MONTHS - lag) for lag, share in enumerate(chain.LAG))


class Chain(unittest.TestCase):
    def test_every_side_has_the_expected_contracts_and_the_same_spread(self):
        expected = expected_contracts()
        sds = []
        for name, command in SIDES.items():
            if name == "others" and not Path(command[0]).exists():
                self.skipTest(f"{command[0]} is not built")
            done = subprocess.run([*map(str, command), "--seconds", "0.3"], capture_output=True, text=True, check=True)
            for side, found in json.loads(done.stdout).items():
                with self.subTest(side):
                    error = found["sd"] / math.sqrt(found["trials"])
                    self.assertLess(abs(found["mean"] - expected), 4.5 * error)
                    self.assertGreater(abs(found["mean"] * 1.05 - expected), 4.5 * error, "a bias of 5 % is found")
                sds.append((side, found["sd"], found["sd"] / math.sqrt(2 * found["trials"])))
        base = sds[0]
        for side, sd, error in sds[1:]:
            with self.subTest(side):
                self.assertLess(abs(sd - base[1]), 4.5 * math.hypot(error, base[2]))


if __name__ == "__main__":
    unittest.main()
