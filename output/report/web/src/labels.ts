// What metrics and inputs are called in each language: [English, Russian]. Names that are not here are shown as they
// stand in the scenario.

import type { Language } from "./numbers";

type Pair = readonly [en: string, ru: string];

/** Outcomes of a trial, by their names in the run file. */
export const metricLabels: Record<string, Pair> = {
  leads: ["Leads", "Лиды"],
  lost_leads: ["Lost in transfer", "Потеряно при передаче"],
  recovered_leads: ["Recovered by reconciliation", "Возвращено при сверке"],
  fraud_leads: ["Fraudulent leads", "Фродовые лиды"],
  rejected_leads: ["Fraud detected and rejected", "Фрод выявлен и отклонён"],
  payable_leads: ["Leads paid for", "Оплачиваемые лиды"],
  worked: ["Worked leads", "Обработанные лиды"],
  expired_leads: ["Expired in the queue", "Сгорело в очереди"],
  waiting_leads: ["Still waiting at the end", "Ждут на конец периода"],
  contacted: ["Contacted", "Дозвонились"],
  no_answers: ["No answer", "Недозвон"],
  target_leads: ["Target leads", "Целевые лиды"],
  refusals: ["Refusals of all kinds, no answer included", "Отказы всех видов, с недозвоном"],
  deals: ["Deals", "Сделки"],
  won_deals: ["Deals won", "Выигранные сделки"],
  contracts: ["Contracts", "Договоры"],
  reactivated_contracts: ["Contracts from re-activation", "Договоры от реактивации"],
  churned_customers: ["Customers lost", "Ушедшие клиенты"],
  pipeline_contracts: ["Contracts after the horizon, with re-activation", "Договоры после горизонта, с реактивацией"],
  active_customers: ["Customers at the end", "Клиенты на конец горизонта"],
  unbilled_contracts: ["Signed, not yet billed", "Подписаны, ещё не выставлены"],
  leads_first_year: ["Leads in the first year", "Лиды за первый год"],
  max_backlog: ["Largest backlog", "Наибольшая очередь"],
  exits: ["Partners that left", "Ушедшие партнёры"],
  terminations: ["Partners terminated", "Партнёры, с которыми расторгли"],
  revenue: ["Revenue", "Выручка"],
  gross_profit: ["Gross profit", "Валовая прибыль"],
  partner_fees: ["Partner fees", "Выплаты партнёрам"],
  acquisition_cost: ["Acquisition cost", "Расходы на привлечение"],
  payroll: ["Payroll", "Фонд оплаты труда"],
  common_cost: ["Common costs", "Общие расходы"],
  tax: ["Tax", "Налоги"],
  interest: ["Interest", "Проценты"],
  total_cost: ["Total cost", "Все расходы"],
  net_cash: ["Net cash", "Накопленный денежный поток"],
  receivable: ["Receivable at the end", "Дебиторская задолженность"],
  payable: ["Payable at the end", "Кредиторская задолженность"],
  payback_months: ["Payback, months", "Окупаемость, мес."],
  discounted_payback_months: ["Discounted payback, months", "Дисконтированная окупаемость, мес."],
  npv: ["NPV", "NPV"],
  irr: ["IRR, yearly", "IRR, годовая"],
  peak_funding: ["Peak funding", "Пиковая потребность в деньгах"],
  peak_funding_month: ["Month of peak funding", "Месяц пиковой потребности"],
  budget_overrun: ["Budget overrun", "Превышение бюджета"],
  budget_exhausted_month: ["Month the budget is used up", "Месяц исчерпания бюджета"],
  cac: ["CAC", "CAC"],
  ltv: ["LTV", "LTV"],
  ltv_to_cac: ["LTV / CAC", "LTV / CAC"],
  capacity_bound_periods: ["Periods short of sales capacity", "Периоды с нехваткой менеджеров"],
  pool_exhausted_partners: ["Partners whose pool ran out", "Партнёры с исчерпанной базой"],
  contribution: ["Contribution", "Вклад в прибыль"],
};

