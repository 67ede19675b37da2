"""README, guide and scenario library against the program: every command is run, every output shown is compared, every
link is followed, and the figures in the scenarios' headers are simulated again with fewer trials.

If an output has changed for a good reason, scripts/refresh_docs.py puts the new one into the documents.
"""

import json
import math
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(ROOT / "scripts"))
import refresh_docs as docs  # noqa: E402

LIBRARY = sorted((ROOT / "scenarios/library").glob("*.toml"))
FEW_TRIALS = {"partner_network.toml": 96}
USUAL_FEW_TRIALS = 2000


def program(*arguments):
    return subprocess.run([docs.EXECUTABLE, *map(str, arguments)], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)


# --- commands and their output ------------------------------------------------------------------------------------


def problems_of_document(path):
    problems = []
    for block, done, shown in docs.run_document(path):
        line = path.read_text(encoding="utf-8").count("\n", 0, block.start("code")) + 1
        wanted = int(block["value"]) if block["mark"] == "exit" else 0
        if done.returncode != wanted:
            problems.append(f"{path}:{line}: exit code {done.returncode} instead of {wanted}\n{block['code']}"
                            f"{done.stderr}")
        elif shown is not None and shown != block["text"]:
            problems.append(f"{path}:{line}: another output than the page shows (scripts/refresh_docs.py):\n{shown}")
    return problems


class Documents(unittest.TestCase):
    def test_commands_do_what_the_pages_show(self):
        for path in docs.documents():
            with self.subTest(path=path.relative_to(ROOT)):
                self.assertEqual(problems_of_document(path), [])

    def test_the_picture_is_current(self):
        self.assertEqual(docs.PICTURE.read_text(encoding="utf-8"), docs.current_picture(),
                         "run scripts/refresh_docs.py")

    def test_commands_named_in_the_text_exist(self):
        known = set(re.findall(r"^  ([a-z]+) ", program("--help").stdout.partition("Subcommands:")[2], re.MULTILINE))
        self.assertIn("run", known)
        for path in markdown_files(ROOT):
            for name in re.findall(r"`channelcast ([a-z]+)", path.read_text(encoding="utf-8")):
                with self.subTest(path=path.relative_to(ROOT), command=name):
                    self.assertIn(name, known)


# --- links --------------------------------------------------------------------------------------------------------


def markdown_files(root):
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]


def without_code(text):
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def anchors_of(path):
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.*?) *$", re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL),
                          re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(root):
    broken = []
    for path in markdown_files(root):
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code(path.read_text(encoding="utf-8"))):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            file = (path.parent / name).resolve() if name else path
            if not file.exists():
                broken.append(f"{path.relative_to(root)}: {target} does not exist")
            elif anchor and anchor not in anchors_of(file):
                broken.append(f"{path.relative_to(root)}: {target}: no such heading")
    return broken


class Links(unittest.TestCase):
    def test_relative_links_resolve(self):
        self.assertEqual(broken_links(ROOT), [])


# --- the scenario library -----------------------------------------------------------------------------------------


def deviations(scenario, trials):
    """Figures of a scenario's header that a shorter run contradicts by more than four standard errors."""
    results = docs.RESULTS.search(Path(scenario).read_text(encoding="utf-8"))
    if not results:
        return []
    stated_trials = int(results["trials"].replace(",", ""))
    trials = min(trials, stated_trials)
    summary = docs.summary_of(scenario, trials, results["seed"])
    found = []
    for path, statistics in docs.rows_of(results):
        for statistic, text in statistics:
            stated, rounding = docs.number_of(text)
            value, error = docs.result_of(summary, path, statistic)
            if stated is None or value is None or error is None:
                continue
            share = statistic in ("met", "within the horizon")
            least = 1.0 / trials if share else (1.0 if abs(stated) < 1000 and stated == int(stated) else 0.0)
            allowed = rounding + least + 4.0 * error * math.sqrt(1.0 + trials / stated_trials)
            if abs(value - stated) > allowed:
                found.append(f"{Path(scenario).name}: {path} {statistic} is {text} in the header, {value:.6g} ± "
                             f"{error:.2g} in {trials} trials (scripts/refresh_docs.py)")
    return found


