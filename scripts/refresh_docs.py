#!/usr/bin/env python3
"""Runs what the documents show and puts the output back: README.md, docs/guide/*.md, docs/formats/summary-json.md, the
picture docs/images/summary.svg and the RESULTS in the headers of scenarios/library/*.toml. tests/cli/docs_test.py uses
the same functions to check that nothing has drifted. Program: $CHANNELCAST_EXECUTABLE, else build/release/channelcast.

A document's ```sh blocks are run in order, in one temporary folder for each document that has scenarios/ in it; lines
that start with scripts/, git, cd, export or sudo are for the reader only. Comments beside a block say more:
    <!-- not run: why -->        before it
    <!-- exit 3 -->              before it: the status it ends with, instead of 0
    <!-- shows: PAYBACK, 1-3 --> after it: the next ```text block is its output; paragraphs by their first word, lines
                                 by number, or "all". "shows stderr:" takes the messages; "; of: COMMAND" another command
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

ROOT = Path(os.environ.get("CHANNELCAST_SOURCE_DIR", Path(__file__).resolve().parents[1]))
EXECUTABLE = Path(os.environ.get("CHANNELCAST_EXECUTABLE", ROOT / "build/release/channelcast")).resolve()
PICTURE = ROOT / "docs/images/summary.svg"
PICTURED = "channelcast run scenarios/library/b2b_telecom.toml"

FOR_THE_READER = re.compile(r"(scripts/|git |cd |export |sudo )")
BLOCK = re.compile(r"(?:<!-- (?P<mark>not run|exit)[: ]*(?P<value>[^>]*?) -->\n)?```sh\n(?P<code>.*?)```\n"
                   r"(?:\n?<!-- shows(?P<stream> stderr)?: (?P<what>[^>]*?)(?:; of: (?P<of>[^>]*?))? -->\n"
                   r"```text\n(?P<text>.*?)```\n)?", re.DOTALL)
# A run without --trials gets few of them where its output is not shown.
WRAPPER = """#!/bin/sh
case " $* " in
  " run "*" --trials "*) ;;
  " run "*) [ -z "$FEW_TRIALS" ] || set -- "$@" --trials "$FEW_TRIALS" ;;
esac
exec "$CHANNELCAST_EXECUTABLE" "$@"
"""


def documents(root=ROOT):
    return [root / "README.md", *sorted((root / "docs/guide").glob("*.md")), root / "docs/formats/summary-json.md"]


class Workplace:
    """A temporary folder in which `channelcast` is the program."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name, "work")
        programs = Path(self._folder.name, "bin")
        for folder in (self.path, programs):
            folder.mkdir()
        (self.path / "scenarios").symlink_to(ROOT / "scenarios")
        (programs / "channelcast").write_text(WRAPPER)
        (programs / "channelcast").chmod(0o755)
        system = Path("/usr/bin/python3")  # the one that sees the distribution's packages
        (programs / "python3").symlink_to(system if system.exists() else sys.executable)
        self.environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
                            "CHANNELCAST_EXECUTABLE": str(EXECUTABLE), "NO_COLOR": "1"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def run(self, code, few_trials=""):
        return subprocess.run(["bash", "-eu", "-c", code], cwd=self.path, text=True, capture_output=True, check=False,
                              stdin=subprocess.DEVNULL, env={**self.environment, "FEW_TRIALS": few_trials})


def selected(output, what):
    """The parts of an output that a document shows; what lies between them becomes a line with dots."""
    lines = output.rstrip("\n").split("\n")
    keep = [False] * len(lines)
    for item in (part.strip() for part in what.split(",")):
        span = re.fullmatch(r"(\d+)(?:-(\d+))?", item)
        if item == "all":
            keep = [True] * len(lines)
        elif span:
            for at in range(int(span.group(1)) - 1, min(int(span.group(2) or span.group(1)), len(lines))):
                keep[at] = True
        else:
            starts = [at for at, line in enumerate(lines) if line.startswith(item)]
            if not starts:
                raise ValueError(f"no line of the output starts with {item!r}")
            at = starts[0]
            while at < len(lines) and lines[at].strip():
                keep[at] = True
                at += 1
    shown = []
    for at, line in enumerate(lines):
        if keep[at]:
            shown.append(line.rstrip())
        elif not shown or shown[-1] != "…":
            shown.append("…")
    return "\n".join(shown) + "\n"


