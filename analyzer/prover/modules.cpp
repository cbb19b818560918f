#include "analyzer/prover/modules.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/memory_words.hpp"
#include "analyzer/prover/proxies.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

namespace {

bool delegates(const ir::Contract& contract, const ir::Block& block) {
    return block.terminator.kind == ir::Terminator::Kind::External && prover::delegates(contract, block.terminator.call);
}

bool delegates(const ir::Contract& contract, const ir::Function& function) {
    return std::ranges::any_of(function.blocks, [&](const ir::Block& block) { return delegates(contract, block); });
}

bool has_code(const ir::Contract& contract) { return !contract.is_interface && !contract.is_library && !contract.is_opaque; }

bool is_fallback(const ir::Function& function) { return function.kind == ir::FunctionKind::Fallback; }

// The same variable, where the other contract has it, or nothing; an index that is none if it lies on another one.
std::optional<std::uint32_t> same_variable(const ir::Contract& contract, const ir::StateVariable& variable,
                                           const ir::StorageType& type) {
    for (std::uint32_t i = 0; i < contract.state.size(); ++i) {
        const ir::StateVariable& own = contract.state[i];
        const ir::StorageType& its = contract.storage_types.at(own.type);
        if (own.is_immutable) continue;
        if (own.slot == variable.slot && own.offset == variable.offset && its.name == type.name && its.slots == type.slots)
            return i;
        const bool is_apart = own.slot + its.slots <= variable.slot || variable.slot + type.slots <= own.slot ||
                              (own.slot == variable.slot && own.offset != variable.offset &&
                               its.kind == ir::StorageType::Kind::Value && type.kind == ir::StorageType::Kind::Value);
        if (!is_apart) return ir::Contract::none;
    }
    return std::nullopt;
}

// Finds whether the account to which a router delegates is kept in storage or in its code, as far as it is not a choice among
// such.
class Origins {
  public:
    explicit Origins(const ir::Contract& contract) : contract_(contract) {}

    bool is_kept(const ir::Function& function, ir::Value value) {
        constexpr std::size_t most_values = 64;
        if (!seen_.insert({&function, value.index}).second) return true;
        if (seen_.size() > most_values) return false;
        const Makers made_by = makers_of(function);
        const ir::Instruction* made = made_by.at(value.index);
        if (!made) return is_given(function, value);
        const auto all_kept = [&](std::size_t first) {
            return std::all_of(made->operands.begin() + static_cast<std::ptrdiff_t>(first), made->operands.end(),
                               [&](ir::Value each) { return is_kept(function, each); });
        };
        switch (made->op) {
            case ir::Op::Constant:
            case ir::Op::LoadImmutable:
            case ir::Op::Load: return true;
            case ir::Op::Reinterpret:
            case ir::Op::Convert:
            case ir::Op::And:
            case ir::Op::Shr:
            case ir::Op::Div: return all_kept(0);
            case ir::Op::Select: return all_kept(1);
            case ir::Op::Result: return is_returned(*made_by.at(made->operands[0].index), made->number);
            case ir::Op::Evm:
                if (made->opcode == vm::Opcode::SLOAD) return true;
                return (made->opcode == vm::Opcode::AND || made->opcode == vm::Opcode::SHR) && all_kept(0);
            default: return false;
        }
    }

  private:
    // What comes with a jump, or with a call inside.
    bool is_given(const ir::Function& function, ir::Value value) {
        const auto place_in = [&](const ir::Block& block) {
            return static_cast<std::size_t>(std::ranges::find(block.parameters, value, &ir::Parameter::value) -
                                            block.parameters.begin());
        };
        const std::size_t first = place_in(function.blocks.front());
        if (first < function.blocks.front().parameters.size()) {
            bool is_kept_by_all = !function.is_entry;
            for (const ir::Function& caller : contract_.functions)
                for (const ir::Block& block : caller.blocks)
                    for (const ir::Instruction& each : block.instructions)
                        if (each.op == ir::Op::InternalCall && &contract_.functions.at(each.callee) == &function)
                            is_kept_by_all &= is_kept(caller, each.operands.data()[first]);
            return is_kept_by_all;
        }
        bool is_kept_by_all = true;
        for (std::uint32_t at = 1; at < function.blocks.size(); ++at) {
            const std::size_t place = place_in(function.blocks[at]);
            if (place == function.blocks[at].parameters.size()) continue;
            for (const ir::Block& block : function.blocks)
                ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
                    if (jump.block == at)
                        is_kept_by_all &= place < jump.arguments.size() && is_kept(function, jump.arguments.data()[place]);
                });
        }
        return is_kept_by_all;
    }

    bool is_returned(const ir::Instruction& call, std::uint32_t number) {
        const ir::Function& callee = contract_.functions.at(call.callee);
        return std::ranges::all_of(callee.blocks, [&](const ir::Block& block) {
            const ir::Terminator& end = block.terminator;
            return end.kind != ir::Terminator::Kind::Return || is_kept(callee, end.values.at(number));
        });
    }

    const ir::Contract& contract_;
    std::set<std::pair<const ir::Function*, std::uint32_t>> seen_;
};

