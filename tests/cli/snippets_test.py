"""The pages for Python and R: their blocks are run one after the other, as a reader would, and what they print is what the page
shows. Skipped where the interpreter or a package is missing. New outputs: scripts/refresh_docs.py."""

import os
import sys
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(ROOT / "scripts"))
import refresh_docs as docs  # noqa: E402


class Snippets(unittest.TestCase):
    maxDiff = None

    def check(self, language):
        if not docs.INTERPRETERS[language].works():
            self.skipTest(f"the interpreter or a package of {language} is missing")
        blocks = docs.run_snippets(ROOT / f"docs/guide/{language}.md", language)
        self.assertGreater(len(blocks), 3)
        for block, printed in blocks:
            with self.subTest(code=block["code"]):
                self.assertEqual(printed, block["text"] or "")

    def test_python(self):
        self.check("python")

    def test_r(self):
        self.check("r")


if __name__ == "__main__":
    unittest.main()
