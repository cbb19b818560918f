// Which contracts of the scope variables hold: those that constructors make, those that make them, and those that are declared.
#include <fmt/format.h>

#include <algorithm>

#include "analyzer/assumptions.hpp"
#include "analyzer/prover/accounts.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

namespace {

// Whether the function may write a variable other than by its name: by its slot, or by code of others.
bool writes_by_slot(const ir::Contract& contract, const ir::Function& function) {
    return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
        const ir::Terminator& end = block.terminator;
        if (end.kind == ir::Terminator::Kind::External && ir::runs_foreign_code(contract, end.call)) return true;
        return std::ranges::any_of(block.instructions, [](const ir::Instruction& each) {
            return each.op == ir::Op::Evm && each.opcode == vm::Opcode::SSTORE;
        });
    });
}

// Visits all that writes the variable, with its function, as long as `is_fine`. Returns whether nothing else may write it, all is
// fine, and there is anything.
// `later`: also after the construction.
template <class IsFine>
bool all_writes(const ir::Contract& contract, std::uint32_t variable, const IsFine& is_fine, bool later = false) {
    bool is_any = false;
    for (const ir::Function& function : contract.functions)
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions) {
                const bool writes =
                    each.op == ir::Op::Store || each.op == ir::Op::StoreImmutable || each.op == ir::Op::Clear;
                if (!writes || each.place.variable != variable) continue;
                const bool constructs = function.kind == ir::FunctionKind::Constructor && each.op != ir::Op::Clear;
                if ((!constructs && !(later && each.op == ir::Op::Store)) || !is_fine(function, each)) return false;
                is_any = true;
            }
    return is_any;
}

// Whether some function may write it otherwise.
bool is_written_by_slot(const ir::Contract& contract, std::uint32_t variable) {
    return !contract.state.at(variable).is_immutable &&
           std::ranges::any_of(contract.functions, [&](const ir::Function& each) { return writes_by_slot(contract, each); });
}

bool is_declared_as(const ir::Contract& contract, const ir::StateVariable& variable, const ir::Contract& kind) {
    return contract.storage_types.at(variable.type).name == "contract " + kind.name;
}

// Returns the contract whose name the variable's type is, or none.
std::optional<std::uint32_t> declared_contract(const CodeInScope& code, const ir::Contract& contract,
                                               const ir::StateVariable& variable) {
    for (std::uint32_t i = 0; i < code.contracts.size(); ++i)
        if (is_declared_as(contract, variable, *code.contracts[i])) return i;
    return std::nullopt;
}

}  // namespace

// Returns whether the variable only ever gets a new contract of this identity, which the constructor makes.
bool is_only_made(const ir::Contract& contract, std::uint32_t variable, const std::string& identity) {
    if (!contract.state.at(variable).is_immutable &&
        std::ranges::any_of(functions_of_constructor(contract),
                            [&](const ir::Function* each) { return writes_by_slot(contract, *each); }))
        return false;
    return all_writes(contract, variable, [&](const ir::Function& function, const ir::Instruction& write) {
        return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
            const ir::ExternalCall& call = block.terminator.call;
            const bool makes = block.terminator.kind == ir::Terminator::Kind::External &&
                               call.kind == ir::ExternalCall::Kind::Create && !call.tries &&
                               contract.creates.at(call.creates) == identity;
            return makes && function.blocks.at(call.next.block).parameters.back().value == write.operands.back();
        });
    });
}

namespace {

// Whether an instruction of this kind makes the value.
bool is_made_by(ir::Op what, const ir::Function& function, ir::Value value) {
    return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
        return std::ranges::any_of(block.instructions,
                                   [&](const ir::Instruction& each) { return each.op == what && each.result == value; });
    });
}

// Returns whether the variable only ever gets, in the constructor, who creates the contract (Caller), or the contract (This).
bool is_only(ir::Op what, const ir::Contract& contract, std::uint32_t variable) {
    return !is_written_by_slot(contract, variable) &&
           all_writes(contract, variable, [&](const ir::Function& function, const ir::Instruction& write) {
               return write.place.steps.empty() && is_made_by(what, function, write.operands.back());
           });
}

}  // namespace

bool holds_creator(const ir::Contract& contract, std::uint32_t variable) {
    return is_only(ir::Op::Caller, contract, variable);
}

