// The tables of a contract, and the order in which its parts are lowered.
#include "lang/lower/contract.hpp"

#include <algorithm>
#include <string_view>

#include "lang/abi.hpp"
#include "lang/codes.hpp"
#include "lang/lower/function.hpp"

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

template <class Work>
void ContractLowering::guarded(Work work) {
    try {
        work();
    } catch (const Unsupported& unsupported) {
        diagnostics_.error(unsupported.code, unsupported.message, unsupported.range);
    }
}

ir::Contract ContractLowering::run() {
    const Contract& contract = tree[id];
    out_.name = contract.name.text;
    out_.range = contract.range;
    out_.is_interface = contract.kind == ContractKind::Interface;
    guarded([&] {
        add_state();
        add_logs();
        if (out_.is_interface) {
            for (const FunctionId function : contract.functions) (void)method_index(function);
            return;
        }
        declare_functions();
        lower_functions();
        lower_getters();
        lower_specifications();
    });
    return std::move(out_);
}

// --- types ---
bool ContractLowering::is_value(TypeId type) const {
    switch (program[type].kind) {
        case TypeKind::Bool:
        case TypeKind::Uint:
        case TypeKind::Int:
        case TypeKind::Address:
        case TypeKind::Contract:
        case TypeKind::FixedBytes:
        case TypeKind::Enum: return true;
        default: return false;
    }
}

ir::Type ContractLowering::value_type(TypeId id, SourceRange range) const {
    const Type& type = program[id];
    switch (type.kind) {
        case TypeKind::Bool: return ir::bool_type;
        case TypeKind::Uint: return {ir::TypeKind::Uint, type.bits};
        case TypeKind::Int: return {ir::TypeKind::Int, type.bits};
        case TypeKind::Address:
        case TypeKind::Contract: return ir::address_type;
        case TypeKind::FixedBytes: return {ir::TypeKind::FixedBytes, type.bits};
        case TypeKind::Enum:
            return {ir::TypeKind::Enum, 8, static_cast<std::uint16_t>(tree[type.enumeration].values.size())};
        case TypeKind::Bytes: return ir::bytes_type;
        case TypeKind::String: return ir::string_type;
        case TypeKind::Integer: return ir::integer_type;
        default:
            throw Unsupported{code::no_such_construct.id,
                              "a value of type `" + name_of(program, id) + "` is not supported yet", range};
    }
}

ir::NamedType ContractLowering::named(VariableId variable) const {
    return {std::string(tree[variable].name.text), value_type(program[variable].type, tree[variable].range)};
}

std::vector<ir::NamedType> ContractLowering::named(const std::vector<VariableId>& variables) const {
    std::vector<ir::NamedType> types;
    for (const VariableId variable : variables) types.push_back(named(variable));
    return types;
}

const std::vector<VariableId>& ContractLowering::fields_of(TypeId structure) const {
    return tree[program[structure].structure].fields;
}

std::uint32_t ContractLowering::field_index(TypeId structure, VariableId field) const {
    const auto& fields = fields_of(structure);
    return static_cast<std::uint32_t>(std::find(fields.begin(), fields.end(), field) - fields.begin());
}

// --- storage ---
ir::StorageTypeIndex ContractLowering::storage_type(TypeId id, SourceRange range) {
    if (const auto known = storage_types_.find(id.index); known != storage_types_.end()) return known->second;
    const auto index = static_cast<ir::StorageTypeIndex>(out_.storage_types.size());
    storage_types_[id.index] = index;
    out_.storage_types.emplace_back();

    const Type& type = program[id];
    ir::StorageType made;
    made.name = name_of(program, id);
    switch (type.kind) {
        case TypeKind::Mapping:
            made.kind = ir::StorageType::Kind::Mapping;
            made.key = value_type(type.key, range);
            made.element = storage_type(type.value, range);
            break;
        case TypeKind::Struct:
            made.kind = ir::StorageType::Kind::Struct;
            made.slots = program.struct_slots.at(type.structure.index);
            for (const VariableId field : fields_of(id)) {
                const VariableInfo& info = program[field];
                made.fields.push_back({std::string(tree[field].name.text), storage_type(info.type, tree[field].range),
                                       info.slot, info.offset});
            }
            break;
        case TypeKind::Bytes:
        case TypeKind::String:
            made.kind = ir::StorageType::Kind::Bytes;
            made.value = value_type(id, range);
            break;
        default: made.value = value_type(id, range); made.bytes = static_cast<std::uint8_t>(made.value.bits / 8);
    }
    out_.storage_types[index] = std::move(made);
    return index;
}

