"""The core of a scenario in numpy, vectorised over trials: what an expert would write who has no engine.

`simulate(scenario, rng, trials)` gives outcomes as arrays over trials; the rules are those of docs/methodology.
What makes it fast:
  * a chunk of trials at once, one numpy call for each draw of a period;
  * on request (`thinned`) leads are drawn by kind: thinning a Poisson variable gives independent Poisson variables,
    which has the same distribution as splitting it by binomials, as the engine does, and is cheaper;
  * an exit depends on the market alone, so one exponential draw a trial decides it before the time loop;
  * a standby partner is simulated for the trials that need it, from the first period in which any does;
  * scalars stay scalars, and what is switched off is not computed.
"""

import numpy as np

from numpy_inputs import MONTH_DAYS, SEASONS, draw_table

NEVER = np.inf


def on(value):
    """Whether an input is anything else than a plain zero."""
    return isinstance(value, np.ndarray) or value != 0


def poisson(rng, mean, share):
    return rng.poisson(mean * share) if on(share) else 0


def binomial(rng, count, share):
    if not (on(count) and on(share)):
        return 0
    if not isinstance(share, np.ndarray) and share == 1.0:
        return count
    return rng.binomial(count, share)


def logit(rate):
    with np.errstate(divide="ignore"):  # 0 and 1 stay what they are
        return np.log(rate) - np.log1p(-rate)


def shifted_rate(logit_rate, sd, quality):
    """logistic(logit_rate + sd * quality)"""
    x = sd * quality
    x += logit_rate
    np.negative(x, out=x)
    np.exp(x, out=x)
    x += 1.0
    return np.reciprocal(x, out=x)


def autoregression(rng, state, persistence, trials):
    noise = rng.standard_normal(trials)
    if state is None:
        return noise
    noise *= np.sqrt(1.0 - persistence**2)
    state *= persistence
    state += noise
    return state


def spread(rng, count, conditional, arriving):
    """Multinomial over lags by conditional binomials, into arriving[lag]; returns what falls past the horizon."""
    left = count.copy()
    for share, period in zip(conditional, arriving):
        if share == 0.0:
            continue
        if share == 1.0:
            period += left
            return 0
        now = rng.binomial(left, share)
        period += now
        left -= now
        if not left.any():
            return 0
    return left


