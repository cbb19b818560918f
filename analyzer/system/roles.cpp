#include "analyzer/system/roles.hpp"

#include <algorithm>
#include <map>

#include "analyzer/explorer/traits.hpp"
#include "analyzer/system/environment.hpp"
#include "analyzer/system/parameters.hpp"
#include "analyzer/system/questions.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

constexpr int most_calls_deep = 4;  // internal calls through which a value is followed

// What is called on a value: a function of an interface, or one that the source only encodes.
struct Called {
    std::string interface;
    std::optional<std::uint32_t> selector;
    [[nodiscard]] bool is_known() const { return !interface.empty() || selector; }
};

// Returns the first selector with which the function begins call data.
std::optional<std::uint32_t> encoded_in(const ir::Function& function) {
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions)
            if (each.selector) return each.selector;
    return std::nullopt;
}

using Values = std::set<std::uint32_t>;

// Adds the values that are copies of these.
void add_copies(const ir::Function& function, Values& values) {
    const auto is_one = [&](ir::Value value) { return value && values.contains(value.index); };
    const auto pass = [&](const ir::Jump& jump, std::size_t first) {
        bool is_new = false;
        const auto& parameters = function.blocks[jump.block].parameters;
        for (std::size_t i = 0; i < jump.arguments.size() && i + first < parameters.size(); ++i)
            if (is_one(jump.arguments[i])) is_new |= values.insert(parameters[i + first].value.index).second;
        return is_new;
    };
    const Values masks = constants_of(function, mask_of_address());
    const auto is_copy = [&](const ir::Instruction& each) {
        if (each.op == ir::Op::And)
            return (is_one(each.operands[0]) && masks.contains(each.operands[1].index)) ||
                   (is_one(each.operands[1]) && masks.contains(each.operands[0].index));
        return each.op == ir::Op::Reinterpret && is_one(each.operands[0]);
    };
    for (bool grows = true; grows;) {
        grows = false;
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& each : block.instructions)
                if (is_copy(each)) grows |= values.insert(each.result.index).second;
            const ir::Terminator& end = block.terminator;
            if (end.kind == ir::Terminator::Kind::Jump || end.kind == ir::Terminator::Kind::Branch)
                grows |= pass(end.then, 0);
            if (end.kind == ir::Terminator::Kind::Branch) grows |= pass(end.otherwise, 0);
            if (end.kind == ir::Terminator::Kind::External) grows |= pass(end.call.next, 0);
        }
    }
}

// Returns the variables whose slots the function computes with: arrays, most of all.
std::set<std::uint32_t> named_slots(const ir::Function& function) {
    std::set<std::uint32_t> variables;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions)
            if (each.op == ir::Op::SlotOf) variables.insert(each.place.variable);
    return variables;
}

// Returns those parameters of what the instruction calls which are given one of the values.
Values passed_on(const ir::Contract& contract, const ir::Instruction& call, const Values& values) {
    Values passed;
    if (call.op != ir::Op::InternalCall || contract.functions[call.callee].blocks.empty()) return passed;
    const auto& parameters = contract.functions[call.callee].blocks.front().parameters;
    for (std::size_t i = 0; i < call.operands.size() && i < parameters.size(); ++i)
        if (values.contains(call.operands[i].index)) passed.insert(parameters[i].value.index);
    return passed;
}

// Returns what is called on one of the values. `encoded`: what callers begin call data with.
Called called_on(const ir::Contract& contract, const ir::Function& function, Values values,
                 std::optional<std::uint32_t> encoded = std::nullopt, int depth = 0) {
    add_copies(function, values);
    const auto is_one = [&](ir::Value value) { return value && values.contains(value.index); };
    if (const auto own = encoded_in(function)) encoded = own;
    for (const ir::Block& block : function.blocks) {
        const ir::Terminator& end = block.terminator;
        if (end.kind == ir::Terminator::Kind::External &&
            is_one(end.call.kind == ir::ExternalCall::Kind::Raw ? end.call.arguments[1] : end.call.target)) {
            // Anybody may be told of tokens that he got.
            const ir::Method* const method = ir::method_of(contract, end.call);
            if (method && !tells_of_tokens(method->selector)) return {method->contract, {}};
            if (!method && !ir::has_no_data(function, end.call)) {
                const auto selector = ir::selector_of(contract, function, end.call);
                if (selector || encoded) return {{}, selector ? selector : encoded};
            }
        }
        if (depth == most_calls_deep) continue;
        for (const ir::Instruction& instruction : block.instructions) {
            Values passed = passed_on(contract, instruction, values);
            if (passed.empty()) continue;
            const ir::Function& callee = contract.functions[instruction.callee];
            if (Called called = called_on(contract, callee, std::move(passed), encoded, depth + 1); called.is_known())
                return called;
        }
    }
    return {};
}

