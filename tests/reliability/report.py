#!/usr/bin/env python3
"""Puts the figures of the tests of reliability into a document, between its marks; scripts/reliability.sh calls it.

  report.py FIGURES docs/reliability.md
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
from put_generated import put_into  # noqa: E402

SCRIPT = "scripts/reliability.sh"
# What is done, by the name under which the tests note it (harness.py: record).
FAULTS = {
    "kill_run": "`kill -9` of a run at a random moment, of half of the runs once more after `--resume`",
    "kill_run_calls": "`kill -9` of a run before each change of a file, and within each write of more than a page",
    "kill_merge": "`kill -9` of a merge at a random moment",
    "kill_merge_calls": "`kill -9` of a merge before each change of a file, and within each write of more than a page",
    "full_run_calls": "a run whose disk is full from its Nth change of a file on, for each N",
    "full_merge_calls": "the same with a merge",
    "failing_run_calls": "a run whose Nth change of a file fails (input/output error), for each N",
    "failing_merge_calls": "the same with a merge",
    "small_disk": "runs and merges on file systems (tmpfs) of 2 % to 160 % of the run file",
    "filled_disk": "a file system (tmpfs) that something else fills during the run",
    "file_size": "runs and merges with files limited to 0 % to 130 % of the run file (`ulimit -f`)",
    "memory": "runs with memory limited from what starts the program to enough (`ulimit -v`)",
    "two_runs": "two runs on one output, started together with different seeds",
    "flip_run": "a run file with one bit flipped, at every 31st byte",
    "cut_run": "a run file cut to a length",
    "pages_run": "a run file with 4 KiB of another run's, at each place where they differ",
    "flip_merge": "a shard with one bit flipped, at every 31st byte, and merged",
    "cut_merge": "a shard cut to a length, and merged",
    "flip_partial": "an unfinished run with one bit flipped, at every 31st byte, and resumed",
    "cut_partial": "an unfinished run cut to a length, and resumed",
    "flip_checkpoint": "a checkpoint with one bit flipped, at every 31st byte, and resumed",
    "cut_checkpoint": "a checkpoint cut to a length, and resumed",
}
LIMITS = {
    "partners": "1,000 partners, 12 months",
    "months": "1,200 months, 2 partners",
    "weeks": "1,200 weeks, 2 partners",
    "leads": "10,000,000 leads a month, 36 months",
    "together": "1,000 partners, 1,200 months, 10,000,000 leads a month from each",
    "shard": "one shard of 100 of a run of 100,000,000 trials, 3 months",
    "merge": "the merge of all 100",
}


def figures_of(folder, name):
    path = Path(folder, name + ".json")
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def bytes_text(size):
    for unit, factor in (("GB", 1e9), ("MB", 1e6)):
        if size >= factor:
            return f"{size / factor:.3g} {unit}" if size < 999.5 * factor else f"{size / factor:,.0f} {unit}"
    return f"{size / 1e3:.0f} kB"


def table_of_faults(folder):
    lines = ["| what is done | times | what came of it |", "|---|---|---|"]
    for name, title in FAULTS.items():
        found = figures_of(folder, name)
        lines.append(f"| {title} | {found['times']:,} | {found['found']} |" if found else f"| {title} | not tried | |")
    return "\n".join(lines)


def table_of_limits(folder):
    lines = ["| scenario | trials | peak of memory | run file |", "|---|---|---|---|"]
    for name, title in LIMITS.items():
        found = figures_of(folder, name)
        lines.append(f"| {title} | {found['times']:,} | {bytes_text(found['memory'])} | {bytes_text(found['disk'])} |"
                     if found else f"| {title} | not tried | | |")
    return "\n".join(lines)


def main():
    folder, document = sys.argv[1], Path(sys.argv[2])
    text = document.read_text(encoding="utf-8")
    text = put_into(text, SCRIPT, "faults", table_of_faults(folder))
    text = put_into(text, SCRIPT, "limits", table_of_limits(folder))
    document.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
