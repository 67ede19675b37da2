"""Sales capacity of the numpy baseline: shared by all partners, with queues, freshness and expiry."""

import numpy as np

from numpy_inputs import MONTH_DAYS


class Desk:
    def __init__(self, sales, trials):
        self.sales, self.trials = sales, trials
        self.limited = sales["managers"] is not None
        self.managers = sales["managers"] if self.limited else 0.0
        self.backlog = np.zeros(trials, np.int64)
        self.capacity = 0
        if self.limited:
            capacity = np.floor(self.managers * sales["leads_per_manager_per_month"] + 1e-9)
            self.capacity = np.broadcast_to(np.asarray(capacity, np.int64), trials)
            self.waiting_room = np.floor(self.capacity * sales["max_wait_days"] / MONTH_DAYS).astype(np.int64)

    def wait(self):
        """Days until a form lead is worked, from the backlog at the period's start."""
        response = self.sales["response_days"]
        if not self.limited:
            return response
        longest = np.maximum(response, self.sales["max_wait_days"])
        with np.errstate(divide="ignore", invalid="ignore"):
            wait = response + MONTH_DAYS * self.backlog / self.capacity
        return np.where(self.capacity > 0, np.minimum(wait, longest), longest)

    def freshness(self):
        """Factor on the target rate of form leads, from the backlog at the period's start; 1.0 where nothing decays."""
        half_life = self.sales["freshness_half_life_days"]
        if half_life is None:
            return 1.0
        stale = np.maximum(0.0, self.wait() - self.sales["freshness_grace_days"])
        return np.exp2(-stale / half_life) if np.any(stale) else 1.0

    def work(self, partners):
        """Lets every partner's leads be worked, as far as capacity goes; what waits too long expires."""
        for partner in partners:
            partner.worked_live, partner.worked_form, partner.worked_fraud = (
                partner.live, partner.queue_form, partner.queue_fraud)
            partner.expired = partner.expired_fraud = 0
        short = np.flatnonzero(self.shortage(partners)) if self.limited else []
        for partner in partners:
            partner.queue_form, partner.queue_fraud = np.zeros((2, partner.size), np.int64)
        self.backlog[:] = 0
        if len(short):
            self.ration(partners, short)
        for partner in partners:
            partner.worked = partner.worked_live + partner.worked_form + partner.worked_fraud

    def shortage(self, partners):
        wanted = np.zeros(self.trials, np.int64)
        for partner in partners:
            wanted[partner.rows] += partner.live + partner.queue_form + partner.queue_fraud
        return wanted > self.capacity

    def ration(self, partners, short):
        """The trials `short`: live leads first, then every queue in proportion, rounded down."""
        capacity = self.capacity[short]
        # A partner's trials: `at` among its own, `to` among the short ones.
        places = []
        for partner in partners:
            if isinstance(partner.rows, slice):
                places.append((partner, short, slice(None)))
            else:
                at = np.flatnonzero(np.isin(partner.rows, short, assume_unique=True))
                places.append((partner, at, np.searchsorted(short, partner.rows[at])))
        live = [np.broadcast_to(partner.live, partner.size)[at] for partner, at, _ in places]
        form = [partner.worked_form[at] for partner, at, _ in places]
        fraud = [partner.worked_fraud[at] for partner, at, _ in places]
        total_live = self.sum_of(places, live, short.size)
        left = capacity.copy()
        for i, (partner, at, to) in enumerate(places):
            served = np.where(total_live[to] > capacity[to],
                              live[i] * capacity[to] // np.maximum(1, total_live[to]), live[i])
            form[i] = form[i] + (live[i] - served)
            left[to] -= served
            partner.worked_live = np.array(np.broadcast_to(partner.live, partner.size))
            partner.worked_live[at] = served
        queued = self.sum_of(places, form, short.size) + self.sum_of(places, fraud, short.size)
        worked = np.minimum(left, queued)  # all of every queue, or a share of left / queued
        backlog = np.zeros(short.size, np.int64)
        for i, (partner, at, to) in enumerate(places):
            share = lambda queue: queue * worked[to] // np.maximum(1, queued[to])
            partner.worked_form[at], partner.worked_fraud[at] = share(form[i]), share(fraud[i])
            form[i] -= partner.worked_form[at]
            fraud[i] -= partner.worked_fraud[at]
            backlog[to] += form[i] + fraud[i]
        self.expire(places, form, fraud, backlog, backlog - self.waiting_room[short])
        for i, (partner, at, to) in enumerate(places):
            partner.queue_form[at], partner.queue_fraud[at] = form[i], fraud[i]
        self.backlog[short] = self.sum_of(places, form, short.size) + self.sum_of(places, fraud, short.size)

    def expire(self, places, form, fraud, backlog, excess):
        if not (excess > 0).any():
            return
        np.maximum(excess, 0, out=excess)
        backlog = np.maximum(1, backlog)
        for i, (partner, at, to) in enumerate(places):
            partner.expired, partner.expired_fraud = np.zeros((2, partner.size), np.int64)
            partner.expired[at] = form[i] * excess[to] // backlog[to]
            partner.expired_fraud[at] = fraud[i] * excess[to] // backlog[to]
            form[i] -= partner.expired[at]
            fraud[i] -= partner.expired_fraud[at]

    @staticmethod
    def sum_of(places, values, size):
        total = np.zeros(size, np.int64)
        for (_, _, to), value in zip(places, values):
            total[to] += value
        return total
