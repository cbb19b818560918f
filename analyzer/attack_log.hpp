// The attacks that were confirmed in one check, and the properties that each of them is an attack on.
#pragma once

#include <map>
#include <set>

#include "analyzer/explorer/explorer.hpp"
#include "analyzer/trace.hpp"

namespace interlock::analyzer {

// That nobody gains by re-entering the contract: every contract has this property without stating it.
[[nodiscard]] inline PropertyId theft_from(ArtifactIndex contract) { return {contract, PropertyKind::Theft, 0}; }

class AttackLog {
  public:
    AttackLog(std::shared_ptr<const lang::Compilation> compilation, const Deadline& deadline)
        : compilation_(std::move(compilation)), deadline_(deadline) {}

    // Writes the suspected attack out and replays it on the plain VM. Only the replay's result counts: returns whether it
    // does the same harm.
    bool confirm(World& world, const Purse& purse, const SuspectedAttack& suspect);

    // Returns the index of the attack on the property among all attacks.
    [[nodiscard]] std::optional<std::size_t> on(const PropertyId& property) const;
    [[nodiscard]] const std::set<ArtifactIndex>& robbed() const { return robbed_; }  // in whose name there is a theft
    [[nodiscard]] const std::string& unconfirmed() const { return unconfirmed_; }    // why the first that was dropped was
    [[nodiscard]] std::vector<Trace> take_attacks() { return std::move(attacks_); }

  private:
    [[nodiscard]] AttackScript script_of(World& world, const Purse& purse, const Plan& plan, const SuspectedAttack& suspect,
                                         ArtifactIndex accused) const;
    void note_unconfirmed(const std::variant<Trace, std::string>& result);
    void drop_what_is_not_needed(const World& world, const Purse& purse, Plan& plan, const SuspectedAttack& suspect) const;
    void make_it_pay(const World& world, const Purse& purse, Plan& plan, const SuspectedAttack& suspect) const;
    void attribute(const Trace& trace);

    std::shared_ptr<const lang::Compilation> compilation_;
    const Deadline deadline_;
    std::vector<Trace> attacks_;
    std::map<PropertyId, std::size_t> attack_on_;
    std::set<ArtifactIndex> robbed_;
    std::string unconfirmed_;
};

}  // namespace interlock::analyzer
