#!/usr/bin/env python3
"""How the engine's cost grows, what a switched-off process and an uncertain input cost, and what setting up and writing
take.

  scaling.py BENCH_THROUGHPUT CHANNELCAST [--quick] growth|processes|uncertain|running

Prints one Markdown table. Speeds are by processor time, one thread, medians of rounds; what is compared is measured in
turn. --quick is for the tests: the same steps with hardly any trials.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TELECOM = ROOT / "scenarios/library/b2b_telecom.toml"
PLAIN = ROOT / "bench/scenarios/three_partners.toml"
# Partners, periods, blocks of trials.
SIZES = ((1, 12, 400), (1, 60, 80), (10, 12, 40), (10, 60, 10), (50, 60, 4), (200, 60, 2), (200, 60, 6), (200, 60, 12))

# Processes of the telecom scenario: tables to leave out, keys to leave out, keys to set to 0 instead.
PROCESSES = (
    ("fraud", ["partner_defaults.fraud"], [], ["share", "episodes_per_year"]),
    ("transfer", ["partner_defaults.transfer"], [], ["live_share", "loss_rate", "outages_per_year"]),
    ("training", ["partner_defaults.training"], [], ["effect", "decay_per_month", "every_months", "cost"]),
    ("reactivation", ["partner_defaults.reactivation"], [], ["rate"]),
    ("lead quality", ["partner_defaults.quality"], [], ["target_sd", "win_sd", "market_loading"]),
    ("exits", [], ["exits_per_year"], ["exits_per_year"]),
    ("dispersion", [], ["dispersion"], ["dispersion"]),
)

# What is worked out for each trial if it is uncertain: keys of the telecom scenario, fixed and spread.
SPREADS = (
    ("deal cycle, gamma", {"mean_days": ("105", "75", "150"), "sd_days": ("30", "20", "45")}),
    ("deal cycle, lognormal", {"distribution": '"lognormal"', "mean_days": ("105", "75", "150"), "sd_days": ("30", "20", "45")}),
    ("return of refusals", {"from_months": ("3", "2", "4"), "to_months": ("6", "5", "8")}),
    ("retention, Weibull", {"retention": '"weibull"\nweibull_shape = SHAPE\nweibull_scale_months = SCALE',
                            "SHAPE": ("0.9", "0.7", "1.1"), "SCALE": ("50", "40", "70")}),
    ("retention, sBG", {"retention": '"sbg"\nsbg_alpha = ALPHA\nsbg_beta = BETA',
                        "ALPHA": ("0.7", "0.5", "1.0"), "BETA": ("30", "20", "45")}),
)


def without_table(text, table):
    return re.sub(rf"(?ms)^\[{re.escape(table)}\]\n.*?(?=^\[)", "", text)


def without_key(text, key):
    return re.sub(rf"(?m)^{key} *=.*\n", "", text)


def with_zero(text, tables, key):
    """The key set to 0, in the tables only if there are any."""
    change = lambda part: re.sub(rf"(?m)^{key} *=.*$", f"{key} = 0", part)
    if not tables:
        return change(text)
    return re.sub(rf"(?ms)^\[{re.escape(tables[0])}\]\n.*?(?=^\[)", lambda found: change(found.group(0)), text)


def variants(text, tables, keys, zeros):
    """The scenario without a process, and with the process set to 0."""
    absent, off = text, text
    for table in tables:
        absent = without_table(absent, table)
    for key in keys:
        absent = without_key(absent, key)
    for key in zeros:
        off = with_zero(off, tables, key)
    return absent, off


def spread(text, keys):
    """The scenario with the keys fixed, and with them uncertain."""
    fixed, uncertain = text, text
    for key, value in keys.items():
        if isinstance(value, str):
            fixed, uncertain = (re.sub(rf"(?m)^{key} *=.*$", f"{key} = {value}", one) for one in (fixed, uncertain))
            continue
        mode, least, greatest = value
        pert = f'{{ dist = "pert", min = {least}, mode = {mode}, max = {greatest} }}'
        line = rf"(?m)^{key} *=.*$" if key.islower() else rf"\b{key}\b"
        name = f"{key} = " if key.islower() else ""
        fixed, uncertain = re.sub(line, name + mode, fixed), re.sub(line, name + pert, uncertain)
    return fixed, uncertain


def grown(partners, periods):
    """The plain scenario with one partner that counts as many, and another horizon."""
    head, first = PLAIN.read_text(encoding="utf-8").split("[[partner]]\n", 2)[:2]
    head = re.sub(r"(?m)^periods = .*$", f"periods = {periods}", head)
    return f"{head}[[partner]]\ncount = {partners}\n{first}"


class Bench:
    def __init__(self, arguments, folder):
        self.arguments, self.folder = arguments, Path(folder)

    def scenario(self, name, text):
        path = self.folder / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def throughput(self, scenario, blocks, part="run"):
        """Processor seconds a trial; and the whole answer."""
        blocks = 1 if self.arguments.quick else blocks
        done = subprocess.run([self.arguments.throughput, str(scenario), "--part", part, "--threads", "1", "--repeats", "1",
                               "--trials", "1000000", "--blocks", str(blocks)], stdout=subprocess.PIPE, text=True, check=True)
        document = json.loads(done.stdout)
        return 1.0 / document["results"][0]["trials_per_cpu_second"], document

    def rounds(self):
        return range(1 if self.arguments.quick else 3)

    def medians(self, scenarios, blocks):
        """Processor seconds a trial of each scenario, measured in turn."""
        found = [[self.throughput(scenario, blocks)[0] for scenario in scenarios] for _ in self.rounds()]
        return [statistics.median(column) for column in zip(*found)]

    def growth(self):
        lines = ["| partners | periods | trials | µs a trial | ns a trial, partner and period | set up, ms |",
                 "|--:|--:|--:|--:|--:|--:|"]
        for partners, periods, blocks in SIZES:
            path = self.scenario(f"grown_{partners}_{periods}", grown(partners, periods))
            answers = [self.throughput(path, blocks) for _ in self.rounds()]
            seconds, document = statistics.median(answer[0] for answer in answers), answers[0][1]
            setup = statistics.median(next(iter(answer[1]["setup_seconds"].values())) for answer in answers)
            lines.append(f"| {partners} | {periods} | {document['results'][0]['trials']:,.0f} | {1e6 * seconds:,.1f} "
                         f"| {1e9 * seconds / (partners * periods):,.0f} | {1e3 * setup:.1f} |")
        return lines

    def processes(self):
        text = TELECOM.read_text(encoding="utf-8")
        whole = self.scenario("whole", text)
        lines = ["| process | with it, µs a trial | set to 0 | left out of the file | set to 0 / left out |",
                 "|---|--:|--:|--:|--:|"]
        for name, tables, keys, zeros in PROCESSES:
            absent, off = (self.scenario(f"{name} {kind}".replace(" ", "_"), variant)
                           for kind, variant in zip(("absent", "off"), variants(text, tables, keys, zeros)))
            found = self.medians((whole, off, absent), 40)
            micro = [f"{1e6 * seconds:.2f}" for seconds in found]
            lines.append(f"| {name} | {micro[0]} | {micro[1]} | {micro[2]} | {found[1] / found[2]:.2f} |")
        return lines

    def uncertain(self):
        text = TELECOM.read_text(encoding="utf-8")
        lines = ["| input | fixed, µs a trial | uncertain | uncertain / fixed |", "|---|--:|--:|--:|"]
        for name, keys in SPREADS:
            found = self.medians([self.scenario(f"{re.sub('[^a-z]+', '_', name)}{k}", one)
                                  for k, one in enumerate(spread(text, keys))], 40)
            lines.append(f"| {name} | {1e6 * found[0]:.2f} | {1e6 * found[1]:.2f} | {found[1] / found[0]:.2f} |")
        return lines

    def command(self, *words):
        """Wall seconds and peak memory (bytes) of `channelcast run` of the telecom scenario."""
        before = time.perf_counter()
        with subprocess.Popen([self.arguments.channelcast, "run", str(TELECOM), "--quiet", *map(str, words)],
                              stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"scaling.py: channelcast run {' '.join(map(str, words))} failed")
        return time.perf_counter() - before, usage.ru_maxrss * 1024

    def running(self):
        quick = self.arguments.quick
        trials, shards = (2_000, 2) if quick else (1_000_000, 10)
        target = self.folder / "run.h5"
        # A run with a file keeps the outcomes of each trial by partner, and their statistics, too.
        kinds = ((), ("--partner-outcomes", "on"), ("-o", target))
        rounds = []
        for _ in self.rounds():
            target.unlink(missing_ok=True)
            rounds.append([self.command("--trials", trials, *words) for words in kinds])
        size = target.stat().st_size
        target.unlink()
        part = self.command("--trials", shards * trials, "--shard", f"{shards}/{shards}", "-o", target)
        _, document = self.throughput(TELECOM, 1)
        setup = next(iter(document["setup_seconds"].values()))
        row = lambda what, seconds, memory, disk: f"| {what} | {seconds} | {memory / 1e6:,.0f} MB | {disk} |"
        middle = lambda column: sorted((one[column] for one in rounds), key=lambda found: found[0])[len(rounds) // 2]
        none, same, written = (middle(column) for column in range(3))
        share = lambda base: statistics.median(one[2][0] / one[base][0] for one in rounds)
        return ["| `channelcast run` of the telecom scenario, all processors | time | memory at the peak | run file |",
                "|---|--:|--:|--:|",
                row(f"{trials:,} trials, no run file", f"{none[0]:.2f} s", none[1], ""),
                row("the same, and each trial's outcomes by partner", f"{same[0]:.2f} s", same[1], ""),
                row("the same with a run file", f"{written[0]:.2f} s", written[1], f"{size / 1e6:,.0f} MB"),
                row(f"the last of {shards} shards of {shards * trials:,} trials", f"{part[0]:.2f} s", part[1],
                    f"{target.stat().st_size / 1e6:,.0f} MB"),
                "", f"Writing the run file: **{share(1):.2f}** of the time without, for the same results "
                f"(**{share(0):.2f}** of that without outcomes by partner, which a run without a file does not "
                f"keep unless asked to). From the scenario's file to the start of the first block: {1e3 * setup:.1f} ms. "
                f"{shards * trials:,} trials take {shards} shards like the last one: {shards * part[0]:,.0f} s, "
                f"{shards * target.stat().st_size / 1e9:,.1f} GB of disk."]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("throughput", help="bench_throughput")
    parser.add_argument("channelcast", help="the program")
    parser.add_argument("part", choices=("growth", "processes", "uncertain", "running"))
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="channelcast-bench-") as folder:
        print("\n".join(getattr(Bench(arguments, folder), arguments.part)()))


if __name__ == "__main__":
    main()