def run_document(path):
    """(block, finished process, the text that belongs under the block or None) for each block that is run."""
    text = path.read_text(encoding="utf-8")
    with Workplace() as place:
        for block in BLOCK.finditer(text):
            if block["mark"] == "not run":
                continue
            code = block["of"] or "\n".join(
                line for line in block["code"].split("\n") if not FOR_THE_READER.match(line))
            if not code.strip():
                continue
            done = place.run(code, "" if block["what"] else "200")
            shown = None
            if block["what"]:
                shown = selected(done.stderr if block["stream"] else done.stdout, block["what"])
            yield block, done, shown


def refresh_document(path):
    text = path.read_text(encoding="utf-8")
    pieces, at = [], 0
    for block, done, shown in run_document(path):
        wanted = int(block["value"]) if block["mark"] == "exit" else 0
        if done.returncode != wanted:
            sys.exit(f"{path}: {block['code']}ended with {done.returncode}:\n{done.stderr}")
        if shown is not None:
            pieces += [text[at:block.start("text")], shown]
            at = block.end("text")
    path.write_text("".join(pieces) + text[at:], encoding="utf-8")


# --- snippets in other languages ----------------------------------------------------------------------------------


class Interpreter:
    """What runs the blocks of a language, and whether it can: the packages that they need are there."""

    def __init__(self, suffix, command, say, trial):
        self.suffix, self.command, self.say, self._trial = suffix, command, say, trial

    def works(self):
        return self.command[0] is not None and subprocess.run([*self.command, "-e" if self.suffix == "R" else "-c", self._trial],
                                                              capture_output=True, check=False).returncode == 0


SYSTEM_PYTHON = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
INTERPRETERS = {
    "python": Interpreter("py", [SYSTEM_PYTHON], "print({!r})", "import h5py, pandas, xarray, h5netcdf, netCDF4"),
    "r": Interpreter("R", [shutil.which("Rscript"), "--vanilla"], "cat('{}\\n')", "library(rhdf5)"),
}
END_OF_BLOCK = "--- end of block ---"


def snippets(path, language):
    """The blocks of a language on a page, each with the ```text block under it, if there is one."""
    return re.finditer(rf"```{language}\n(?P<code>.*?)```\n(?:\n```text\n(?P<text>.*?)```\n)?",
                       path.read_text(encoding="utf-8"), re.DOTALL)


def run_snippets(path, language):
    """(block, what it prints): the page's ```sh blocks, then all blocks of the language as one script."""
    interpreter, found = INTERPRETERS[language], list(snippets(path, language))
    with Workplace() as place:
        for block in BLOCK.finditer(path.read_text(encoding="utf-8")):
            place.run(block["code"]).check_returncode()
        script = place.path / f"snippets.{interpreter.suffix}"
        script.write_text("\n".join(f"{one['code']}\n{interpreter.say.format(END_OF_BLOCK)}" for one in found), encoding="utf-8")
        done = subprocess.run([*interpreter.command, script], cwd=place.path, capture_output=True, text=True, check=False,
                              env=place.environment)
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    return list(zip(found, done.stdout.split(END_OF_BLOCK + "\n")))


def refresh_snippets(path, language):
    text = path.read_text(encoding="utf-8")
    pieces, at = [], 0
    for block, printed in run_snippets(path, language):
        if block["text"] is not None:
            pieces += [text[at:block.start("text")], printed]
            at = block.end("text")
    path.write_text("".join(pieces) + text[at:], encoding="utf-8")


# --- the picture -------------------------------------------------------------------------------------------------


def picture_of(command, output):
    """The output of a command as it looks on a terminal, as SVG."""
    lines = ["$ " + command] + [line.rstrip() for line in output.rstrip("\n").split("\n")]
    width, height, left, top = 8.4, 18, 20, 48
    columns = max(len(line) for line in lines)
    page_width, page_height = round(columns * width + 2 * left), top + height * len(lines) + 14
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{page_width}" height="{page_height}" '
           f'viewBox="0 0 {page_width} {page_height}" role="img" aria-label="Output of {escape(command)}">',
           "<style>text{font:14px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:#d6deeb;white-space:pre}"
           ".command{fill:#8bd649}.title{fill:#fff;font-weight:bold}.section{fill:#7fdbca;font-weight:bold}</style>",
           f'<rect width="{page_width}" height="{page_height}" rx="8" fill="#0b1622"/>']
    svg += [f'<circle cx="{left + 6 + 20 * k}" cy="20" r="6" fill="{colour}"/>'
            for k, colour in enumerate(["#ff5f57", "#febc2e", "#28c840"])]
    for row, line in enumerate(lines):
        if not line:
            continue
        kind = {0: "command", 1: "title"}.get(row, "section" if re.match(r"[A-Z]{3}", line) else "")
        # The length is fixed so that columns stay columns in any font.
        svg.append(f'<text x="{left}" y="{top + height * row + 13}" textLength="{len(line) * width:.1f}" '
                   f'lengthAdjust="spacingAndGlyphs" xml:space="preserve"'
                   + (f' class="{kind}"' if kind else "") + f">{escape(line, quote=False)}</text>")
    return "\n".join(svg + ["</svg>"]) + "\n"


