#include "vm/translator/translation.hpp"

#include <array>
#include <cstring>
#include <new>

#include "vm/opcodes.hpp"
#include "vm/translator/block_translator.hpp"
#include "vm/translator/cell_forms.hpp"
#include "vm/translator/tiering.hpp"

namespace interlock::vm {
namespace {

std::atomic<std::size_t> given_up = 0;

// The target of invalid jumps: a block of one cell.
const Cell* bad_jump() {
    static const std::array<Cell, 2> block = [] {
        std::array<Cell, 2> cells;
        cells[0] = std::bit_cast<Cell>(BlockHead{.range = BlockHead::never - 1});
        cells[1].handler = translated_handlers()[static_cast<std::size_t>(Form::bad_jump)];
        return cells;
    }();
    return block.data();
}

}  // namespace

std::size_t blocks_given_up() { return given_up; }

Translation::Translation(const Code& code, Fork fork)
    : fork(fork),
      code_(code),
      entries_(std::make_unique<BlockLink[]>(code.size() + 1)),
      held_bytes_(sizeof *this + (code.size() + 1) * sizeof(BlockLink)) {}

const Cell* Translation::translate(std::uint32_t pc) const {
    const std::scoped_lock lock(translating_);
    if (const Cell* const known = entries_[pc].load(std::memory_order_relaxed)) return known;
    if (!has_earned_translation(code_)) return &pending(pc).head;
    thread_local BlockTranslator translator;
    try {
        const BlockDraft& draft = translator.translate(code_, fork, pc, copied_instructions_);
        pay_for_translation(code_, draft.instructions, draft.cells.size());
        return place(draft, pc);
    } catch (const TranslatorFault&) {
        return give_up(pc);
    }
}

// Makes a head that is never entered: here the code always continues as bytecode.
const Cell* Translation::give_up(std::uint32_t pc) const {
    ++given_up;
    pay_for_translation(code_, BlockBuilder::max_instructions, 0);
    BlockDraft draft;
    draft.cells.push_back(std::bit_cast<Cell>(BlockHead{.need = BlockHead::never, .pc = pc}));
    return place(draft, pc);
}

Translation::Pending& Translation::pending(std::uint32_t pc) const {
    const auto [found, is_new] = pending_.try_emplace(pc);
    if (is_new) {
        found->second.head = std::bit_cast<Cell>(BlockHead{.need = BlockHead::never, .pc = pc});
        held_bytes_ += sizeof *found;
    }
    return found->second;
}

const Cell* Translation::place(const BlockDraft& draft, std::uint32_t pc) const {
    const std::size_t constant_bytes = draft.constants.size() * sizeof(Word);
    const std::size_t bytes = constant_bytes + draft.cells.size() * sizeof(Cell);
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(bytes));
    held_bytes_ += bytes;
    std::byte* const begin = blocks_.back().get() + constant_bytes;
    for (std::size_t i = 0; i < draft.constants.size(); ++i)
        std::memcpy(begin - (i + 1) * sizeof(Word), &draft.constants[i], sizeof(Word));
    std::memcpy(begin, draft.cells.data(), draft.cells.size() * sizeof(Cell));
    Cell* const cells = std::launder(reinterpret_cast<Cell*>(begin));

    for (const BlockDraft::Link& link : draft.links) {
        Cell* const data = cells + link.cell + 1;
        if (link.is_leave) {
            const auto head = head_at(data);
            connect((new (data) LeaveTarget{head.gas, head.pc, nullptr})->block, link.taken);
        } else {
            auto* const targets = new (data) BranchTargets{nullptr, nullptr};
            connect(targets->taken, link.taken);
            connect(targets->otherwise, link.otherwise);
        }
    }
    entries_[pc].store(cells, std::memory_order_release);
    if (const auto found = pending_.find(pc); found != pending_.end()) {
        for (BlockLink* const link : found->second.waiting) link->store(cells, std::memory_order_release);
        found->second.waiting = {};  // the head stays, because another thread may be reading it
    }
    return cells;
}

void Translation::connect(BlockLink& link, std::uint32_t pc) const {
    const Cell* block = pc == BlockDraft::no_destination ? bad_jump() : entries_[pc].load(std::memory_order_relaxed);
    if (block == nullptr) {
        Pending& target = pending(pc);
        target.waiting.push_back(&link);
        block = &target.head;
    }
    link.store(block, std::memory_order_release);
}

}  // namespace interlock::vm
