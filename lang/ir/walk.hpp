// Walks the IR: the edges out of a block and the values that a terminator uses, so that no pass lists them by hand.
#pragma once

#include <vector>

#include "lang/ir/ir.hpp"

namespace interlock::lang::ir {

// Calls `visit(Jump&)` for each edge out of the block, in the order then, otherwise.
template <class TerminatorType, class Visit>
void for_each_jump(TerminatorType& terminator, Visit visit) {
    switch (terminator.kind) {
        case Terminator::Kind::Jump: visit(terminator.then); break;
        case Terminator::Kind::Branch:
            visit(terminator.then);
            visit(terminator.otherwise);
            break;
        case Terminator::Kind::External: visit(terminator.call.next); break;
        case Terminator::Kind::Return:
        case Terminator::Kind::Revert:
        case Terminator::Kind::Unreachable: break;
    }
}

// Calls `visit(Value&)` for each value that the terminator itself uses, but not for the arguments of its jumps.
template <class TerminatorType, class Visit>
void for_each_use(TerminatorType& terminator, Visit visit) {
    switch (terminator.kind) {
        case Terminator::Kind::Branch: visit(terminator.condition); break;
        case Terminator::Kind::Return:
        case Terminator::Kind::Revert:
            for (auto& value : terminator.values) visit(value);
            break;
        case Terminator::Kind::External: {
            auto& call = terminator.call;
            for (auto* value : {&call.target, &call.value, &call.gas, &call.salt}) {
                if (*value) visit(*value);
            }
            for (auto& value : call.arguments) visit(value);
            break;
        }
        case Terminator::Kind::Jump:
        case Terminator::Kind::Unreachable: break;
    }
}

// Returns the types of an external call's results, in the order of the parameters that take them.
[[nodiscard]] std::vector<Type> result_types(const Contract& contract, const ExternalCall& call);

// Returns the blocks reachable from the entry in reverse postorder: every block comes after those that dominate it.
[[nodiscard]] std::vector<BlockIndex> reverse_postorder(const std::vector<Block>& blocks);

}  // namespace interlock::lang::ir
