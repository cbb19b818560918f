#include "lang/lower/variables.hpp"

namespace interlock::lang::lowering {

const Variables::Binding* Variables::find(VariableId variable) const {
    const auto found = names_.find(variable);
    return found == names_.end() ? nullptr : &found->second;
}

Local Variables::declare(VariableId variable, const ir::Type& type) {
    const TypeId id = contract_.program[variable].type;
    const bool is_assigned = contract_.program.yul_assigned.contains(variable) && contract_.types.is_value(id) &&
                             contract_.program[id].kind != TypeKind::Function &&
                             contract_.types.value_type(id, contract_.tree[variable].range) != ir::uint256_type;
    const bool is_unclean = is_assigned || contract_.types.may_be_dirty(id);
    const Local local = builder_.make_local(is_unclean ? ir::uint256_type : type);
    if (is_unclean) unclean_[local] = id;
    names_[variable] = local;
    return local;
}

ir::Value Variables::read(Local local, SourceRange range) {
    const auto unclean = unclean_.find(local);
    const ir::Value held = builder_.read(local);
    return unclean == unclean_.end() ? held : cleaned(held, unclean->second, range);
}

void Variables::write(Local local, ir::Value value, SourceRange range) {
    const auto unclean = unclean_.find(local);
    builder_.write(local, unclean == unclean_.end() ? value : uncleaned(implicitly(value, unclean->second, range), range));
}

// Returns a value made from a word that may have more bits than its type. If the value is only passed on, the word is
// passed.
ir::Value Variables::cleaned(ir::Value word, TypeId type, SourceRange range) {
    const ir::Value value = data(range).cleaned(word, type);
    if (contract_.types.may_be_dirty(type)) words_[value.index] = {word, type};
    return value;
}

ir::Value Variables::uncleaned(ir::Value value, SourceRange range) {
    const auto word = words_.find(value.index);
    return word == words_.end() ? data(range).raw(value) : word->second.word;
}

// A conversion cleans, even one to another type of the same width.
ir::Value Variables::forget_word(ir::Value value, SourceRange range) {
    return words_.contains(value.index) ? data(range).as(data(range).raw(value), builder_.type_of(value)) : value;
}

// The implicit conversions of a contract to its base, and of a payable address to a plain one, clean as well.
ir::Value Variables::implicitly(ir::Value value, TypeId to, SourceRange range) {
    const auto held = words_.find(value.index);
    if (held == words_.end() || !held->second.type || held->second.type == to) return value;
    const auto is_account = [&](TypeId id) {
        return contract_.program[id].kind == TypeKind::Address || contract_.program[id].kind == TypeKind::Contract;
    };
    return is_account(held->second.type) && is_account(to) ? forget_word(value, range) : value;
}

void Variables::pass(ir::Values& words, const std::vector<ir::NamedType>& types, SourceRange range) {
    for (std::size_t i = 0; i < words.size() && i < types.size(); ++i)
        if (types[i].type == ir::uint256_type) words[i] = uncleaned(words[i], range);
}

ir::Type Variables::type_of(Local local, SourceRange range) const {
    const auto unclean = unclean_.find(local);
    return unclean == unclean_.end() ? builder_.type_of_local(local) : contract_.types.value_type(unclean->second, range);
}

std::vector<Local> Variables::declare(VariableId variable) {
    const std::vector<ir::Type> types =
        contract_.types.words(contract_.program[variable].type, contract_.tree[variable].range);
    const Type& type = contract_.program[contract_.program[variable].type];
    if (types.size() == 1 && !data::is_reference(contract_.program, contract_.program[variable].type) &&
        type.kind != TypeKind::Mapping)
        return {declare(variable, types.front())};
    if (data::is_byte_string(contract_.program, contract_.program[variable].type) && types.front().is_reference())
        return {declare(variable, types.front())};
    Pointer pointer;
    for (const ir::Type& each : types) pointer.words.push_back(builder_.make_local(each));
    names_[variable] = pointer;
    return pointer.words;
}

std::vector<Local> Variables::locals_of(VariableId variable) const {
    const Binding& binding = names_.at(variable);
    if (const auto* local = std::get_if<Local>(&binding)) return {*local};
    if (const auto* pointer = std::get_if<Pointer>(&binding)) return pointer->words;
    return {};
}

}  // namespace interlock::lang::lowering
