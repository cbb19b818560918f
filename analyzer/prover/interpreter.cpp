#include "analyzer/prover/interpreter.hpp"

#include <algorithm>

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
    for (const LeafIndex leaf : session_.layout.others_written_by(instruction))
        around.now.cells[leaf] = unknown_cell(session_, leaf);
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
        case Op::SlotOf: {
            const ir::Place& place = instruction.place;
            const bool is_one = std::ranges::all_of(
                place.steps, [](const ir::PlaceStep& each) { return each.kind == ir::PlaceStep::Kind::Field; });
            if (!is_one) return operations.any(instruction.type, "slot");
            return session_.terms.word(area_of(session_.contract, 0, place).slot);
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

namespace {

// The IR's operation that an opcode is, of words without a sign.
struct WordOperation {
    Op op = Op::Add;
    bool swaps = false;  // the operands
};

std::optional<WordOperation> operation_of(vm::Opcode opcode) {
    switch (opcode) {
        case vm::Opcode::ADD: return {{Op::Add}};
        case vm::Opcode::SUB: return {{Op::Sub}};
        case vm::Opcode::MUL: return {{Op::Mul}};
        case vm::Opcode::AND: return {{Op::And}};
        case vm::Opcode::OR: return {{Op::Or}};
        case vm::Opcode::XOR: return {{Op::Xor}};
        case vm::Opcode::NOT: return {{Op::Not}};
        case vm::Opcode::SHL: return {{Op::Shl, true}};
        case vm::Opcode::SHR: return {{Op::Shr, true}};
        case vm::Opcode::EQ: return {{Op::Equal}};
        case vm::Opcode::LT: return {{Op::Less}};
        case vm::Opcode::GT: return {{Op::Greater}};
        default: return std::nullopt;
    }
}

}  // namespace

// An instruction that only computes, if its result is known better than as any word.
std::optional<z3::expr> Interpreter::computed(const ir::Instruction& instruction, const Invocation& invocation,
                                              const Surroundings& around, Operations& operations) {
    const z3::expr zero = session_.terms.number(0), one = session_.terms.number(1);
    switch (instruction.opcode) {
        case vm::Opcode::ISZERO: return choice(equality(invocation.value(instruction.operands.at(0)), zero), one, zero);
        case vm::Opcode::CALLER: return around.message.sender;
        case vm::Opcode::CALLVALUE: return around.message.value;
        case vm::Opcode::ORIGIN: return around.message.origin;
        case vm::Opcode::ADDRESS: return session_.self;
        case vm::Opcode::SELFBALANCE: return around.now.balance;
        case vm::Opcode::TIMESTAMP: return around.now.timestamp;
        case vm::Opcode::NUMBER: return around.now.block_number;
        default: break;
    }
    const auto operation = operation_of(instruction.opcode);
    if (!operation) return std::nullopt;
    std::vector<Operand> operands;
    for (const ir::Value value : instruction.operands) operands.push_back({invocation.value(value), ir::uint256_type});
    if (operation->swaps) std::swap(operands.at(0), operands.at(1));
    ir::Instruction same;
    same.op = operation->op;
    same.type = ir::uint256_type;
    same.range = instruction.range;
    const z3::expr result = operations.apply(same, operands);
    return result.is_bool() ? choice(result, one, zero) : result;
}

// An instruction of the machine. What it reads may be anything but a leaf that it surely means; it writes the leaves that it
// may mean. Memory is not followed.
z3::expr Interpreter::machine(const ir::Instruction& instruction, const Invocation& invocation, const Surroundings& around,
                              Operations& operations) {
    const vm::Regions written = ir::writes_of(instruction);
    const bool names_slot = SlotAccesses::names_slot(instruction);
    if (ir::can_end_call(instruction) || written.contains(vm::Region::Accounts))
        throw NotCovered{"assembly that ends the call", instruction.range};
    if (names_slot && written.empty()) {
        auto leaf = session_.layout.at_slot(instruction);
        const z3::expr& slot = invocation.value(instruction.operands.at(0));
        std::string number;
        if (!leaf && instruction.opcode == vm::Opcode::SLOAD && slot.is_numeral(number))
            leaf = session_.layout.at_slot(vm::parse_word(number).value());
        if (instruction.at_entry && around.before == nullptr) throw NotCovered{"old() outside a clause", instruction.range};
        if (leaf) return load(session_, instruction.at_entry ? *around.before : around.now, *leaf, {});
    } else if (names_slot) {
        if (const auto leaf = session_.layout.at_slot(instruction))
            store(session_, around.now, *leaf, {}, invocation.value(instruction.operands.at(1)));
        for (const LeafIndex leaf : session_.layout.others_written_by(instruction))
            around.now.cells[leaf] = unknown_cell(session_, leaf);
    } else if (const auto result = computed(instruction, invocation, around, operations)) {
        return *result;
    }
    return operations.any(instruction.type, "word");
}

// Bytes and strings are represented by names of their contents; only their lengths are known, as long as nobody writes there.
z3::expr Interpreter::content(const ir::Instruction& instruction, const Invocation& invocation, const Surroundings& around,
                              Operations& operations) {
    switch (instruction.op) {
        case Op::Literal: {
            const z3::expr name = operations.any(instruction.type, "literal");
            if (!session_.contents_stay) return name;
            around.conditions.define(session_.length(name) ==
                                     session_.context.int_val(static_cast<std::uint64_t>(instruction.data.size())));
            return name;
        }
        case Op::BytesLength: {
            if (!session_.contents_stay) return operations.any(ir::uint256_type, "length");
            const z3::expr length = session_.length(invocation.value(instruction.operands.at(0)));
            around.conditions.define(session_.terms.in_range(length, ir::uint256_type));
            return length;
        }
        case Op::BytesAt:
            if (session_.contents_stay)
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
        case ir::Group::Machine: return machine(instruction, invocation, around, operations);
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
