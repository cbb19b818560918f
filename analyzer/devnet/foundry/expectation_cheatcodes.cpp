// Cheatcodes that expect reverts, events and calls, and that mock the answers of calls.
#include "analyzer/devnet/foundry/table.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer::foundry {

namespace {

// --- expectRevert ---

vm::Bytes revert_data(const Call& call, std::size_t i) {
    if (!call.is(i, "bytes4")) return call.bytes(i);
    const auto word = vm::to_big_endian(call.word(i));
    return {word.begin(), word.begin() + 4};
}

// The arguments are, in this order and where declared: the data, the reverter, the count.
vm::Reply expect_revert(const Call& call, bool is_partial) {
    if (call.arrangement().expected_revert)
        return call.refuse("you must call another function prior to expecting a second revert");
    ExpectedRevert expected{.depth = call.message.depth, .is_partial = is_partial};
    for (std::size_t i = 0; i < call.count(); ++i) {
        if (call.is(i, "address")) expected.reverter = call.address(i);
        else if (call.is(i, "uint64")) expected.count = call.word(i).low64();
        else expected.data = revert_data(call, i);
    }
    call.arrangement().expected_revert = std::move(expected);
    return nothing();
}

vm::Reply expect_whole_revert(const Call& call) { return expect_revert(call, false); }
vm::Reply expect_partial_revert(const Call& call) { return expect_revert(call, true); }

vm::Reply assume_no_revert(const Call& call) {
    call.arrangement().assumed_not_to_revert = call.message.depth;
    return nothing();
}

// --- expectEmit ---

// The arguments are, in this order and where declared: which parts are compared, the emitter, the count.
vm::Reply expect_emit(const Call& call, bool is_anonymous) {
    ExpectedEvent expected{.depth = call.message.depth};
    const std::size_t first = is_anonymous ? 0 : 1;  // the topic of the first flag
    std::size_t flags = 0;
    while (flags < call.count() && call.is(flags, "bool")) ++flags;
    for (std::size_t i = 0; i + 1 < flags; ++i) expected.topics[first + i] = call.flag(i);
    if (flags > 0) expected.data = call.flag(flags - 1);
    for (std::size_t i = flags; i < call.count(); ++i) {
        if (call.is(i, "address")) expected.emitter = call.address(i);
        else expected.count = call.word(i).low64();
    }
    call.arrangement().expected_events.add(expected);
    return nothing();
}

vm::Reply expect_named_emit(const Call& call) { return expect_emit(call, false); }
vm::Reply expect_anonymous_emit(const Call& call) { return expect_emit(call, true); }

// --- expectCall ---

// The arguments are the callee, the value (where declared), the gas (where declared), the data, the count (where declared).
vm::Reply expect_call(const Call& call, bool is_least_gas) {
    ExpectedCall expected{.callee = call.address(0)};
    bool has_data = false;
    for (std::size_t i = 1; i < call.count(); ++i) {
        if (call.is(i, "uint256")) expected.value = call.word(i);
        else if (call.is(i, "bytes")) {
            expected.data = call.bytes(i);
            has_data = true;
        } else if (has_data) {
            expected.count = call.word(i).low64();
            expected.is_exact = true;
        } else (is_least_gas ? expected.least_gas : expected.gas) = call.word(i).low64();
    }
    const std::string why_not = call.arrangement().expected_calls.add(expected);
    return why_not.empty() ? nothing() : call.refuse(why_not);
}

vm::Reply expect_call_with_gas(const Call& call) { return expect_call(call, false); }
vm::Reply expect_call_with_least_gas(const Call& call) { return expect_call(call, true); }

// --- mockCall ---

// The arguments are the callee, the value (where declared), the beginning of the call data, and one or several answers.
vm::Reply mock(const Call& call, bool reverts) {
    const std::size_t last = call.count() - 1;
    MockedCall mocked{.callee = call.address(0), .data = revert_data(call, last - 1), .reverts = reverts};
    if (last == 3) mocked.value = call.word(1);
    if (call.is(last, "bytes")) mocked.answers.push_back(call.bytes(last));
    else
        for (const lang::abi::Data& each : call.arguments[last].list()) mocked.answers.push_back(each.bytes());
    if (mocked.answers.empty()) return call.refuse("there has to be an answer");
    // Callers check that the callee has code.
    if (call.state().code(mocked.callee)->is_empty()) call.state().set_code(mocked.callee, vm::Bytes{0});
    call.arrangement().mocks.add(std::move(mocked));
    return nothing();
}

vm::Reply mock_answer(const Call& call) { return mock(call, false); }
vm::Reply mock_revert(const Call& call) { return mock(call, true); }

vm::Reply mock_function(const Call& call) {
    call.arrangement().mocks.add({.callee = call.address(0), .data = call.bytes(2), .stand_in = call.address(1)});
    return nothing();
}

vm::Reply clear_mocks(const Call& call) {
    call.arrangement().mocks.clear();
    return nothing();
}

}  // namespace

