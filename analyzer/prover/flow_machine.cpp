// The part of a Flow that runs the machine's own instructions, as assembly has them and arrays are made of.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "analyzer/prover/slots.hpp"
#include "analyzer/prover/struct_copies.hpp"
#include "analyzer/prover/visitors.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using Kind = Known::Kind;

namespace {

// What the compiler makes to write byte strings gives them lengths of at most 64 bits.
bool keeps_bytes(const ir::Function& function) {
    return copies_bytes(function) || function.name == "push byte" || function.name == "pop byte";
}

// What the slot holds where one of its words is known.
Known in_slot(const Known& word, const BitRange& range) {
    if (!word.is_constant()) return nothing_known();
    Known slot = of_kind(Kind::Bits);
    slot.mask = (vm::all_ones >> (256 - range.bits)) << range.first;
    slot.word = (word.word << range.first) & slot.mask;
    return slot;
}

}  // namespace

Known any_length() { return at_most(ir::Word{~std::uint64_t{0}}); }

bool is_length(const Known& known) {
    if (known.kind == Kind::Slots) return known.word.fits_u64() && known.mask.fits_u64();
    return (known.is_constant() || known.kind == Kind::Small) && known.word.fits_u64();
}

Known Flow::length_in(const Area& area) const {
    const bool is_odd = std::ranges::any_of(code_.odd_lengths, [&](const Area& each) { return overlap(each, area); });
    return is_odd ? nothing_known() : any_length();
}

// Only strangers choose accounts that have no code yet. Who calls has code, or none, until the call returns, and what was
// just made until the transaction ends.
Known Flow::code_length(std::uint32_t index, std::uint32_t at, const ir::Instruction& instruction, const Known& account) {
    if (account.kind == Kind::Fresh || account.kind == Kind::Self) return nothing_known();
    if (account.kind == Kind::Role || account.kind == Kind::AnyRole || account.kind == Kind::Made) relies_on_code_ = true;
    else if (account.is_who_called) nodes_[index]->footprint.asks_for_caller = true;
    else if (is_for_telling(nodes_[index]->frame, instruction)) relies_on_receivers_ = true;
    else nodes_[index]->codes.emplace(at, Access::Read);
    return account.is_who_called ? of_kind(Kind::Length) : nothing_known();
}

std::optional<Known> Flow::element_at(std::uint32_t frame, const State& state, const ir::Instruction& instruction,
                                      const std::vector<Known>& operands) const {
    const bool is_sum = instruction.op == ir::Op::Add || is_evm(instruction, vm::Opcode::ADD);
    if (!is_sum || instruction.type.is_signed()) return std::nullopt;
    const Frame& here = *frames_[frame];
    for (const std::size_t side : {0u, 1u}) {
        const Known& first = operands.at(side);
        if (first.kind != Kind::Entry || first.elements == 0) continue;
        const auto slots = slots_of_element(*code_.contracts.at(here.entry.contract), first);
        if (!slots) continue;
        Known index = operands.at(1 - side);
        if (*slots != 1) {
            const ir::Instruction* product = here.shape->made_by.at(instruction.operands[1 - side].index);
            if (!product || (product->op != ir::Op::Mul && !is_evm(*product, vm::Opcode::MUL))) continue;
            const Known a = get(here, state, frame, product->operands[0]), b = get(here, state, frame, product->operands[1]);
            const auto is_size = [&](const Known& each) { return each.is_constant() && each.word == ir::Word{*slots}; };
            if (!is_size(a) && !is_size(b)) continue;
            index = is_size(b) ? a : b;
        }
        if (is_length(index)) return element_behind(first, index.key);
    }
    return std::nullopt;
}

// Returns the area of some bits of the slot, if they are a field of an entry that the contract itself has.
std::optional<Area> Flow::area_of_bits(const Frame& frame, const Known& slot, const BitRange& range) const {
    constexpr unsigned byte_bits = 8;
    if (frame.storage != frame.entry.contract) return std::nullopt;
    return area_of_part(*code_.contracts.at(frame.storage), slot, range.first / byte_bits, range.bits / byte_bits);
}

// Whether it reads what is so for good: an element below a length that was found before, or that its index is below.
bool Flow::is_old_element(const Frame& frame, const ir::Instruction& load) const {
    const auto found = frame.shape->old_elements.find(&load);
    return found != frame.shape->old_elements.end() && frame.storage == frame.entry.contract &&
           code_.appended.contains({frame.storage, found->second});
}