def current_picture():
    with Workplace() as place:
        done = place.run(PICTURED)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return picture_of(PICTURED, done.stdout)


# --- the figures in the scenarios' headers ------------------------------------------------------------------------

RESULTS = re.compile(r"^# RESULTS \((?P<trials>[\d,]+) trials, seed (?P<seed>\d+)[^\n]*\n(?P<rows>(?:#   [^\n]*\n)+)",
                     re.MULTILINE)
STATISTIC = re.compile(r"(?P<name>q\d\d|mean|within the horizon|met) +"
                       r"(?P<value>beyond|none|-?[\d.,]+(?: (?:[kM]|bn|%)(?![\w]))?)")
UNITS = {"": 1.0, "k": 1e3, "M": 1e6, "bn": 1e9, "%": 0.01}


def number_of(text):
    """The value of "12.4 M", "27,894", "18.4 %" and half a unit of its last digit; None for "beyond" and "none"."""
    if text in ("beyond", "none"):
        return None, 0.0
    digits, _, unit = text.replace(",", "").partition(" ")
    decimals = len(digits.partition(".")[2])
    return float(digits) * UNITS[unit], 0.5 * 10.0**-decimals * UNITS[unit]


def text_of(value, statistic):
    if value is None:
        return "beyond" if statistic != "mean" else "none"
    if statistic in ("within the horizon", "met"):
        return f"{100 * value:.1f} %"
    for unit, least in (("bn", 1e9), ("M", 1e6), ("k", 1e5)):
        if abs(value) >= least:
            value /= UNITS[unit]
            return f"{value:.{max(0, 2 - len(str(int(abs(value)))) + 1)}f} {unit}"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def result_of(summary, path, statistic):
    """(value, standard error) of a statistic of "npv", "partner.NAME.leads" or "target NAME" in a --json summary."""
    if path.startswith("target "):
        row = summary["targets"][path[len("target "):]]
        return row["probability"], row["mcse"]
    _, _, rest = path.partition("partner.")
    name, _, metric = rest.partition(".")
    row = summary["partners"][name][metric] if rest else summary["outcomes"][path]
    if statistic == "within the horizon":
        return row["p_within_horizon"], row["p_within_horizon_mcse"]
    return row[statistic], row["mcse"] if statistic == "mean" else row["quantile_mcse"][statistic]


def rows_of(results):
    """(path, [(statistic, text of its value)]) of each row."""
    for row in results["rows"].rstrip("\n").split("\n"):
        first = STATISTIC.search(row)
        yield row[4:first.start()].strip(), [(found["name"], found["value"]) for found in STATISTIC.finditer(row)]


def summary_of(scenario, trials, seed):
    with Workplace() as place:
        done = place.run(f"channelcast run {scenario} --trials {trials} --seed {seed} -q --json -")
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def refresh_results(path):
    text = path.read_text(encoding="utf-8")
    results = RESULTS.search(text)
    if not results:
        return
    summary = summary_of(path, results["trials"].replace(",", ""), results["seed"])
    rows = ""
    for name, statistics in rows_of(results):
        values = [f"{key} {text_of(result_of(summary, name, key)[0], key)}" for key, _ in statistics]
        rows += (f"#   {name:<36}" + "".join(f"{value:<16}" for value in values)).rstrip() + "\n"
    path.write_text(text[:results.start("rows")] + rows + text[results.end("rows"):], encoding="utf-8")


def main():
    for path in sorted((ROOT / "scenarios/library").glob("*.toml")):
        refresh_results(path)
    for path in documents():
        refresh_document(path)
    for language, interpreter in INTERPRETERS.items():
        if interpreter.works():
            refresh_snippets(ROOT / f"docs/guide/{language}.md", language)
    PICTURE.write_text(current_picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
