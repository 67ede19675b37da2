#!/usr/bin/env python3
"""The baseline of the speed comparison: the core of a scenario in numpy, vectorised over trials.

  numpy_forecast.py SCENARIO.toml --trials 20000 [--chunk 10000] [--threads 1]   time of the simulation, as JSON
  numpy_forecast.py SCENARIO.toml --trials 20000 --check RESULT.json             compare with `channelcast run --json`

With --statistics it also gathers what the engine does by month: mean, standard deviation and quantiles of each series.
Leads are split by a chain of binomials, as the engine does; --leads thinned draws them by kind, which is cheaper.

Files: numpy_series.py (statistics by month), numpy_inputs.py (scenario, inputs, lags), numpy_partner.py (a partner's processes), numpy_sales.py (capacity),
numpy_books.py (money).
"""

import argparse
import concurrent.futures
import contextlib
import json
import sys
import time

import numpy as np
import scipy

from numpy_books import Books
from numpy_inputs import Unsupported, draw_table, load
from numpy_partner import NEVER, Partner, autoregression, on
from numpy_sales import Desk
from numpy_series import Series, statistics

LARGEST_DIFFERENCE = 4.0  # standard errors of the difference
LARGEST_DIFFERENCE_OF_SERIES = 5.0  # there are hundreds of them

COUNTS = ("leads", "leads_first_year", "fraud_leads", "lost_leads", "payable_leads", "worked", "expired_leads",
          "contacted", "target_leads", "deals", "contracts", "reactivated_contracts", "churned_customers",
          "pipeline_contracts", "active_customers")
AMOUNTS = ("revenue", "gross_profit", "partner_fees", "acquisition_cost")


def market_path(rng, market, periods, trials):
    """The market state, [period, trial]."""
    path, state = np.empty((periods, trials)), None
    for period in range(periods):
        state = autoregression(rng, state, market["persistence_per_month"], trials)
        path[period] = state
    return path


def needs_market(scenario):
    return on(scenario["market"]["volume_sd"]) or any(
        partner["exit"]["market_sensitivity"] != 0 or partner["quality"]["market_loading"] != 0
        for partner in scenario["partners"])


def make_partners(scenario, rng, market, periods, trials):
    """Partners with anything to do in this chunk; a partner's notice is the start of its reserve."""
    starts, partners = {}, []
    for spec in scenario["partners"]:
        partner = Partner(spec, rng, market, starts.get(spec["name"]), periods, trials)
        partners.append(partner)
        if spec["reserve"]:
            start = np.full(trials, NEVER)
            start[partner.rows] = partner.noticed_at + spec["reserve"].get("lead_time_months", 1.0)
            starts[spec["reserve"]["partner"]] = start
    return [partner for partner in partners if partner.size > 0]


def simulate(scenario, rng, trials, with_series=False):
    """Outcomes of a chunk of trials, by name, as arrays; and its series, if wanted."""
    periods, first_month = scenario["horizon"]["periods"], scenario["horizon"]["start"].month - 1
    tables = {name: draw_table(rng, scenario[name], trials) for name in ("market", "finance", "sales")}
    market = market_path(rng, tables["market"], periods, trials) if needs_market(scenario) else None
    partners = make_partners(scenario, rng, (market, tables["market"]["volume_sd"]), periods, trials)
    desk = Desk(tables["sales"], trials)
    books = Books(tables["finance"], desk, periods, trials)
    totals = {name: np.zeros(trials, np.int64) for name in COUNTS}
    totals |= {name: np.zeros(trials) for name in AMOUNTS}

    series = Series([spec["name"] for spec in scenario["partners"]], periods, trials) if with_series else None

    def count(partner, items, period=None):
        for name, values in items.items():
            if on(values):
                totals[name][partner.rows] += values
        if series is not None and period is not None:
            series.add(partner.spec["name"], partner.rows, period, items)

    for period in range(periods):
        started = []
        for partner in partners:
            partner.step_processes(rng, period)
            if period + 1 > partner.first_period:
                started.append(partner)
                leads = partner.step_leads(rng, period, (first_month + period) % 12)
                count(partner, leads, period)
                if period < 12:
                    count(partner, {"leads_first_year": leads["leads"]})
        freshness = desk.freshness()
        wait = desk.wait() if series is not None else None
        desk.work(started)
        sums = {name: np.zeros(trials) for name in AMOUNTS}
        for partner in started:
            count(partner, {"worked": partner.worked, "expired_leads": partner.expired + partner.expired_fraud}, period)
            count(partner, partner.step_funnel(rng, period, freshness), period)
            count(partner, partner.step_customers(rng, period), period)
            money = partner.step_money(period, tables["sales"]["cost_per_worked_lead"])
            for name, values in money.items():
                sums[name][partner.rows] += values
            if series is not None:
                series.add(partner.spec["name"], partner.rows, period, money | {"active_customers": partner.active})
        for name, values in sums.items():
            totals[name] += values
        books.step(period, sums)
        if series is not None:
            series.set(period, {"total_cost": books.period_cost, "cash": books.cash[period],
                                "cumulative_cash": books.cumulative, "backlog": desk.backlog, "wait_days": wait,
                                "capacity": desk.capacity})
    for partner in partners:
        count(partner, {"active_customers": partner.active})
    return totals | books.outcomes(totals), series.arrays() if series is not None else None


