// The callback-free proof of some sources beside the explorer's search for a state that no calls one after the other reach.
#pragma once

#include <algorithm>

#include "analyzer/assumptions.hpp"
#include "analyzer/explorer/explorer.hpp"
#include "analyzer/prover/callback_free.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {

struct Finding {
    bool is_searched = false, is_proved = false, is_unserial = false;
    // It is proved if some states are as good as others, and payments need nothing new, or if calls may be made in parts.
    bool is_if_assumed = false;
    std::string steps;  // to such a state
};

inline std::string steps_of(const World& world, const Plan& plan) {
    std::string text;
    for (const PlannedTransaction& planned : plan) {
        if (!planned.is_attack)
            text += world.senders()[planned.sender].name + ": " + world.text_of(planned.call) + " with " +
                    vm::to_decimal(planned.call.value) + "\n";
        for (const Activation& activation : planned.activations) {
            text += activation.reverts ? "  she is called, and refuses\n" : "  she is called\n";
            for (const Call& call : activation.calls)
                text += "    she: " + world.text_of(call) + " with " + vm::to_decimal(call.value) + "\n";
        }
    }
    return text;
}

// In order she makes her calls in transactions of her own. Who is induced to call her contract in between is their origin:
// then calls in order lead there, too.
inline bool is_by_origin(const std::string& source, const Plan& plan) {
    return source.find("tx.origin") != std::string::npos && std::ranges::any_of(plan, [](const PlannedTransaction& planned) {
               return !planned.is_attack && std::ranges::any_of(planned.activations, [](const Activation& activation) {
                   return !activation.calls.empty();
               });
           });
}

inline Finding examine(const std::string& source) {
    Finding finding;
    const auto compilation = std::make_shared<const lang::Compilation>(lang::compile("made_up.ilk", source));
    if (!compilation->ok()) return finding;
    std::vector<const lang::ir::Contract*> contracts;
    for (const lang::Artifact& artifact : compilation->artifacts) contracts.push_back(artifact.whole.get());
    const auto freedom = prove_callback_freedom(contracts, *compilation->sources, Deadline(10));
    finding.is_proved = true;
    for (std::size_t i = 0; i < contracts.size(); ++i) {
        if (contracts[i]->is_interface) continue;
        finding.is_proved &= freedom[i].is_proved();
        for (const std::string& each : freedom[i].assumptions) {
            const Assumption* page = assumption_of(each);
            finding.is_if_assumed |= page && (page->what == Assumed::AtHand || page->what == Assumed::OrderOfLists ||
                                              page->what == Assumed::Gifts || page->what == Assumed::Lent ||
                                              page->what == Assumed::Parts || page->what == Assumed::Records);
        }
    }
    auto systems = infer_systems(compilation, {}, Deadline(10));
    auto* roots = std::get_if<std::vector<Root>>(&systems);
    if (!roots) return {};  // it cannot be deployed, so nothing is looked at
    SearchBounds bounds;
    bounds.transactions = 3;
    bounds.calls = bounds.wide_calls = 3;
    bounds.depth = 2;
    bounds.macro_steps = finding.is_proved ? 4'000 : 1'500;
    bounds.is_counted = true;
    ExplorerHooks hooks;
    hooks.confirm = [](Root&, const Purse&, const SuspectedAttack&) { return false; };
    hooks.remark = [&](Root& root, const Remark& remark) {
        if (remark.kind != Remark::Kind::Unserial || is_by_origin(source, remark.plan)) return;
        finding.is_unserial = true;
        finding.steps = steps_of(root.world, remark.plan);
    };
    (void)explore(*roots, bounds, hooks);
    finding.is_searched = true;
    return finding;
}

}  // namespace interlock::analyzer::tests