// A mapping, and which of its keys.
using Keying = std::pair<std::uint32_t, std::size_t>;

// Adds what one of the values is a key of.
void add_keyings(const ir::Contract& contract, const ir::Function& function, Values values, std::set<Keying>& keyings,
                 int depth = 0) {
    add_copies(function, values);
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            std::size_t position = 0;
            for (const ir::PlaceStep& step : each.place.steps) {
                if (step.kind != ir::PlaceStep::Kind::Key) continue;
                if (values.contains(each.operands[step.operand].index)) keyings.insert({each.place.variable, position});
                ++position;
            }
            Values passed = passed_on(contract, each, values);
            if (!passed.empty() && depth < most_calls_deep)
                add_keyings(contract, contract.functions[each.callee], std::move(passed), keyings, depth + 1);
        }
}

// Returns the name of the interface of the first function that is called in the function or those that it calls.
std::string interface_called_in(const ir::Contract& contract, const ir::Function& function, int depth = 0) {
    for (const ir::Block& block : function.blocks)
        if (block.terminator.kind == ir::Terminator::Kind::External)
            if (const ir::Method* method = ir::method_of(contract, block.terminator.call); method) return method->contract;
    if (depth == most_calls_deep) return {};
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& instruction : block.instructions)
            if (instruction.op == ir::Op::InternalCall)
                if (std::string name = interface_called_in(contract, contract.functions[instruction.callee], depth + 1);
                    !name.empty())
                    return name;
    return {};
}

bool offers(const ir::Contract& contract, std::uint32_t selector) {
    return std::ranges::any_of(contract.functions, [&](const auto& f) { return f.is_entry && f.selector == selector; });
}

}  // namespace

const ir::Contract* interface_named(const lang::Compilation& compilation, std::string_view name) {
    if (name.starts_with("contract ")) name.remove_prefix(std::string_view("contract ").size());
    for (const auto& each : compilation.codeless)
        if (each->name == name && !each->is_library) return each.get();
    for (const lang::Artifact& artifact : compilation.artifacts)
        if (artifact.name == name && !artifact.ir->is_library) return artifact.ir.get();
    return nullptr;
}

namespace {

// The variables that a function, with all that it calls, reads or writes.
struct Touched {
    std::set<std::uint32_t> read, written;
    bool writes_slots = false;  // also in ways that name none
};

void add_touched(const ir::Contract& contract, std::uint32_t function, std::set<std::uint32_t>& seen, Touched& touched) {
    if (!seen.insert(function).second) return;
    for (const ir::Block& block : contract.functions[function].blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (each.op == ir::Op::InternalCall) add_touched(contract, each.callee, seen, touched);
            else if (each.op == ir::Op::Load) touched.read.insert(each.place.variable);
            else if (each.op == ir::Op::Store || each.op == ir::Op::Clear) touched.written.insert(each.place.variable);
            else touched.writes_slots |= ir::writes_of(each).intersects(vm::Regions(vm::Region::Storage));
        }
}

Touched touched_by(const ir::Contract& contract, std::size_t function) {
    std::set<std::uint32_t> seen;
    Touched touched;
    add_touched(contract, static_cast<std::uint32_t>(function), seen, touched);
    return touched;
}

}  // namespace

