// How a frame ended, in words.
#include "vm/message.hpp"

namespace interlock::vm {

std::string_view name_of(Status status) {
    switch (status) {
        case Status::Success: return "success";
        case Status::Revert: return "revert";
        case Status::OutOfGas: return "out of gas";
        case Status::InvalidInstruction: return "invalid instruction";
        case Status::StackUnderflow: return "stack underflow";
        case Status::StackOverflow: return "stack overflow";
        case Status::BadJump: return "bad jump destination";
        case Status::StaticViolation: return "state change in a static call";
        case Status::ReturnDataOutOfBounds: return "return data out of bounds";
        case Status::CreateCollision: return "create collision";
        case Status::CodeTooLarge: return "code too large";
        case Status::InvalidCode: return "invalid code";
        case Status::NonceOverflow: return "nonce overflow";
        case Status::PrecompileFailure: return "precompile failure";
        case Status::CallDepthExceeded: return "call depth exceeded";
        case Status::InsufficientBalance: return "insufficient balance";
    }
    return "unknown status";
}

}  // namespace interlock::vm
