#!/usr/bin/env python3
"""The chain of exact draws of bench/chain_model.hpp in numpy, vectorised over trials: trials a second, as JSON.

  numpy_chain.py [--seconds 1] [--chunk 10000]
"""

import argparse
import json
import time

import numpy

MONTHS = 36
LEADS_PER_MONTH = (2500.0, 500.0, 50.0)
RATES = (0.75, 0.64, 0.40, 0.25)
RATE_SPREAD = 0.2
LAG = (0.04, 0.10, 0.14, 0.15, 0.13, 0.11, 0.09, 0.07, 0.05, 0.04, 0.03, 0.02, 0.02, 0.01)
RETURNING = 0.1
CHURN = 0.03


def partner(generator, leads_per_month, chunk, total):
    """Adds one partner's contracts to each trial's `total`."""
    rates = [rate * (1.0 + RATE_SPREAD * (2.0 * generator.random(chunk) - 1.0)) for rate in RATES]
    contracts = numpy.zeros((MONTHS + len(LAG), chunk), dtype=numpy.int64)
    active = numpy.zeros(chunk, dtype=numpy.int64)
    for month in range(MONTHS):
        contacted = generator.binomial(generator.poisson(leads_per_month, chunk), rates[0])
        target = generator.binomial(contacted, rates[1])
        deals = generator.binomial(target, rates[2])
        won = generator.binomial(deals, rates[3])
        won += generator.binomial(deals - won, RETURNING)
        left = 1.0
        for lag, share in enumerate(LAG[:-1]):
            part = generator.binomial(won, share / left)
            contracts[month + lag] += part
            won -= part
            left -= share
        contracts[month + len(LAG) - 1] += won
        active += contracts[month] - generator.binomial(active, CHURN)
        total += contracts[month]


def simulate(generator, chunk):
    """Contracts of each of `chunk` trials."""
    total = numpy.zeros(chunk, dtype=numpy.int64)
    for leads_per_month in LEADS_PER_MONTH:
        partner(generator, leads_per_month, chunk, total)
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--chunk", type=int, default=10_000, help="trials at once")
    arguments = parser.parse_args()
    generator = numpy.random.Generator(numpy.random.PCG64(1))
    found = []
    begin = time.perf_counter()
    while not found or time.perf_counter() - begin < arguments.seconds:
        found.append(simulate(generator, arguments.chunk))
    elapsed = time.perf_counter() - begin
    totals = numpy.concatenate(found)
    print(json.dumps({"numpy": {"trials_per_second": len(totals) / elapsed, "mean": totals.mean(),
                                "sd": totals.std(ddof=1), "trials": len(totals), "version": numpy.__version__}}))


if __name__ == "__main__":
    main()