class Partner:
    """One partner in a chunk: its inputs, and what it carries from period to period, over the trials `rows`."""

    def __init__(self, spec, rng, market, start, periods, trials):
        """`market`: its state, [period, trial], or None, and volume_sd; `start`: of a standby partner, by trial."""
        self.spec, self.periods, self.thinned = spec, periods, spec["thinned"]
        if spec["standby"]:
            self.rows = np.flatnonzero(start < periods)
            self.start = start[self.rows]
        else:
            self.rows, self.start = slice(None), 0.0
        self.market = None if market[0] is None else market[0][:, self.rows]
        self.size = self.start.size if spec["standby"] else trials
        self.first_period = int(self.start.min(initial=periods)) if spec["standby"] else 0
        self.volume, self.transfer, self.fraud, self.contact, self.funnel, self.variation = (
            draw_table(rng, spec[table], self.size)
            for table in ("volume", "transfer", "fraud", "contact", "funnel", "quality"))
        self.refused, self.customer, self.exit, self.payment, self.training = (
            draw_table(rng, spec[table], self.size)
            for table in ("reactivation", "customer", "exit", "payment", "training"))
        self.season = np.array(SEASONS[self.volume["season"]]) / np.mean(SEASONS[self.volume["season"]])
        volume_sd = market[1][self.rows] if isinstance(market[1], np.ndarray) else market[1]
        self.volume_sd = volume_sd * self.volume["market_sensitivity"]
        self.contact_rate = 1.0 - (1.0 - self.contact["answer_rate"]) ** self.contact["attempts"]
        self.target_rate, self.win_rate = self.funnel["target_rate"], self.funnel["win_rate"]
        self.logit_target, self.logit_win = logit(self.target_rate), logit(self.win_rate)
        self.draw_exit(rng)
        self.own_quality = None
        self.in_episode = False
        self.queue_form, self.queue_fraud, self.active, self.unbilled = np.zeros((4, self.size), np.int64)
        self.paid, self.reactivated = np.zeros((2, periods, self.size), np.int64)  # contracts, by period of signature

    def draw_exit(self, rng):
        """Notice at the end of the first period by which the summed hazard exceeds an exponential draw."""
        self.noticed_at = self.exit_at = NEVER
        if not on(self.exit["exits_per_year"]):
            return
        hazard = np.full((self.periods, self.size), self.exit["exits_per_year"] / 12.0)
        if on(self.exit["market_sensitivity"]):
            hazard *= np.exp(-self.exit["market_sensitivity"] * self.market)
        if self.spec["standby"]:
            hazard *= self.start < np.arange(1, self.periods + 1)[:, None]
        np.cumsum(hazard, axis=0, out=hazard)
        before = (hazard <= rng.standard_exponential(self.size)).sum(axis=0)
        self.noticed_at = np.where(before < self.periods, before + 1.0, NEVER)
        self.exit_at = self.noticed_at + self.exit["notice_days"] / MONTH_DAYS

    def step_processes(self, rng, period):
        """What goes on whether or not the partner works: lead quality and fraud episodes."""
        if on(self.variation["target_sd"]) or on(self.variation["win_sd"]):
            self.own_quality = autoregression(rng, self.own_quality, self.variation["persistence_per_month"], self.size)
            quality, loading = self.own_quality, self.variation["market_loading"]
            if on(loading):
                quality = np.sqrt(1.0 - loading**2) * quality
                quality += loading * self.market[period]
            if on(self.variation["target_sd"]):
                self.target_rate = shifted_rate(self.logit_target, self.variation["target_sd"], quality)
            if on(self.variation["win_sd"]):
                self.win_rate = shifted_rate(self.logit_win, self.variation["win_sd"], quality)
        if on(self.fraud["episodes_per_year"]):
            begins = -np.expm1(-self.fraud["episodes_per_year"] / 12.0)
            ends = -np.expm1(-1.0 / self.fraud["episode_months"])
            uniform = rng.random(self.size)
            self.in_episode = np.where(self.in_episode, uniform >= ends, uniform < begins)

    def step_leads(self, rng, period, month):
        """Draws the leads of the period by kind; form leads and undetected fraud join the queues."""
        until = np.minimum(self.exit_at, period + 1)
        since = np.maximum(self.start, period)
        self.work = np.maximum(0.0, until - since)
        self.launched = (self.start >= period) & (self.start < period + 1)
        mean = self.volume["leads_per_month"] * (self.work * self.season[month])
        if on(self.exit["exits_per_year"]):
            mean = np.where(self.noticed_at <= period, mean * self.exit["notice_volume"], mean)
        if on(self.volume["ramp_months"]):
            age = 0.5 * (since + until) - self.start
            mean = mean * np.clip(age / self.volume["ramp_months"], 0.0, 1.0)
        if on(self.volume_sd):
            mean = mean * np.exp(self.volume_sd * self.market[period] - 0.5 * self.volume_sd**2)
        if on(self.volume["dispersion"]):
            factor = rng.standard_gamma(1.0 / self.volume["dispersion"], self.size)
            factor *= self.volume["dispersion"]
            mean = np.multiply(factor, mean, out=factor)
        mean = np.broadcast_to(mean, self.size)

        fraud = self.fraud["share"]
        if on(self.fraud["episodes_per_year"]):
            fraud = np.where(self.in_episode, self.fraud["episode_share"], fraud)
        genuine, live, detected = 1.0 - fraud, self.transfer["live_share"], self.fraud["detection_rate"]
        loss, reconciled = self.loss_share(rng), self.transfer["reconciled_share"]
        if self.thinned:
            rejected = poisson(rng, mean, fraud * detected)
            undetected = poisson(rng, mean, fraud * (1.0 - detected))
            self.live = poisson(rng, mean, genuine * live)
            lost_share = loss * (1.0 - reconciled)
            form = poisson(rng, mean, genuine * (1.0 - live) * (1.0 - lost_share))
            lost = poisson(rng, mean, genuine * (1.0 - live) * lost_share)
        else:
            leads = rng.poisson(mean)
            frauds = binomial(rng, leads, fraud)
            rejected = binomial(rng, frauds, detected)
            undetected = frauds - rejected
            self.live = binomial(rng, leads - frauds, live)
            form = leads - frauds - self.live
            lost = binomial(rng, form, loss)
            lost = lost - binomial(rng, lost, reconciled)
            form = form - lost
        self.payable = self.live + form + undetected
        self.queue_form += form
        self.queue_fraud += undetected
        return {"leads": self.payable + rejected + lost, "fraud_leads": rejected + undetected, "lost_leads": lost,
                "payable_leads": self.payable}

    def loss_share(self, rng):
        """Share of form leads lost in transfer, before reconciliation."""
        loss = self.transfer["loss_rate"]
        if on(self.transfer["outages_per_year"]) and on(self.transfer["outage_severity"]):
            outage = rng.random(self.size) < -np.expm1(-self.transfer["outages_per_year"] / 12.0)
            loss = np.where(outage, 1.0 - (1.0 - loss) * (1.0 - self.transfer["outage_severity"]), loss)
        return loss

    def step_training(self, period):
        """Knowledge of the period, and whether it holds a training; both scalar where the start is."""
        every, first = self.training["every_months"], np.floor(self.start + 1e-9)
        latest, self.trained = first, 0
        if every > 0:
            rounds = np.floor((period + 1 - self.start) / every + 1e-9)
            latest = np.where(rounds >= 1, np.ceil(rounds * every + self.start - 1e-9) - 1.0, first)
            self.trained = (rounds >= 1) & (latest == period) & (self.work > 0.0)
        if not (on(self.training["effect"]) and on(self.training["decay_per_month"])):
            return 1.0
        faded = -np.expm1(-self.training["decay_per_month"] * np.maximum(0.0, period - np.maximum(latest, first)))
        return 1.0 - self.training["effect"] * faded

    def step_funnel(self, rng, period, freshness):
        """From worked leads to contracts of this and later periods; `freshness` is 1.0 while nobody waits too long."""
        contacted_form = binomial(rng, self.worked_form, self.contact_rate)
        contacted = contacted_form + self.worked_live
        rate = self.target_rate * self.step_training(period)
        if isinstance(freshness, float) and freshness == 1.0:
            target = binomial(rng, contacted, rate)
        else:
            fresh = freshness[self.rows] if isinstance(freshness, np.ndarray) else freshness
            target = binomial(rng, contacted_form, rate * fresh) + binomial(rng, self.worked_live, rate)
        deals = binomial(rng, target, self.funnel["deal_rate"])
        won = binomial(rng, deals, self.win_rate)
        pipeline = spread(rng, won, self.spec["deal_lags"], self.paid[period:])
        self.refusals = (self.worked_form - contacted_form) + self.expired + (target - won)
        if self.refused["include_non_target"]:
            self.refusals += contacted - target
        if on(self.refused["rate"]):
            returned = rng.binomial(self.refusals, self.refused["rate"])
            pipeline = pipeline + spread(rng, returned, self.spec["return_lags"], self.reactivated[period:])
        self.target = target
        return {"contacted": contacted, "target_leads": target, "deals": deals, "pipeline_contracts": pipeline}

    def step_customers(self, rng, period):
        self.active += self.unbilled
        self.billed = self.active.astype(np.float64)
        churned = binomial(rng, self.active, self.customer["churn_per_month"])
        self.active -= churned
        self.unbilled = self.paid[period] + self.reactivated[period]
        return {"contracts": self.unbilled, "reactivated_contracts": self.reactivated[period],
                "churned_customers": churned}

    def step_money(self, period, cost_per_worked_lead):
        """Revenue, gross profit, fees and acquisition cost of the period."""
        pay = self.payment
        setup = self.unbilled * self.customer["setup_fee"] if on(self.customer["setup_fee"]) else 0.0
        revenue = np.multiply(self.billed, self.customer["revenue_per_month"], out=self.billed)
        gross_profit = revenue * self.customer["gross_margin"] + setup
        fees = sum(pay[key] * units for key, units in (
            ("per_lead", self.payable), ("per_target", self.target), ("per_contract", self.paid[period]),
            ("fixed_per_month", self.work)) if on(pay[key]))
        acquisition = fees + pay["launch_cost"] * self.launched + self.training["cost"] * self.trained
        if on(cost_per_worked_lead):
            acquisition = acquisition + cost_per_worked_lead * self.worked
        if on(self.refused["cost_per_refusal"]):
            acquisition = acquisition + self.refused["cost_per_refusal"] * self.refusals
        return {"revenue": revenue + setup, "gross_profit": gross_profit, "partner_fees": fees,
                "acquisition_cost": acquisition}
