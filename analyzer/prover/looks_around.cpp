#include "analyzer/prover/looks_around.hpp"

#include <algorithm>
#include <bitset>
#include <optional>
#include <utility>
#include <vector>

#include "analyzer/prover/struct_copies.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

bool looks_around(const ir::Instruction& instruction) {
    if (instruction.op == Op::InternalCall) return false;  // what it calls may do so
    const vm::Regions reads = ir::reads_of(instruction);
    if (reads.intersects(vm::Regions(vm::Region::CallData))) return true;
    const vm::Regions kept(vm::Region::Memory, vm::Region::ReturnData);
    return instruction.op == Op::Evm && (reads.intersects(kept) || ir::writes_of(instruction).intersects(kept));
}

bool HashedWords::pass(const ir::Instruction& each) {
    if (each.op == Op::InternalCall) written_.clear();
    const auto operand = [&](std::size_t i) { return constant_in(made_by_, each.operands[i]); };
    constexpr std::uint64_t word_bytes = 32;
    const ir::Word first{0}, second{word_bytes};
    if (is_evm(each, vm::Opcode::MSTORE)) {
        const auto to = operand(0);
        const bool is_word = to == first || to == second;
        if (is_word) written_.insert(*to);
        return is_word;
    }
    if (!is_evm(each, vm::Opcode::KECCAK256) || operand(0) != first || !written_.contains(first)) return false;
    return operand(1) == second || (operand(1) == ir::Word{2 * word_bytes} && written_.contains(second));
}

namespace {

// Looks for what a function finds in scratch memory, and of answers, that it has not written or asked for itself on each way, as
// wrappers of tokens that are written in assembly have. It may lay aside the free-memory pointer and the zero behind it, and put
// them back.
class OwnScratch {
  public:
    OwnScratch(const ir::Contract& contract, const ir::Function& function, std::set<std::uint32_t>& seen)
        : contract_(contract), function_(function), seen_(seen), made_by_(makers_of(function)) {}

    [[nodiscard]] bool is_all() {
        std::vector<std::optional<Found>> at(function_.blocks.size());
        std::vector<ir::BlockIndex> open{0};
        at[0] = Found{};
        while (!open.empty()) {
            const ir::BlockIndex block = open.back();
            open.pop_back();
            Found found = *at[block];
            if (reverts(function_.blocks[block])) continue;  // it only tells what the answer was
            if (!pass(function_.blocks[block], found)) return false;
            ir::for_each_jump(function_.blocks[block].terminator, [&](const ir::Jump& jump) {
                std::optional<Found>& there = at[jump.block];
                const std::optional<Found> before = there;
                if (there) there->meet(found);
                else there = found;
                if (there != before) open.push_back(jump.block);
            });
        }
        return true;
    }

  private:
    static constexpr std::uint64_t scratch_bytes = 128, pointer_at = 64, zero_at = 96, word_bytes = 32;
    struct Found {
        std::bitset<scratch_bytes> written;
        bool has_asked = false, has_pointer = true, has_zero = true;
        [[nodiscard]] bool is_as_it_was() const { return has_pointer && has_zero; }
        void meet(const Found& other) {
            written &= other.written;
            has_asked &= other.has_asked;
            has_pointer &= other.has_pointer;
            has_zero &= other.has_zero;
        }
        friend bool operator==(const Found&, const Found&) = default;
    };

    [[nodiscard]] static bool reverts(const ir::Block& block) {
        return block.terminator.kind != ir::Terminator::Kind::External &&
               std::ranges::any_of(block.instructions,
                                   [](const ir::Instruction& each) { return is_evm(each, vm::Opcode::REVERT); });
    }
    // Returns where the bytes are, if that is in scratch memory.
    [[nodiscard]] std::optional<std::uint64_t> place(ir::Value address, std::uint64_t bytes) const {
        const auto at = constant_in(made_by_, address);
        if (!at || *at + ir::Word{bytes} > ir::Word{scratch_bytes} || *at > ir::Word{scratch_bytes}) return std::nullopt;
        return at->low64();
    }
    [[nodiscard]] static bool is_written(const Found& found, std::uint64_t at, std::uint64_t bytes) {
        bool all = true;
        for (std::uint64_t i = 0; i < bytes; ++i) all &= found.written[at + i];
        return all;
    }
    [[nodiscard]] bool is_written(const Found& found, ir::Value address, ir::Value size) const {
        const auto bytes = constant_in(made_by_, size);
        if (!bytes || *bytes > ir::Word{scratch_bytes}) return false;
        const auto at = place(address, bytes->low64());
        return bytes->is_zero() || (at && is_written(found, *at, bytes->low64()));
    }