bool keeps_its_targets(const ir::Contract& contract) {
    return std::ranges::all_of(contract.functions, [&](const ir::Function& function) {
        return std::ranges::all_of(function.blocks, [&](const ir::Block& block) {
            if (!delegates(contract, block)) return true;
            const ir::ExternalCall& call = block.terminator.call;
            return Origins(contract).is_kept(function, target_of(call));
        });
    });
}

// Puts the code of one contract into another one.
class Merger {
  public:
    // `own`: how many functions the router itself has.
    Merger(ir::Contract& into, std::size_t own, const ir::Contract& module) : into_(into), own_(own), module_(module) {}

    bool run() {
        if (!add_state()) return false;
        const auto first = static_cast<std::uint32_t>(into_.functions.size());
        const auto events = append(into_.events, module_.events), errors = append(into_.errors, module_.errors),
                   methods = append(into_.methods, module_.methods), creates = append(into_.creates, module_.creates),
                   libraries = append(into_.libraries, module_.libraries);
        for (const ir::Function& each : module_.functions) {
            ir::Function function = each;
            // What the router has itself is not routed; what both modules have from a base is there once.
            const auto is_the_same = [&](const ir::Function& other) {
                const bool is_own = &other < into_.functions.data() + own_;
                return other.is_entry && other.selector == each.selector && (is_own || other.range == each.range);
            };
            const bool is_there = each.is_entry && std::ranges::any_of(into_.functions, is_the_same);
            if (each.kind == ir::FunctionKind::Constructor) function.blocks.resize(1), function.blocks[0] = ir::Block{};
            if (each.kind == ir::FunctionKind::Constructor || is_there) function.is_entry = false;
            if (each.kind == ir::FunctionKind::Constructor) function.kind = ir::FunctionKind::Ordinary;
            for (ir::Block& block : function.blocks) {
                for (ir::Instruction& step : block.instructions) {
                    step.failure.error += errors;
                    step.event += events;
                    step.place.variable = variables_.contains(step.place.variable) ? variables_.at(step.place.variable) : 0;
                    switch (ir::info(step.op).detail) {
                        case ir::Detail::Contract: step.callee += creates; break;
                        case ir::Detail::Library: step.callee += libraries; break;
                        default: step.callee += first;
                    }
                }
                block.terminator.failure.error += errors;
                block.terminator.call.method += methods;
                block.terminator.call.creates += creates;
            }
            into_.functions.push_back(std::move(function));
        }
        return true;
    }

  private:
    template <class Each>
    static std::uint32_t append(std::vector<Each>& to, const std::vector<Each>& from) {
        const auto first = static_cast<std::uint32_t>(to.size());
        to.insert(to.end(), from.begin(), from.end());
        return first;
    }

    bool add_state() {
        const auto types = static_cast<ir::StorageTypeIndex>(into_.storage_types.size());
        for (ir::StorageType type : module_.storage_types) {
            type.element += types;
            for (ir::StorageField& field : type.fields) field.type += types;
            into_.storage_types.push_back(std::move(type));
        }
        for (std::uint32_t i = 0; i < module_.state.size(); ++i) {
            ir::StateVariable variable = module_.state[i];
            if (variable.is_immutable) continue;  // none that is read: see modules_of
            const auto same = same_variable(into_, variable, module_.storage_types.at(variable.type));
            if (same == ir::Contract::none) return false;
            variables_[i] = same.value_or(static_cast<std::uint32_t>(into_.state.size()));
            if (same) continue;
            variable.type += types;
            into_.state.push_back(std::move(variable));
        }
        return true;
    }

