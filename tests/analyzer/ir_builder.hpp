// Contracts in IR built by hand, for tests that want exactly one shape: one function at a time, block after block.
#pragma once

#include <optional>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::testing {

namespace ir = lang::ir;
using ir::Op;
using ir::Value;

// uint256 is storage type 0, bool 1, mapping(address => uint256) 2.
inline ir::Contract empty_contract() {
    ir::Contract contract;
    contract.name = "Test";
    contract.storage_types.resize(3);
    contract.storage_types[0].value = ir::uint256_type;
    contract.storage_types[1].value = ir::bool_type;
    contract.storage_types[1].bytes = 1;
    contract.storage_types[2].kind = ir::StorageType::Kind::Mapping;
    contract.storage_types[2].key = ir::address_type;
    contract.storage_types[2].element = 0;
    return contract;
}

inline std::uint32_t add_variable(ir::Contract& contract, std::string name, ir::StorageTypeIndex type) {
    const auto index = static_cast<std::uint32_t>(contract.state.size());
    contract.state.push_back({std::move(name), type, ir::Word{index}, 0, false, false, {}});
    return index;
}

class FunctionBuilder {
  public:
    explicit FunctionBuilder(std::string name) {
        function_.name = std::move(name);
        function_.is_entry = true;
        function_.blocks.resize(1);
    }

    Value parameter(ir::Type type) {
        function_.parameters.push_back({"p", type});
        return block_parameter(0, type);
    }
    Value add(Op op, ir::Type type, ir::Values operands = {}, bool checked = false) {
        ir::Instruction& instruction = append(op, type, std::move(operands));
        instruction.checked = checked;
        return define(instruction);
    }
    Value constant(ir::Word word, ir::Type type = ir::uint256_type) {
        ir::Instruction& instruction = append(Op::Constant, type, {});
        instruction.word = word;
        return define(instruction);
    }
    Value load(std::uint32_t variable, ir::Type type, ir::Values keys = {}) {
        ir::Instruction& instruction = append(Op::Load, type, std::move(keys));
        instruction.place = place(variable, instruction.operands.size());
        return define(instruction);
    }
    void store(std::uint32_t variable, ir::Type type, ir::Values keys, Value value) {
        ir::Instruction& instruction = append(Op::Store, type, std::move(keys));
        instruction.place = place(variable, instruction.operands.size());
        instruction.operands.push_back(value);
    }
    Value sum(std::uint32_t variable) {
        ir::Instruction& instruction = append(Op::Sum, ir::integer_type, {});
        instruction.place.variable = variable;
        return define(instruction);
    }
    void guard(Value condition) { append(Op::Guard, ir::bool_type, {condition}); }
    void assume(Value condition) { append(Op::Assume, ir::bool_type, {condition}); }
    void check(Value condition) { append(Op::Check, ir::bool_type, {condition}); }

    // A low-level call with value; what follows is in a new block. The result is `ok`.
    Value call(Value target, Value value) {
        const auto next = static_cast<ir::BlockIndex>(function_.blocks.size());
        const Value data = add(Op::Literal, ir::bytes_type);
        ir::Terminator& terminator = function_.blocks.back().terminator;
        terminator.kind = ir::Terminator::Kind::External;
        terminator.call.kind = ir::ExternalCall::Kind::LowLevel;
        terminator.call.target = target;
        terminator.call.value = value;
        terminator.call.arguments = {data};
        terminator.call.next.block = next;
        function_.blocks.emplace_back();
        const Value ok = block_parameter(next, ir::bool_type);
        block_parameter(next, ir::bytes_type);
        return ok;
    }
    void finish(ir::Values values = {}) {
        function_.blocks.back().terminator.kind = ir::Terminator::Kind::Return;
        function_.blocks.back().terminator.values = std::move(values);
    }
    // A branch whose sides meet again at once.
    void diamond(Value condition) {
        const auto side = static_cast<ir::BlockIndex>(function_.blocks.size());
        ir::Terminator& terminator = function_.blocks.back().terminator;
        terminator.kind = ir::Terminator::Kind::Branch;
        terminator.condition = condition;
        terminator.then.block = side;
        terminator.otherwise.block = side + 1;
        function_.blocks.resize(side + 2);
        function_.blocks[side].terminator.kind = ir::Terminator::Kind::Jump;
        function_.blocks[side].terminator.then.block = side + 1;
    }

    // Ends in a jump back to the function's second block, which becomes a loop head.
    void loop_forever() {
        ir::Terminator& terminator = function_.blocks.back().terminator;
        terminator.kind = ir::Terminator::Kind::Jump;
        terminator.then.block = static_cast<ir::BlockIndex>(function_.blocks.size());
        function_.blocks.emplace_back().is_loop_head = true;
        function_.blocks.back().terminator = function_.blocks[function_.blocks.size() - 2].terminator;
    }

    ir::Function& function() { return function_; }

  private:
    static ir::Place place(std::uint32_t variable, std::size_t keys) {
        ir::Place place{variable, {}};
        for (std::uint32_t i = 0; i < keys; ++i) place.steps.push_back({ir::PlaceStep::Kind::Key, i});
        return place;
    }
    ir::Instruction& append(Op op, ir::Type type, ir::Values operands) {
        ir::Instruction& instruction = function_.blocks.back().instructions.emplace_back();
        instruction.op = op;
        instruction.type = type;
        instruction.operands = std::move(operands);
        return instruction;
    }
    Value define(ir::Instruction& instruction) { return instruction.result = Value{function_.values++}; }
    Value block_parameter(ir::BlockIndex block, ir::Type type) {
        const Value value{function_.values++};
        function_.blocks[block].parameters.push_back({value, type});
        return value;
    }

    ir::Function function_;
};

// sum(variable) <= address(this).balance, where `unless` is not set.
inline void add_solvency(ir::Contract& contract, std::string label, bool strong, std::uint32_t variable,
                         std::optional<std::uint32_t> unless = std::nullopt) {
    FunctionBuilder specification("invariant " + label);
    const Value owed = specification.sum(variable);
    const Value held =
        specification.add(Op::Convert, ir::integer_type, {specification.add(Op::SelfBalance, ir::uint256_type)});
    Value holds = specification.add(Op::LessEqual, ir::bool_type, {owed, held});
    if (unless) holds = specification.add(Op::Or, ir::bool_type, {specification.load(*unless, ir::bool_type), holds});
    specification.finish({holds});
    specification.function().kind = ir::FunctionKind::Specification;
    specification.function().is_entry = false;
    specification.function().returns = {{"", ir::bool_type}};
    contract.invariants.push_back({label, strong, static_cast<std::uint32_t>(contract.functions.size()), "", {}});
    contract.functions.push_back(specification.function());
}

}  // namespace interlock::analyzer::testing
