#include "analyzer/system/system.hpp"

#include <algorithm>

#include "analyzer/system/draft.hpp"
#include "lang/scenario.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

std::variant<Root, std::string> build(Draft& draft, const lang::Artifact* tests) {
    if (const std::string& name = draft.options.setup; !name.empty() && !tests) {
        std::string why;
        SetupStep step;
        step.plays = name;
        if (!draft.attempt(step, &why)) return "the scenario `" + name + "` does not set the system up: " + why;
        if (draft.world.contracts().empty()) return "the scenario `" + name + "` deploys nothing";
    } else if (tests) {
        std::string why;
        if (!draft.attempt({draft.world.owner().name, tests->identity, false, {}, {}, {}, true}, &why))
            return "`" + tests->name + "` cannot set the system up: " + why;
        if (draft.world.contracts().empty()) return "`" + tests->name + "` sets nothing up";
    } else {
        if (std::string why = deploy_all(draft); !why.empty()) return why;
        if (!draft.choice.leaves_unlinked) link(draft);
        place_outsiders(draft);
        if (!draft.choice.leaves_unlinked) install_modules(draft);
    }
    speak_for_implementations(draft);
    supply(draft);
    approve_under_other_names(draft);
    if (!tests && draft.options.setup.empty() && !draft.choice.leaves_unlinked) introduce(draft);
    expect_instances(draft);
    approve_expected(draft);
    if (draft.choice.founds && !found(draft)) return "there is nothing that only a constructor can do";
    if (draft.choice.names_her && has_rights(draft)) return "the attacker has rights there";
    Plan plan = draft.choice.has_prelude ? prelude(draft) : Plan{};
    Root root{draft.world, std::move(plan), draft.missing};
    if (draft.choice.names_her && rules_behind(draft, root.prelude)) return "the attacker rules there";
    return root;
}

// Returns whether the constructor makes other contracts: they are parts of it, rather than it a client of theirs.
bool is_made_of_others(const ir::Contract& contract) {
    const auto makes = [](const ir::Block& block) {
        const ir::Terminator& end = block.terminator;
        return end.kind == ir::Terminator::Kind::External && end.call.kind == ir::ExternalCall::Kind::Create;
    };
    return contract.constructor != ir::Contract::none &&
           std::ranges::any_of(contract.functions[contract.constructor].blocks, makes);
}

// Returns the names of the contracts that stand at the bottom: those that others mention, if some mention others and are
// mentioned by nobody. Empty: there is no such difference.
std::vector<std::string> contracts_without_clients(const lang::Compilation& compilation) {
    std::vector<std::string> core;
    std::size_t clients = 0;
    for (const lang::Artifact& artifact : compilation.artifacts) {
        if (artifact.ir->is_library) continue;
        const auto mentions = [](const ir::Contract& by, const lang::Artifact& other) {
            return std::ranges::any_of(by.methods, [&](const ir::Method& m) { return m.contract == other.name; }) ||
                   std::ranges::count(by.creates, other.identity) != 0 ||
                   std::ranges::any_of(by.storage_types, [&](const auto& t) { return t.name == "contract " + other.name; });
        };
        bool is_mentioned = false, mentions_another = false;
        for (const lang::Artifact& other : compilation.artifacts) {
            if (&other == &artifact) continue;
            is_mentioned |= mentions(*other.ir, artifact);
            mentions_another |= mentions(*artifact.ir, other);
        }
        if (mentions_another && !is_mentioned && !is_made_of_others(*artifact.ir)) ++clients;
        else core.push_back(artifact.name);
    }
    return clients == 0 ? std::vector<std::string>{} : core;
}

// Returns whether functions work in one prelude that do not in the other.
bool does_more(const Plan& one, const Plan& other) {
    return std::ranges::any_of(one, [&](const PlannedTransaction& each) {
        return std::ranges::none_of(other, [&](const PlannedTransaction& there) {
            return there.call.contract == each.call.contract && there.call.function == each.call.function;
        });
    });
}

// Whether the owner lets alice in with a number that nobody uses up one by one.
bool lets_in_with_much(const Root& root) {
    const Word many{1000};
    return std::ranges::any_of(root.prelude, [&](const PlannedTransaction& planned) {
        const Call& call = planned.call;
        const lang::abi::Data alice{root.world.users()[0].address};
        if (planned.is_attack || planned.sender != World::owner_index || std::ranges::count(call.arguments, alice) == 0)
            return false;
        const auto& parameters = root.world.function_of(call).parameters;
        for (std::size_t i = 0; i < call.arguments.size(); ++i)
            if (parameters[i].type.kind == ir::TypeKind::Uint && call.arguments[i].word() > many) return true;
        return false;
    });
}

bool has_scenario(const lang::Compilation& compilation, const std::string& name) {
    return std::ranges::any_of(compilation.scenarios, [&](const auto& each) { return each->name == name; });
}

}  // namespace

