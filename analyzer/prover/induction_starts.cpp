// How the runs of an Induction begin, and what strangers leave when they return.
#include "analyzer/prover/induction.hpp"

namespace interlock::analyzer::prover {

Start Induction::start(const ir::Function& function, Caller caller) {
    const State outside = unknown_state(session_);
    Start start{outside, outside, unknown_message(session_), {}};
    receive_call(start, function, caller);
    return start;
}

Start Induction::start_at_creation(const ir::Function* constructor) {
    const State empty = state_at_creation(session_);
    Start start{empty, empty, unknown_message(session_), {}};
    if (constructor == nullptr) return start;
    receive_call(start, *constructor, Caller::Outside);
    return start;
}

// Credits the call's value before the first instruction. All ether in the world fits a word.
void Induction::receive_call(Start& start, const ir::Function& function, Caller caller) {
    if (caller == Caller::Outside && !session_.contract.is_library) {
        if (function.mutability == ir::Mutability::Payable) {
            start.entry.balance = start.outside.balance + start.message.value;
            session_.assume(session_.terms.in_range(start.entry.balance, ir::uint256_type));
        } else {
            start.message.value = session_.terms.number(0);
        }
    }
    if (function.is_raw) {  // it takes its arguments from the call data or, in a constructor, from these two addresses
        for (const ir::Parameter& word : function.blocks.front().parameters) {
            const z3::expr argument = session_.terms.fresh(word.type, "address");
            session_.assume(session_.terms.in_range(argument, word.type));
            start.arguments.push_back(argument);
        }
        return;
    }
    for (const ir::NamedType& parameter : function.parameters) {
        const z3::expr argument = session_.terms.fresh(parameter.type, parameter.name.c_str());
        session_.assume(session_.terms.in_range(argument, parameter.type));
        start.arguments.push_back(argument);
    }
}

void Induction::assume_strong_facts(const State& state) {
    for (const Fact& fact : facts_) {
        if (fact.strong.alive) session_.assume(formula(fact, state));
    }
}

State Induction::after_strangers(const State& leaving) {
    State state = frame_.after(leaving);
    assume_strong_facts(state);
    return state;
}

void Induction::assume_facts_of_every_call(const State& state) {
    for (const Fact& fact : facts_) {
        if (fact.strong.alive && fact.is_of_every_call) session_.assume(formula(fact, state));
    }
}

State Induction::after_strangers_of_every_call(const State& leaving) {
    State state = frame_.after(leaving);
    assume_facts_of_every_call(state);
    return state;
}

// An account that a constructor calls finds no code here to call back: only the balance may grow.
State Induction::after_constructor_call(const State& leaving) {
    State state = leaving;
    state.balance = unknown_balance(session_);
    session_.assume(state.balance >= leaving.balance);
    return state;
}

}  // namespace interlock::analyzer::prover
