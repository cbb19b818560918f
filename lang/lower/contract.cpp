#include "lang/lower/contract.hpp"

#include <algorithm>

#include "lang/abi/abi.hpp"
#include "lang/diagnostics/codes.hpp"
#include "lang/lower/bodies.hpp"
#include "lang/lower/clauses.hpp"
#include "lang/lower/entries.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::lowering {

namespace {

// Whether it is a library that is deployed, because others can call it.
bool is_deployed_library(const Tree& tree, ContractId id) {
    return tree[id].kind == ContractKind::Library && has_outer_functions(tree, id);
}

bool chooses_new_coder(const Unit& unit) {
    return std::ranges::any_of(unit.pragmas, [](const Pragma& each) {
        const std::string text = plain_pragma(each.text);
        return text.find("ABIEncoderV2") != std::string::npos || text == "abicoder v2";
    });
}

}  // namespace

ContractLowering::ContractLowering(const Program& program, ContractId contract, Diagnostics& diagnostics, Linked linked)
    : program(program),
      tree(*program.tree),
      id(contract),
      diagnostics_(diagnostics),
      linked_(linked),
      types(program, sight_, is_deployed_library(tree, id)),
      state(program, id, types, out_),
      functions(program, id, types, sight_, out_.functions),
      interface(program, id, types, functions, out_),
      routines(*this, functions) {}

ir::Contract ContractLowering::run() {
    const Contract& contract = tree[id];
    out_.name = contract.name.text;
    out_.identity = interface.identity_of(id);
    out_.range = contract.range;
    out_.qualified_name = interface.qualified_name(id);
    out_.is_library = is_deployed_library(tree, id);
    out_.is_interface = (contract.kind != ContractKind::Contract || program[id].is_abstract) && !out_.is_library;
    out_.conventions = {.failures_are_invalid = has(rule::failures_are_invalid),
                        .input_is_masked = has(rule::input_is_masked) && !chooses_new_coder(tree[contract.unit]),
                        .input_is_padded = has(rule::input_is_padded)};
    guarded([&] {
        if (out_.is_interface) {
            interface.list_logs();
            return interface.add_methods();
        }
        state.add();
        sight_ = sight_of(*this);
        interface.list_logs();
        declare_functions();
        lower_functions();
        lower_raw_entries();
        lower_getters();
        Clauses(*this, out_).lower();
        report_postponed();
    });
    return std::move(out_);
}

// What lies in memory is copied to call data for it, which no contract can do for a function of its own.
bool ContractLowering::takes_in(FunctionId function) const {
    if (linked_ == Linked::Called || !function || !program[function].contract) return false;
    if (tree[program[function].contract].kind != ContractKind::Library || !tree[function].body) return false;
    const auto is_in_call_data = [&](VariableId each) {
        return program[program[each].type].location == DataLocation::Calldata;
    };
    return std::ranges::none_of(tree[function].parameters, is_in_call_data) &&
           std::ranges::none_of(tree[function].returns, is_in_call_data);
}

bool ContractLowering::constructs() const {
    return std::ranges::any_of(linearization(), [&](ContractId contract) {
        return own_function(tree, contract, FunctionKind::Constructor) ||
               std::ranges::any_of(tree[contract].state_variables,
                                   [&](VariableId each) { return state.contains(each) && tree[each].initial; });
    });
}

// Declares the most derived contract's functions first. Overridden functions are declared only if something calls them.
void ContractLowering::declare_functions() {
    for (const ContractId contract : linearization()) {
        for (const FunctionId function : tree[contract].functions) {
            if (tree[function].is_ghost) continue;  // for specifications only
            if (tree[function].kind == FunctionKind::Constructor) {
                if (contract == id) guarded([&] { out_.constructor = functions.declare(function); });
            } else if (tree[function].body && functions.is_final(function)) {
                guarded([&] { (void)functions.declare(function); });
            }
        }
    }
    if (out_.constructor != ir::Contract::none || !constructs()) return;
    ir::Function made;
    made.kind = ir::FunctionKind::Constructor;
    made.name = "constructor";
    made.is_implicit = true;
    made.range = tree[id].name.range;
    out_.constructor = functions.add(std::move(made));
}

// As in solc, numbers with decimal places are refused only in code that is made.
void ContractLowering::lower_body(std::uint32_t index, const std::function<void(Bodies)>& work) {
    guarded([&] {
        ir::Function made = functions.head(index);
        try {
            Frame frame(*this, made);
            work(Bodies(frame));
        } catch (const Unsupported& unsupported) {
            if (std::string_view(unsupported.code) != code::no_fixed_point.id) throw;
            postponed_.emplace(index, unsupported);
            made = functions.head(index);
            const Builder empty(made);
        }
        functions.complete(index, std::move(made));
    });
}

