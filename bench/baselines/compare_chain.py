#!/usr/bin/env python3
"""Runs the chain of exact draws on every side in turn, and prints the table of ratios as Markdown.

  compare_chain.py BENCH_CHAIN [--rounds 5] [--seconds 1]

A ratio is formed within its round."""

import argparse
import sys
from pathlib import Path

from compare import HERE, output_of, ratio, spread_text, thousands

NAMES = {"numpy": "numpy, PCG64", "boost": "Boost.Random, Philox 4x32-10", "std": "standard library, mt19937_64",
         "engine:AVX3": "engine, AVX-512", "engine:AVX2": "engine, AVX2", "engine:SSE4": "engine, SSE4",
         "engine:SCALAR": "engine, plain C++", "engine:2-threads": "engine, best, two threads"}
BEST = ("engine:AVX3", "engine:AVX2", "engine:SSE4", "engine:SCALAR")


def measure(arguments):
    """One dictionary of trials a second a round."""
    rounds = []
    for number in range(arguments.rounds):
        found = output_of([sys.executable, HERE / "numpy_chain.py", "--seconds", arguments.seconds])
        found |= output_of([arguments.program, "--seconds", arguments.seconds])
        rounds.append({side: result["trials_per_second"] for side, result in found.items()})
        best = next(side for side in BEST if side in rounds[-1])
        print(f"round {number + 1}/{arguments.rounds}: {rounds[-1][best] / rounds[-1]['numpy']:.2f}", file=sys.stderr)
    return rounds


def table(rounds):
    best = next(side for side in BEST if side in rounds[0])
    lines = [f"| by | trials/s | / numpy | / Boost | {NAMES[best]} / this |", "|---|--:|--:|--:|--:|"]
    for side in (name for name in NAMES if name in rounds[0]):
        against = [spread_text([one[side] / one[other] for one in rounds], ratio) for other in ("numpy", "boost")]
        inverse = spread_text([one[best] / one[side] for one in rounds], ratio)
        lines.append(f"| {NAMES[side]} | {spread_text([one[side] for one in rounds], thousands)} "
                     f"| {' | '.join(against)} | {inverse} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=Path, help="bench_chain")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    arguments = parser.parse_args()
    rounds = measure(arguments)
    print(f"{table(rounds)}\n\n{arguments.rounds} rounds of {arguments.seconds:g} s a side. Median (least – greatest).")


if __name__ == "__main__":
    main()