void ContractLowering::add_state() {
    std::uint64_t immutables = 0;
    for (const VariableId each : tree[id].state_variables) {
        const Variable& variable = tree[each];
        if (variable.is_constant || variable.is_ghost) continue;
        const VariableInfo& info = program[each];
        ir::StateVariable made;
        made.name = variable.name.text;
        made.type = storage_type(info.type, variable.range);
        made.is_immutable = variable.is_immutable;
        made.slot = variable.is_immutable ? vm::Word{immutables++} : info.slot;
        made.offset = variable.is_immutable ? 0 : info.offset;
        made.is_public = variable.visibility == Visibility::Public;
        made.range = variable.range;
        state_[each] = static_cast<std::uint32_t>(out_.state.size());
        out_.state.push_back(std::move(made));
    }
}

// --- events, errors, methods ---
void ContractLowering::add_logs() {
    for (const EventId event : tree[id].events) (void)event_index(event);
    for (const ErrorId error : tree[id].errors) (void)error_index(error);
}

std::uint32_t ContractLowering::event_index(EventId id) {
    const auto [place, is_new] = events_.try_emplace(id, static_cast<std::uint32_t>(out_.events.size()));
    if (!is_new) return place->second;
    const Event& event = tree[id];
    ir::Event made{std::string(event.name.text), named(event.parameters), {}, event.anonymous};
    for (const VariableId parameter : event.parameters) made.indexed.push_back(tree[parameter].is_indexed);
    out_.events.push_back(std::move(made));
    return place->second;
}

std::uint32_t ContractLowering::error_index(ErrorId id) {
    const auto [place, is_new] = errors_.try_emplace(id, static_cast<std::uint32_t>(out_.errors.size()));
    if (!is_new) return place->second;
    const ErrorDefinition& error = tree[id];
    ir::Function signed_like;
    signed_like.name = error.name.text;
    signed_like.parameters = named(error.parameters);
    out_.errors.push_back({signed_like.name, signed_like.parameters, abi::selector(signed_like.signature())});
    return place->second;
}

std::uint32_t ContractLowering::add_method(ir::Method method) {
    const auto same = [&](const ir::Method& each) {
        return each.contract == method.contract && each.name == method.name && each.selector == method.selector;
    };
    const auto found = std::find_if(out_.methods.begin(), out_.methods.end(), same);
    if (found != out_.methods.end()) return static_cast<std::uint32_t>(found - out_.methods.begin());
    out_.methods.push_back(std::move(method));
    return static_cast<std::uint32_t>(out_.methods.size() - 1);
}

std::uint32_t ContractLowering::method_index(FunctionId id) {
    const Function& function = tree[id];
    const FunctionInfo& info = program[id];
    return add_method({std::string(tree[info.contract].name.text), std::string(function.name.text), info.selector,
                       mutability_of(function.mutability), named(function.parameters), named(function.returns)});
}

std::uint32_t ContractLowering::getter_method_index(VariableId id) {
    const Getter getter = getter_of(id);
    ir::Function signed_like;
    signed_like.name = tree[id].name.text;
    signed_like.parameters = getter.parameters;
    return add_method({std::string(tree[program[id].contract].name.text), signed_like.name,
                       abi::selector(signed_like.signature()), ir::Mutability::View, getter.parameters,
                       getter.returns});
}

