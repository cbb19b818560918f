// A message is a call or a creation; an outcome is how it ended. (Yellow Paper, sections 7 and 8.)
#pragma once

#include "vm/bytes.hpp"
#include "vm/gas.hpp"
#include "vm/word.hpp"

namespace interlock::vm {

enum class CallKind : std::uint8_t { Call, StaticCall, DelegateCall, CallCode, Create, Create2 };

struct Message {
    CallKind kind = CallKind::Call;
    bool is_static = false;   // no state change is allowed in this frame or below it (EIP-214)
    std::uint32_t depth = 0;  // 0 for the transaction's own message; at most 1024
    Gas gas;                  // the callee's limit, stipend included
    Address sender;           // msg.sender in the callee
    Address recipient;        // the account whose storage and balance are used; for a creation the new account
    Address code_address;     // the account whose code runs; equals the recipient for Call and StaticCall
    Word value;               // wei; for DelegateCall the parent's value, which is not transferred
    Bytes input;              // call data, or the init code of a creation
    Word salt;                // Create2 only

    [[nodiscard]] bool is_create() const { return kind == CallKind::Create || kind == CallKind::Create2; }
    [[nodiscard]] bool transfers_value() const { return kind != CallKind::DelegateCall && kind != CallKind::StaticCall; }
};

enum class Status : std::uint8_t {
    Success,
    Revert,  // REVERT: the remaining gas and the output go back to the caller
    // Everything below consumes all gas of the frame.
    OutOfGas,
    InvalidInstruction,  // an undefined opcode, or INVALID
    StackUnderflow,
    StackOverflow,
    BadJump,
    StaticViolation,
    ReturnDataOutOfBounds,
    CreateCollision,  // EIP-684, EIP-7610
    CodeTooLarge,     // EIP-170
    InvalidCode,      // EIP-3541: deployed code starts with 0xEF
    NonceOverflow,    // EIP-2681
    PrecompileFailure,
    // These two end a call before it starts. The caller keeps the gas that it offered.
    CallDepthExceeded,
    InsufficientBalance,
};

[[nodiscard]] std::string_view name_of(Status status);  // "out of gas", ...

struct Outcome {
    Status status = Status::Success;
    Gas gas_left;
    Gas gas_refund;   // collected by this frame and its successful children (EIP-3529)
    Bytes output;     // return or revert data; empty after any other failure and after a successful creation
    Address created;  // the new account of a successful creation

    [[nodiscard]] bool ok() const { return status == Status::Success; }
};

}  // namespace interlock::vm
