// Who calls a function with rounds, and passes on what says which.
#include <algorithm>

#include "analyzer/prover/memory_words.hpp"
#include "analyzer/prover/rounds.hpp"
#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// What a caller passes on, and what else it does with that.
class Passed {
  public:
    Passed(const ir::Contract& contract, const ir::Function& caller, const ir::Instruction& call)
        : contract_(contract), call_(call), made_by_(makers_of(caller)), uses_(caller) {}

    // As an argument that came as a word.
    [[nodiscard]] bool is_own(std::size_t place) const {
        const ir::Value value = passed(place);
        const bool is_parameter = std::ranges::any_of(uses_.function.blocks.front().parameters,
                                                      [&](const ir::Parameter& each) { return each.value == value; });
        return is_parameter && users(value).size() == 1;
    }
    // As a number that the caller decodes itself, and of which it asks only whether call data hold as much.
    [[nodiscard]] bool is_decoded_number(std::size_t place) const {
        const ir::Instruction* made = maker(passed(place));
        return made && is_evm(*made, vm::Opcode::CALLDATALOAD) && are_only_measured(passed(place));
    }
    // As an array in call data, or a copy of one.
    [[nodiscard]] bool is_decoded_array(std::size_t place) const {
        const ir::Value value = passed(place);
        const ir::Instruction* made = maker(value);
        if (!made) return false;
        if (made->op != Op::Result) return is_place_in_call_data(value) && are_only_measured(value);
        const ir::Instruction* decodes = maker(made->operands[0]);
        return decodes && decodes->op == Op::InternalCall && users(value).size() == 1 &&
               contract_.functions.at(decodes->callee).name.starts_with("decode ");
    }

  private:
    [[nodiscard]] ir::Value passed(std::size_t place) const { return call_.operands.data()[place]; }
    [[nodiscard]] const ir::Instruction* maker(ir::Value value) const { return made_by_.at(value.index); }
    [[nodiscard]] const std::vector<Uses::User>& users(ir::Value value) const { return uses_.users.at(value.index); }

    [[nodiscard]] bool is_place_in_call_data(ir::Value value) const {
        const ir::Instruction* made = maker(value);
        if (!made) return false;
        if (is_evm(*made, vm::Opcode::CALLDATALOAD)) return true;
        return made->op == Op::Add && std::ranges::all_of(made->operands, [&](ir::Value each) {
                   return constant_in(made_by_, each) || is_place_in_call_data(each);
               });
    }
    // Compared with all that there may be of something, or with the size of call data, also as a sum or product.
    [[nodiscard]] bool are_only_measured(ir::Value value) const {
        return std::ranges::all_of(users(value), [&](const Uses::User& user) {
            const ir::Instruction* each = user.instruction;
            if (!each || each == &call_) return each != nullptr;
            if (each->op == Op::Add || each->op == Op::Mul) return are_only_measured(each->result);
            if (each->op != Op::Greater || each->operands[0] != value) return false;
            const auto most = constant_in(made_by_, each->operands[1]);
            const ir::Instruction* size = maker(each->operands[1]);
            return (most && !(*most < ir::Word{~std::uint64_t{0}})) || (size && is_evm(*size, vm::Opcode::CALLDATASIZE));
        });
    }

    const ir::Contract& contract_;
    const ir::Instruction& call_;
    const Makers made_by_;
    const Uses uses_;
};

}  // namespace

bool passes_on_rounds(const ir::Contract& contract, const ir::Function& caller, const ir::Instruction& call,
                      const Rounds& rounds) {
    const Passed passed(contract, caller, call);
    if (!caller.is_raw)
        return rounds.arrays.empty() &&
               std::ranges::all_of(rounds.numbers, [&](std::size_t each) { return passed.is_own(each); });
    return std::ranges::all_of(rounds.numbers, [&](std::size_t each) { return passed.is_decoded_number(each); }) &&
           std::ranges::all_of(rounds.arrays, [&](std::size_t each) { return passed.is_decoded_array(each); });
}

}  // namespace interlock::analyzer::prover
