#include "analyzer/prover/interpreter.hpp"

#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

Message unknown_message(Session& session) {
    const Terms& terms = session.terms;
    Message message{terms.fresh(ir::address_type, "sender"), terms.fresh(ir::uint256_type, "value"),
                    terms.fresh(ir::address_type, "origin")};
    session.assume(terms.in_range(message.sender, ir::address_type));
    session.assume(terms.in_range(message.value, ir::uint256_type));
    session.assume(terms.in_range(message.origin, ir::address_type));
    return message;
}

Invocation Interpreter::enter(const ir::Function& function, const std::vector<z3::expr>& arguments) {
    Invocation invocation;
    invocation.function = &function;
    invocation.values.resize(function.values);
    invocation.visited.resize(function.blocks.size());
    jump(invocation, ir::Jump{}, arguments);
    return invocation;
}

void Interpreter::jump(Invocation& invocation, const ir::Jump& jump, const std::vector<z3::expr>& received) {
    if (invocation.visited.at(jump.block)) {
        throw NotCovered{"a loop", invocation.function->blocks[invocation.block].terminator.range};
    }
    std::vector<z3::expr> arguments;
    for (const ir::Value value : jump.arguments) arguments.push_back(invocation.value(value));
    arguments.insert(arguments.end(), received.begin(), received.end());
    const ir::Block& block = invocation.function->blocks[jump.block];
    for (std::size_t i = 0; i < block.parameters.size(); ++i) {
        invocation.values.at(block.parameters[i].value.index) = arguments.at(i);
    }
    invocation.block = jump.block;
    invocation.next = 0;
    invocation.visited[jump.block] = true;
}

const ir::Type& Interpreter::type_of(const ir::Function& function, ir::Value value) {
    std::vector<ir::Type>& types = types_[&function];
    if (types.empty()) {
        types.resize(function.values);
        for (const ir::Block& block : function.blocks) {
            for (const ir::Parameter& parameter : block.parameters) types.at(parameter.value.index) = parameter.type;
            for (const ir::Instruction& instruction : block.instructions) {
                if (instruction.result) types.at(instruction.result.index) = instruction.type;
            }
        }
    }
    return types.at(value.index);
}

std::vector<z3::expr> Interpreter::keys(const ir::Place& place, const ir::Instruction& instruction,
                                        const Invocation& invocation) const {
    std::vector<z3::expr> keys;
    for (const ir::PlaceStep& step : place.steps) {
        if (step.kind == ir::PlaceStep::Kind::Key) keys.push_back(invocation.value(instruction.operands.at(step.operand)));
    }
    return keys;
}

void Interpreter::write(const ir::Instruction& instruction, const Invocation& invocation, const Surroundings& around) {
    const std::vector<z3::expr> at = keys(instruction.place, instruction, invocation);
    if (instruction.op == Op::Clear) {
        for (const LeafIndex leaf : session_.layout.cleared_by(instruction.place)) {
            store(session_, around.now, leaf, at, zero(session_, session_.layout.leaves()[leaf].value));
        }
        return;
    }
    if (const auto leaf = session_.layout.find(instruction.place)) {
        store(session_, around.now, *leaf, at, invocation.value(instruction.operands.back()));
    }
}

z3::expr Interpreter::environment(const ir::Instruction& instruction, const Invocation& invocation,
                                  const Surroundings& around, Operations& operations) {
    if (instruction.at_entry && around.before == nullptr) throw NotCovered{"old() outside a clause", instruction.range};
    const State& state = instruction.at_entry ? *around.before : around.now;
    switch (instruction.op) {
        case Op::Caller: return around.message.sender;
        case Op::CallValue: return around.message.value;
        case Op::Origin: return around.message.origin;
        case Op::This: return session_.self;
        case Op::SelfBalance: return state.balance;
        case Op::Timestamp: return state.timestamp;
        case Op::BlockNumber: return state.block_number;
        case Op::Balance: {
            const z3::expr account = invocation.value(instruction.operands.at(0));
            if (z3::eq(account, session_.self)) return state.balance;
            return choice(equality(account, session_.self), state.balance, operations.any(ir::uint256_type, "balance"));
        }
        case Op::Load: {
            const auto leaf = session_.layout.find(instruction.place);
            if (!leaf) return operations.any(instruction.type, "element");
            return load(session_, state, *leaf, keys(instruction.place, instruction, invocation));
        }
        case Op::LoadImmutable: {
            const auto leaf = session_.layout.find(instruction.place);
            if (!leaf) return operations.any(instruction.type, "immutable");
            return state.cells[*leaf].term;
        }
        case Op::Sum: {
            const auto leaf = session_.layout.summed_by(instruction.place);
            if (!leaf) throw NotCovered{"this sum", instruction.range};
            return state.cells[*leaf].sum;
        }
        default: return operations.any(instruction.type, "environment");
    }
}