void ContractLowering::report_postponed() {
    if (postponed_.empty()) return;
    const auto& all = out_.functions;
    std::vector<std::uint32_t> reached;
    std::vector<bool> is_reached(all.size());
    const auto reach = [&](std::uint32_t index) {
        if (is_reached[index]) return;
        is_reached[index] = true;
        reached.push_back(index);
    };
    for (std::uint32_t i = 0; i < all.size(); ++i)
        if (all[i].is_entry || all[i].kind != ir::FunctionKind::Ordinary) reach(i);
    for (std::size_t i = 0; i < reached.size(); ++i)
        for (const ir::Block& block : all[reached[i]].blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.op == ir::Op::InternalCall) reach(each.callee);
    for (const auto& [index, why] : postponed_)
        if (is_reached[index]) diagnostics_.error(why.code, why.message, why.range);
}

// A body may need functions that are declared on demand, so it is built separately and stored afterwards.
void ContractLowering::lower_functions() {
    const bool makes_constructor =
        out_.constructor != ir::Contract::none && !own_function(tree, id, FunctionKind::Constructor);
    if (makes_constructor) lower_body(out_.constructor, [](Bodies bodies) { bodies.lower_constructor(); });
    for (std::size_t i = 0; i < functions.pending().size(); ++i) {
        const FunctionId function = functions.pending()[i];
        lower_body(functions.at(function), [&](Bodies bodies) {
            if (tree[function].kind == FunctionKind::Constructor) bodies.lower_constructor();
            else bodies.lower_function(function);
        });
    }
    functions.lower_dispatchers();
}

void ContractLowering::lower_raw_entries() {
    for (const FunctionId function : functions.declared()) {
        const std::uint32_t index = functions.at(function);
        const Function& written = tree[function];
        const bool has_entry = written.kind == FunctionKind::Fallback || is_outer(written);
        if (written.kind == FunctionKind::Constructor || !has_entry || !functions.is_raw(function) ||
            !functions.is_final(function) || takes_in(function))
            continue;
        guarded([&] {
            ir::Function made;
            made.name = written.name.text;
            made.kind = written.kind == FunctionKind::Fallback ? ir::FunctionKind::Fallback : ir::FunctionKind::Ordinary;
            made.is_entry = made.is_raw = true;
            made.selector = program[function].selector;
            made.mutability = mutability_of(written.mutability);
            made.range = written.head;
            if (written.kind == FunctionKind::Function) {
                made.parameters = types.named(written.parameters);
                made.returns = types.named(written.returns);
            }
            Frame frame(*this, made);
            Entries(frame).lower_raw_entry(function, index);
            functions.add(std::move(made));
        });
    }
}

void ContractLowering::lower_getters() {
    std::vector<VariableId> variables;
    for (const ContractId contract : linearization())
        std::ranges::copy(tree[contract].state_variables, std::back_inserter(variables));
    for (const VariableId variable : variables) {
        if (tree[variable].visibility != Visibility::Public || tree[variable].is_ghost) continue;
        guarded([&] {
            const Getter getter = interface.getter_of(variable);
            for (const TypeId key : getter.keys) types.refuse_fixed_point(program[key].key, tree[variable].range);
            types.refuse_fixed_point(getter.end, tree[variable].range);
            ir::Function made;
            made.kind = ir::FunctionKind::Getter;
            made.name = tree[variable].name.text;
            made.is_entry = true;
            made.mutability = ir::Mutability::View;
            made.parameters = getter.parameters;
            made.returns = getter.returns;
            made.selector = abi::selector(made.signature());
            made.range = tree[variable].range;
            const auto is_word = [](const ir::NamedType& each) {
                return each.type != ir::data_type && !each.type.is_reference();
            };
            made.is_raw = !std::ranges::all_of(made.parameters, is_word) || !std::ranges::all_of(made.returns, is_word);
            Frame frame(*this, made);
            Entries(frame).lower_getter(variable, getter.keys, getter.fields);
            functions.add(std::move(made));
        });
    }
}

bool ContractLowering::is_reassigned(VariableId variable) {
    if (reassigned_) return reassigned_->contains(variable);
    reassigned_ = program.yul_assigned;
    std::vector<ExprId> targets;
    for (const Expr& expr : tree.exprs)
        if (expr.kind == ExprKind::Assign) targets.push_back(expr.a);
    while (!targets.empty()) {
        const ExprId target = targets.back();
        targets.pop_back();
        if (!target) continue;
        if (tree[target].kind == ExprKind::Name) reassigned_->insert(program[target].use.variable);
        if (tree[target].kind == ExprKind::Tuple)
            targets.insert(targets.end(), tree[target].list.begin(), tree[target].list.end());
    }
    return reassigned_->contains(variable);
}

}  // namespace interlock::lang::lowering
