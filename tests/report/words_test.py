"""The report's script by itself: its types hold (a language that lacks a word does not compile), every word is used, says all it
is told in both languages, and every metric and input has its name in both."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))
PROGRAM = Path(os.environ.get("CHANNELCAST_EXECUTABLE", SOURCE / "build/ci/channelcast"))
WEB = SOURCE / "output/report/web"
MODULES = PROGRAM.parent / "output/report/npm/node_modules"
NODE = shutil.which("node") or shutil.which("nodejs")

# Calls every word with marked arguments and prints what it says: {language: {path: [text, marks that must be in it]}}.
SPEAK = """
import { dictionaries } from "./words";
import { inputLabels, metricLabels } from "./labels";
const tenths = { median: true, low: "«low»", high: "«high»" };
const numbers = new Set(["periods", "shard", "partnersShown", "densitiesNote", "fanSubtitle", "more", "inputsMeaning", "driversMany"]);
// Told only which of two words to use.
const flags = new Set(["effectSubtitle", "rankSubtitle", "paybackCurveSubtitle", "paidBackIn", "usedUp", "fundingTitle"]);
const say = (path, word) => {
  if (typeof word === "string") return [word, []];
  const marks = path === "driversTop" ? ["«0»", "«1»", tenths] : [...Array(word.length)].map((_, at) => numbers.has(path) ? 21 + at : `«${at}»`);
  if (path === "periods") marks[1] = false;
  const text = word(...marks);
  const wanted = path === "periods" ? ["21"] : marks.flatMap(mark => typeof mark === "object" ? [mark.low, mark.high] : [String(mark)]);
  return [text, flags.has(path) ? [] : wanted];
};
const flat = (words, start = "") => Object.entries(words).flatMap(([key, word]) =>
  typeof word === "object" ? flat(word, `${start}${key}.`) : [[start + key, say(start + key, word)]]);
console.log(JSON.stringify({
  words: Object.fromEntries(Object.entries(dictionaries).map(([language, words]) => [language, Object.fromEntries(flat(words))])),
  inputs: inputLabels, metrics: metricLabels,
}));
"""


@unittest.skipUnless(NODE and (MODULES / "typescript").is_dir(), "no node, or a build without the report's npm packages")
class WordsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        script = Path(cls.folder.name, "speak.mjs")
        bundle = [MODULES / ".bin/esbuild", "--bundle", "--format=esm", "--platform=node", "--loader=ts", f"--outfile={script}",
                  "--log-level=warning"]
        subprocess.run(bundle, input=SPEAK, text=True, check=True, cwd=WEB / "src")
        said = subprocess.run([NODE, script], capture_output=True, text=True, check=True)
        cls.said = json.loads(said.stdout)

    def test_types_hold(self):
        project = Path(self.folder.name, "tsconfig.json")
        project.write_text(json.dumps({
            "extends": str(WEB / "tsconfig.json"),
            "compilerOptions": {"baseUrl": "/", "paths": {"*": [f"{MODULES}/*"]}},
            "include": [str(WEB / "src")]}), encoding="utf-8")
        done = subprocess.run([NODE, MODULES / "typescript/bin/tsc", "-p", project], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_both_languages_have_the_same_words_and_no_empty_one(self):
        english, russian = self.said["words"]["en"], self.said["words"]["ru"]
        self.assertEqual(english.keys(), russian.keys())
        self.assertGreater(len(english), 200)
        for words in (english, russian):
            for path, (text, _) in words.items():
                self.assertTrue(text.strip() or path == "densitiesNote", path)

    def test_every_sentence_says_what_it_is_told(self):
        for language, words in self.said["words"].items():
            for path, (text, marks) in words.items():
                for mark in marks:
                    with self.subTest(language=language, path=path):
                        self.assertIn(mark, text)

    def test_russian_is_russian(self):
        names = {"PERT", "NPV", "CAC", "LTV", "IRR", "CVaR", "VaR", "SHA", "channelcast", "q", "scenario", "text"}
        for path, (text, _) in self.said["words"]["ru"].items():
            left = set(re.findall(r"[A-Za-z]+", text)) - names - {"low", "high"}
            with self.subTest(path=path, text=text):
                self.assertEqual(left, set())

    def test_every_word_is_used(self):
        sources = "".join(path.read_text(encoding="utf-8") for path in sorted((WEB / "src").rglob("*.ts"))
                          if path.name != "words.ts")
        for path in self.said["words"]["en"]:
            with self.subTest(path=path):
                word = path.partition(".")[0]
                self.assertTrue(re.search(rf"\b(w|words)\.{word}\b", sources), "is used nowhere")

    def test_metrics_and_inputs_have_names(self):
        metrics = (SOURCE / "models/metrics.cpp").read_text(encoding="utf-8")
        outcomes = metrics[metrics.index("kOutcomeTable = "):metrics.index("kPartnerOutcomeTable = ")]
        names = re.findall(r'(?:count|real|moment)\("([a-z_]+)"', outcomes)
        self.assertGreater(len(names), 40)
        self.assertEqual([name for name in names if name not in self.said["metrics"]], [])
        table = (SOURCE / "models/parameters.cpp").read_text(encoding="utf-8")
        inputs = re.findall(r'(?:share|amount|positive)\("([a-z_]+)", "([a-z_]+)"', table)
        inputs += re.findall(r'\{"([a-z_]+)", "([a-z_]+)", ValueKind::uncertain', table)
        self.assertGreater(len(inputs), 60)
        self.assertEqual([".".join(one) for one in inputs if ".".join(one) not in self.said["inputs"]], [])


class LockTest(unittest.TestCase):
    def test_the_lock_file_names_no_registry_and_has_every_checksum(self):
        lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
        for name, package in lock["packages"].items():
            if not name:
                continue
            with self.subTest(package=name):
                self.assertNotIn("resolved", package)
                self.assertTrue(package["integrity"].startswith("sha512-"))


if __name__ == "__main__":
    unittest.main()
