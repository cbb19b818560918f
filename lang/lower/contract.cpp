// The tables of a contract, and the order in which its parts are lowered.
#include "lang/lower/contract.hpp"

#include <algorithm>
#include <string_view>

#include "lang/abi.hpp"
#include "lang/codes.hpp"
#include "lang/dispatch.hpp"
#include "lang/lower/function.hpp"
#include "lang/lower/simplify.hpp"
#include "lang/lower/specifications.hpp"
#include "vm/keccak.hpp"

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
    out_.identity = identity_of(id);
    out_.range = contract.range;
    out_.qualified_name = qualified_name(id);
    const auto is_outer = [&](FunctionId each) {
        return tree[each].visibility == Visibility::Public || tree[each].visibility == Visibility::External;
    };
    out_.is_library = contract.kind == ContractKind::Library && std::ranges::any_of(contract.functions, is_outer);
    out_.is_interface = contract.kind != ContractKind::Contract && !out_.is_library;
    guarded([&] {
        if (out_.is_interface) {
            add_logs();
            return add_methods();
        }
        add_state();
        add_logs();
        declare_functions();
        lower_functions();
        lower_raw_entries();
        lower_getters();
        lower_specifications();
    });
    return std::move(out_);
}

// --- types ---
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
        case TypeKind::UserValue: return value_type(type.value, range);
        case TypeKind::Function:
            if (type.form == FunctionForm::Internal) return {ir::TypeKind::Uint, 64};
            if (type.form == FunctionForm::External) return {ir::TypeKind::FixedBytes, 192};
            [[fallthrough]];
        default:
            throw Unsupported{code::no_such_construct.id,
                              "a value of type `" + name_of(program, id) + "` is not supported yet", range};
    }
}

ir::NamedType ContractLowering::named(VariableId variable) const {
    return named(std::string(tree[variable].name.text), program[variable].type, tree[variable].range);
}

ir::NamedType ContractLowering::named(std::string name, TypeId type, SourceRange range) const {
    const TypeKind kind = program[type].kind;
    if (out_.is_library && (kind == TypeKind::Mapping || program[type].location == DataLocation::Storage))
        return {std::move(name), ir::data_type, data::library_name(program, type)};
    if (kind == TypeKind::Function) return {std::move(name), value_type(type, range), data::abi_name(program, type)};
    if (kind != TypeKind::Array && kind != TypeKind::Struct) return {std::move(name), value_type(type, range)};
    ir::NamedType made{std::move(name), ir::data_type};
    std::string dimensions;
    TypeId element = type;
    for (; program[element].kind == TypeKind::Array; element = program[element].value) {
        const Type& array = program[element];
        dimensions = (array.is_dynamic ? "[]" : "[" + vm::to_decimal(array.length) + "]") + dimensions;
    }
    if (program[element].kind == TypeKind::Struct) {
        made.data = "tuple" + dimensions;
        for (const VariableId field : fields_of(element)) made.fields.push_back(named(field));
    } else {
        made.data = data::abi_name(program, type);
    }
    return made;
}

std::vector<ir::Type> ContractLowering::words(TypeId id, SourceRange range) const {
    const Type& type = program[id];
    if (type.kind == TypeKind::Tuple) {
        std::vector<ir::Type> all;
        for (const TypeId member : type.members) {
            const auto some = words(member, range);
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }
    if (type.location == DataLocation::Calldata && data::has_length(program, id))
        return {ir::uint256_type, ir::uint256_type};
    const bool is_address = type.kind == TypeKind::Mapping || type.kind == TypeKind::Array ||
                            type.kind == TypeKind::Struct || type.location == DataLocation::Storage;
    return {is_address ? ir::uint256_type : value_type(id, range)};
}

std::vector<ir::NamedType> ContractLowering::words(VariableId variable) const {
    std::vector<ir::NamedType> named;
    for (const ir::Type& type : words(program[variable].type, tree[variable].range))
        named.push_back({std::string(tree[variable].name.text) + (named.empty() ? "" : ".length"), type});
    return named;
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
        case TypeKind::Array:
            made.kind = type.is_dynamic ? ir::StorageType::Kind::DynamicArray : ir::StorageType::Kind::FixedArray;
            made.element = storage_type(type.value, range);
            made.length = type.length;
            made.slots = data::storage_slots(program, id);
            break;
        default: made.value = value_type(id, range); made.bytes = static_cast<std::uint8_t>(made.value.bits / 8);
    }
    out_.storage_types[index] = std::move(made);
    return index;
}

