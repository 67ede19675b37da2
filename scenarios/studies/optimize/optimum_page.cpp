#include "scenarios/studies/optimize/optimum_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kMostRows = 20;

PageNumber number(const Estimate& estimate, const std::string& unit) { return {estimate.value, unit, estimate.mcse}; }

PageColumn text_column(const char* english, const char* russian) {
  return {{english, russian}, PageColumn::Kind::text};
}
PageColumn column(const char* english, const char* russian) { return {{english, russian}}; }

class Page {
 public:
  explicit Page(const Optimum& optimum) : optimum_(optimum), unit_(optimum.rules.objective.unit()) {}

  StudyPage make() {
    StudyPage page;
    page.kind = {"Choice of partners", "Выбор партнёров"};
    page.title = optimum_.title;
    page.currency = optimum_.currency;
    page.basis = {
        {"Objective: {0}. {1} of {2} possible choices simulated ({3}); finalists on {4} trials and on as many "
         "fresh ones; seed {5}.",
         "Показатель: {0}. Рассчитано вариантов: {1} из {2} ({3}); финалисты — на {4} испытаниях и ещё на "
         "стольких же новых; начальное число {5}."},
        {objective(), PageNumber{double(optimum_.candidates.size())}, PageNumber{optimum_.choices},
         optimum_.exhaustive ? Phrase{"all of them", "полный перебор"} : Phrase{"local search", "локальный поиск"},
         PageNumber{double(optimum_.rules.trials)}, fmt::format("{}", optimum_.seed)}};
    page.sections = {choice(), frontier(), finalists()};
    return page;
  }

 private:
  [[nodiscard]] PageValue objective() const {
    if (const auto outcome = optimum_.rules.objective.outcome()) return PageMetric{std::string(spec_of(*outcome).name)};
    return optimum_.rules.objective.words();
  }

  PageSection choice() {
    PageSection section{"choice", {"The best choice", "Лучший вариант"}, {}, {}};
    if (!optimum_.best) {
      section.meaning.push_back({{"No choice keeps all limits. The nearest is “{0}”.",
                                  "Ни один вариант не укладывается во все ограничения. Ближе всех «{0}»."},
                                 {optimum_.candidates.front().name}});
      section.items.emplace_back(limits_table(optimum_.candidates.front()));
      return section;
    }
    const Candidate& best = optimum_.candidates[*optimum_.best];
    const Estimate& chosen = best.final->objective;
    const Estimate& fresh = best.fresh->objective;
    section.meaning.push_back({{"“{0}” is the best: {1} on trials that took no part in choosing it.",
                                "Лучший вариант — «{0}»: {1} на испытаниях, которые в выборе не участвовали."},
                               {best.name, number(fresh, unit_)}});
    section.meaning.push_back(
        {{"When it was chosen it showed {0}. The difference, {1}, is the optimism of the search: the best of many "
          "looks "
          "a little better than it is.",
          "При выборе он показал {0}. Разность {1} — оптимизм поиска: лучший из многих всегда выглядит немного лучше, "
          "чем "
          "есть."},
         {number(chosen, unit_), number(optimism_of(optimum_), unit_)}});
    if (best.fresh->npv.value < 0.0) {
      section.meaning.push_back({{"Its mean NPV is below zero: doing nothing would cost less.",
                                  "Его средний NPV ниже нуля: ничего не делать было бы дешевле."},
                                 {}});
    }
    add_open(section);
    if (!optimum_.rules.limits.empty()) section.items.emplace_back(limits_table(best));
    section.items.emplace_back(
        PageSentence{{"As a mix for the scenario: {0}", "Как набор для файла сценария: {0}"}, {optimum_.mix_toml}});
    return section;
  }

  void add_open(PageSection& section) {
    const auto open = std::count_if(optimum_.candidates.begin(), optimum_.candidates.end(),
                                    [](const Candidate& candidate) { return candidate.still_open; });
    if (open > 0) {
      section.meaning.push_back(
          {{"{0} other finalists cannot be told from the best of them with {1} confidence: choose among them by what "
            "the "
            "simulation does not know.",
            "Ещё финалистов, которых с доверием {1} нельзя отличить от лучшего: {0}; выбирайте среди них по тому, чего "
            "расчёт не знает."},
           {PageNumber{double(open)}, PageNumber{optimum_.rules.confidence, "share"}}});
    }
    for (const std::size_t k : optimum_.not_confirmed) {
      section.meaning.push_back({{"“{0}” looked better and broke a limit on fresh trials.",
                                  "«{0}» выглядел лучше, но на новых испытаниях нарушил ограничение."},
                                 {optimum_.candidates[k].name}});
    }
  }

  PageTable limits_table(const Candidate& candidate) {
    PageTable table{{"Limits", "Ограничения"},
                    {text_column("Limit", "Ограничение"), column("Estimate", "Оценка"), text_column("", "")},
                    {}};
    const ChoiceEstimates& known = best_known(candidate);
    for (std::size_t k = 0; k < optimum_.rules.limits.size(); ++k) {
      const Limit& limit = optimum_.rules.limits[k];
      table.rows.push_back(
          {limit.text(), number(known.limits[k], limit.unit()),
           limit.keeps(known.limits[k].value) ? Phrase{"kept", "соблюдено"} : Phrase{"broken", "нарушено"}});
    }
    return table;
  }