// What is pushed is another element than those that were there.
void Flow::mark_element(const Frame& frame, const ir::Instruction& access, Area& area) const {
    if (area.kind != Area::Kind::Entries || area.key != Key::Any || frame.storage != frame.entry.contract) return;
    const Area length{Area::Kind::Slots, area.contract, 0, {}, area.slot, {}, 0, 32};
    if (!code_.growing.contains(length)) return;
    const auto old = frame.shape->old_elements.find(&access);
    const bool is_old = old != frame.shape->old_elements.end() && old->second == area.variable;
    area.found = code_.pushing.contains(&access) ? Found::Claimed : is_old ? Found::Used : area.found;
}

// What the hash of a key and a mapping's slot leads to.
Known Flow::entry_at(std::uint32_t index, const State& state, const ir::Instruction& hash, ir::Value slot) const {
    const std::uint32_t frame_index = nodes_[index]->frame;
    const Frame& frame = *frames_[frame_index];
    const Known mapping = get(frame, state, frame_index, slot);
    // Code that another contract runs may call a slot its own that is a variable there.
    const bool is_own = frame.storage == frame.entry.contract || !mapping.is_constant() ||
                        !is_own_slot(*code_.contracts.at(frame.storage), mapping) ||
                        is_own_slot(*code_.contracts.at(frame.entry.contract), mapping);
    if (!is_own) return nothing_known();
    Known entry = entry_behind(*code_.contracts.at(frame.entry.contract), frame.storage, mapping);
    const auto key = frame.shape->hashed_key.find(&hash);
    if (entry.kind == Kind::Entry && entry.is_flat && key != frame.shape->hashed_key.end())
        entry.area.key = get(frame, state, frame_index, key->second).key;
    return entry;
}