// Private variables of several contracts may have one name: then those of bases are shown with their contract's.
void ContractLowering::add_state() {
    std::map<std::string_view, std::size_t> names;
    for (const StatePlace& place : program[id].state) ++names[tree[place.variable].name.text];
    for (const StatePlace& place : program[id].state) {
        const Variable& variable = tree[place.variable];
        const VariableInfo& info = program[place.variable];
        ir::StateVariable made;
        made.name = variable.name.text;
        if (names[variable.name.text] > 1 && info.contract != id)
            made.name = std::string(tree[info.contract].name.text) + "." + made.name;
        made.type = storage_type(info.type, variable.range);
        made.is_immutable = variable.is_immutable;
        made.slot = place.slot;
        made.offset = place.offset;
        made.is_public = variable.visibility == Visibility::Public;
        made.range = variable.range;
        state_[place.variable] = static_cast<std::uint32_t>(out_.state.size());
        out_.state.push_back(std::move(made));
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

std::uint32_t ContractLowering::yul_function(YulStmtId id, std::size_t parameters, std::size_t results,
                                             const std::function<void(ir::Function&)>& build) {
    const auto [place, is_new] = yul_functions_.try_emplace(id, static_cast<std::uint32_t>(out_.functions.size()));
    const std::uint32_t index = place->second;
    if (!is_new) return index;
    ir::Function made;
    made.name = tree[id].name.text;
    made.range = tree[id].range;
    made.parameters.assign(parameters, {"", ir::uint256_type});
    made.returns.assign(results, {"", ir::uint256_type});
    out_.functions.push_back(made);
    build(made);
    out_.functions[index] = std::move(made);
    return index;
}

std::optional<vm::Word> ContractLowering::yul_constant(const YulName& name) const {
    if (tree[name.variable].is_constant) {
        const ExprId initial = tree[name.variable].initial;
        return initial ? program[initial].constant : std::nullopt;
    }
    if (const auto place = transient_place(name.variable))
        return name.part == YulPart::Slot ? place->slot : vm::Word{place->offset};
    const auto found = state_.find(name.variable);
    if (found == state_.end() || tree[name.variable].is_immutable) return std::nullopt;
    const ir::StateVariable& variable = out_.state[found->second];
    return name.part == YulPart::Slot ? variable.slot : vm::Word{variable.offset};
}

// The byte within its slot at which a place starts.
unsigned ContractLowering::offset_of(std::uint32_t variable, const std::vector<ir::PlaceStep>& steps) const {
    ir::StorageTypeIndex at = out_.state[variable].type;
    unsigned offset = out_.state[variable].offset;
    for (const ir::PlaceStep& step : steps) {
        const ir::StorageType& type = out_.storage_types[at];
        const bool is_field = step.kind == ir::PlaceStep::Kind::Field;
        at = is_field ? type.fields[step.operand].type : type.element;
        offset = is_field ? type.fields[step.operand].offset : 0;
    }
    return offset;
}

// --- events, errors, methods ---
vm::Word ContractLowering::topic_of(const ir::Event& event) {
    ir::Function signed_like;
    signed_like.name = event.name;
    signed_like.parameters = event.parameters;
    const std::string signature = signed_like.signature();
    return vm::to_word(vm::keccak256({reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()}));
}

void ContractLowering::add_logs() {
    for (const ContractId contract : linearization()) {
        for (const EventId event : tree[contract].events) (void)event_index(event);
        for (const ErrorId error : tree[contract].errors) (void)error_index(error);
    }
}

// What others can call; no code is made of it here.
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
                       abi::selector(signed_like.signature()), ir::Mutability::View, getter.parameters,
                       getter.returns});
}

std::uint32_t ContractLowering::library_index(ContractId library) {
    const std::string name = qualified_name(library);
    const auto found = std::ranges::find(out_.libraries, name);
    const auto index = static_cast<std::uint32_t>(found - out_.libraries.begin());
    if (found == out_.libraries.end()) out_.libraries.push_back(name);
    return index;
}

std::string ContractLowering::qualified_name(ContractId contract) const {
    return program.sources->file_of(tree[contract].range).path + ":" + std::string(tree[contract].name.text);
}

// The name alone where no other contract has it.
std::string ContractLowering::identity_of(ContractId contract) const {
    const std::string_view name = tree[contract].name.text;
    const auto has_name = [&](ContractId each) { return tree[each].name.text == name; };
    return std::ranges::count_if(tree.top_contracts, has_name) == 1 ? std::string(name) : qualified_name(contract);
}

