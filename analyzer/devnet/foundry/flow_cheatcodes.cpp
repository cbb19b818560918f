// Cheatcodes that skip or reject a test.
#include "analyzer/devnet/foundry/table.hpp"

namespace interlock::analyzer::foundry {

namespace {

vm::Reply assume(const Call& call) { return call.flag(0) ? nothing() : reverts(assume_failed); }

vm::Reply skip(const Call& call) {
    if (!call.flag(0)) return nothing();
    return reverts(std::string(skipped) + (call.count() > 1 ? call.text(1) : ""));
}

// Returns which of Foundry's commands is running: a test, or any of the test commands.
vm::Reply is_context(const Call& call) { return gives(vm::Word(call.word(0) <= vm::Word(1))); }

}  // namespace

Cheatcodes flow_cheatcodes() {
    return {
        {"assume(bool)", assume},         {"skip(bool)", skip},           {"skip(bool,string)", skip},
        {"isContext(uint8)", is_context}, {"breakpoint(string)", accept}, {"breakpoint(string,bool)", accept},
    };
}

}  // namespace interlock::analyzer::foundry
