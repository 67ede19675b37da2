#!/usr/bin/python3
"""Builds the program with g++ and clang++, optimised and not, and checks that every run file holds the same bits.

  scripts/compare_builds.py [--trials 600] [--clang clang++-19] [--folder build/compare]

That samplers give the same bits on every instruction set of one build is a test (sim.Targets, Everything/InstructionSets…).
Exit code 1 if anything differs."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from cli import differences  # noqa: E402

SCENARIOS = sorted([*(ROOT / "scenarios/library").glob("*.toml"), *(ROOT / "tests/golden").glob("*.toml")])
# The compiler and the program's own version are written into the file; all else must be the same.
OWN = ("@compiler", "@program", "@git", "@sampler_target", "@instruction_set", "/@", "/checksum")


def build(folder, compiler, build_type):
    environment = {**os.environ, "CXX": compiler, "CC": compiler.replace("clang++", "clang") if "clang" in compiler else "gcc"}
    subprocess.run(["cmake", "--preset", "release", "-B", folder, f"-DCMAKE_BUILD_TYPE={build_type}"], cwd=ROOT,
                   env=environment, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder, "--parallel", str(os.cpu_count()), "--target", "channelcast"], cwd=ROOT,
                   check=True, stdout=subprocess.DEVNULL)
    return Path(folder) / "channelcast"


def run(program, scenario, output, trials):
    subprocess.run([program, "run", scenario, "--trials", str(trials), "-q", "-o", output], check=True,
                   stdout=subprocess.DEVNULL)
    return output


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--trials", type=int, default=600)
    parser.add_argument("--clang", default=next((c for c in ("clang++-19", "clang++") if shutil.which(c)), None))
    parser.add_argument("--folder", type=Path, default=ROOT / "build/compare")
    arguments = parser.parse_args()
    variants = [("g++ Release", "g++", "Release"), ("g++ Debug", "g++", "Debug")]
    if arguments.clang:
        variants.append((f"{arguments.clang} Release", arguments.clang, "Release"))
    else:
        print("no clang++ here: only builds of g++ are compared")
    programs = [(name, build(str(arguments.folder / name.replace(" ", "-")), compiler, kind))
                for name, compiler, kind in variants]
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for scenario in SCENARIOS:
            reference = run(programs[0][1], scenario, f"{folder}/reference.h5", arguments.trials)
            for number, (name, program) in enumerate(programs[1:]):
                other = run(program, scenario, f"{folder}/{number}.h5", arguments.trials)
                changed = differences(reference, other, OWN)
                wrong += 1 if changed else 0
                print(f"{scenario.stem}: {programs[0][0]} and {name}: "
                      + (f"{len(changed)} differ, e.g. {changed[0]}" if changed else "the same bits"))
                os.remove(other)
            os.remove(reference)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
