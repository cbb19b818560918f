#include "lang/lower/interface.hpp"

#include <algorithm>

#include "lang/abi/abi.hpp"
#include "lang/program/dispatch.hpp"
#include "lang/program/raised.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang::lowering {

void Interface::list_logs() {
    const Raised raised = raised_by(program_, id_);
    for (const EventId event : raised.events) out_.events[event_index(event)].is_listed = true;
    for (const ErrorId error : raised.errors) out_.errors[error_index(error)].is_listed = true;
}

vm::Word Interface::topic_of(const ir::Event& event) {
    ir::Function signed_like;
    signed_like.name = event.name;
    signed_like.parameters = event.parameters;
    const std::string signature = signed_like.signature();
    return vm::to_word(vm::keccak256({reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()}));
}

std::uint32_t Interface::event_index(EventId id) {
    const auto [place, is_new] = events_.try_emplace(id, static_cast<std::uint32_t>(out_.events.size()));
    if (!is_new) return place->second;
    const Event& event = tree_[id];
    ir::Event made{std::string(event.name.text), types_.named(event.parameters), {}, event.anonymous, false};
    for (const VariableId parameter : event.parameters) made.indexed.push_back(tree_[parameter].is_indexed);
    out_.events.push_back(std::move(made));
    return place->second;
}

std::uint32_t Interface::error_index(ErrorId id) {
    const auto [place, is_new] = errors_.try_emplace(id, static_cast<std::uint32_t>(out_.errors.size()));
    if (!is_new) return place->second;
    const ErrorDefinition& error = tree_[id];
    ir::Function signed_like;
    signed_like.name = error.name.text;
    signed_like.parameters = types_.named(error.parameters);
    out_.errors.push_back({signed_like.name, signed_like.parameters, abi::selector(signed_like.signature()), false});
    return place->second;
}

// Adds the functions that others can call, without code.
void Interface::add_methods() {
    for (const ContractId contract : program_[id_].linearization) {
        for (const FunctionId function : tree_[contract].functions) {
            if (tree_[function].kind == FunctionKind::Function && is_outer(tree_[function]) && functions_.is_final(function))
                (void)method_index(function);
        }
        for (const VariableId variable : tree_[contract].state_variables) {
            if (tree_[variable].visibility == Visibility::Public) (void)getter_method_index(variable);
        }
    }
    for (const FunctionKind kind : {FunctionKind::Receive, FunctionKind::Fallback}) {
        const FunctionId function = inherited_function(program_, id_, kind);
        if (!function) continue;
        ir::Function made;
        made.kind = kind == FunctionKind::Receive ? ir::FunctionKind::Receive : ir::FunctionKind::Fallback;
        made.name = kind == FunctionKind::Receive ? "receive" : "fallback";
        made.is_entry = true;
        made.mutability = mutability_of(tree_[function].mutability);
        made.range = tree_[function].head;
        functions_.add(std::move(made));
    }
}

std::uint32_t Interface::add_method(ir::Method method) {
    const auto found = std::find(out_.methods.begin(), out_.methods.end(), method);
    if (found != out_.methods.end()) return static_cast<std::uint32_t>(found - out_.methods.begin());
    out_.methods.push_back(std::move(method));
    return static_cast<std::uint32_t>(out_.methods.size() - 1);
}

// Older dialects call views like everything else.
ir::Mutability Interface::mutability_of_call(ir::Mutability mutability) const {
    return program_.dialect_of(id_).has(rule::views_may_write) && mutability != ir::Mutability::Payable
               ? ir::Mutability::NonPayable
               : mutability;
}

namespace {

bool is_view(ir::Mutability mutability) { return mutability == ir::Mutability::View || mutability == ir::Mutability::Pure; }

}  // namespace

std::uint32_t Interface::method_index(FunctionId id) {
    const Function& function = tree_[id];
    const FunctionInfo& info = program_[id];
    return add_method({std::string(tree_[info.contract].name.text), std::string(function.name.text), info.selector,
                       mutability_of_call(mutability_of(function.mutability)), types_.named(function.parameters),
                       types_.named(function.returns), is_view(mutability_of(function.mutability))});
}

std::uint32_t Interface::getter_method_index(VariableId id) {
    const Getter getter = getter_of(id);
    ir::Function signed_like;
    signed_like.name = tree_[id].name.text;
    signed_like.parameters = getter.parameters;
    return add_method({std::string(tree_[program_[id].contract].name.text), signed_like.name,
                       abi::selector(signed_like.signature()), mutability_of_call(ir::Mutability::View), getter.parameters,
                       getter.returns, true});
}

Getter Interface::getter_of(VariableId variable) const {
    Getter getter;
    const SourceRange range = tree_[variable].range;
    getter.end = program_[variable].type;
    TypeNameId written = tree_[variable].type;
    std::string_view result;
    for (; program_[getter.end].kind == TypeKind::Mapping || program_[getter.end].kind == TypeKind::Array;
         getter.end = program_[getter.end].value, written = tree_[written].value) {
        const bool is_array = program_[getter.end].kind == TypeKind::Array;
        const std::string_view name = is_array ? "" : tree_[written].key_name.text;
        if (!is_array) result = tree_[written].value_name.text;
        getter.keys.push_back(getter.end);
        getter.parameters.push_back(
            {std::string(name), is_array ? ir::uint256_type : types_.value_type(program_[getter.end].key, range)});
    }
    if (program_[getter.end].kind != TypeKind::Struct) {
        getter.returns = {types_.named(std::string(result), getter.end, range)};
        return getter;
    }
    for (const VariableId field : types_.fields_of(getter.end)) {
        const TypeKind kind = program_[program_[field].type].kind;
        if (kind == TypeKind::Mapping || kind == TypeKind::Array) continue;  // getters leave these out
        getter.fields.push_back(field);
        getter.returns.push_back(types_.named(field));
    }
    return getter;
}

std::string Interface::qualified_name(ContractId contract) const {
    return program_.sources->file_of(tree_[contract].range).path + ":" + std::string(tree_[contract].name.text);
}

// Returns the name alone if no other contract has it.
std::string Interface::identity_of(ContractId contract) const {
    const std::string_view name = tree_[contract].name.text;
    const auto has_name = [&](ContractId each) { return tree_[each].name.text == name; };
    return std::ranges::count_if(tree_.top_contracts, has_name) == 1 ? std::string(name) : qualified_name(contract);
}

std::uint32_t Interface::library_index(ContractId library) {
    const std::string name = qualified_name(library);
    const auto found = std::ranges::find(out_.libraries, name);
    const auto index = static_cast<std::uint32_t>(found - out_.libraries.begin());
    if (found == out_.libraries.end()) out_.libraries.push_back(name);
    return index;
}

std::uint32_t Interface::creates_index(ContractId contract) {
    const auto [place, is_new] = creates_.try_emplace(contract, static_cast<std::uint32_t>(out_.creates.size()));
    if (is_new) out_.creates.push_back(identity_of(contract));
    return place->second;
}

}  // namespace interlock::lang::lowering
