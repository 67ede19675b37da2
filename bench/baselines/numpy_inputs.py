"""What the numpy baseline reads of a scenario file, how it draws inputs, and its lag probabilities.

A key that is not in these tables is refused: the baseline never simulates something else than the file says.
"""

import tomllib

import numpy as np
from scipy.special import gammainc

MONTH_DAYS = 30.4375
NEGLIGIBLE = 1e-10

SEASONS = {
    "flat": [1.0] * 12,
    "ru-b2b": [0.97, 1.07, 1.10, 1.09, 0.90, 0.93, 0.86, 0.84, 1.06, 1.12, 1.10, 0.96],
}

# Every key with its default. Keys of IGNORED say nothing about the simulation.
IGNORED = {"format", "name", "description", "currency", "simulation", "target", "mix", "sweep"}
PROGRAMME = {
    "horizon": {"start": None, "periods": 36, "period": "month"},
    "market": {"persistence_per_month": 0.0, "volume_sd": 0.0},
    "finance": {"discount_rate": 0.0, "interest_rate": 0.0, "fixed_cost_per_month": 0.0, "launch_cost": 0.0,
                "revenue_tax_rate": 0.0, "profit_tax_rate": 0.0, "budget": None, "budget_policy": "report",
                "customer_payment_delay_months": 0, "partner_payment_delay_months": 0},
    "sales": {"managers": None, "leads_per_manager_per_month": 0.0, "cost_per_manager_per_month": 0.0,
              "cost_per_worked_lead": 0.0, "response_days": 0.0, "freshness_grace_days": 2.0,
              "freshness_half_life_days": None, "max_wait_days": 30.0},
}
PARTNER = {
    "volume": {"leads_per_month": 0.0, "dispersion": 0.0, "ramp_months": 0.0, "season": "flat",
               "market_sensitivity": 1.0},
    "transfer": {"live_share": 0.0, "loss_rate": 0.0, "outages_per_year": 0.0, "outage_severity": 0.0,
                 "reconciled_share": 0.0},
    "fraud": {"share": 0.0, "detection_rate": 0.0, "episodes_per_year": 0.0, "episode_share": 0.0,
              "episode_months": 1.0},
    "contact": {"answer_rate": 1.0, "attempts": 1.0},
    "funnel": {"target_rate": 1.0, "deal_rate": 1.0, "win_rate": 1.0},
    "quality": {"persistence_per_month": 0.0, "target_sd": 0.0, "win_sd": 0.0, "market_loading": 0.0},
    "deal_cycle": {"distribution": "gamma", "mean_days": 0.0, "sd_days": 0.0},
    "reactivation": {"rate": 0.0, "from_months": 3.0, "to_months": 6.0, "include_non_target": False,
                     "cost_per_refusal": 0.0},
    "customer": {"revenue_per_month": 0.0, "gross_margin": 1.0, "setup_fee": 0.0, "retention": "constant",
                 "churn_per_month": 0.0, "ltv_months": 60},
    "exit": {"exits_per_year": 0.0, "market_sensitivity": 0.0, "notice_days": 0.0, "notice_volume": 1.0},
    "payment": {"per_lead": 0.0, "per_target": 0.0, "per_contract": 0.0, "fixed_per_month": 0.0, "launch_cost": 0.0},
    "training": {"decay_per_month": 0.0, "effect": 0.0, "every_months": 0, "cost": 0.0},
}
NOT_UNCERTAIN = {"mean_days", "sd_days", "from_months", "to_months"}  # lag probabilities are worked out once


class Unsupported(Exception):
    """The scenario asks for something that this baseline does not model."""


def _filled(given, known, path):
    for key, value in given.items():
        if key not in known:
            raise Unsupported(f"{path}.{key} is not modelled by the numpy baseline")
        if key in NOT_UNCERTAIN and isinstance(value, dict):
            raise Unsupported(f"{path}.{key} must be a number in the numpy baseline")
    return {**known, **given}


def _partner(given, defaults):
    for key in given:
        if key not in PARTNER.keys() | {"name", "standby", "reserve"}:
            raise Unsupported(f"partner.{key} is not modelled by the numpy baseline")
    partner = {table: _filled({**defaults.get(table, {}), **given.get(table, {})}, known, f"partner.{table}")
               for table, known in PARTNER.items()}
    if partner["volume"]["season"] not in SEASONS:
        raise Unsupported("the numpy baseline knows the built-in seasons only")
    if partner["deal_cycle"]["distribution"] != "gamma" or partner["customer"]["retention"] != "constant":
        raise Unsupported("the numpy baseline has gamma deal cycles and constant churn only")
    return {**partner, "name": given["name"], "standby": given.get("standby", False), "reserve": given.get("reserve")}


