#include "lang/lower/assembly.hpp"

#include "lang/lower/members.hpp"
#include "lang/lower/results.hpp"
#include "lang/lower/yul.hpp"

namespace interlock::lang::lowering {

void Assembly::block(YulStmtId id) {
    YulLowering yul(contract_, builder_,
                    {[this](const YulName& name, SourceRange range) { return read(name, range); },
                     [this](const YulName& name, ir::Value word, SourceRange range) { write(name, word, range); }});
    yul.block(id);
}

ir::Value Assembly::read(const YulName& name, SourceRange range) {
    DataBuilder at = data(range);
    if (const auto constant = contract_.state.constant(name)) return at.word(*constant);
    const Variables::Binding* bound = variables_.find(name.variable);
    if (!bound) return at.raw(value_of(Members(*this).variable(name.variable, range), range));
    if (const auto* local = std::get_if<Local>(bound)) {
        const ir::Value held = at.raw(builder_.read(*local));
        if (name.part == YulPart::Address) return at.shr(held, at.word(96));
        if (name.part == YulPart::Selector) {
            const ir::Value mask = at.word(0xffff'ffff);
            return at.bit_and(at.shr(held, at.word(64)), mask);
        }
        return held;
    }
    const Type& type = program_[program_[name.variable].type];
    const bool in_storage = type.location == DataLocation::Storage || type.kind == TypeKind::Mapping;
    if (in_storage && name.part == YulPart::Offset) return at.word(0);
    if (const auto* place = std::get_if<PlaceReference>(bound)) return Results(*this).reference_to(*place, range).address;
    const std::vector<Local>& words = std::get<Variables::Pointer>(*bound).words;
    return builder_.read(words.at(name.part == YulPart::Length ? 1 : 0));
}

// Bits that do not fit the variable's type are cut off when Solidity reads it.
void Assembly::write(const YulName& name, ir::Value word, SourceRange range) {
    const Variables::Binding* bound = variables_.find(name.variable);
    if (!bound) unsupported("this cannot be assigned in assembly", range);
    const TypeId type = program_[name.variable].type;
    if (const auto* local = std::get_if<Local>(bound)) {
        DataBuilder at = data(range);
        const bool is_address = name.part == YulPart::Address;
        if (is_address || name.part == YulPart::Selector) {  // of an external function; the other part stays
            const vm::Word mask = is_address ? ~vm::Word{} >> 96 : vm::Word{0xffff'ffff};
            const unsigned shift = is_address ? 96 : 64;
            const ir::Value kept = at.word(~(mask << shift));
            const ir::Value others = at.bit_and(at.raw(builder_.read(*local)), kept);
            const ir::Value bits = at.word(shift);
            const ir::Value part = at.shl(at.bit_and(word, at.word(mask)), bits);
            return builder_.write(*local, at.as(at.bit_or(others, part), contract_.types.value_type(type, range)));
        }
        return builder_.write(*local,
                              variables_.is_unclean(*local) ? word : at.as(word, contract_.types.value_type(type, range)));
    }
    const std::vector<Local>& words = std::get<Variables::Pointer>(*bound).words;
    builder_.write(words.at(name.part == YulPart::Length ? 1 : 0), word);
}

}  // namespace interlock::lang::lowering
