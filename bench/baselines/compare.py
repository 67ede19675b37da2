#!/usr/bin/env python3
"""Runs the numpy baseline and the engine in turn, prints the table of the speed comparison and puts it into a document.

  compare.py BENCH_THROUGHPUT [--rounds 3] [--trials 20000] [--document docs/performance.md]

A round is baseline, engine, baseline, engine … over both scenarios and both numbers of threads; a ratio is formed
within its round, so that a change in the machine's load between rounds moves both sides of it.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
from put_generated import put_into  # noqa: E402

SCENARIOS = (("b2b_telecom", ROOT / "scenarios/library/b2b_telecom.toml"),
             ("three_partners", ROOT / "bench/scenarios/three_partners.toml"))
ENGINE_TRIALS = 3  # the engine runs about this many times the baseline's trials, to take about as long
BLOCK = 1024  # trials of its blocks, which are the first ones of a run of a million


def output_of(command):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"compare.py: failed with exit code {done.returncode}: {' '.join(map(str, command))}")
    return json.loads(done.stdout)


def run_numpy(scenario, threads, trials, *options):
    return output_of([sys.executable, HERE / "numpy_forecast.py", scenario, "--trials", trials * threads,
                      "--threads", threads, *options])


def run_engine(program, scenario, threads, trials):
    """The engine's two parts: {"run": …, "model": …}; and the document that holds them."""
    blocks = -(-ENGINE_TRIALS * trials // BLOCK) * threads
    document = output_of([program, scenario, "--threads", threads, "--repeats", 1,
                          "--trials", 1_000_000, "--blocks", blocks])
    return {result["part"]: result for result in document["results"]}, document


def measure(arguments):
    """[(scenario, threads)] -> one row of speeds a round; and what the programs say of themselves."""
    rows = {(name, threads): [] for name, _ in SCENARIOS for threads in arguments.threads}
    numpy = engine = None
    for number in range(arguments.rounds):
        for name, scenario in SCENARIOS:
            for threads in arguments.threads:
                chain = run_numpy(scenario, threads, arguments.trials)
                parts, engine = run_engine(arguments.program, scenario, threads, arguments.trials)
                series = run_numpy(scenario, threads, arguments.trials, "--statistics")
                numpy = run_numpy(scenario, threads, arguments.trials, "--leads", "thinned")
                rows[name, threads].append({"chain": chain, "series": series, "thinned": numpy, **parts})
                ratios = [parts["run"]["trials_per_second"] / one["trials_per_second"] for one in (chain, series, numpy)]
                print(f"round {number + 1}/{arguments.rounds}: {name}, {threads} thread(s): "
                      f"{ratios[0]:.2f}, same statistics {ratios[1]:.2f}, thinned {ratios[2]:.2f}", file=sys.stderr)
    return rows, numpy, engine


def spread_text(values, form):
    return f"{form(statistics.median(values))} ({form(min(values))} – {form(max(values))})"


def thousands(value):
    return f"{float(f'{value:.3g}'):,.0f}"


def ratio(value):
    return f"{value:.2f}"


def table(rows, key):
    lines = ["| scenario | threads | numpy, trials/s | numpy with the same statistics | numpy thinned "
             "| engine, trials/s | engine / numpy | engine / numpy with the same statistics | engine / numpy thinned "
             "| engine without statistics, trials/s | / numpy |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for (name, threads), rounds in rows.items():
        speeds = {side: [one[side][key] for one in rounds] for side in rounds[0]}
        against = lambda side, base: spread_text([a / b for a, b in zip(speeds[side], speeds[base])], ratio)
        lines.append(f"| {name} | {threads} | {spread_text(speeds['chain'], thousands)} "
                     f"| {spread_text(speeds['series'], thousands)} | {spread_text(speeds['thinned'], thousands)} "
                     f"| {spread_text(speeds['run'], thousands)} | **{against('run', 'chain')}** "
                     f"| **{against('run', 'series')}** | {against('run', 'thinned')} "
                     f"| {spread_text(speeds['model'], thousands)} | {against('model', 'chain')} |")
    return "\n".join(lines)


def processor():
    """Name, family and model: virtual machines often name no more than the brand."""
    found = {}
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        found.setdefault(key.strip(), value.strip())
    if "model name" not in found:
        return platform.processor() or "unknown"
    kind = ", ".join(f"{key.split()[-1]} {found[key]}" for key in ("cpu family", "model") if key in found)
    return found["model name"] + (f" ({kind})" if kind else "")


def surroundings(arguments, numpy, engine, load):
    load_text = " and ".join(f"{value:.1f}" for value in load)
    return "\n".join([
        f"* Machine: {processor()}, {os.cpu_count()} processors; load average at the beginning and end {load_text}.",
        f"* Engine: channelcast {engine['program']} ({engine['revision']}), compiler {engine['compiler']}, "
        f"samplers on {engine['instruction_set']}.",
        f"* Baseline: numpy {numpy['numpy']}, scipy {numpy['scipy']}, Python {numpy['python']}, "
        f"{numpy['chunk']:,} trials at once.",
        f"* {arguments.rounds} rounds; per measurement and thread {arguments.trials:,} trials of the baseline and "
        f"about {ENGINE_TRIALS * arguments.trials:,} of the engine. Median (least – greatest).",
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", help="bench_throughput")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--trials", type=int, default=20_000, help="of the baseline in one measurement, per thread")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--document", type=Path, help="Markdown file whose generated part is replaced")
    arguments = parser.parse_args()
    before = os.getloadavg()[0]
    rows, numpy, engine = measure(arguments)
    facts = surroundings(arguments, numpy, engine, (before, os.getloadavg()[0]))
    print(f"{table(rows, 'trials_per_second')}\n\n{facts}\n")
    print(f"The same by processor time, which other programs disturb less:\n\n{table(rows, 'trials_per_cpu_second')}")
    if arguments.document:
        old = arguments.document.read_text(encoding="utf-8")
        new = put_into(old, "scripts/bench.sh", "forecast", f"{table(rows, 'trials_per_second')}\n\n{facts}")
        arguments.document.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
