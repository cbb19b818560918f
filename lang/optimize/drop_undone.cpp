// Removes writes that nobody sees because the call then certainly fails. Before and after:
//
//     b0(%0): evm SSTORE %1, %0                    b0(%0): branch %0 ? b1 : b2
//             branch %0 ? b1 : b2
//     b1(): revert "a"; b2(): revert "b"           b1(): revert "a"; b2(): revert "b"
//
// A failure undoes storage, transient storage and logs. Calls see them before, and so do reads.
#include <algorithm>

#include "lang/ir/effects.hpp"
#include "lang/optimize/optimize.hpp"

namespace interlock::lang::optimize {

namespace {

using enum vm::Region;

constexpr vm::Regions undone_by_failure{Storage, Transient, Logs};

class Undone {
  public:
    explicit Undone(ir::Function& function) : function_(function), at_entry_(function.blocks.size(), true) {}

    void run() {
        for (bool changes = true; changes;) {
            changes = false;
            for (std::size_t block = function_.blocks.size(); block-- > 0;) {
                const bool before = is_unseen_before(function_.blocks[block], [](const Instruction&) {});
                changes |= before != at_entry_[block];
                at_entry_[block] = before;
            }
        }
        for (ir::Block& block : function_.blocks) {
            std::vector<const Instruction*> unseen;  // from the last one to the first
            (void)is_unseen_before(block, [&](const Instruction& i) { unseen.push_back(&i); });
            std::erase_if(block.instructions, [&](const Instruction& i) {
                return std::ranges::find(unseen, &i) != unseen.end() && only_writes(i);
            });
        }
    }

  private:
    static bool only_writes(const Instruction& i) {
        const vm::Regions writes = ir::writes_of(i);
        return !i.result && !writes.empty() && (writes | undone_by_failure) == undone_by_failure && !ir::can_end_call(i);
    }

    // Returns whether what is written at the start of the block is undone unseen. Calls `visit` with each instruction of
    // which that is true, from the last one on.
    template <class Visit>
    bool is_unseen_before(const ir::Block& block, Visit visit) const {
        bool is_unseen = is_unseen_at(block.terminator);
        for (auto i = block.instructions.rbegin(); i != block.instructions.rend(); ++i) {
            if (i->op == Op::Evm && vm::effects_of(i->opcode).halts())
                is_unseen = i->opcode == Opcode::REVERT || i->opcode == Opcode::INVALID;
            if (i->op == Op::InternalCall || ir::reads_of(*i).intersects(undone_by_failure)) is_unseen = false;
            if (is_unseen) visit(*i);
        }
        return is_unseen;
    }

    [[nodiscard]] bool is_unseen_at(const ir::Terminator& end) const {
        using Kind = ir::Terminator::Kind;
        switch (end.kind) {
            case Kind::Revert:
            case Kind::Unreachable: return true;
            case Kind::Return:
            case Kind::External: return false;
            case Kind::Jump: return at_entry_[end.then.block];
            case Kind::Branch: return at_entry_[end.then.block] && at_entry_[end.otherwise.block];
        }
        return false;
    }

    ir::Function& function_;
    std::vector<bool> at_entry_;  // by block: whether what is written before it is undone unseen
};

}  // namespace

void drop_undone(ir::Function& function) { Undone(function).run(); }

}  // namespace interlock::lang::optimize