namespace {

// Returns which of the constructor's arguments is all that the variable ever gets.
std::optional<std::size_t> argument_kept_in(const ir::Contract& contract, std::uint32_t variable) {
    if (contract.constructor == ir::Contract::none || is_written_by_slot(contract, variable)) return std::nullopt;
    const auto& told = contract.functions[contract.constructor].blocks.front().parameters;
    std::optional<std::size_t> argument;
    const bool is_one = all_writes(contract, variable, [&](const ir::Function& function, const ir::Instruction& write) {
        if (&function != &contract.functions[contract.constructor]) return false;
        const auto number =
            static_cast<std::size_t>(std::ranges::find(told, write.operands.back(), &ir::Parameter::value) - told.begin());
        if (number == told.size() || (argument && *argument != number)) return false;
        argument = number;
        return true;
    });
    return is_one ? argument : std::nullopt;
}

// Whether the maker tells all contracts of this kind that its constructor makes its own account, as that argument.
bool tells_itself(const ir::Contract& maker, const std::string& identity, std::size_t argument) {
    return std::ranges::all_of(maker.functions, [&](const ir::Function& function) {
        return std::ranges::all_of(function.blocks, [&](const ir::Block& block) {
            const ir::ExternalCall& call = block.terminator.call;
            const bool makes = function.kind == ir::FunctionKind::Constructor &&
                               block.terminator.kind == ir::Terminator::Kind::External &&
                               call.kind == ir::ExternalCall::Kind::Create && maker.creates.at(call.creates) == identity;
            return !makes ||
                   (argument < call.arguments.size() && is_made_by(ir::Op::This, function, call.arguments[argument]));
        });
    });
}

// Returns which contract of the scope each variable holds that gets one which its constructor makes. Where several of a kind are
// made, each is in the scope.
std::map<Area, std::uint32_t> instances_of(const CodeInScope& code) {
    std::map<std::string, std::vector<Area>> made;
    std::map<std::string, std::vector<std::uint32_t>> places;
    for (std::uint32_t i = 0; i < code.contracts.size(); ++i) places[code.contracts[i]->identity].push_back(i);
    for (const auto& [area, variable] : accounts_of(code)) {
        const ir::Contract& contract = *code.contracts.at(area.contract);
        const auto index = static_cast<std::uint32_t>(variable - contract.state.data());
        for (const auto& [identity, of_kind] : places)
            if (is_only_made(contract, index, identity)) made[identity].push_back(area);
    }
    std::map<Area, std::uint32_t> instances;
    for (const auto& [identity, areas] : made)
        for (std::size_t i = 0; i < areas.size() && areas.size() == places[identity].size(); ++i)
            instances[areas[i]] = places[identity][i];
    return instances;
}

// Returns which contract of the scope each account is that is only called to run its code as the caller's own.
std::map<Area, std::uint32_t> modules_of(const CodeInScope& code) {
    std::map<Area, std::uint32_t> modules;
    std::set<Area> others;
    for (const Entry& entry : entries_of(code)) {
        try {
            const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
            others.insert(flow.called().begin(), flow.called().end());
            others.insert(flow.asked().begin(), flow.asked().end());
            for (const auto& [variable, module] : flow.modules())
                if (modules.try_emplace(variable, module).first->second != module) others.insert(variable);
        } catch (const NotCovered&) {
            return {};
        }
    }
    std::erase_if(modules, [&](const auto& each) { return others.contains(each.first); });
    return modules;
}

}  // namespace

std::size_t count_made(const std::vector<const ir::Contract*>& by, const std::string& identity) {
    std::size_t count = 0;
    for (const ir::Contract* each : by)
        for (std::uint32_t i = 0; i < each->state.size(); ++i) count += is_only_made(*each, i, identity);
    return count;
}

std::size_t count_declared(const std::vector<const ir::Contract*>& by, const ir::Contract& kind) {
    std::size_t declared = 0, holders = 0;
    for (const ir::Contract* each : by) {
        const auto holds = [&](const ir::StateVariable& variable) { return is_declared_as(*each, variable, kind); };
        if (std::ranges::none_of(each->storage_types,
                                 [&](const ir::StorageType& type) { return type.name == "contract " + kind.name; }))
            continue;
        ++holders;
        declared += static_cast<std::size_t>(std::ranges::count_if(each->state, holds));
    }
    return holders == 1 && count_made(by, kind.identity) == 0 ? declared : 0;
}