Cheatcodes expectation_cheatcodes() {
    Cheatcodes all{
        {"assumeNoRevert()", assume_no_revert},
        {"mockCall(address,bytes,bytes)", mock_answer},
        {"mockCall(address,bytes4,bytes)", mock_answer},
        {"mockCall(address,uint256,bytes,bytes)", mock_answer},
        {"mockCall(address,uint256,bytes4,bytes)", mock_answer},
        {"mockCalls(address,bytes,bytes[])", mock_answer},
        {"mockCalls(address,uint256,bytes,bytes[])", mock_answer},
        {"mockCallRevert(address,bytes,bytes)", mock_revert},
        {"mockCallRevert(address,bytes4,bytes)", mock_revert},
        {"mockCallRevert(address,uint256,bytes,bytes)", mock_revert},
        {"mockCallRevert(address,uint256,bytes4,bytes)", mock_revert},
        {"mockFunction(address,address,bytes)", mock_function},
        {"clearMockedCalls()", clear_mocks},
        {"expectPartialRevert(bytes4)", expect_partial_revert},
        {"expectPartialRevert(bytes4,address)", expect_partial_revert},
        {"expectPartialRevert(bytes4,uint64)", expect_partial_revert},
        {"expectPartialRevert(bytes4,address,uint64)", expect_partial_revert},
    };
    for (const char* const what : {"", "bytes4", "bytes", "address", "bytes4,address", "bytes,address"}) {
        const std::string types = what;
        all.push_back({"expectRevert(" + types + ")", expect_whole_revert});
        all.push_back({"expectRevert(" + types + (types.empty() ? "" : ",") + "uint64)", expect_whole_revert});
    }
    for (const char* const what : {"", "address", "bool,bool,bool,bool", "bool,bool,bool,bool,address"}) {
        const std::string types = what;
        all.push_back({"expectEmit(" + types + ")", expect_named_emit});
        all.push_back({"expectEmit(" + types + (types.empty() ? "" : ",") + "uint64)", expect_named_emit});
    }
    for (const char* const what : {"", "address", "bool,bool,bool,bool,bool", "bool,bool,bool,bool,bool,address"})
        all.push_back({"expectEmitAnonymous(" + std::string(what) + ")", expect_anonymous_emit});
    for (const char* const count : {"", ",uint64"}) {
        const std::string end = std::string(count) + ")";
        all.push_back({"expectCall(address,bytes" + end, expect_call_with_gas});
        all.push_back({"expectCall(address,uint256,bytes" + end, expect_call_with_gas});
        all.push_back({"expectCall(address,uint256,uint64,bytes" + end, expect_call_with_gas});
        all.push_back({"expectCallMinGas(address,uint256,uint64,bytes" + end, expect_call_with_least_gas});
    }
    return all;
}

}  // namespace interlock::analyzer::foundry