std::uint32_t ContractLowering::creates_index(ContractId contract) {
    const auto [place, is_new] = creates_.try_emplace(contract, static_cast<std::uint32_t>(out_.creates.size()));
    if (is_new) out_.creates.push_back(identity_of(contract));
    return place->second;
}

// --- functions ---
std::uint32_t ContractLowering::function_index(const Use& use) {
    FunctionId called = use.function;
    if (use.dispatch == Dispatch::Virtual) called = resolve_virtual(program, called, id);
    if (use.dispatch == Dispatch::Super) called = resolve_super(program, called, use.contract, id);
    return declare(called);
}

std::uint32_t ContractLowering::function_number(const Use& use) {
    return numbers_.try_emplace(function_index(use), static_cast<std::uint32_t>(numbers_.size() + 1)).first->second;
}

std::uint32_t ContractLowering::dispatcher(std::size_t parameters, std::size_t results) {
    const auto [place, is_new] =
        dispatchers_.try_emplace({parameters, results}, static_cast<std::uint32_t>(out_.functions.size()));
    if (!is_new) return place->second;
    ir::Function made;
    made.name = "call of a function value: " + std::to_string(parameters) + " to " + std::to_string(results);
    made.range = tree[id].name.range;
    made.parameters.assign(parameters + 1, {"", ir::uint256_type});
    made.returns.assign(results, {"", ir::uint256_type});
    out_.functions.push_back(std::move(made));
    return place->second;
}

// A number that is no function's, as of a variable that was never set: Panic(0x51).
void ContractLowering::lower_dispatchers() {
    for (const auto& [words, index] : dispatchers_) {
        ir::Function made = out_.functions[index];
        Builder builder(made);
        Machine m(builder, made.range);
        const auto given = made.blocks.front().parameters;
        for (const auto& [function, number] : numbers_) {
            const auto &parameters = out_.functions[function].parameters, &returns = out_.functions[function].returns;
            if (parameters.size() != words.first || returns.size() != words.second) continue;
            m.when(m.equal(given.front().value, m.word(number)), [&] {
                ir::Values arguments;
                for (std::size_t i = 0; i < parameters.size(); ++i) arguments.push_back(m.as(given[i + 1].value, parameters[i].type));
                ir::Terminator end;
                end.kind = ir::Terminator::Kind::Return;
                for (const ir::Value result : builder.call(function, std::move(arguments), returns, made.range)) end.values.push_back(m.raw(result));
                builder.finish(std::move(end), made.range);
            });
        }
        m.panic(panic::no_function);
        simplify(made);
        out_.functions[index] = std::move(made);
    }
}

std::optional<StatePlace> ContractLowering::transient_place(VariableId variable) const {
    const auto& all = program[id].transient;
    const auto found = std::ranges::find(all, variable, &StatePlace::variable);
    return found == all.end() ? std::nullopt : std::optional(*found);
}

std::uint32_t ContractLowering::declare(FunctionId function) {
    const auto [place, is_new] = functions_.try_emplace(function, static_cast<std::uint32_t>(out_.functions.size()));
    if (!is_new) return place->second;
    out_.functions.push_back(head(function));
    pending_.push_back(function);
    return place->second;
}

bool ContractLowering::is_final(FunctionId function) const {
    const bool is_overridden = resolve_virtual(program, function, id) != function;
    return !is_overridden && !getter_with_key(program, id, program[function].key);
}

// What is overridden is only reached from inside, through `super` or the contract's name: it shows with that.
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
            made.is_entry =
                (function.visibility == Visibility::Public || function.visibility == Visibility::External) &&
                is_member(id) && is_final(id);
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

// The most derived contract's first. Of functions that are overridden only those that something reaches are made.
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

// A body may ask for functions that are declared then: it is built aside.
void ContractLowering::lower_functions() {
    const auto lower = [&](std::uint32_t index, auto work) {
        guarded([&] {
            ir::Function made = out_.functions[index];
            work(FunctionLowering(*this, made));
            out_.functions[index] = std::move(made);
        });
    };
    const bool makes_constructor =
        out_.constructor != ir::Contract::none && !own_function(tree, id, FunctionKind::Constructor);
    if (makes_constructor) lower(out_.constructor, [](FunctionLowering lowering) { lowering.lower_constructor(); });
    for (std::size_t i = 0; i < pending_.size(); ++i) {
        const FunctionId function = pending_[i];
        lower(functions_.at(function), [&](FunctionLowering lowering) {
            if (tree[function].kind == FunctionKind::Constructor)
                lowering.lower_constructor();
            else
                lowering.lower_function(function);
        });
    }
    lower_dispatchers();
}