def simulate_all(scenario, seed, trials, chunk, threads, with_series=False):
    """Outcomes (and statistics of series, if wanted) of all trials, in chunks; each chunk has a stream of its own, so threads change nothing."""
    sizes = [min(chunk, trials - done) for done in range(0, trials, chunk)]
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    jobs = [(scenario, np.random.Generator(np.random.PCG64(s)), size, with_series)
            for s, size in zip(seeds, sizes)]
    # numpy's samplers, sums and sorts let go of the interpreter lock
    with concurrent.futures.ThreadPoolExecutor(threads) if threads > 1 else contextlib.nullcontext() as pool:
        each = pool.map if pool else map
        chunks = list(each(lambda job: simulate(*job), jobs))
        outcomes = {name: np.concatenate([part[name] for part, _ in chunks]) for name in chunks[0][0]}
        return (outcomes, statistics([series for _, series in chunks], each)) if with_series else outcomes


def mean_and_error(values):
    return values.mean(), values.std(ddof=1) / np.sqrt(values.size)


def summary(outcomes):
    """Mean and standard error of each outcome; of a moment those within the horizon, and how many these are."""
    result = {}
    for name, values in outcomes.items():
        finite = np.isfinite(values)
        mean, error = mean_and_error(values[finite].astype(np.float64))
        within, within_error = mean_and_error(finite.astype(np.float64))
        result[name] = {"mean": mean, "mcse": error, "p_within_horizon": within, "p_within_horizon_mcse": within_error}
    return result


def disagreements(ours, engine):
    """Lines about outcomes whose means differ by more than chance explains."""
    lines = []
    for name, own in ours.items():
        other = engine["outcomes"][name]
        for value, error in (("mean", "mcse"), ("p_within_horizon", "p_within_horizon_mcse")):
            difference = own[value] - other[value]
            spread = np.hypot(own[error], other[error])
            if abs(difference) > LARGEST_DIFFERENCE * spread + 1e-9 * abs(other[value]):
                lines.append(f"{name} {value}: numpy {own[value]:.8g} ± {own[error]:.2g}, "
                             f"engine {other[value]:.8g} ± {other[error]:.2g}")
    return lines


def series_disagreements(ours, trials, engine):
    """The same for the means of the programme's series, by period."""
    lines = []
    for name, other in engine["series"].items():
        mean, sd, _ = ours[name]
        difference = np.abs(mean - other["mean"])
        spread = np.hypot(sd / np.sqrt(trials), other["mcse"])
        bad = difference > LARGEST_DIFFERENCE_OF_SERIES * spread + 1e-9 * np.abs(other["mean"])
        lines += [f"{name} of period {period}: numpy {mean[period]:.8g}, engine {other['mean'][period]:.8g}"
                  for period in np.flatnonzero(bad)]
    return lines


def check(ours, path, series, trials):
    with open(path, encoding="utf-8") as file:
        engine = json.load(file)
    lines = disagreements(ours, engine)
    if series is not None:
        lines += series_disagreements(series, trials, engine)
    for line in lines:
        print(f"disagrees: {line}")
    if not lines:
        print(f"{len(ours)} outcomes agree within {LARGEST_DIFFERENCE:g} standard errors")
    return 1 if lines else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scenario")
    parser.add_argument("--trials", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chunk", type=int, default=10_000, help="trials simulated at once")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--leads", choices=("chain", "thinned"), default="chain", help="how leads are drawn")
    parser.add_argument("--statistics", action="store_true", help="of every series by month too, as the engine does")
    parser.add_argument("--check", metavar="RESULT.json", help="compare with the engine's result instead of timing")
    arguments = parser.parse_args()
    try:
        scenario = load(arguments.scenario, arguments.leads)
    except Unsupported as problem:
        sys.exit(f"{arguments.scenario}: {problem}")
    if arguments.check is None:
        simulate_all(scenario, arguments.seed + 1, 1000, 1000, 1)  # warm-up
    wall, cpu = time.perf_counter(), time.process_time()
    outcomes = simulate_all(scenario, arguments.seed, arguments.trials, arguments.chunk, arguments.threads,
                            arguments.statistics)
    outcomes, series = outcomes if arguments.statistics else (outcomes, None)
    result = summary(outcomes)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if arguments.check is not None:
        sys.exit(check(result, arguments.check, series, arguments.trials))
    print(json.dumps({"trials": arguments.trials, "threads": arguments.threads, "chunk": arguments.chunk,
                      "leads": arguments.leads, "statistics": arguments.statistics,
                      "seconds": wall, "cpu_seconds": cpu, "trials_per_second": arguments.trials / wall,
                      "trials_per_cpu_second": arguments.trials / cpu, "numpy": np.__version__,
                      "scipy": scipy.__version__, "python": ".".join(map(str, sys.version_info[:3]))}))


if __name__ == "__main__":
    main()
