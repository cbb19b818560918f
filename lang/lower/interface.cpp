// Lowers a contract's interface and its uses of other contracts: events, errors, methods, getters, the names of other
// contracts.
#include "lang/lower/contract.hpp"

#include <algorithm>
#include <string_view>

#include "lang/abi/abi.hpp"
#include "lang/lower/entries.hpp"
#include "lang/program/dispatch.hpp"
#include "lang/program/raised.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang::lowering {

// --- events and errors ---
void ContractLowering::add_logs() {
    const Raised raised = raised_by(program, id);
    for (const EventId event : raised.events) out_.events[event_index(event)].is_listed = true;
    for (const ErrorId error : raised.errors) out_.errors[error_index(error)].is_listed = true;
}

vm::Word ContractLowering::topic_of(const ir::Event& event) {
    ir::Function signed_like;
    signed_like.name = event.name;
    signed_like.parameters = event.parameters;
    const std::string signature = signed_like.signature();
    return vm::to_word(vm::keccak256({reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()}));
}

std::uint32_t ContractLowering::event_index(EventId id) {
    const auto [place, is_new] = events_.try_emplace(id, static_cast<std::uint32_t>(out_.events.size()));
    if (!is_new) return place->second;
    const Event& event = tree[id];
    ir::Event made{std::string(event.name.text), named(event.parameters), {}, event.anonymous, false};
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
    out_.errors.push_back({signed_like.name, signed_like.parameters, abi::selector(signed_like.signature()), false});
    return place->second;
}

// --- methods ---
// Adds the functions that others can call, without code.
void ContractLowering::add_methods() {
    for (const ContractId contract : linearization()) {
        for (const FunctionId function : tree[contract].functions) {
            const Visibility visibility = tree[function].visibility;
            const bool is_outer = visibility == Visibility::External || visibility == Visibility::Public;
            if (tree[function].kind == FunctionKind::Function && is_outer && is_final(function))
                (void)method_index(function);
        }
        for (const VariableId variable : tree[contract].state_variables) {
            if (tree[variable].visibility == Visibility::Public) (void)getter_method_index(variable);
        }
    }
    for (const FunctionKind kind : {FunctionKind::Receive, FunctionKind::Fallback}) {
        const FunctionId function = inherited_function(program, id, kind);
        if (!function) continue;
        ir::Function made;
        made.kind = kind == FunctionKind::Receive ? ir::FunctionKind::Receive : ir::FunctionKind::Fallback;
        made.name = kind == FunctionKind::Receive ? "receive" : "fallback";
        made.is_entry = true;
        made.mutability = mutability_of(tree[function].mutability);
        made.range = tree[function].head;
        out_.functions.push_back(std::move(made));
    }
}

std::uint32_t ContractLowering::add_method(ir::Method method) {
    const auto found = std::find(out_.methods.begin(), out_.methods.end(), method);
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
                       abi::selector(signed_like.signature()), ir::Mutability::View, getter.parameters, getter.returns});
}

// --- getters ---
ContractLowering::Getter ContractLowering::getter_of(VariableId variable) const {
    Getter getter;
    const SourceRange range = tree[variable].range;
    getter.end = program[variable].type;
    TypeNameId written = tree[variable].type;
    std::string_view result;
    for (; program[getter.end].kind == TypeKind::Mapping || program[getter.end].kind == TypeKind::Array;
         getter.end = program[getter.end].value, written = tree[written].value) {
        const bool is_array = program[getter.end].kind == TypeKind::Array;
        const std::string_view name = is_array ? "" : tree[written].key_name.text;
        if (!is_array) result = tree[written].value_name.text;
        getter.keys.push_back(getter.end);
        getter.parameters.push_back(
            {std::string(name), is_array ? ir::uint256_type : value_type(program[getter.end].key, range)});
    }
    if (program[getter.end].kind != TypeKind::Struct) {
        getter.returns = {named(std::string(result), getter.end, range)};
        return getter;
    }
    for (const VariableId field : fields_of(getter.end)) {
        const TypeKind kind = program[program[field].type].kind;
        if (kind == TypeKind::Mapping || kind == TypeKind::Array) continue;  // getters leave these out
        getter.fields.push_back(field);
        getter.returns.push_back(named(field));
    }
    return getter;
}

void ContractLowering::lower_getters() {
    std::vector<VariableId> variables;
    for (const ContractId contract : linearization())
        std::ranges::copy(tree[contract].state_variables, std::back_inserter(variables));
    for (const VariableId variable : variables) {
        if (tree[variable].visibility != Visibility::Public || tree[variable].is_ghost) continue;
        guarded([&] {
            const Getter getter = getter_of(variable);
            for (const TypeId key : getter.keys) refuse_fixed_point(program[key].key, tree[variable].range);
            refuse_fixed_point(getter.end, tree[variable].range);
            ir::Function made;
            made.kind = ir::FunctionKind::Getter;
            made.name = tree[variable].name.text;
            made.is_entry = true;
            made.mutability = ir::Mutability::View;
            made.parameters = getter.parameters;
            made.returns = getter.returns;
            made.selector = abi::selector(made.signature());
            made.range = tree[variable].range;
            made.is_raw =
                std::ranges::any_of(made.returns, [](const ir::NamedType& each) { return each.type == ir::data_type; });
            Frame frame(*this, made);
            Entries(frame).lower_getter(variable, getter.keys, getter.fields);
            out_.functions.push_back(std::move(made));
        });
    }
}

// --- other contracts ---
std::string ContractLowering::qualified_name(ContractId contract) const {
    return program.sources->file_of(tree[contract].range).path + ":" + std::string(tree[contract].name.text);
}

// Returns the name alone if no other contract has it.
std::string ContractLowering::identity_of(ContractId contract) const {
    const std::string_view name = tree[contract].name.text;
    const auto has_name = [&](ContractId each) { return tree[each].name.text == name; };
    return std::ranges::count_if(tree.top_contracts, has_name) == 1 ? std::string(name) : qualified_name(contract);
}

std::uint32_t ContractLowering::library_index(ContractId library) {
    const std::string name = qualified_name(library);
    const auto found = std::ranges::find(out_.libraries, name);
    const auto index = static_cast<std::uint32_t>(found - out_.libraries.begin());
    if (found == out_.libraries.end()) out_.libraries.push_back(name);
    return index;
}

std::uint32_t ContractLowering::creates_index(ContractId contract) {
    const auto [place, is_new] = creates_.try_emplace(contract, static_cast<std::uint32_t>(out_.creates.size()));
    if (is_new) out_.creates.push_back(identity_of(contract));
    return place->second;
}

}  // namespace interlock::lang::lowering
