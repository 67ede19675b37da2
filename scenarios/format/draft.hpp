// A scenario while it is being read: values with their provenance, groups not yet expanded into members.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/scenario.hpp"
#include "scenarios/format/document.hpp"
#include "scenarios/format/draws_file.hpp"
#include "scenarios/format/ranking.hpp"
#include "sim/inputs/distribution.hpp"

namespace channelcast::scenarios {

/// What reading needs beside the file's tree.
struct Context {
  Problems& problems;
  DrawsFiles& draws;
};

/// The tree of a file with overrides applied; tables for single members of a `count`ed group stand apart.
struct Document {
  Node root;
  std::vector<Member> member_tables;  ///< "agency-003" and what is set for it
};

/// Where a setting comes from.
struct Provenance {
  Origin origin;  ///< no line and no --set: a default
  bool partner_defaults = false;

  [[nodiscard]] bool is_default() const { return origin.line == 0 && origin.set_key.empty(); }
};

/// The value of one parameter: a fixed one, or a distribution.
struct Setting {
  double fixed = 0.0;  ///< NaN: absent
  std::shared_ptr<const sim::Distribution> distribution;
  Provenance provenance;
  bool wrong = false;  ///< given but not readable: reported already, no further complaint

  [[nodiscard]] bool uncertain() const { return distribution != nullptr; }
  [[nodiscard]] bool absent() const { return !uncertain() && fixed != fixed; }
  /// Smallest and largest possible value, and the mean.
  [[nodiscard]] double lower() const { return uncertain() ? distribution->lower() : fixed; }
  [[nodiscard]] double upper() const { return uncertain() ? distribution->upper() : fixed; }
  [[nodiscard]] double mean() const { return uncertain() ? distribution->mean() : fixed; }
};

template <typename Value>
struct Sourced {
  Value value{};
  Provenance provenance;
  bool wrong = false;  ///< given but not readable
};

/// A partner, or the group that `count` makes of it.
struct PartnerDraft {
  std::string name;
  std::string path;  ///< "partner.NAME" in messages
  Origin origin;
  int count = 0;  ///< members of a group; 0: a single partner
  int first = 0;  ///< position of the first member among all partners
  Sourced<sim::Date> start;
  Sourced<bool> standby;
  bool has_reserve = false;
  Sourced<std::string> reserve;
  Sourced<double> reserve_lead_months{1.0, {}};
  std::array<Setting, models::kPartnerInputs> inputs;
  Sourced<std::string> season{"flat", {}};
  Sourced<models::Curve> deal_cycle_table;
  Sourced<models::Curve> retention_table;
  std::map<int, std::shared_ptr<PartnerDraft>> special;  ///< members with values of their own, from 0

  [[nodiscard]] const Setting& input(models::PartnerInput id) const { return inputs[std::size_t(id)]; }
  [[nodiscard]] int members() const { return count == 0 ? 1 : count; }
  [[nodiscard]] std::string member_name(int index) const;
};

struct EventDraft {
  std::string name;
  std::string path;
  Origin origin;
  Sourced<std::string> target;
  models::EventWhat what = models::EventWhat::none;
  std::vector<int> partners;
  std::optional<Sourced<sim::Date>> start;
  std::optional<Sourced<sim::Date>> end;
  std::array<Setting, models::kEventInputs> inputs;

  [[nodiscard]] const Setting& input(models::EventInput id) const { return inputs[std::size_t(id)]; }
};

struct SalesChangeDraft {
  sim::Date from;
  Setting managers;
};

struct SeasonDraft {
  std::array<double, 12> factors{};  ///< as given
  Origin origin;
};

struct CorrelationDraft {
  std::string a;
  std::string b;
  double rank = 0.0;
  Origin origin;
  Origin origin_a;
  Origin origin_b;
};

struct Draft {
  Sourced<std::string> name;
  Sourced<std::string> description;
  Sourced<std::string> currency{"RUB", {}};
  sim::TimeGrid grid;
  Provenance start;
  Provenance periods;
  Provenance period;
  models::SimulationSettings simulation;
  Provenance trials;
  Provenance seed;
  Provenance sampling;
  std::array<Setting, models::kProgrammeInputs> inputs;
  std::vector<SalesChangeDraft> sales_changes;
  std::map<std::string, SeasonDraft> seasons;
  std::vector<PartnerDraft> partners;
  std::map<std::string, std::pair<int, int>, std::less<>> partner_names;  ///< first position and count, by name
  int partner_total = 0;
  std::vector<EventDraft> events;
  std::vector<CorrelationDraft> correlations;
  std::vector<models::Target> targets;
  std::vector<models::Mix> mixes;
  std::vector<models::Sweep> sweeps;
  Ranking ranking;

  [[nodiscard]] const Setting& input(models::ProgrammeInput id) const { return inputs[std::size_t(id)]; }
  /// The group or partner that holds a position, and the member's index in it.
  [[nodiscard]] const PartnerDraft& partner_at(int position) const;
};

/// Reads horizon, simulation, programme tables and seasons.
void read_programme(const Node& root, Draft& draft, Context& context);
/// Reads partner_defaults and partners.
void read_partners(const Document& document, Draft& draft, Context& context);
/// Reads events.
void read_events(const Node& root, Draft& draft, Context& context);
/// Mixes are checked by reading the document again with what they set; those readings leave out the mixes.
enum class DocumentPart { all, without_mixes };
void read_sweeps(const Node& root, Draft& draft, Problems& problems);
void read_mixes(const Document& document, Draft& draft, Context& context);
/// Reads criteria, scores and ease.
void read_ranking(const Node& root, Draft& draft, Problems& problems);
/// Reads correlations, targets, precision, sweeps and mixes.
void read_studies(const Document& document, Draft& draft, Context& context, DocumentPart part);
/// Checks that concern several values of one partner, or several of the scenario.
void check_partner(const PartnerDraft& partner, const Draft& whole, Problems& problems);
void check_draft(const Draft& draft, Context& context);
/// Reads and checks everything.
[[nodiscard]] Draft read_document(const Document& document, Context& context, DocumentPart part);

/// The scenario of a draft without problems.
[[nodiscard]] models::Scenario build_scenario(const Draft& draft);

/// The names of built-in seasons.
[[nodiscard]] const std::vector<std::string>& built_in_seasons();
/// What an event can act on, in the order of models::EventWhat from `volume` on.
[[nodiscard]] const std::vector<std::string>& event_targets();

}  // namespace channelcast::scenarios