  PageSection frontier() {
    PageChart chart;
    chart.kind = PageChart::Kind::points;
    chart.title = {"Expected NPV against risk", "Ожидаемый NPV и риск"};
    chart.subtitle = {"risk: mean NPV of the worst 5 % of trials; higher is safer",
                      "риск: средний NPV худших 5 % испытаний; чем выше, тем надёжнее"};
    chart.alternative = {
        {"Each point is a choice of partners; the efficient ones have no other with both more NPV and "
         "less risk.",
         "Каждая точка — вариант выбора партнёров; у эффективных нет другого, у которого и NPV больше, и "
         "риск меньше."},
        {}};
    chart.x = {{"Mean NPV", "Средний NPV"}, "currency"};
    chart.y = {{"Mean NPV of the worst 5 %", "Средний NPV худших 5 %"}, "currency"};
    PageSeries others{Phrase{"other choices", "другие варианты"}};
    PageSeries efficient{Phrase{"efficient", "эффективные"}};
    PageSeries mixes{Phrase{"the scenario and its mixes", "сценарий и его наборы"}};
    efficient.join = PageSeries::Join::line;
    for (const Candidate& candidate : optimum_.candidates) {
      if (!candidate.on_frontier) add_point(others, best_known(candidate), "");
    }
    for (const Candidate* one : efficient_choices(optimum_)) add_point(efficient, *one->fresh, one->name);
    for (const KnownMix& mix : optimum_.mixes) add_point(mixes, mix.fresh, mix.name);
    chart.series = {others, efficient, mixes};
    if (optimum_.best && !optimum_.candidates[*optimum_.best].on_frontier) {
      const Candidate& best = optimum_.candidates[*optimum_.best];
      PageSeries within{Phrase{"best within the limits", "лучший в пределах ограничений"}};
      add_point(within, *best.fresh, best.name);
      chart.series.push_back(std::move(within));
    }
    return {"frontier",
            {"Efficient frontier", "Эффективная граница"},
            {{{"Whoever wants more NPV than an efficient choice gives must take more risk. A mix that lies below and "
               "to the "
               "left of the frontier can be bettered.",
               "Кто хочет NPV больше, чем даёт эффективный вариант, должен принять больший риск. Набор, лежащий ниже и "
               "левее границы, можно улучшить."},
              {}}},
            {chart, frontier_table()}};
  }

  static void add_point(PageSeries& series, const ChoiceEstimates& known, const std::string& label) {
    series.x.push_back(known.npv.value);
    series.y.push_back(known.npv_cvar.value);
    series.low.push_back(known.npv_cvar.value - sim::kNormal95 * known.npv_cvar.mcse);
    series.high.push_back(known.npv_cvar.value + sim::kNormal95 * known.npv_cvar.mcse);
    series.labels.push_back(label);
  }

  PageTable frontier_table() {
    PageTable table{
        {"Efficient choices, the best, and the scenario's mixes", "Эффективные варианты, лучший и наборы сценария"},
        {text_column("Choice", "Вариант"), column("Mean NPV", "Средний NPV"),
         column("Mean NPV of the worst 5 %", "Средний NPV худших 5 %"), text_column("Limits", "Ограничения")},
        {}};
    const auto add = [&](const std::string& name, const ChoiceEstimates& known) {
      table.rows.push_back(
          {name, number(known.npv, "currency"), number(known.npv_cvar, "currency"), kept_value(known)});
    };
    for (const Candidate* one : efficient_choices(optimum_)) add(one->name, *one->fresh);
    if (optimum_.best && !optimum_.candidates[*optimum_.best].on_frontier) {
      add(optimum_.candidates[*optimum_.best].name, *optimum_.candidates[*optimum_.best].fresh);
    }
    for (const KnownMix& mix : optimum_.mixes) add("[" + mix.name + "]", mix.fresh);
    return table;
  }

  [[nodiscard]] PageValue kept_value(const ChoiceEstimates& known) const {
    return excess_of(known, optimum_.rules) == 0.0 ? Phrase{"kept", "соблюдены"} : Phrase{"broken", "нарушены"};
  }

  PageSection finalists() {
    PageTable table{{"Finalists", "Финалисты"},
                    {text_column("Choice", "Вариант"), column("Objective", "Показатель"), column("NPV", "NPV"),
                     column("NPV of the worst 5 %", "NPV худших 5 %"), text_column("Limits", "Ограничения")},
                    {}};
    std::vector<const Candidate*> rows = finalists_of(optimum_);
    rows.resize(std::min(rows.size(), kMostRows));
    for (const Candidate* one : rows) {
      const ChoiceEstimates& known = best_known(*one);
      table.rows.push_back({one->name, number(known.objective, unit_), number(known.npv, "currency"),
                            number(known.npv_cvar, "currency"), kept_value(known)});
    }
    return {"finalists",
            {"Finalists", "Финалисты"},
            {{{"Figures of fresh trials where a choice was confirmed on some, else of those it was chosen by.",
               "Показаны новые испытания, где они проводились, иначе — те, по которым выбирали."},
              {}}},
            {table}};
  }

  const Optimum& optimum_;
  std::string unit_;
};

}  // namespace

StudyPage optimum_page(const Optimum& optimum) { return Page(optimum).make(); }

}  // namespace channelcast::scenarios