bool offers_only_moves(const ir::Contract& contract) {
    using namespace token_selector;
    constexpr std::uint32_t moves[] = {transfer,
                                       transfer_from,
                                       approve,
                                       safe_transfer_from,
                                       safe_transfer_from_with_data,
                                       0x39509351 /* increaseAllowance */,
                                       0xa457c2d7 /* decreaseAllowance */,
                                       set_approval_for_all};
    return std::ranges::all_of(contract.functions, [&](const ir::Function& each) {
        return !each.is_entry || each.mutability == ir::Mutability::View || each.mutability == ir::Mutability::Pure ||
               (each.kind == ir::FunctionKind::Ordinary && std::ranges::find(moves, each.selector) != std::end(moves));
    });
}

bool only_moves_tokens(const ir::Contract& contract) {
    using namespace token_selector;
    const auto counting = std::ranges::find_if(
        contract.functions, [](const ir::Function& each) { return each.is_entry && each.selector == balance_of; });
    if (contract.is_opaque || counting == contract.functions.end()) return false;
    const std::set<std::uint32_t> counted =
        touched_by(contract, static_cast<std::size_t>(counting - contract.functions.begin())).read;
    if (counted.empty()) return false;
    for (std::size_t i = 0; i < contract.functions.size(); ++i) {
        const ir::Function& function = contract.functions[i];
        if (i != contract.constructor && !function.is_entry) continue;
        const std::uint32_t moves[] = {transfer, transfer_from, safe_transfer_from, safe_transfer_from_with_data};
        if (function.is_entry && std::ranges::count(moves, function.selector) != 0) continue;
        const Touched touched = touched_by(contract, i);
        if (touched.writes_slots || std::ranges::any_of(touched.written, [&](auto each) { return counted.contains(each); }))
            return false;
    }
    return true;
}

bool fits(const ir::Contract& contract, const ir::Contract& role) {
    if (&contract == &role || contract.identity == role.identity) return true;
    if (contract.is_library) return false;
    bool any = false;
    if (role.is_interface) {
        for (const ir::Method& method : role.methods) {
            if (!offers(contract, method.selector)) return false;
            any = true;
        }
        return any;
    }
    for (const ir::Function& function : role.functions) {
        if (!function.is_entry || function.kind == ir::FunctionKind::Receive || function.kind == ir::FunctionKind::Fallback)
            continue;
        if (!offers(contract, function.selector)) return false;
        any = true;
    }
    return any;
}