def resolved_inputs(scenario):
    """Every value of a scenario by its path, without where it was written."""

    def leaves(node, path):
        if isinstance(node, dict):
            for key, child in node.items():
                if key not in ("source", "provenance", "line", "origin"):
                    yield from leaves(child, f"{path}.{key}")
        elif isinstance(node, list):
            for at, child in enumerate(node):
                name = child.get("name", at) if isinstance(child, dict) else at
                yield from leaves(child, f"{path}.{name}")
        else:
            yield path, node

    done = program("validate", scenario, "--resolved")
    return dict(leaves(json.loads(done.stdout), ""))


class Library(unittest.TestCase):
    def test_scenarios_are_valid_without_warnings(self):
        self.assertTrue(LIBRARY)
        for scenario in LIBRARY:
            with self.subTest(scenario=scenario.name):
                done = program("validate", scenario)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_headers_state_what_comes_out(self):
        for scenario in LIBRARY:
            with self.subTest(scenario=scenario.name):
                self.assertEqual(deviations(scenario, FEW_TRIALS.get(scenario.name, USUAL_FEW_TRIALS)), [])

    def test_refusals_nurture_is_the_telecom_programme_but_for_the_chains(self):
        telecom = resolved_inputs(ROOT / "scenarios/library/b2b_telecom.toml")
        nurture = resolved_inputs(ROOT / "scenarios/library/refusals_nurture.toml")
        differing = {path for path in telecom.keys() | nurture.keys() if telecom.get(path) != nurture.get(path)}
        allowed = re.compile(r"\.(name|description|file|path|sha256)$|\.reactivation\.|\.finance\.budget(\.|$)|\.mix")
        self.assertEqual({path for path in differing if not allowed.search(path)}, set())
        self.assertTrue(any(".reactivation." in path for path in differing))


# --- the checks themselves ----------------------------------------------------------------------------------------


class SelfTest(unittest.TestCase):
    def problems(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "page.md")
            path.write_text(text, encoding="utf-8")
            return problems_of_document(path)

    def test_a_failing_command_is_found(self):
        self.assertEqual(len(self.problems("```sh\nchannelcast validate none.toml\n```\n")), 1)
        self.assertEqual(self.problems("<!-- exit 4 -->\n```sh\nchannelcast validate none.toml\n```\n"), [])
        self.assertEqual(len(self.problems("<!-- exit 4 -->\n```sh\nchannelcast --version\n```\n")), 1)

    def test_another_output_is_found(self):
        page = "```sh\necho one; echo two\n```\n\n<!-- shows: 2 -->\n```text\n{}\n```\n"
        self.assertEqual(self.problems(page.format("…\ntwo")), [])
        self.assertEqual(len(self.problems(page.format("…\nthree"))), 1)

    def test_blocks_share_a_folder_and_readers_lines_are_left_out(self):
        self.assertEqual(self.problems("```sh\nscripts/none.sh\necho x > a\n```\n```sh\ntest -e a\n```\n"), [])

    def test_parts_of_an_output(self):
        output = "title\n\nPAYBACK\n  months\n\nVALUE\n  npv\n"
        self.assertEqual(docs.selected(output, "all"), output)
        self.assertEqual(docs.selected(output, "1, VALUE"), "title\n…\nVALUE\n  npv\n")
        with self.assertRaises(ValueError):
            docs.selected(output, "LEADS")

    def test_a_broken_link_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "docs").mkdir()
            (root / "README.md").write_text("[a](docs/a.md) [b](docs/b.md) [c](docs/a.md#a-heading) [d](docs/a.md#none)")
            (root / "docs/a.md").write_text("# A heading\n`[x](y)` [e](https://example.org)\n")
            self.assertEqual(len(broken_links(root)), 2)

    def test_a_wrong_figure_is_found(self):
        text = (ROOT / "scenarios/library/cold_base.toml").read_text(encoding="utf-8")
        wrong = re.sub(r"(#   contracts +q10 )[\d,]+", r"\g<1>700", text)
        self.assertNotEqual(text, wrong)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "cold_base.toml")
            path.write_text(wrong, encoding="utf-8")
            self.assertEqual(len(deviations(path, 1000)), 1)

    def test_numbers_are_read_as_they_are_written(self):
        for value, statistic in [(27892.0, "q50"), (12.41e6, "mean"), (-3.1e6, "q90"), (18.44, "q50"), (0.173, "met"),
                                 (151234.0, "q10"), (0.0, "mean"), (2.5e9, "q95")]:
            with self.subTest(value=value):
                read, rounding = docs.number_of(docs.text_of(value, statistic))
                self.assertLessEqual(abs(read - value), rounding * 1.0001)


if __name__ == "__main__":
    unittest.main()