def load(path, leads="chain"):
    """The scenario as nested dictionaries with every key filled in and lag probabilities worked out; an uncertain
    input stays a {"dist": …} table. `leads`: split by a "chain" of binomials, or "thinned"."""
    with open(path, "rb") as file:
        raw = tomllib.load(file)
    for key in raw:
        if key not in IGNORED | PROGRAMME.keys() | {"partner", "partner_defaults"}:
            raise Unsupported(f"[{key}] is not modelled by the numpy baseline")
    scenario = {table: _filled(raw.get(table, {}), known, table) for table, known in PROGRAMME.items()}
    if scenario["horizon"]["period"] != "month" or scenario["finance"]["budget_policy"] != "report":
        raise Unsupported('the numpy baseline has the month grid and budget_policy = "report" only')
    defaults = raw.get("partner_defaults", {})
    _partner({**defaults, "name": "partner_defaults"}, {})
    scenario["partners"] = [_partner(given, defaults) for given in raw["partner"]]
    ready = set()
    periods = scenario["horizon"]["periods"]
    for partner in scenario["partners"]:
        if partner["standby"] and partner["name"] not in ready:
            raise Unsupported(f"the numpy baseline wants {partner['name']} after the one partner whose reserve it is")
        if partner["reserve"]:
            if partner["reserve"]["partner"] in ready:
                raise Unsupported("in the numpy baseline a partner is the reserve of one other")
            ready.add(partner["reserve"]["partner"])
        cycle, returns = partner["deal_cycle"], partner["reactivation"]
        partner["thinned"] = leads == "thinned"
        partner["deal_lags"] = gamma_lags(cycle["mean_days"], cycle["sd_days"], periods)
        partner["return_lags"] = uniform_lags(returns["from_months"], returns["to_months"], periods)
    return scenario


def draw(rng, value, trials):
    """An input: a plain value, or one value a trial. numpy's own samplers are faster than inverting a CDF."""
    if not isinstance(value, dict):
        return value
    kind = value["dist"]
    if kind == "fixed":
        return value["value"]
    if kind == "uniform":
        return rng.uniform(value["min"], value["max"], trials)
    if kind == "triangular":
        return rng.triangular(value["min"], value["mode"], value["max"], trials)
    if kind == "pert":
        low, width = value["min"], value["max"] - value["min"]
        mode = (value["mode"] - low) / width
        return low + width * rng.beta(1.0 + 4.0 * mode, 5.0 - 4.0 * mode, trials)
    if kind == "beta" and "alpha" in value:
        return rng.beta(value["alpha"], value["beta"], trials)
    if kind == "beta":
        size = value["mean"] * (1.0 - value["mean"]) / value["sd"] ** 2 - 1.0
        return rng.beta(value["mean"] * size, (1.0 - value["mean"]) * size, trials)
    if kind == "gamma":
        return rng.gamma((value["mean"] / value["sd"]) ** 2, value["sd"] ** 2 / value["mean"], trials)
    if kind == "lognormal":
        variance = np.log1p((value["sd"] / value["mean"]) ** 2)
        return rng.lognormal(np.log(value["mean"]) - 0.5 * variance, np.sqrt(variance), trials)
    raise Unsupported(f'dist = "{kind}" is not modelled by the numpy baseline')


def draw_table(rng, table, trials):
    return {key: draw(rng, value, trials) for key, value in table.items()}


def conditional_lags(integral, periods):
    """Probability of lag j given that it is j or more, of a length with CDF F from a moment spread evenly over its
    period; integral(x) is the integral of F from 0 to x days. Ends where nothing is left."""
    at_edges = integral(MONTH_DAYS * np.maximum(0, np.arange(-1, periods + 1)))
    share = np.diff(at_edges, 2) / MONTH_DAYS
    share[share < NEGLIGIBLE] = 0.0
    left = 1.0 - np.concatenate(([0.0], np.cumsum(share)))
    last = np.argmax(left < NEGLIGIBLE) if (left < NEGLIGIBLE).any() else periods
    conditional = np.minimum(1.0, share[:last] / left[:last])
    if last < periods or left[-1] < NEGLIGIBLE:
        conditional[-1] = 1.0
    return conditional.tolist()


def gamma_lags(mean, sd, periods):
    if mean <= 0.0:
        return [1.0]
    if sd <= mean * 1e-4:
        return conditional_lags(lambda x: np.maximum(0.0, x - mean), periods)
    shape, scale = (mean / sd) ** 2, sd**2 / mean
    return conditional_lags(lambda x: x * gammainc(shape, x / scale) - mean * gammainc(shape + 1.0, x / scale), periods)


def uniform_lags(from_months, to_months, periods):
    low, high = from_months * MONTH_DAYS, to_months * MONTH_DAYS
    if high <= low:
        return conditional_lags(lambda x: np.maximum(0.0, x - low), periods)

    def integral(x):
        return (np.clip(x, low, high) - low) ** 2 / (2.0 * (high - low)) + np.maximum(0.0, x - high)

    return conditional_lags(integral, periods)