namespace {

// Interfaces of one function of a token, for sources that declare none.
const ir::Contract* token_with(std::uint32_t selector) {
    using namespace token_selector;
    static const std::vector<ir::Contract> tokens = [] {
        std::vector<ir::Contract> list;
        for (const std::uint32_t each : {transfer, transfer_from, balance_of, owner_of})
            list.push_back(interface_of({each}));
        return list;
    }();
    const auto token = std::ranges::find(tokens, selector, [](const auto& each) { return each.methods.front().selector; });
    return token == tokens.end() ? nullptr : &*token;
}

// What is called by `caller`: what was declared so, else a token, else another contract that has the function.
const ir::Contract* role_of(const lang::Compilation& compilation, const ir::Contract& caller, const Called& called) {
    if (!called.interface.empty() || !called.selector) return interface_named(compilation, called.interface);
    for (const auto& each : compilation.codeless)
        if (each->is_interface && std::ranges::count(each->methods, *called.selector, &ir::Method::selector) != 0)
            return each.get();
    if (const ir::Contract* token = token_with(*called.selector)) return token;
    for (const lang::Artifact& each : compilation.artifacts)
        if (each.ir->identity != caller.identity && !each.ir->is_library && offers(*each.ir, *called.selector))
            return each.ir.get();
    return nullptr;
}

// Returns the token that other functions find under the key which the value is here: it is listed before it is used.
const ir::Contract* token_listed_with(const lang::Compilation& compilation, const ir::Contract& contract,
                                      const ir::Function& function, const Values& value) {
    using namespace token_selector;
    std::set<Keying> here;
    add_keyings(contract, function, value, here);
    if (here.empty()) return nullptr;
    for (const ir::Function& other : contract.functions) {
        if (&other == &function || !other.is_entry) continue;
        for (std::size_t i = 0; i < other.parameters.size(); ++i) {
            if (other.parameters[i].type.kind != ir::TypeKind::Address) continue;
            const Values given = values_of_parameter(other, i);
            std::set<Keying> there;
            add_keyings(contract, other, given, there);
            if (std::ranges::none_of(there, [&](const Keying& each) { return here.contains(each); })) continue;
            const ir::NamedType& type = other.parameters[i];
            const ir::Contract* role = !type.contract.empty()
                                           ? interface_named(compilation, type.contract)
                                           : role_of(compilation, contract, called_on(contract, other, given));
            const auto has = [&](std::uint32_t selector) {
                return offers(*role, selector) || std::ranges::count(role->methods, selector, &ir::Method::selector) != 0;
            };
            if (role && (has(transfer) || has(transfer_from) || has(owner_of))) return role;
        }
    }
    return nullptr;
}

// Returns the field that the place is, if it is one.
std::optional<std::uint32_t> field_of(const ir::Place& place) {
    if (place.steps.empty() || place.steps.back().kind != ir::PlaceStep::Kind::Field) return std::nullopt;
    return place.steps.back().operand;
}

// Adds where structures are kept that are put together in memory, with one of the words as a field, and then copied by a function
// that is given both places. In memory each field takes one word.
void add_keepers_of_copies(const ir::Function& function, const Values& words, std::set<Keeper>& keepers) {
    constexpr std::uint64_t word_bytes = 32;
    std::map<std::uint32_t, ir::Word> constants;
    std::map<std::uint32_t, std::pair<std::uint32_t, std::uint64_t>> places;  // what they lie behind, and by how much
    std::map<std::uint32_t, std::set<std::uint32_t>> fields;                  // that are one of the words, by structure
    std::map<std::uint32_t, std::uint32_t> slots;                             // with their variables
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (each.op == ir::Op::Constant) constants[each.result.index] = each.word;
            if (each.op == ir::Op::SlotOf) slots[each.result.index] = each.place.variable;
            if (each.op == ir::Op::Add)
                if (const auto by = constants.find(each.operands[1].index); by != constants.end() && by->second.fits_u64())
                    places[each.result.index] = {each.operands[0].index, by->second.low64()};
            if (each.op == ir::Op::Evm && each.opcode == vm::Opcode::MSTORE && words.contains(each.operands[1].index)) {
                const auto place = places.find(each.operands[0].index);
                const auto [base, offset] =
                    place == places.end() ? std::pair{each.operands[0].index, std::uint64_t{0}} : place->second;
                fields[base].insert(static_cast<std::uint32_t>(offset / word_bytes));
            }
            if (each.op != ir::Op::InternalCall) continue;
            for (const ir::Value& to : each.operands)
                for (const ir::Value& from : each.operands)
                    if (slots.contains(to.index) && fields.contains(from.index))
                        for (const std::uint32_t field : fields[from.index]) keepers.insert({slots[to.index], field});
        }
}

// Adds the mappings and arrays in which one of the values is kept.
void add_keepers(const ir::Contract& contract, const ir::Function& function, Values values, std::set<Keeper>& keepers,
                 int depth = 0) {
    add_copies(function, values);
    Values words = values;  // which it is a part of
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            const auto is_word = [&](ir::Value value) { return words.contains(value.index); };
            const bool is_packed = each.op == ir::Op::Or || each.op == ir::Op::Shl || each.op == ir::Op::Reinterpret;
            if (is_packed && std::ranges::any_of(each.operands, is_word)) words.insert(each.result.index);
            if (each.op == ir::Op::Store && !each.place.steps.empty() && is_word(each.operands.back()))
                keepers.insert({each.place.variable, field_of(each.place)});
            if (each.op == ir::Op::Evm && each.opcode == vm::Opcode::SSTORE && is_word(each.operands[1]))
                for (const std::uint32_t variable : named_slots(function)) keepers.insert({variable});
            Values passed = passed_on(contract, each, values);
            if (!passed.empty() && depth < most_calls_deep)
                add_keepers(contract, contract.functions[each.callee], std::move(passed), keepers, depth + 1);
        }
    add_keepers_of_copies(function, words, keepers);
}

}  // namespace