std::uint32_t ContractLowering::creates_index(ContractId contract) {
    const auto [place, is_new] = creates_.try_emplace(contract, static_cast<std::uint32_t>(out_.creates.size()));
    if (is_new) out_.creates.emplace_back(tree[contract].name.text);
    return place->second;
}

// --- functions ---
std::uint32_t ContractLowering::function_index(FunctionId function, SourceRange range) const {
    const auto found = functions_.find(function);
    if (found != functions_.end()) return found->second;
    throw Unsupported{code::no_such_construct.id, "a call of a function outside this contract is not supported yet",
                      range};
}

ir::Function ContractLowering::head(FunctionId id) const {
    const Function& function = tree[id];
    ir::Function made;
    made.name = function.name.text;
    made.range = function.head;
    made.mutability = mutability_of(function.mutability);
    made.parameters = named(function.parameters);
    made.returns = named(function.returns);
    switch (function.kind) {
        case FunctionKind::Function:
            made.is_entry = function.visibility == Visibility::Public || function.visibility == Visibility::External;
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
            made.kind = ir::FunctionKind::Fallback;
            made.name = "fallback";
            made.is_entry = true;
            break;
    }
    return made;
}

bool ContractLowering::has_initial_values() const {
    const auto& variables = tree[id].state_variables;
    return std::any_of(variables.begin(), variables.end(),
                       [&](VariableId each) { return state_.contains(each) && tree[each].initial; });
}

// Heads first: a body may call what stands behind it.
void ContractLowering::declare_functions() {
    for (const FunctionId function : tree[id].functions) {
        if (!tree[function].body) continue;
        const auto index = static_cast<std::uint32_t>(out_.functions.size());
        guarded([&] {
            out_.functions.push_back(head(function));
            functions_[function] = index;
            if (tree[function].kind == FunctionKind::Constructor) out_.constructor = index;
        });
    }
    if (out_.constructor != ir::Contract::none || !has_initial_values()) return;
    out_.constructor = static_cast<std::uint32_t>(out_.functions.size());
    ir::Function made;
    made.kind = ir::FunctionKind::Constructor;
    made.name = "constructor";
    made.range = tree[id].name.range;
    out_.functions.push_back(std::move(made));
}

void ContractLowering::lower_functions() {
    for (const FunctionId function : tree[id].functions) {
        const auto found = functions_.find(function);
        if (found == functions_.end()) continue;
        guarded([&] { FunctionLowering(*this, out_.functions[found->second]).lower_function(function); });
    }
    const bool made_constructor =
        out_.constructor != ir::Contract::none && out_.functions[out_.constructor].blocks.empty();
    if (made_constructor)
        guarded([&] { FunctionLowering(*this, out_.functions[out_.constructor]).lower_initial_values_only(); });
}

// --- getters ---
ContractLowering::Getter ContractLowering::getter_of(VariableId variable) const {
    Getter getter;
    const SourceRange range = tree[variable].range;
    getter.end = program[variable].type;
    TypeNameId written = tree[variable].type;
    while (program[getter.end].kind == TypeKind::Mapping) {
        const std::string_view name = tree[written].key_name.text;
        getter.parameters.push_back({std::string(name), value_type(program[getter.end].key, range)});
        getter.end = program[getter.end].value;
        written = tree[written].value;
    }
    if (program[getter.end].kind != TypeKind::Struct) {
        getter.returns = {{"", value_type(getter.end, range)}};
        return getter;
    }
    for (const VariableId field : fields_of(getter.end)) {
        const TypeKind kind = program[program[field].type].kind;
        if (kind == TypeKind::Mapping || kind == TypeKind::Array) continue;  // left out, as Solidity's getters do
        getter.fields.push_back(field);
        getter.returns.push_back(named(field));
    }
    return getter;
}