void find_contracts(ScopeOfProof& scope) {
    CodeInScope& code = scope.code;
    const std::map<Area, std::uint32_t> instances = instances_of(code), modules = modules_of(code);
    struct Holder {
        Area area;
        std::uint32_t held = 0;
        bool is_made = false;
        std::string name;
    };
    std::vector<Holder> holders;
    for (const auto& [area, variable] : accounts_of(code)) {
        const ir::Contract& contract = *code.contracts.at(area.contract);
        const auto index = static_cast<std::uint32_t>(variable - contract.state.data());
        const auto made = instances.find(area);
        const bool is_made = made != instances.end();
        auto declared = is_made ? std::optional(made->second) : declared_contract(code, contract, *variable);
        const auto argument = argument_kept_in(contract, index);
        const bool is_creator = holds_creator(contract, index);
        for (const auto& [holder, held] : instances)
            if (!declared && held == area.contract &&
                (is_creator ||
                 (argument && tells_itself(*code.contracts.at(holder.contract), contract.identity, *argument))))
                declared = holder.contract;
        if (const auto module = modules.find(area); !declared && module != modules.end()) declared = module->second;
        if (!declared || !code.roles.contains(area)) continue;
        const ir::Contract* kind = code.contracts[*declared];
        const auto of_kind = static_cast<std::size_t>(std::ranges::count(code.contracts, kind));
        const auto before = static_cast<std::size_t>(
            std::ranges::count_if(holders, [&](const Holder& each) { return code.contracts[each.held] == kind; }));
        const bool has_its_own = of_kind == count_declared(code.contracts, *kind) && before < of_kind;
        if (!is_made && of_kind != 1 && !has_its_own) continue;  // it may be either
        // Those of a kind are in the scope one behind the other, after the first.
        for (std::size_t i = 0; has_its_own && i < before; ++i)
            declared = static_cast<std::uint32_t>(
                std::find(code.contracts.begin() + *declared + 1, code.contracts.end(), kind) - code.contracts.begin());
        holders.push_back({area, *declared, is_made, fmt::format("`{}` of `{}`", variable->name, contract.name)});
    }
    code.holds.clear();
    for (const Holder& each : holders) {
        const auto is_sister = [&](const Holder& other) { return other.held == each.held && &other != &each; };
        // Two variables of a contract may hold two of them, which then have nothing in common, and so do two that are made.
        const auto are_two = [&](const Holder& one, const Holder& other) {
            return one.held == each.held && other.held == each.held && &one != &other &&
                   (one.area.contract == other.area.contract || (one.is_made && other.is_made));
        };
        const bool is_open = std::ranges::any_of(holders, [&](const Holder& one) {
            return std::ranges::any_of(holders, [&](const Holder& other) { return are_two(one, other); });
        });
        if (is_open) continue;
        code.holds[each.area] = each.held;
        if (each.is_made) continue;
        const std::string& kind = code.contracts[each.held]->name;
        const bool is_shared = std::ranges::any_of(holders, is_sister);
        const bool is_one_of_several = std::ranges::count(code.contracts, code.contracts[each.held]) > 1;
        scope.assumptions.push_back(assumed(is_one_of_several ? Assumed::OneOfSeveral
                                            : is_shared       ? Assumed::SharedOfKind
                                                              : Assumed::OneOfKind,
                                            each.name, kind));
    }
}

// A variable that is fixed at the construction, and gets a contract that is made there, holds it from the start.
void find_made(CodeInScope& code) {
    for (const auto& [area, held] : instances_of(code)) {
        const ir::Contract& contract = *code.contracts.at(area.contract);
        const auto may_write = [&](const ir::Function& each) { return writes_by_slot(contract, each); };
        if (area.kind == Area::Kind::Immutable || std::ranges::none_of(contract.functions, may_write))
            code.holds[area] = held;
    }
    code.made.clear();
    for (const auto& [area, held] : code.holds) code.made.insert(area);
}

void find_selves(CodeInScope& code, bool runs_elsewhere) {
    for (const auto& [area, variable] : accounts_of(code)) {
        const ir::Contract& contract = *code.contracts.at(area.contract);
        const auto index = static_cast<std::uint32_t>(variable - contract.state.data());
        const bool is_elsewhere = runs_elsewhere && area.contract == 0;
        if (variable->is_immutable && !is_elsewhere && is_only(ir::Op::This, contract, index)) code.selves.insert(area);
    }
}

// What is read from one of these is the same account.
void find_written_out(CodeInScope& code) {
    const auto accounts = accounts_of(code);
    for (std::size_t before = code.written_out.size() + 1; before != code.written_out.size();) {
        before = code.written_out.size();
        for (const auto& [area, variable] : accounts) {
            const std::uint32_t at = area.contract;
            const ir::Contract& contract = *code.contracts.at(at);
            const auto index = static_cast<std::uint32_t>(variable - contract.state.data());
            if (code.written_out.contains(area) || is_written_by_slot(contract, index)) continue;
            std::set<ir::Word> words;
            const auto is_constant = [&](const ir::Function& function, const ir::Instruction& write) {
                const Makers makers = makers_of(function);
                const ir::Instruction* made = makers.at(write.operands.back().index);
                auto word = constant_in(makers, write.operands.back());
                if (!word && made && made->op == ir::Op::Load && made->place.steps.empty())
                    if (const auto kept = code.written_out.find(area_of(contract, at, made->place));
                        kept != code.written_out.end())
                        word = kept->second;
                if (word) words.insert(*word);
                return word.has_value();
            };
            if (all_writes(contract, index, is_constant, true) && words.size() == 1 && !words.begin()->is_zero())
                code.written_out.emplace(area, *words.begin());
        }
    }
}

}  // namespace interlock::analyzer::prover