Known Flow::machine(std::uint32_t index, State& state, std::uint32_t at, const std::vector<Known>& operands) {
    Node& node = *nodes_[index];
    const Frame& frame = *frames_[node.frame];
    const ir::Instruction& instruction = frame.function->blocks[node.block].instructions[at];
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    const auto increment = frame.shape->increments.find(&instruction);
    const bool is_increment = increment != frame.shape->increments.end(), is_whole = !is_survived(node.frame);
    switch (instruction.opcode) {
        case vm::Opcode::SLOAD: {
            const auto field_of = [&](const std::map<const ir::Instruction*, BitRange>& parts) {
                const auto part = parts.find(&instruction);
                return part == parts.end() || !is_whole ? std::nullopt : area_of_bits(frame, operands.at(0), part->second);
            };
            if (field_of(frame.shape->kept_parts)) return nothing_known();
            const auto seen = field_of(frame.shape->parts_seen);
            const bool is_part_of_sum = seen && frame.shape->part_sums.contains(&instruction);
            Area area = seen ? *seen : area_at(frame.storage, operands.at(0));
            mark_element(frame, instruction, area);
            const bool is_told = is_logged(node.frame, instruction) || is_only_told(node.frame, instruction);
            if (!is_told) by_slot_[&instruction].insert(area);
            // A view may read by the same function that a push does.
            const bool is_listing =
                code_.listing.contains(&instruction) && is_whole && !only_views(*frames_.front()->function);
            const Known value =
                read(index, state, area,
                     (is_increment && is_whole) || is_part_of_sum || is_told || is_listing ||
                         is_old_element(frame, instruction) || is_below_length(node.frame, state, instruction, area) ||
                         notes_load(node, instruction, area) || (is_whole && !seen && notes_bits(node, instruction, area)),
                     frame.shape->asks.contains(&instruction));
            if (is_place(area)) state.origins[{node.frame, instruction.result.index}] = area;
            if (seen) return in_slot(value, frame.shape->parts_seen.at(&instruction));
            if (is_slot_of_bytes(contract, operands[0]) && value.is_nothing() && !length_in(area).is_nothing())
                return of_kind(Kind::Head);
            return is_slot_of_length(contract, operands[0]) && value.is_nothing() ? length_in(area) : value;
        }
        case vm::Opcode::SSTORE: {
            const bool is_of_length = is_slot_of_length(contract, operands.at(0));
            // Behind a length that assembly wrote, an element may be any slot.
            const Known slot = is_of_length && !is_length(operands.at(1)) ? nothing_known() : operands[0];
            const Area written = area_at(frame.storage, operands[0]);
            const bool is_sure = written.kind == Area::Kind::Slots && written.last.is_zero();
            const bool is_of_bytes = may_be_slot_of_bytes(contract, operands[0]) && !keeps_bytes(*frame.function);
            const bool is_other = operands[0].is_element || is_slot_of_bytes(contract, operands[0]);
            if (!is_length(operands[1]) && (is_of_bytes || ((is_of_length || !is_sure) && !is_other)))
                odd_lengths_.insert(written);
            const auto part = frame.shape->parts_written.find(&instruction);
            const auto field = part == frame.shape->parts_written.end() || !is_whole
                                   ? std::nullopt
                                   : area_of_bits(frame, operands[0], part->second.range);
            Area area = field ? *field : area_at(frame.storage, slot);
            mark_element(frame, instruction, area);
            const Known value = field ? get(frame, state, node.frame, part->second.value) : operands[1];
            zeroed_.insert(area);
            written_at_zero_.insert(area);
            keyed_[area] = nothing_known();
            by_slot_[&instruction].insert(area);
            note_given(state, instruction, area, value);
            const bool is_listing = code_.listing.contains(&instruction);
            const auto sum = frame.shape->part_sums.find(&instruction);
            const Access access = is_listing                                     ? Access::Append
                                  : field && sum != frame.shape->part_sums.end() ? sum->second
                                  : is_increment                                 ? increment->second
                                  : code_.growing.contains(written)              ? Access::Grow
                                                                                 : Access::Write;
            if (is_whole && !field && frame.shape->bit_stores.contains(&instruction) && !is_survived(node.frame))
                sum_ = &instruction;
            write(index, state, area, access, value);
            sum_ = nullptr;
            // A whole slot, where others may write one of several words that lie in it.
            if (!is_sure && !is_listing && !field && !is_whole_word(contract, operands[0]))
                touch(index, area, Access::Write);
            return {};
        }
        case vm::Opcode::TLOAD:
        case vm::Opcode::TSTORE: {
            Area area{Area::Kind::AnyTransient, frame.storage, 0, {}, {}, {}, 0, 32};
            if (operands.at(0).is_constant()) {
                area.kind = Area::Kind::Transient;
                area.slot = operands[0].word;
            }
            by_slot_[&instruction].insert(area);
            if (instruction.opcode == vm::Opcode::TLOAD) {
                if (is_place(area)) state.origins[{node.frame, instruction.result.index}] = area;
                return read(index, state, area, false);
            }
            write(index, state, area, Access::Write, operands.at(1));
            if (is_place(area)) state.origins.try_emplace({node.frame, instruction.operands[1].index}, area);
            return {};
        }
        case vm::Opcode::SELFBALANCE:
        case vm::Opcode::BALANCE:
            node.footprint.balance.insert(Access::Read);
            node.footprint.purses.add({every_purse().seen, {}, {}});
            return nothing_known();
        case vm::Opcode::EXTCODESIZE: return code_length(index, at, instruction, operands.at(0));
        case vm::Opcode::EXTCODEHASH:
        case vm::Opcode::EXTCODECOPY: touch(index, code_area(), Access::Read); return nothing_known();
        case vm::Opcode::RETURNDATACOPY:
            // Whoever copies what came back looks at others.
            if (!frame.shape->accepted.contains(&instruction))
                touch(index, {Area::Kind::World, 0, 0, {}, {}, {}, 0, 32}, Access::Read);
            break;
        case vm::Opcode::CALLER: return frame.sender;
        case vm::Opcode::CALLVALUE: return has_little_gas_ ? constant_of(ir::Word{}) : nothing_known();
        case vm::Opcode::ADDRESS: return of_kind(Kind::Self);
        case vm::Opcode::KECCAK256: {
            const auto word = frame.shape->hashed_word.find(&instruction),
                       pair = frame.shape->hashed_pair.find(&instruction);
            if (pair != frame.shape->hashed_pair.end()) return entry_at(index, state, instruction, pair->second);
            if (word == frame.shape->hashed_word.end()) return nothing_known();
            return first_behind(contract, frame.storage, get(frame, state, node.frame, word->second));
        }
        default: break;
    }
    if (ir::writes_of(instruction).intersects(vm::state_regions)) throw NotCovered{"selfdestruct", instruction.range};
    return outcome_of(instruction, operands);
}

}  // namespace interlock::analyzer::prover