// Bytes and strings are represented by names of their contents; only their lengths are known.
z3::expr Interpreter::content(const ir::Instruction& instruction, const Invocation& invocation, const Surroundings& around,
                              Operations& operations) {
    switch (instruction.op) {
        case Op::Literal: {
            const z3::expr name = operations.any(instruction.type, "literal");
            around.conditions.define(session_.length(name) ==
                                     session_.context.int_val(static_cast<std::uint64_t>(instruction.data.size())));
            return name;
        }
        case Op::BytesLength: {
            const z3::expr length = session_.length(invocation.value(instruction.operands.at(0)));
            around.conditions.define(session_.terms.in_range(length, ir::uint256_type));
            return length;
        }
        case Op::BytesAt:
            around.conditions.require(invocation.value(instruction.operands.at(1)) <
                                      session_.length(invocation.value(instruction.operands.at(0))));
            return operations.any(instruction.type, "byte");
        default: return operations.any(instruction.type, "content");  // as of Keccak
    }
}

z3::expr Interpreter::evaluate(const ir::Instruction& instruction, const Invocation& invocation,
                               const Surroundings& around) {
    Operations operations(session_.terms, around.conditions);
    switch (ir::info(instruction.op).group) {
        case ir::Group::Constant:
            if (instruction.op == Op::Literal) return content(instruction, invocation, around, operations);
            // The 256 bits do not say whether a large unbounded integer is negative.
            if (instruction.type.kind == ir::TypeKind::Integer && instruction.word.is_negative()) {
                return operations.any(instruction.type, "constant");
            }
            return session_.terms.constant(instruction.word, instruction.type);
        case ir::Group::Bytes: return content(instruction, invocation, around, operations);
        case ir::Group::Arithmetic:
        case ir::Group::Bits:
        case ir::Group::Comparison:
        case ir::Group::Choice:
        case ir::Group::Conversion: {
            std::vector<Operand> operands;
            for (const ir::Value value : instruction.operands) {
                operands.push_back({invocation.value(value), type_of(*invocation.function, value)});
            }
            return operations.apply(instruction, operands);
        }
        case ir::Group::Machine:  // it may read anything; its writes are not followed
            if (ir::must_happen(instruction)) throw NotCovered{"memory, arrays or assembly", instruction.range};
            return operations.any(instruction.type, "word");
        case ir::Group::Surroundings:
        case ir::Group::Storage:
        case ir::Group::Specification: return environment(instruction, invocation, around, operations);
        case ir::Group::Control: break;
    }
    throw NotCovered{"an instruction that only makes sense elsewhere", instruction.range};
}

void Interpreter::execute(const ir::Instruction& instruction, Invocation& invocation, const Surroundings& around) {
    switch (instruction.op) {
        case Op::Store:
        case Op::StoreImmutable:
        case Op::Clear: return write(instruction, invocation, around);
        case Op::Guard: return around.conditions.require(invocation.value(instruction.operands.at(0)));
        case Op::Emit: return;
        case Op::Result:
            invocation.values.at(instruction.result.index) =
                invocation.results.at(instruction.operands.at(0).index).at(instruction.number);
            return;
        case Op::Assume:  // in a function that a specification calls; it is followed where code calls the function
        case Op::Check: return;
        default: break;
    }
    const z3::expr value = evaluate(instruction, invocation, around);
    if (instruction.result) invocation.values.at(instruction.result.index) = value;
}

}  // namespace interlock::analyzer::prover
