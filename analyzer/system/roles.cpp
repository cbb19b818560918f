#include "analyzer/system/roles.hpp"

#include <algorithm>
#include <set>

#include "lang/ir/effects.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

constexpr int most_calls_deep = 4;  // internal calls through which a value is followed

// Returns the name of the interface whose functions are called on one of the values, or an empty text.
std::string interface_called_on(const ir::Contract& contract, const ir::Function& function, std::set<std::uint32_t> values,
                                int depth = 0) {
    const auto is_one = [&](ir::Value value) { return value && values.contains(value.index); };
    const auto pass = [&](const ir::Jump& jump, std::size_t first) {
        bool is_new = false;
        const auto& parameters = function.blocks[jump.block].parameters;
        for (std::size_t i = 0; i < jump.arguments.size() && i + first < parameters.size(); ++i)
            if (is_one(jump.arguments[i])) is_new |= values.insert(parameters[i + first].value.index).second;
        return is_new;
    };
    for (bool grows = true; grows;) {
        grows = false;
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& each : block.instructions)
                if (each.op == ir::Op::Reinterpret && is_one(each.operands[0]))
                    grows |= values.insert(each.result.index).second;
            const ir::Terminator& end = block.terminator;
            if (end.kind == ir::Terminator::Kind::Jump || end.kind == ir::Terminator::Kind::Branch)
                grows |= pass(end.then, 0);
            if (end.kind == ir::Terminator::Kind::Branch) grows |= pass(end.otherwise, 0);
            if (end.kind == ir::Terminator::Kind::External) grows |= pass(end.call.next, 0);
        }
    }
    for (const ir::Block& block : function.blocks) {
        const ir::Terminator& end = block.terminator;
        if (end.kind == ir::Terminator::Kind::External) {
            const ir::Method* method = ir::method_of(contract, end.call);
            if (method && is_one(end.call.kind == ir::ExternalCall::Kind::Raw ? end.call.arguments[1] : end.call.target))
                return method->contract;
        }
        if (depth == most_calls_deep) continue;
        for (const ir::Instruction& instruction : block.instructions) {
            if (instruction.op != ir::Op::InternalCall) continue;
            const ir::Function& callee = contract.functions[instruction.callee];
            if (callee.blocks.empty()) continue;
            std::set<std::uint32_t> passed;
            for (std::size_t i = 0; i < instruction.operands.size() && i < callee.blocks.front().parameters.size(); ++i)
                if (is_one(instruction.operands[i])) passed.insert(callee.blocks.front().parameters[i].value.index);
            if (passed.empty()) continue;
            if (std::string name = interface_called_on(contract, callee, std::move(passed), depth + 1); !name.empty())
                return name;
        }
    }
    return {};
}

// Returns the name of the interface of the first function that is called in the function or those that it calls.
std::string interface_called_in(const ir::Contract& contract, const ir::Function& function, int depth = 0) {
    for (const ir::Block& block : function.blocks)
        if (block.terminator.kind == ir::Terminator::Kind::External)
            if (const ir::Method* method = ir::method_of(contract, block.terminator.call); method) return method->contract;
    if (depth == most_calls_deep) return {};
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& instruction : block.instructions)
            if (instruction.op == ir::Op::InternalCall)
                if (std::string name = interface_called_in(contract, contract.functions[instruction.callee], depth + 1);
                    !name.empty())
                    return name;
    return {};
}

bool offers(const ir::Contract& contract, std::uint32_t selector) {
    return std::ranges::any_of(contract.functions, [&](const auto& f) { return f.is_entry && f.selector == selector; });
}

}  // namespace

const ir::Contract* interface_named(const lang::Compilation& compilation, std::string_view name) {
    if (name.starts_with("contract ")) name.remove_prefix(std::string_view("contract ").size());
    for (const auto& each : compilation.codeless)
        if (each->name == name && !each->is_library) return each.get();
    for (const lang::Artifact& artifact : compilation.artifacts)
        if (artifact.name == name && !artifact.ir->is_library) return artifact.ir.get();
    return nullptr;
}

bool fits(const ir::Contract& contract, const ir::Contract& role) {
    if (&contract == &role || contract.identity == role.identity) return true;
    if (contract.is_library) return false;
    bool any = false;
    if (role.is_interface) {
        for (const ir::Method& method : role.methods) {
            if (!offers(contract, method.selector)) return false;
            any = true;
        }
        return any;
    }
    for (const ir::Function& function : role.functions) {
        if (!function.is_entry || function.kind == ir::FunctionKind::Receive || function.kind == ir::FunctionKind::Fallback)
            continue;
        if (!offers(contract, function.selector)) return false;
        any = true;
    }
    return any;
}

const ir::Contract* role_of_parameter(const lang::Compilation& compilation, const ir::Contract& contract,
                                      const ir::Function& function, std::size_t parameter) {
    const ir::NamedType& type = function.parameters[parameter];
    if (!type.contract.empty()) return interface_named(compilation, type.contract);
    if (ir::abi_name(type) == "address[]") return interface_named(compilation, interface_called_in(contract, function));
    if (type.type.kind != ir::TypeKind::Address || function.is_raw || function.blocks.empty()) return nullptr;
    const auto& parameters = function.blocks.front().parameters;
    if (parameters.size() != function.parameters.size()) return nullptr;
    return interface_named(compilation, interface_called_on(contract, function, {parameters[parameter].value.index}));
}

const ir::Contract* role_of_variable(const lang::Compilation& compilation, const ir::Contract& contract,
                                     std::uint32_t variable) {
    const std::string& declared = contract.storage_types[contract.state[variable].type].name;
    if (declared.starts_with("contract ")) return interface_named(compilation, declared);
    if (!declared.starts_with("address")) return nullptr;
    for (const ir::Function& function : contract.functions) {
        std::set<std::uint32_t> loaded;
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& instruction : block.instructions)
                if ((instruction.op == ir::Op::Load || instruction.op == ir::Op::LoadImmutable) &&
                    instruction.place.variable == variable && instruction.place.steps.empty())
                    loaded.insert(instruction.result.index);
        if (loaded.empty()) continue;
        if (const std::string name = interface_called_on(contract, function, std::move(loaded)); !name.empty())
            return interface_named(compilation, name);
    }
    return nullptr;
}

}  // namespace interlock::analyzer