// Other contracts may have a function of that name, too: it makes the contracts that are tested, or stands beside tests of them.
bool is_test_contract(const lang::Artifact& artifact) {
    const auto has_entry = [&](const auto& is_it) {
        return std::ranges::any_of(artifact.ir->functions,
                                   [&](const ir::Function& each) { return each.is_entry && is_it(each); });
    };
    const bool sets_up = has_entry([](const ir::Function& each) {
        return each.name == "setUp" && each.parameters.empty() && each.mutability != ir::Mutability::Payable;
    });
    const bool tests = has_entry(
        [](const ir::Function& each) { return each.name.starts_with("test") || each.name.starts_with("invariant"); });
    return sets_up && (tests || !artifact.ir->creates.empty());
}

bool can_set_up(const lang::Compilation& compilation, const std::string& name) {
    return has_scenario(compilation, name) || std::ranges::any_of(compilation.artifacts, [&](const lang::Artifact& each) {
               return each.name == name && is_test_contract(each);
           });
}

std::variant<std::vector<Root>, std::string> infer_systems(const std::shared_ptr<const lang::Compilation>& compilation,
                                                           const SystemOptions& options, const Deadline& deadline) {
    std::vector<Root> roots;
    std::string failure;
    const auto add = [&](const Choice& choice, const SystemOptions* narrower = nullptr,
                         const lang::Artifact* tests = nullptr) {
        Draft draft(compilation, narrower ? *narrower : options, choice, deadline);
        auto built = build(draft, tests);
        if (auto* why = std::get_if<std::string>(&built)) {
            if (failure.empty()) failure = std::move(*why);
        } else {
            Root& root = std::get<Root>(built);
            const bool is_known = std::ranges::any_of(roots, [&](const Root& other) {
                return other.world.recipe() == root.world.recipe() && other.prelude == root.prelude;
            });
            if (!is_known) roots.push_back(std::move(root));
        }
        return draft.met;
    };
    bool is_set_up = false;
    if (has_scenario(*compilation, options.setup)) {
        is_set_up = true;
        (void)add({false, 0, true});
        (void)add({false, 0, false});
    }
    for (const lang::Artifact& artifact : compilation->artifacts) {
        if (is_set_up && !options.setup.empty()) break;
        if (!is_test_contract(artifact) || (!options.setup.empty() && options.setup != artifact.name)) continue;
        is_set_up = true;
        (void)add({false, 0, true}, nullptr, &artifact);
        (void)add({false, 0, false}, nullptr, &artifact);
    }
    if (is_set_up) {
        if (roots.empty()) return failure;
        return roots;
    }
    const auto [tokens, numbers, hashes, links, twins, loans, payees, nobody] = add({false, 0, true});
    if (tokens) (void)add({true, 0, true});
    (void)add({false, 0, false});
    if (tokens) (void)add({true, 0, false});
    (void)add({false, 0, true, true});
    if (tokens) (void)add({true, 0, true, true});
    if (std::ranges::any_of(roots, lets_in_with_much))
        (void)add({.has_hooks = tokens, .has_prelude = true, .enrols = true, .is_sparing = true});
    (void)add({tokens, 0, true, true, true});
    if (payees)
        (void)add({.has_hooks = tokens, .has_prelude = true, .enrols = true, .names_her = true, .puts_her_first = true});
    (void)add({.has_hooks = tokens, .has_prelude = true, .founds = true});
    if (twins) (void)add({.has_hooks = tokens, .has_prelude = true, .enrols = true, .has_twins = true});
    if (nobody) (void)add({.has_hooks = tokens, .has_prelude = true, .enrols = true, .does_without = true});
    if (loans) (void)add({.has_hooks = tokens, .has_prelude = true, .lends = true});
    if (hashes && !roots.empty())
        for (const vm::Word& hash : hashes_expected(roots.front(), deadline))
            (void)add({tokens, 0, true, false, false, hash});
    if (links && !roots.empty()) {
        const std::size_t linked = roots.size();
        (void)add({.has_hooks = tokens, .has_prelude = true, .leaves_unlinked = true});
        if (roots.size() > linked && !does_more(roots.back().prelude, roots.front().prelude)) roots.pop_back();
    }
    if (numbers)
        for (const std::size_t guess : {std::size_t{1}, std::size_t{2}, std::size_t{3}, Draft::guess_of_one})
            (void)add({tokens, guess, true});
    // A contract that knows another one and that nobody knows may be just a client. What matters may be without it.
    if (options.contracts.empty()) {
        const SystemOptions core{contracts_without_clients(*compilation), options.fork};
        if (!core.contracts.empty()) (void)add({tokens, 0, true}, &core);
    }
    if (roots.empty()) return failure;
    return roots;
}

}  // namespace interlock::analyzer