const ir::Contract* role_of_parameter(const lang::Compilation& compilation, const ir::Contract& contract,
                                      const ir::Function& function, std::size_t parameter) {
    const ir::NamedType& type = function.parameters[parameter];
    if (!type.contract.empty()) return interface_named(compilation, type.contract);
    if (ir::abi_name(type) == "address[]") return interface_named(compilation, interface_called_in(contract, function));
    if (type.type.kind != ir::TypeKind::Address) return nullptr;
    const Values value = values_of_parameter(function, parameter);
    if (value.empty()) return nullptr;
    if (const ir::Contract* role = role_of(compilation, contract, called_on(contract, function, value))) return role;
    if (const ir::Contract* role = token_listed_with(compilation, contract, function, value)) return role;
    Whereabouts kept;
    add_keepers(contract, function, value, kept.keepers);
    return kept.keepers.empty() ? nullptr : role_of_address(compilation, contract, kept);
}

namespace {

bool is_loaded_from(const Whereabouts& where, const ir::Place& place) {
    if (place.steps.empty()) return where.variables.contains(place.variable);
    return where.is_elsewhere || where.keepers.contains({place.variable}) ||
           where.keepers.contains({place.variable, field_of(place)});
}

// Returns the values of the function that are the address which is found there.
Values values_at(const ir::Function& function, const Whereabouts& where) {
    std::map<std::uint32_t, const ir::Instruction*> made_by;
    Values values;
    const auto comes_from_slot = [&](ir::Value value) {
        for (int depth = 0; depth < 4; ++depth) {
            const auto made = made_by.find(value.index);
            if (made == made_by.end()) return false;
            const ir::Instruction& each = *made->second;
            if (each.op == ir::Op::Evm && each.opcode == vm::Opcode::SLOAD) return true;
            const bool is_part = each.op == ir::Op::And || each.op == ir::Op::Shr || each.op == ir::Op::Reinterpret;
            if (!is_part || each.operands.empty()) return false;
            value = each.operands[0];
        }
        return false;
    };
    const std::set<std::uint32_t> named = named_slots(function);
    const bool in_slots = where.is_elsewhere || std::ranges::any_of(where.keepers, [&](const Keeper& each) {
                              return named.contains(each.variable);
                          });
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (!each.result) continue;
            made_by[each.result.index] = &each;
            const bool is_load = each.op == ir::Op::Load || each.op == ir::Op::LoadImmutable;
            const bool is_there = each.op == ir::Op::Constant ? each.word == where.constant
                                  : is_load
                                      ? is_loaded_from(where, each.place)
                                      : in_slots && each.op == ir::Op::Reinterpret && comes_from_slot(each.operands[0]);
            if (is_there && each.type.kind == ir::TypeKind::Address) values.insert(each.result.index);
        }
    return values;
}

std::size_t offered_by(const ir::Contract& role) {
    return role.methods.size() + static_cast<std::size_t>(std::ranges::count_if(role.functions, &ir::Function::is_entry));
}

}  // namespace

const ir::Contract* role_of_address(const lang::Compilation& compilation, const ir::Contract& contract,
                                    const Whereabouts& where) {
    const ir::Contract* most = nullptr;
    for (const ir::Function& function : contract.functions) {
        Values values = values_at(function, where);
        if (values.empty()) continue;
        const ir::Contract* role = role_of(compilation, contract, called_on(contract, function, std::move(values)));
        if (role && (!most || offered_by(*role) > offered_by(*most))) most = role;
    }
    return most;
}

const ir::Contract* role_of_variable(const lang::Compilation& compilation, const ir::Contract& contract,
                                     std::uint32_t variable) {
    const std::string& declared = contract.storage_types[contract.state[variable].type].name;
    if (declared.starts_with("contract ")) return interface_named(compilation, declared);
    if (!declared.starts_with("address")) return nullptr;
    for (const ir::Function& function : contract.functions) {
        std::set<std::uint32_t> loaded;
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& instruction : block.instructions)
                if ((instruction.op == ir::Op::Load || instruction.op == ir::Op::LoadImmutable) &&
                    instruction.place.variable == variable && instruction.place.steps.empty())
                    loaded.insert(instruction.result.index);
        if (loaded.empty()) continue;
        if (const Called called = called_on(contract, function, std::move(loaded)); called.is_known())
            if (const ir::Contract* role = role_of(compilation, contract, called)) return role;
    }
    return nullptr;
}

}  // namespace interlock::analyzer