// --- what the lowering codes itself ---
bool ContractLowering::is_coded_by_lowering(TypeId type) const {
    const Type& t = program[type];
    return t.kind == TypeKind::Array || t.kind == TypeKind::Struct || t.kind == TypeKind::Mapping ||
           t.location == DataLocation::Calldata || t.location == DataLocation::Storage;
}

bool ContractLowering::is_raw(FunctionId function) const {
    const auto is_coded = [&](VariableId each) { return is_coded_by_lowering(program[each].type); };
    return tree[function].kind == FunctionKind::Fallback ? !tree[function].parameters.empty()
                                                         : std::ranges::any_of(tree[function].parameters, is_coded) ||
                                                               std::ranges::any_of(tree[function].returns, is_coded);
}

std::uint32_t ContractLowering::routine(const std::string& name, std::size_t parameters, std::size_t results,
                                        SourceRange range, const Data::Body& body) {
    const auto [place, is_new] = routines_.try_emplace(name, static_cast<std::uint32_t>(out_.functions.size()));
    const std::uint32_t index = place->second;
    if (!is_new) return index;
    ir::Function made;
    made.name = name;
    made.range = range;
    made.parameters.assign(parameters, {"", ir::uint256_type});
    made.returns.assign(results, {"", ir::uint256_type});
    out_.functions.push_back(made);  // its head: a routine may call itself
    Builder builder(made);
    Data data(*this, builder, range);
    Data::Words arguments;
    for (const ir::Parameter& parameter : made.blocks.front().parameters) arguments.push_back(parameter.value);
    ir::Terminator end;
    end.kind = ir::Terminator::Kind::Return;
    end.values = body(data, arguments);
    builder.finish(std::move(end), range);
    simplify(made);
    out_.functions[index] = std::move(made);
    return index;
}

// The entry of a function whose parameters or results are arrays, structs or in call data: decodes, calls the function,
// encodes.
void ContractLowering::lower_raw_entries() {
    for (const auto& [function, index] : std::map(functions_)) {
        const Function& written = tree[function];
        const bool is_outer = written.kind == FunctionKind::Fallback || written.visibility == Visibility::Public ||
                              written.visibility == Visibility::External;
        if (written.kind == FunctionKind::Constructor || !is_outer || !is_raw(function) || !is_final(function))
            continue;
        guarded([&] {
            ir::Function made;
            made.name = written.name.text;
            made.kind =
                written.kind == FunctionKind::Fallback ? ir::FunctionKind::Fallback : ir::FunctionKind::Ordinary;
            made.is_entry = made.is_raw = true;
            made.selector = program[function].selector;
            made.mutability = mutability_of(written.mutability);
            made.range = written.head;
            if (written.kind == FunctionKind::Function) {
                made.parameters = named(written.parameters);
                made.returns = named(written.returns);
            }
            FunctionLowering(*this, made).lower_raw_entry(function, index);
            out_.functions.push_back(std::move(made));
        });
    }
}

