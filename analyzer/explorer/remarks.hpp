// Remarks: what a search saw that is no attack by re-entry, but that an auditor wants to know.
//
//   Access    she ends richer though she put nothing in, and nobody re-entered anything
//   Order     she ends richer, and in another order of the same transactions an honest user does
//   View      while a contract waits for a call, a view answers what it answers neither before nor after the transaction
//   Unserial  a re-entry leads to a state to which no order of the same calls leads
#pragma once

#include <map>
#include <string>

#include "analyzer/explorer/explorer.hpp"

namespace interlock::analyzer {

class Remarks {
  public:
    // The attacker is in place, and nobody has acted.
    Remarks(World& world, const Purse& purse);

    // Takes up a contract that the world has expected since.
    void expect(const SetupStep& newborn) { (void)start_.perform(newborn); }
    // The plan led to the world's state between transactions. `is_unserial`: no order of its calls leads there.
    void note(const Plan& plan, std::size_t prelude, bool is_reentrant, bool is_unserial);

    // Asks the views in the plans that were noted, and returns all remarks. The world is as it was at the beginning.
    [[nodiscard]] std::vector<Remark> all(const Deadline& deadline);

  private:
    void note_gain(const Plan& plan, std::size_t prelude);
    void note_yields(const Plan& plan);
    [[nodiscard]] bool depends_on_order(const Plan& plan) const;
    [[nodiscard]] bool names_her(const PlannedTransaction& planned) const;
    void ask_views(const Plan& plan, const Deadline& deadline);

    World& world_;
    World start_;
    const Purse& purse_;
    const Wealth start_wealth_;
    bool may_gain_ = true;  // the deployment gave her no part in the system
    std::uint32_t orders_tried_ = 0;
    std::map<std::uint64_t, std::vector<Plan>> with_yields_;  // by the functions of the last transaction
    std::vector<Remark> remarks_;
};

}  // namespace interlock::analyzer