/** Inputs, by table and key. */
export const inputLabels: Record<string, Pair> = {
  "market.persistence_per_month": ["Market persistence", "Инерция рынка"],
  "market.volume_sd": ["Market swings of volume", "Колебания объёма с рынком"],
  "finance.discount_rate": ["Discount rate", "Ставка дисконтирования"],
  "finance.interest_rate": ["Interest rate", "Процентная ставка"],
  "finance.fixed_cost_per_month": ["Fixed cost per month", "Постоянные расходы в месяц"],
  "finance.launch_cost": ["Launch cost", "Расходы на запуск"],
  "finance.revenue_tax_rate": ["Tax on revenue", "Налог с выручки"],
  "finance.profit_tax_rate": ["Tax on profit", "Налог на прибыль"],
  "finance.budget": ["Budget", "Бюджет"],
  "sales.managers": ["Sales managers", "Менеджеры продаж"],
  "sales.leads_per_manager_per_month": ["Leads per manager", "Лидов на менеджера в месяц"],
  "sales.cost_per_manager_per_month": ["Cost of a manager", "Стоимость менеджера в месяц"],
  "sales.cost_per_worked_lead": ["Cost per worked lead", "Стоимость обработки лида"],
  "sales.response_days": ["Days to first response", "Дней до первого звонка"],
  "sales.freshness_grace_days": ["Days a lead stays fresh", "Дней, пока лид свежий"],
  "sales.freshness_half_life_days": ["Half-life of freshness", "Период полуостывания лида"],
  "sales.max_wait_days": ["Longest wait", "Предельное ожидание"],
  "volume.leads_per_month": ["Leads per month", "Лидов в месяц"],
  "volume.dispersion": ["Dispersion of volume", "Разброс объёма"],
  "volume.ramp_months": ["Months to full volume", "Месяцев до полного объёма"],
  "volume.growth_per_month": ["Growth of volume", "Рост объёма в месяц"],
  "volume.market_sensitivity": ["Sensitivity to the market", "Чувствительность к рынку"],
  "transfer.live_share": ["Share of live transfers", "Доля живых передач"],
  "transfer.loss_rate": ["Loss in transfer", "Потери при передаче"],
  "transfer.outages_per_year": ["Outages per year", "Сбоев передачи в год"],
  "transfer.outage_severity": ["Loss in an outage", "Потери при сбое"],
  "transfer.reconciled_share": ["Recovered by reconciliation", "Возврат при сверке"],
  "fraud.share": ["Share of fraud", "Доля фрода"],
  "fraud.detection_rate": ["Fraud detected", "Выявление фрода"],
  "fraud.episodes_per_year": ["Fraud episodes per year", "Всплесков фрода в год"],
  "fraud.episode_share": ["Fraud in an episode", "Доля фрода при всплеске"],
  "fraud.episode_months": ["Length of a fraud episode", "Длительность всплеска фрода"],
  "contact.answer_rate": ["Answer rate", "Доля дозвона"],
  "contact.attempts": ["Call attempts", "Попыток дозвона"],
  "funnel.target_rate": ["Target rate", "Доля целевых"],
  "funnel.deal_rate": ["Deal rate", "Конверсия в сделку"],
  "funnel.win_rate": ["Win rate", "Доля выигранных сделок"],
  "quality.persistence_per_month": ["Persistence of quality", "Инерция качества лидов"],
  "quality.target_sd": ["Swings of the target rate", "Колебания доли целевых"],
  "quality.win_sd": ["Swings of the win rate", "Колебания доли выигрышей"],
  "quality.market_loading": ["Quality with the market", "Связь качества с рынком"],
  "deal_cycle.mean_days": ["Deal cycle, mean", "Цикл сделки, среднее"],
  "deal_cycle.sd_days": ["Deal cycle, spread", "Цикл сделки, разброс"],
  "reactivation.rate": ["Re-activation rate", "Доля реактивации"],
  "reactivation.from_months": ["Earliest return", "Самый ранний возврат"],
  "reactivation.to_months": ["Latest return", "Самый поздний возврат"],
  "reactivation.cost_per_refusal": ["Nurturing cost per refusal", "Расходы на прогрев отказа"],
  "customer.revenue_per_month": ["Revenue per customer", "Выручка с клиента в месяц"],
  "customer.gross_margin": ["Gross margin", "Валовая маржа"],
  "customer.setup_fee": ["Setup fee", "Плата за подключение"],
  "customer.churn_per_month": ["Churn per month", "Отток в месяц"],
  "customer.sbg_alpha": ["Retention, alpha", "Удержание, альфа"],
  "customer.sbg_beta": ["Retention, beta", "Удержание, бета"],
  "customer.weibull_shape": ["Retention, Weibull shape", "Удержание, форма Вейбулла"],
  "customer.weibull_scale_months": ["Retention, Weibull scale", "Удержание, масштаб Вейбулла"],
  "exit.exits_per_year": ["Exits per year", "Уходов партнёра в год"],
  "exit.market_sensitivity": ["Exit in a weak market", "Уход при слабом рынке"],
  "exit.notice_days": ["Days of notice", "Дней уведомления"],
  "exit.notice_volume": ["Volume during notice", "Объём после уведомления"],
  "payment.per_lead": ["Fee per lead", "Плата за лид"],
  "payment.per_target": ["Fee per target lead", "Плата за целевой лид"],
  "payment.per_contract": ["Fee per contract", "Плата за договор"],
  "payment.revenue_share": ["Revenue share", "Доля партнёра в выручке"],
  "payment.fixed_per_month": ["Fixed fee per month", "Фиксированная плата в месяц"],
  "payment.launch_cost": ["Partner's launch cost", "Запуск партнёра"],
  "training.decay_per_month": ["Fading of knowledge", "Забывание за месяц"],
  "training.effect": ["Effect of knowledge", "Влияние знаний"],
  "training.cost": ["Cost of a training", "Стоимость обучения"],
  "exchange.outbound_per_month": ["Leads sent per month", "Лидов партнёру в месяц"],
  "exchange.close_rate": ["Partner's close rate", "Конверсия партнёра"],
  "exchange.deal_value": ["Value of a partner's deal", "Сумма сделки партнёра"],
  "exchange.commission": ["Our commission", "Наша комиссия"],
  "exchange.imbalance_exit_sensitivity": ["Exit from unequal exchange", "Уход из-за неравного обмена"],
  "event.factor": ["Effect of the event", "Сила события"],
  "event.cost": ["Cost of the event", "Стоимость события"],
  "event.probability": ["Probability of the event", "Вероятность события"],
  "event.per_year": ["Events per year", "Событий в год"],
  "event.duration_months": ["Length of the event", "Длительность события"],
};

const pick = (pair: Pair, language: Language): string => pair[language === "ru" ? 1 : 0];

export function metricLabel(name: string, language: Language): string {
  const pair = metricLabels[name];
  return pair ? pick(pair, language) : name;
}

/** "partner.main.contact.answer_rate" -> "Answer rate · main". */
export function inputLabel(path: string, language: Language): string {
  const parts = path.split(".");
  if ((parts[0] === "partner" && parts.length >= 4) || (parts[0] === "event" && parts.length >= 3)) {
    const key = parts[0] === "event" ? `event.${parts.at(-1)}` : parts.slice(-2).join(".");
    const owner = parts.slice(1, parts[0] === "event" ? -1 : -2).join(".");
    const pair = inputLabels[key];
    return pair ? `${pick(pair, language)} · ${owner}` : path;
  }
  const pair = inputLabels[parts[0] === "sales" && parts[1] === "change" ? "sales.managers" : path];
  return pair ? pick(pair, language) + (parts[1] === "change" ? ` · ${parts[2]}` : "") : path;
}