    [[nodiscard]] bool pass(const ir::Block& block, Found& found) {
        for (const ir::Instruction& each : block.instructions)
            if (!pass(each, found)) return false;
        const ir::Terminator& end = block.terminator;
        if (end.kind == ir::Terminator::Kind::Return) return found.is_as_it_was();
        if (end.kind != ir::Terminator::Kind::External) return true;
        const ir::ExternalCall& call = end.call;
        if (call.kind == ir::ExternalCall::Kind::Raw) {
            const bool is_call = ir::opcode_of(contract_, call) == vm::Opcode::CALL;
            const auto argument = [&](std::size_t i) { return call.arguments.data()[i]; };
            // What is answered covers what was written there, and may be shorter.
            const auto size = constant_in(made_by_, argument(6)), to = constant_in(made_by_, argument(5));
            if (!is_call || !is_written(found, argument(3), argument(4)) || !is_written(found, argument(5), argument(6)))
                return false;
            if (!size->is_zero() && *to + *size > ir::Word{pointer_at}) found.has_pointer = found.has_zero = false;
        } else if (!found.is_as_it_was()) {
            return false;
        }
        found.has_asked = true;
        return true;
    }

    [[nodiscard]] bool pass(const ir::Instruction& each, Found& found) {
        if (each.op == Op::InternalCall) {
            found.written.reset();
            found.has_asked = false;
            return found.is_as_it_was() && !looks_around(contract_, each.callee, seen_);
        }
        if (is_evm(each, vm::Opcode::MLOAD)) {
            const auto at = place(each.operands[0], word_bytes);
            return at && (*at == pointer_at ? found.has_pointer : is_written(found, *at, word_bytes));
        }
        if (is_evm(each, vm::Opcode::MSTORE)) {
            const auto at = place(each.operands[0], word_bytes);
            if (!at) return false;
            for (std::uint64_t i = 0; i < word_bytes; ++i) found.written.set(*at + i);
            if (*at + word_bytes > zero_at)
                found.has_zero = *at == zero_at && constant_in(made_by_, each.operands[1]) == ir::Word{};
            if (*at + word_bytes > pointer_at && *at < zero_at)
                found.has_pointer =
                    *at == pointer_at && is_free_memory_pointer(made_by_, made_by_.at(each.operands[1].index));
            return true;
        }
        if (is_evm(each, vm::Opcode::KECCAK256)) return is_written(found, each.operands[0], each.operands[1]);
        if (is_evm(each, vm::Opcode::RETURNDATASIZE)) return found.has_asked;
        return !looks_around(each);
    }

    const ir::Contract& contract_;
    const ir::Function& function_;
    std::set<std::uint32_t>& seen_;
    const Makers made_by_;
};

}  // namespace

bool looks_around(const ir::Contract& contract, std::uint32_t index, std::set<std::uint32_t>& seen) {
    if (!seen.insert(index).second) return false;
    const ir::Function& function = contract.functions.at(index);
    if (makes_struct(function)) return false;
    if (std::set<std::uint32_t> inside = seen; OwnScratch(contract, function, inside).is_all()) {
        seen = std::move(inside);
        return false;
    }
    const Makers made_by = makers_of(function);
    for (const ir::Block& block : function.blocks) {
        HashedWords hashed(made_by);
        for (const ir::Instruction& each : block.instructions) {
            const bool looks = !hashed.pass(each) && looks_around(each);
            if (looks || (each.op == Op::InternalCall && looks_around(contract, each.callee, seen))) return true;
        }
    }
    return false;
}

}  // namespace interlock::analyzer::prover
