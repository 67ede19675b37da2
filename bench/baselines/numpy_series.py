"""Statistics by month in the numpy baseline: what the engine gathers of every series, as an analyst would compute it.

Series are kept by period over all trials of a chunk; at the end mean, standard deviation and quantiles over trials are
taken with numpy, a series at a time. Of several chunks the arrays are joined first: quantiles cannot be merged.
"""

import numpy as np

QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
PROGRAMME = ("leads", "worked", "contacted", "target_leads", "deals", "contracts", "reactivated_contracts",
             "churned_customers", "active_customers", "acquisition_cost", "total_cost", "gross_profit", "cash",
             "cumulative_cash", "backlog", "wait_days", "capacity")
PARTNER = ("leads", "contacted", "target_leads", "contracts", "active_customers", "acquisition_cost", "gross_profit")


class Series:
    """The series of a chunk: [period, trial] by name, and by partner and name."""

    def __init__(self, partners, periods, trials):
        self.programme = {name: np.zeros((periods, trials)) for name in PROGRAMME}
        self.partners = {partner: {name: np.zeros((periods, trials)) for name in PARTNER} for partner in partners}

    def add(self, partner, rows, period, items):
        """Adds what a partner had in a period, for the trials `rows`, to its own series and to the programme's."""
        own = self.partners[partner]
        for name, values in items.items():
            if name in own:
                own[name][period, rows] += values
            if name in self.programme:
                self.programme[name][period, rows] += values

    def set(self, period, items):
        for name, values in items.items():
            self.programme[name][period] = values

    def arrays(self):
        found = dict(self.programme)
        for partner, series in self.partners.items():
            found |= {f"{partner}: {name}": values for name, values in series.items()}
        return found


def statistics(chunks, each=map):
    """{series: (mean, sd, quantiles)}, each by period, from the series of all chunks; `each` is map, or that of a pool."""
    def of(name):
        values = np.concatenate([chunk[name] for chunk in chunks], axis=1) if len(chunks) > 1 else chunks[0][name]
        return name, (values.mean(axis=1), values.std(axis=1, ddof=1), np.quantile(values, QUANTILES, axis=1))

    return dict(each(of, chunks[0]))