    ir::Contract& into_;
    const std::size_t own_;
    const ir::Contract& module_;
    std::map<std::uint32_t, std::uint32_t> variables_;
};

// Whether its code is the same wherever it runs, and nothing of it but entries is called from outside.
bool can_be_module(const ir::Contract& contract) {
    bool acts = false;
    for (const ir::Function& function : contract.functions) {
        if (function.kind == ir::FunctionKind::Constructor) {
            if (!function.is_implicit) return false;
            continue;
        }
        if (function.kind == ir::FunctionKind::Fallback || function.kind == ir::FunctionKind::Receive) return false;
        acts |=
            function.is_entry && function.mutability != ir::Mutability::View && function.mutability != ir::Mutability::Pure;
        for (const ir::Block& block : function.blocks) {
            if (delegates(contract, block)) return false;
            if (std::ranges::count(block.instructions, ir::Op::LoadImmutable, &ir::Instruction::op) != 0) return false;
        }
    }
    return acts;
}

}  // namespace

bool routes_to_modules(const ir::Contract& contract) {
    if (!has_code(contract)) return false;
    std::vector<const ir::Function*> forwarding, others;
    for (const ir::Function& each : contract.functions) (is_fallback(each) ? forwarding : others).push_back(&each);
    bool has_delegated = false;
    const std::set<const ir::Function*> inside = with_callees(contract, forwarding);
    for (const ir::Function* function : inside)
        for (const ir::Block& block : function->blocks) {
            const bool is_delegating = delegates(contract, block);
            if (block.terminator.kind == ir::Terminator::Kind::External && !is_delegating) return false;
            has_delegated |= is_delegating;
            for (const ir::Instruction& each : block.instructions)
                if (each.op != ir::Op::InternalCall && ir::writes_of(each).intersects(vm::state_regions)) return false;
        }
    std::erase_if(others,
                  [&](const ir::Function* each) { return !each->is_entry && each->kind != ir::FunctionKind::Constructor; });
    for (const ir::Function* each : with_callees(contract, others))
        if (delegates(contract, *each)) return false;
    return has_delegated && keeps_its_targets(contract);
}

std::vector<std::size_t> modules_of(const std::vector<const ir::Contract*>& contracts, std::size_t router) {
    const ir::Contract& own = *contracts[router];
    const auto is_made = [&](const ir::Contract& each) {
        return std::ranges::find(own.creates, each.identity) != own.creates.end();
    };
    const bool makes = std::ranges::any_of(contracts, [&](const ir::Contract* each) { return is_made(*each); });
    std::vector<std::size_t> modules, others;
    for (std::size_t i = 0; i < contracts.size(); ++i) {
        const ir::Contract& each = *contracts[i];
        if (i == router || !has_code(each) || (makes && !is_made(each))) continue;
        (can_be_module(each) ? modules : others).push_back(i);
    }
    // What they call stands alone.
    std::vector<std::size_t> callers = modules;
    callers.push_back(router);
    const auto is_called = [&](std::size_t other) {
        return std::ranges::any_of(callers, [&](std::size_t each) {
            const Callees callees = callees_of(*contracts[each], true);
            return !callees.is_any && std::ranges::any_of(contracts[other]->functions, [&](const ir::Function& function) {
                return function.is_entry && function.kind == ir::FunctionKind::Ordinary && callees.may_be(function.selector);
            });
        });
    };
    return std::ranges::all_of(others, is_called) ? modules : std::vector<std::size_t>{};
}

std::optional<ir::Contract> with_modules(const ir::Contract& router, const std::vector<const ir::Contract*>& modules) {
    ir::Contract whole = router;
    for (ir::Function& function : whole.functions)
        for (ir::Block& block : function.blocks) {
            if (!delegates(router, block)) continue;
            // It looks at where it finds that.
            ir::Terminator end;
            end.kind = ir::Terminator::Kind::Revert;
            end.values.push_back(target_of(block.terminator.call));
            end.range = block.terminator.range;
            block.terminator = std::move(end);
        }
    for (const ir::Contract* each : modules)
        if (!Merger(whole, router.functions.size(), *each).run()) return std::nullopt;
    return whole;
}

}  // namespace interlock::analyzer::prover