void ContractLowering::lower_getters() {
    for (const VariableId variable : tree[id].state_variables) {
        if (tree[variable].visibility != Visibility::Public || tree[variable].is_ghost) continue;
        guarded([&] {
            const Getter getter = getter_of(variable);
            ir::Function made;
            made.kind = ir::FunctionKind::Getter;
            made.name = tree[variable].name.text;
            made.is_entry = true;
            made.mutability = ir::Mutability::View;
            made.parameters = getter.parameters;
            made.returns = getter.returns;
            made.selector = abi::selector(made.signature());
            made.range = tree[variable].range;
            FunctionLowering(*this, made).lower_getter(variable, getter.fields);
            out_.functions.push_back(std::move(made));
        });
    }
}

// --- specifications ---
void ContractLowering::lower_specifications() {
    std::size_t unlabelled = 0;
    const auto add = [&](std::string name, SourceRange range, auto lower) {
        ir::Function made;
        made.kind = ir::FunctionKind::Specification;
        made.mutability = ir::Mutability::View;
        made.name = std::move(name);
        made.range = range;
        made.returns = {{"", ir::bool_type}};
        lower(made);
        out_.functions.push_back(std::move(made));
        return static_cast<std::uint32_t>(out_.functions.size() - 1);
    };
    const auto text = [&](ExprId expr) { return std::string(program.sources->text(tree[expr].range)); };

    for (const Invariant& invariant : tree[id].invariants) {
        guarded([&] {
            ir::Invariant made;
            made.label = invariant.label.text;
            if (made.label.empty()) made.label = "invariant " + std::to_string(++unlabelled);
            made.strong = invariant.strong;
            made.text = text(invariant.expr);
            made.range = invariant.range;
            const std::string name = invariant.label.text.empty() ? made.label : "invariant " + made.label;
            made.function = add(name, invariant.range,
                                [&](ir::Function& f) { FunctionLowering(*this, f).lower_invariant(invariant.expr); });
            out_.invariants.push_back(std::move(made));
        });
    }
    for (const FunctionId function : tree[id].functions) {
        std::array<std::size_t, 3> counts{};
        for (const SpecClause& clause : tree[function].specs) {
            guarded([&] {
                ir::Clause made = clause_of(function, clause, counts);
                made.text = text(clause.expr);
                made.function = add(made.label, clause.range, [&](ir::Function& f) {
                    const ir::Function& subject = out_.functions[made.subject];
                    f.parameters = subject.parameters;
                    const bool sees_results = made.kind == ir::Clause::Kind::Ensures;
                    if (sees_results) std::ranges::copy(subject.returns, std::back_inserter(f.parameters));
                    FunctionLowering(*this, f).lower_clause(function, clause);
                });
                out_.clauses.push_back(std::move(made));
            });
        }
    }
}

// "withdraw: ensures 1", or "withdraw: the label"
ir::Clause ContractLowering::clause_of(FunctionId function, const SpecClause& clause,
                                       std::array<std::size_t, 3>& counts) const {
    constexpr std::array<std::string_view, 3> words{"requires", "ensures", "reverts if"};
    ir::Clause made;
    switch (clause.kind) {
        case SpecKind::Requires: made.kind = ir::Clause::Kind::Requires; break;
        case SpecKind::Ensures: made.kind = ir::Clause::Kind::Ensures; break;
        case SpecKind::RevertsIf: made.kind = ir::Clause::Kind::RevertsIf; break;
        case SpecKind::Modifies:
        case SpecKind::Nonreentrant:
            throw Unsupported{code::no_such_specification.id, "this kind of clause is not supported yet", clause.range};
    }
    const auto kind = static_cast<std::size_t>(made.kind);
    const std::string number = std::to_string(++counts[kind]);
    const std::string own =
        clause.label.text.empty() ? std::string(words[kind]) + ' ' + number : std::string(clause.label.text);
    made.subject = function_index(function, clause.range);
    made.label = out_.functions[made.subject].name + ": " + own;
    made.range = clause.range;
    return made;
}

}  // namespace interlock::lang::lowering