// --- getters ---
ContractLowering::Getter ContractLowering::getter_of(VariableId variable) const {
    Getter getter;
    const SourceRange range = tree[variable].range;
    getter.end = program[variable].type;
    TypeNameId written = tree[variable].type;
    for (; program[getter.end].kind == TypeKind::Mapping || program[getter.end].kind == TypeKind::Array;
         getter.end = program[getter.end].value, written = tree[written].value) {
        const bool is_array = program[getter.end].kind == TypeKind::Array;
        const std::string_view name = is_array ? "" : tree[written].key_name.text;
        getter.keys.push_back(getter.end);
        getter.parameters.push_back(
            {std::string(name), is_array ? ir::uint256_type : value_type(program[getter.end].key, range)});
    }
    if (program[getter.end].kind != TypeKind::Struct) {
        getter.returns = {named("", getter.end, range)};
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
    std::vector<VariableId> variables;
    for (const ContractId contract : linearization())
        std::ranges::copy(tree[contract].state_variables, std::back_inserter(variables));
    for (const VariableId variable : variables) {
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
            made.is_raw =
                std::ranges::any_of(made.returns, [](const ir::NamedType& each) { return each.type == ir::data_type; });
            FunctionLowering(*this, made).lower_getter(variable, getter.keys, getter.fields);
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
    // What is typed and has no form in the IR stays as a clause without a function, so that nobody takes it for proved.
    const auto add_open = [&](std::uint32_t subject, std::string label, const std::string& reason, SourceRange range) {
        ir::Clause made;
        made.subject = subject;
        made.function = ir::Contract::none;
        made.label = std::move(label);
        made.text = reason;
        made.range = range;
        out_.clauses.push_back(std::move(made));
    };
    const auto place = [&](SourceRange range) {
        return program.sources->file_of(range).path + ":" + std::to_string(program.sources->position(range.begin).line);
    };

    // Invariants are inherited; a clause stays with the function that it is written on.
    const auto invariant_of = [&](const Invariant& invariant) {
        ir::Invariant made;
        made.label = invariant.label.text;
        if (made.label.empty()) made.label = "invariant " + std::to_string(++unlabelled);
        try {
            made.strong = invariant.strong;
            made.text = text(invariant.expr);
            made.range = invariant.range;
            const std::string name = invariant.label.text.empty() ? made.label : "invariant " + made.label;
            made.function = add(name, invariant.range,
                                [&](ir::Function& f) { FunctionLowering(*this, f).lower_invariant(invariant.expr); });
            out_.invariants.push_back(std::move(made));
        } catch (const Unsupported& unsupported) {
            add_open(ir::Contract::none, made.label, unsupported.message, invariant.range);
        }
    };
    for (const ContractId contract : linearization()) std::ranges::for_each(tree[contract].invariants, invariant_of);
    std::vector<FunctionId> subjects;
    for (const ContractId contract : linearization()) {
        std::ranges::copy_if(tree[contract].functions, std::back_inserter(subjects),
                             [&](FunctionId function) { return functions_.contains(function); });
    }
    for (const FunctionId function : subjects) {
        std::array<std::size_t, 3> counts{};
        for (const SpecClause& clause : tree[function].specs) {
            const bool is_condition = clause.kind != SpecKind::Modifies && clause.kind != SpecKind::Nonreentrant;
            const std::uint32_t subject = functions_.at(function);
            if (!is_condition) {
                const std::string word = clause.kind == SpecKind::Modifies ? "modifies" : "nonreentrant";
                add_open(subject, out_.functions[subject].name + ": " + word, "`" + word + "` is not supported here yet", clause.range);
                continue;
            }
            ir::Clause made = clause_of(function, clause, counts);
            try {
                made.text = text(clause.expr);
                made.function = add(made.label, clause.range, [&](ir::Function& f) {
                    const ir::Function& subject = out_.functions[made.subject];
                    f.parameters = subject.parameters;
                    const bool sees_results = made.kind == ir::Clause::Kind::Ensures;
                    if (sees_results) std::ranges::copy(subject.returns, std::back_inserter(f.parameters));
                    FunctionLowering(*this, f).lower_clause(function, clause);
                });
                out_.clauses.push_back(std::move(made));
            } catch (const Unsupported& unsupported) {
                if (made.kind != ir::Clause::Kind::Requires)  // without it less is assumed
                    add_open(subject, made.label, unsupported.message, clause.range);
            }
        }
    }
    std::vector<StmtId> bodies;
    for (const auto& [function, index] : functions_) bodies.push_back(tree[function].body);
    for (const ContractId contract : linearization())
        for (const ModifierId modifier : tree[contract].modifiers) bodies.push_back(tree[modifier].body);
    while (!bodies.empty()) {
        const StmtId body = bodies.back();
        bodies.pop_back();
        if (!body) continue;
        const Stmt& stmt = tree[body];
        if (stmt.kind == StmtKind::Check && !is_plain_condition(program, stmt.expr))
            add_open(ir::Contract::none, "check at " + place(stmt.range), "this condition is not supported inside of a body yet", stmt.range);
        for (const ExprId invariant : stmt.invariants)
            add_open(ir::Contract::none, "loop invariant at " + place(tree[invariant].range),
                     "invariants of loops are not supported yet", tree[invariant].range);
        bodies.insert(bodies.end(), stmt.list.begin(), stmt.list.end());
        bodies.insert(bodies.end(), {stmt.init, stmt.body, stmt.other});
        for (const Catch& clause : stmt.catches) bodies.push_back(clause.body);
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
            break;  // have no condition
    }
    const auto kind = static_cast<std::size_t>(made.kind);
    const std::string number = std::to_string(++counts[kind]);
    const std::string own =
        clause.label.text.empty() ? std::string(words[kind]) + ' ' + number : std::string(clause.label.text);
    made.subject = functions_.at(function);
    made.label = out_.functions[made.subject].name + ": " + own;
    made.range = clause.range;
    return made;
}

}  // namespace interlock::lang::lowering
