// Lowers the parts of a contract in order, and its functions. types.cpp handles types, interface.cpp the contract's
// interface, routines.cpp functions that the lowering writes itself, clauses.cpp specifications.
#include "lang/lower/contract.hpp"

#include <algorithm>
#include <string_view>

#include "lang/loading/load.hpp"
#include "lang/lower/bodies.hpp"
#include "lang/lower/entries.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::lowering {

ir::Mutability mutability_of(Mutability mutability) {
    switch (mutability) {
        case Mutability::Pure: return ir::Mutability::Pure;
        case Mutability::View: return ir::Mutability::View;
        case Mutability::Payable: return ir::Mutability::Payable;
        case Mutability::NonPayable: break;
    }
    return ir::Mutability::NonPayable;
}

bool ContractLowering::has_entries(ContractId contract) const {
    return std::ranges::any_of(tree[contract].functions, [&](FunctionId each) {
        return tree[each].visibility == Visibility::Public || tree[each].visibility == Visibility::External;
    });
}

ir::Contract ContractLowering::run() {
    const Contract& contract = tree[id];
    out_.name = contract.name.text;
    out_.identity = identity_of(id);
    out_.range = contract.range;
    out_.qualified_name = qualified_name(id);
    out_.is_library = contract.kind == ContractKind::Library && has_entries(id);
    out_.is_interface = contract.kind != ContractKind::Contract && !out_.is_library;
    guarded([&] {
        if (out_.is_interface) {
            add_logs();
            return add_methods();
        }
        add_state();
        known_ = sight_of(*this);
        add_logs();
        declare_functions();
        lower_functions();
        lower_raw_entries();
        lower_getters();
        lower_specifications();
    });
    return std::move(out_);
}

// --- functions ---
FunctionId ContractLowering::resolve(const Use& use) const {
    if (use.dispatch == Dispatch::Virtual) return resolve_virtual(program, use.function, id);
    if (use.dispatch == Dispatch::Super) return resolve_super(program, use.function, use.contract, id);
    return use.function;
}

std::uint32_t ContractLowering::function_index(const Use& use) { return declare(resolve(use)); }

std::uint32_t ContractLowering::declare(FunctionId function) {
    if (const auto known = functions_.find(function); known != functions_.end()) return known->second;
    out_.functions.push_back(head(function));  // throws if a type is not supported: then there is no such function
    pending_.push_back(function);
    return functions_[function] = static_cast<std::uint32_t>(out_.functions.size() - 1);
}

bool ContractLowering::is_final(FunctionId function) const {
    const bool is_overridden = resolve_virtual(program, function, id) != function;
    return !is_overridden && !getter_with_key(program, id, program[function].key);
}

// An overridden function is only called internally, through `super` or the contract's name, so its name includes the
// contract's.
std::string ContractLowering::name_here(FunctionId function) const {
    const std::string name(tree[function].name.text);
    const ContractId owner = program[function].contract;
    const bool is_plain = !owner || (is_member(function) && is_final(function));
    return is_plain ? name : std::string(tree[owner].name.text) + "." + name;
}

bool ContractLowering::is_member(FunctionId function) const {
    return std::ranges::find(linearization(), program[function].contract) != linearization().end();
}

ir::Function ContractLowering::head(FunctionId id) const {
    const Function& function = tree[id];
    ir::Function made;
    made.name = name_here(id);
    made.range = function.head;
    made.mutability = mutability_of(function.mutability);
    const bool is_outer = function.visibility == Visibility::Public || function.visibility == Visibility::External;
    if (is_outer || function.kind == FunctionKind::Constructor)
        for (const auto* list : {&function.parameters, &function.returns})
            for (const VariableId each : *list) refuse_fixed_point(program[each].type, tree[each].range);
    if (is_raw(id) && function.kind != FunctionKind::Constructor) {
        for (const VariableId each : function.parameters)
            std::ranges::copy(words(each), std::back_inserter(made.parameters));
        for (const VariableId each : function.returns) std::ranges::copy(words(each), std::back_inserter(made.returns));
    } else {
        made.parameters = named(function.parameters);
        made.returns = named(function.returns);
        made.is_raw = is_raw(id);
    }
    switch (function.kind) {
        case FunctionKind::Function:
            if (is_raw(id)) break;
            made.is_entry = is_outer && is_member(id) && is_final(id);
            made.selector = program[id].selector;
            break;
        case FunctionKind::Constructor:
            made.kind = ir::FunctionKind::Constructor;
            made.name = "constructor";
            break;
        case FunctionKind::Receive:
            made.kind = ir::FunctionKind::Receive;
            made.name = "receive";
            made.is_entry = true;
            break;
        case FunctionKind::Fallback:
            made.kind = is_raw(id) ? ir::FunctionKind::Ordinary : ir::FunctionKind::Fallback;
            made.name = "fallback";
            made.is_entry = !is_raw(id);
            break;
    }
    return made;
}

