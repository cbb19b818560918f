// Builds IR by hand, for tests of what comes behind it: values are numbered as they are made, blocks as they are added.
#pragma once

#include <memory>

#include "lang/abi/abi.hpp"
#include "lang/ir/ir.hpp"

namespace interlock::lang::test {

class FunctionBuilder {
  public:
    FunctionBuilder(std::string name, std::vector<ir::Type> parameters, std::vector<ir::Type> returns) {
        function_.name = std::move(name);
        for (const ir::Type& type : parameters) function_.parameters.push_back({"", type});
        for (const ir::Type& type : returns) function_.returns.push_back({"", type});
        add_block(parameters);
    }

    FunctionBuilder& kind(ir::FunctionKind kind) {
        function_.kind = kind;
        return *this;
    }
    FunctionBuilder& mutability(ir::Mutability mutability) {
        function_.mutability = mutability;
        return *this;
    }
    FunctionBuilder& internal() {
        internal_ = true;
        return *this;
    }

    // --- blocks ---
    ir::BlockIndex add_block(const std::vector<ir::Type>& parameters = {}) {
        ir::Block block;
        for (const ir::Type& type : parameters) block.parameters.push_back({fresh(), type});
        function_.blocks.push_back(std::move(block));
        return static_cast<ir::BlockIndex>(function_.blocks.size() - 1);
    }
    void in(ir::BlockIndex block) { current_ = block; }
    [[nodiscard]] ir::Value parameter(std::size_t n, ir::BlockIndex block = 0) const {
        return function_.blocks[block].parameters[n].value;
    }

    // --- instructions ---
    ir::Value constant(const vm::Word& word, ir::Type type = ir::uint256_type) {
        ir::Instruction& i = add(ir::Op::Constant, type, {});
        i.word = word;
        return define(i);
    }
    ir::Value literal(std::string text, ir::Type type = ir::string_type) {
        ir::Instruction& i = add(ir::Op::Literal, type, {});
        i.data = std::move(text);
        return define(i);
    }
    ir::Value op(ir::Op op, ir::Type type, ir::Values operands = {}) { return define(add(op, type, std::move(operands))); }
    ir::Value checked(ir::Op op, ir::Type type, ir::Values operands) {
        ir::Instruction& i = add(op, type, std::move(operands));
        i.checked = true;
        return define(i);
    }
    ir::Value load(std::uint32_t variable, ir::Type type, ir::Values keys = {}, std::vector<ir::PlaceStep> steps = {}) {
        ir::Instruction& i = add(ir::Op::Load, type, std::move(keys));
        i.place = {variable, std::move(steps)};
        return define(i);
    }
    void store(std::uint32_t variable, ir::Type type, ir::Values keys_and_value, std::vector<ir::PlaceStep> steps = {}) {
        ir::Instruction& i = add(ir::Op::Store, type, std::move(keys_and_value));
        i.place = {variable, std::move(steps)};
    }
    ir::Instruction& add(ir::Op op, ir::Type type, ir::Values operands) {
        ir::Instruction i;
        i.op = op;
        i.type = type;
        i.operands = std::move(operands);
        return function_.blocks[current_].instructions.emplace_back(std::move(i));
    }
    void guard(ir::Value condition, ir::Failure failure, ir::Values arguments = {}) {
        arguments.insert(arguments.begin(), condition);
        add(ir::Op::Guard, {}, std::move(arguments)).failure = std::move(failure);
    }
    ir::Values call(std::uint32_t callee, ir::Values arguments, std::vector<ir::Type> results) {
        ir::Instruction& i = add(ir::Op::InternalCall, {}, std::move(arguments));
        i.callee = callee;
        const ir::Value call = define(i);
        ir::Values values;
        for (std::uint32_t n = 0; n < results.size(); ++n) {
            ir::Instruction& result = add(ir::Op::Result, results[n], {call});
            result.number = n;
            values.push_back(define(result));
        }
        return values;
    }

    // --- terminators ---
    void jump(ir::BlockIndex block, ir::Values arguments = {}) {
        terminator(ir::Terminator::Kind::Jump).then = {block, std::move(arguments)};
    }
    void branch(ir::Value condition, ir::Jump then, ir::Jump otherwise) {
        ir::Terminator& t = terminator(ir::Terminator::Kind::Branch);
        t.condition = condition;
        t.then = std::move(then);
        t.otherwise = std::move(otherwise);
    }
    void give(ir::Values values = {}) { terminator(ir::Terminator::Kind::Return).values = std::move(values); }
    void external(ir::ExternalCall call) { terminator(ir::Terminator::Kind::External).call = std::move(call); }
    ir::Terminator& terminator(ir::Terminator::Kind kind) {
        ir::Terminator& t = function_.blocks[current_].terminator;
        t.kind = kind;
        return t;
    }

    [[nodiscard]] ir::Function build() {
        function_.is_entry = !internal_ && function_.kind != ir::FunctionKind::Constructor;
        function_.values = values_;
        function_.selector = abi::selector(function_.signature());
        return std::move(function_);
    }

  private:
    ir::Value fresh() { return {values_++}; }
    ir::Value define(ir::Instruction& i) { return i.result = fresh(); }

    ir::Function function_;
    ir::BlockIndex current_ = 0;
    std::uint32_t values_ = 0;
    bool internal_ = false;
};

// A contract with the functions and, as variable n, a value or a mapping of the types given.
class ContractBuilder {
  public:
    ContractBuilder() { contract_.name = "Test"; }
    std::uint32_t add(ir::Function function) {
        contract_.functions.push_back(std::move(function));
        return static_cast<std::uint32_t>(contract_.functions.size() - 1);
    }
    ir::StorageTypeIndex value_type(ir::Type type) {
        ir::StorageType storage;
        storage.kind = type.is_reference() ? ir::StorageType::Kind::Bytes : ir::StorageType::Kind::Value;
        storage.value = type;
        storage.bytes = static_cast<std::uint8_t>(type.is_reference() ? 32 : type.bits / 8);
        return add_type(storage);
    }
    ir::StorageTypeIndex mapping(ir::Type key, ir::StorageTypeIndex element) {
        ir::StorageType storage;
        storage.kind = ir::StorageType::Kind::Mapping;
        storage.key = key;
        storage.element = element;
        return add_type(storage);
    }
    ir::StorageTypeIndex add_type(ir::StorageType type) {
        contract_.storage_types.push_back(std::move(type));
        return static_cast<ir::StorageTypeIndex>(contract_.storage_types.size() - 1);
    }
    std::uint32_t variable(ir::StorageTypeIndex type, vm::Word slot, std::uint8_t offset = 0) {
        ir::StateVariable variable;
        variable.type = type;
        variable.slot = slot;
        variable.offset = offset;
        contract_.state.push_back(variable);
        return static_cast<std::uint32_t>(contract_.state.size() - 1);
    }
    ir::Contract& contract() { return contract_; }
    [[nodiscard]] std::shared_ptr<const ir::Contract> build() const { return std::make_shared<ir::Contract>(contract_); }

  private:
    ir::Contract contract_;
};

}  // namespace interlock::lang::test
