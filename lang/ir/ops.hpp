// Everything that is known of each operation of the IR, made from lang/ir/op_list.hpp: its text, its operands and
// result, what it reads and writes, whether it can fail, and how code is made of it. Optimiser, code generation and
// prover use this table. A new operation is a new row; a row without some column does not compile.
//
//     info(Op::Keccak).effects.reads.contains(vm::Region::Memory)
//     info(Op::Caller).code.opcode    // CALLER
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "vm/effects.hpp"
#include "vm/opcodes.hpp"

namespace interlock::lang::ir {

enum class Op : std::uint8_t {
#define IR_OP(name, ...) name,
#include "lang/ir/op_list.hpp"
};

enum class Group : std::uint8_t {
    Constant,
    Surroundings,  // the call, the transaction, the block, accounts
    Arithmetic,
    Bits,
    Comparison,
    Choice,
    Conversion,
    Storage,
    Bytes,
    Machine,
    Control,
    Specification,
};

// The data of an instruction besides its operands and its type: one or two members of ir::Instruction.
enum class Detail : std::uint8_t {
    None,
    Word,
    Data,
    Place,
    Stored,    // `place`; the last operand is the written value
    Contract,  // `callee` among Contract::creates, `number`
    Library,   // `callee` among Contract::libraries
    Opcode,
    Failure,
    Function,  // `callee` among Contract::functions
    Number,
    Event,
};

// Effects in terms of the machine's regions. RunningCode includes the immutables and the addresses of libraries;
// ReturnData includes the results of an internal call. Writes to fresh or scratch memory that nobody else reads do not
// count: see `takes_memory`.
struct OpEffects {
    enum class Failing : std::uint8_t { Never, WhenChecked, ToEnum, Possible };
    vm::Regions reads = {}, writes = {};
    bool takes_memory = false;
    Failing fails = Failing::Never;
    bool is_its_opcodes = false;      // Evm: these facts are the opcode's
    bool concerns_the_proof = false;  // changes what the prover knows or must prove

    friend constexpr OpEffects operator|(const OpEffects& a, const OpEffects& b) {
        return {.reads = a.reads | b.reads,
                .writes = a.writes | b.writes,
                .takes_memory = a.takes_memory || b.takes_memory,
                .fails = a.fails == Failing::Never ? b.fails : a.fails,
                .is_its_opcodes = a.is_its_opcodes || b.is_its_opcodes,
                .concerns_the_proof = a.concerns_the_proof || b.concerns_the_proof};
    }
};

namespace effects {

using enum vm::Region;

inline constexpr OpEffects pure{};
inline constexpr OpEffects takes_memory{.takes_memory = true};
inline constexpr OpEffects fails_when_checked{.fails = OpEffects::Failing::WhenChecked};
inline constexpr OpEffects fails_to_enum{.fails = OpEffects::Failing::ToEnum};  // a conversion to an enumeration
inline constexpr OpEffects may_fail{.fails = OpEffects::Failing::Possible};
inline constexpr OpEffects as_its_opcode{.is_its_opcodes = true};
inline constexpr OpEffects concerns_the_proof{.concerns_the_proof = true};
inline constexpr OpEffects runs_anything{
    .reads = vm::state_regions | vm::Regions(Memory, ReturnData, GasLeft, Environment, CallData, RunningCode),
    .writes = vm::state_regions | vm::Regions(Memory, ReturnData, Logs),
    .fails = OpEffects::Failing::Possible};

[[nodiscard]] constexpr OpEffects reads(vm::Region region) { return {.reads = vm::Regions(region)}; }
[[nodiscard]] constexpr OpEffects writes(vm::Region region) { return {.writes = vm::Regions(region)}; }

}  // namespace effects

// How code is made of an operation, and the opcode that does the same on whole unsigned words, operand 0 topmost; STOP
// if there is none.
struct Code {
    enum class Kind : std::uint8_t {
        Anywhere,    // computed again at each use, which costs no more than keeping it
        Opcode,      // the operands followed by the opcode
        Arithmetic,  // by type: lang/codegen/arithmetic.hpp
        Own,
        None,  // no code: operations of specifications, and results of calls, which the call has left on the stack
    };
    Kind kind = Kind::Own;
    vm::Opcode opcode = vm::Opcode::STOP;
};

namespace making {

using enum vm::Opcode;

[[nodiscard]] constexpr Code anywhere(vm::Opcode opcode = STOP) { return {Code::Kind::Anywhere, opcode}; }
[[nodiscard]] constexpr Code opcode(vm::Opcode opcode) { return {Code::Kind::Opcode, opcode}; }
[[nodiscard]] constexpr Code arithmetic(vm::Opcode opcode = STOP) { return {Code::Kind::Arithmetic, opcode}; }
inline constexpr Code own{Code::Kind::Own};
inline constexpr Code no_code{Code::Kind::None};

}  // namespace making

struct OpInfo {
    std::string_view text;  // in the printed form
    Group group;
    Detail detail;
    std::string_view operands;  // letters: see lang/ir/op_list.hpp
    char result;
    OpEffects effects;
    Code code;
};

// Indexed by the operation.
inline constexpr auto op_table = std::to_array<OpInfo>({
// clang-format off
#define IR_OP(name, text, group, detail, operands, result, effects_of_it, code_of_it)     \
    {text, Group::group, Detail::detail, operands, result,                                \
     [] { using namespace effects; return effects_of_it; }(),                             \
     [] { using namespace making; return code_of_it; }()},
#include "lang/ir/op_list.hpp"
    // clang-format on
});

[[nodiscard]] constexpr const OpInfo& info(Op op) { return op_table[static_cast<std::size_t>(op)]; }

}  // namespace interlock::lang::ir