bool ContractLowering::constructs() const {
    return std::ranges::any_of(linearization(), [&](ContractId contract) {
        return own_function(tree, contract, FunctionKind::Constructor) ||
               std::ranges::any_of(tree[contract].state_variables,
                                   [&](VariableId each) { return state_.contains(each) && tree[each].initial; });
    });
}

// Declares the most derived contract's functions first. Overridden functions are declared only if something calls them.
void ContractLowering::declare_functions() {
    for (const ContractId contract : linearization()) {
        for (const FunctionId function : tree[contract].functions) {
            if (tree[function].is_ghost) continue;  // for specifications only
            if (tree[function].kind == FunctionKind::Constructor) {
                if (contract == id) guarded([&] { out_.constructor = declare(function); });
            } else if (tree[function].body && is_final(function)) {
                guarded([&] { (void)declare(function); });
            }
        }
    }
    if (out_.constructor != ir::Contract::none || !constructs()) return;
    out_.constructor = static_cast<std::uint32_t>(out_.functions.size());
    ir::Function made;
    made.kind = ir::FunctionKind::Constructor;
    made.name = "constructor";
    made.is_implicit = true;
    made.range = tree[id].name.range;
    out_.functions.push_back(std::move(made));
}

// A body may need functions that are declared on demand, so it is built separately and stored afterwards.
void ContractLowering::lower_functions() {
    const auto lower = [&](std::uint32_t index, auto work) {
        guarded([&] {
            ir::Function made = out_.functions[index];
            Frame frame(*this, made);
            work(Bodies(frame));
            out_.functions[index] = std::move(made);
        });
    };
    const bool makes_constructor =
        out_.constructor != ir::Contract::none && !own_function(tree, id, FunctionKind::Constructor);
    if (makes_constructor) lower(out_.constructor, [](Bodies bodies) { bodies.lower_constructor(); });
    for (std::size_t i = 0; i < pending_.size(); ++i) {
        const FunctionId function = pending_[i];
        lower(functions_.at(function), [&](Bodies bodies) {
            if (tree[function].kind == FunctionKind::Constructor) bodies.lower_constructor();
            else bodies.lower_function(function);
        });
    }
    lower_dispatchers();
}

// --- types that the lowering encodes itself ---
bool ContractLowering::is_coded_by_lowering(TypeId type) const {
    const Type& t = program[type];
    return t.kind == TypeKind::Array || t.kind == TypeKind::Struct || t.kind == TypeKind::Mapping ||
           t.location == DataLocation::Calldata || t.location == DataLocation::Storage;
}

bool ContractLowering::is_raw(FunctionId function) const {
    const bool is_inner = tree[function].kind == FunctionKind::Function && known_.called.contains(function);
    const auto is_coded = [&](VariableId each) {
        return is_coded_by_lowering(program[each].type) || (is_inner && may_be_dirty(program[each].type));
    };
    return tree[function].kind == FunctionKind::Fallback ? !tree[function].parameters.empty()
                                                         : std::ranges::any_of(tree[function].parameters, is_coded) ||
                                                               std::ranges::any_of(tree[function].returns, is_coded);
}

// Lowers the entries of functions whose parameters or results are arrays, structs or in call data. Such an entry
// decodes, calls the function, and encodes.
std::vector<FunctionId> ContractLowering::in_source_order(std::vector<FunctionId> functions) const {
    std::map<UnitId, std::size_t> rank;
    for (const UnitId unit : reached_from(tree, tree[id].unit)) rank.emplace(unit, rank.size());
    std::ranges::stable_sort(functions, {}, [&](FunctionId each) { return rank.at(tree[each].scope.unit); });
    return functions;
}

std::vector<FunctionId> ContractLowering::declared_functions() const {
    std::vector<FunctionId> functions;
    for (const auto& [function, index] : functions_) functions.push_back(function);
    return in_source_order(std::move(functions));
}

void ContractLowering::lower_raw_entries() {
    for (const FunctionId function : declared_functions()) {
        const std::uint32_t index = functions_.at(function);
        const Function& written = tree[function];
        const bool is_outer = written.kind == FunctionKind::Fallback || written.visibility == Visibility::Public ||
                              written.visibility == Visibility::External;
        if (written.kind == FunctionKind::Constructor || !is_outer || !is_raw(function) || !is_final(function)) continue;
        guarded([&] {
            ir::Function made;
            made.name = written.name.text;
            made.kind = written.kind == FunctionKind::Fallback ? ir::FunctionKind::Fallback : ir::FunctionKind::Ordinary;
            made.is_entry = made.is_raw = true;
            made.selector = program[function].selector;
            made.mutability = mutability_of(written.mutability);
            made.range = written.head;
            if (written.kind == FunctionKind::Function) {
                made.parameters = named(written.parameters);
                made.returns = named(written.returns);
            }
            Frame frame(*this, made);
            Entries(frame).lower_raw_entry(function, index);
            out_.functions.push_back(std::move(made));
        });
    }
}

}  // namespace interlock::lang::lowering
