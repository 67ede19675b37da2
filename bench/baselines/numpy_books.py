"""Money of the programme in the numpy baseline: costs, tax, interest, cash, and what follows from it."""

import numpy as np

from numpy_partner import NEVER, on


class Books:
    """Costs, tax, interest and cash of a chunk; what moves by a payment delay is kept by period."""

    def __init__(self, finance, desk, periods, trials):
        self.finance, self.desk = finance, desk
        self.cash, self.gross_profit, self.fees = np.zeros((3, periods, trials))
        self.cumulative, self.total_cost = np.zeros((2, trials))
        self.period_interest = np.expm1(np.log1p(finance["interest_rate"]) / 12.0)
        self.payroll = self.desk.managers * desk.sales["cost_per_manager_per_month"]

    def step(self, period, sums):
        """Books the sums of a period over partners: revenue, gross_profit, partner_fees, acquisition_cost."""
        finance, gross_profit, fees = self.finance, sums["gross_profit"], sums["partner_fees"]
        self.gross_profit[period], self.fees[period] = gross_profit, fees
        common = self.payroll + finance["fixed_cost_per_month"]
        if period == 0:
            common = common + finance["launch_cost"]
        cost = sums["acquisition_cost"] + common
        tax = 0.0
        if on(finance["revenue_tax_rate"]):
            tax = finance["revenue_tax_rate"] * sums["revenue"]
        if on(finance["profit_tax_rate"]):
            profit = gross_profit - cost
            profit -= tax
            np.maximum(profit, 0.0, out=profit)
            profit *= finance["profit_tax_rate"]
            tax = profit + tax
        if on(tax):
            cost += tax
        if on(finance["interest_rate"]):
            cost -= self.period_interest * np.minimum(0.0, self.cumulative)
        self.period_cost = cost.copy()
        self.total_cost += cost
        cash = np.subtract(fees, cost, out=self.cash[period])  # fees are paid later than they are incurred
        received = period - finance["customer_payment_delay_months"]
        paid = period - finance["partner_payment_delay_months"]
        if received >= 0:
            cash += self.gross_profit[received]
        if paid >= 0:
            cash -= self.fees[paid]
        self.cumulative += cash

    def outcomes(self, totals):
        cumulative = np.cumsum(self.cash, axis=0)
        negative = cumulative < 0.0
        back = negative[:-1] & ~negative[1:]
        first, trial = back.argmax(axis=0), np.arange(back.shape[1])
        payback = first + 1 - cumulative[first, trial] / np.where(back.any(axis=0), self.cash[first + 1, trial], 1.0)
        payback[~back.any(axis=0)] = NEVER
        payback[~negative.any(axis=0)] = 0.0
        years = np.arange(1, len(self.cash) + 1)[:, None] / 12.0
        discount = (1.0 + self.finance["discount_rate"]) ** -years
        with np.errstate(divide="ignore", invalid="ignore"):
            cac = (totals["acquisition_cost"] + self.payroll * len(self.cash)) / totals["contracts"]
        outcomes = {"payback_months": payback, "npv": (self.cash * discount).sum(axis=0),
                    "peak_funding": -np.minimum(0.0, cumulative.min(axis=0)), "net_cash": self.cumulative,
                    "total_cost": self.total_cost, "cac": cac}
        if self.finance["budget"] is not None:
            outcomes["budget_overrun"] = np.maximum(0.0, totals["acquisition_cost"] - self.finance["budget"])
        return outcomes
