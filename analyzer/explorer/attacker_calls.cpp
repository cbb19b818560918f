#include "analyzer/explorer/attacker_calls.hpp"

#include <algorithm>
#include <set>

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/devnet/colluder.hpp"
#include "analyzer/explorer/attacker.hpp"
#include "analyzer/report/source_literal.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

bool is_function(const ir::NamedType& named) { return ir::abi_name(named) == "function"; }
bool is_raw(const ir::NamedType& named) { return named.type.kind == ir::TypeKind::Data; }

// Returns whether a call of the function can be written with its name and its arguments.
bool is_nameable(const ir::Function& function) {
    return function.kind == ir::FunctionKind::Ordinary && has_name(function) &&
           std::ranges::none_of(function.parameters, is_raw);
}

std::string with_value(const Call& call) { return call.value.is_zero() ? "" : "{value: " + format_wei(call.value) + "}"; }

}  // namespace

bool AttackerCalls::have_literals(const std::vector<ir::NamedType>& types) {
    return std::ranges::none_of(types, [](const ir::NamedType& type) { return is_raw(type) || is_function(type); });
}

std::string AttackerCalls::hex(vm::ByteView data) {
    return data.empty() ? "\"\"" : "hex\"" + vm::to_hex(data).substr(2) + "\"";
}

std::string AttackerCalls::bytes4(std::uint32_t value) {
    const auto bytes = vm::to_big_endian(Word{value});
    return vm::to_hex(vm::ByteView(bytes).last(4));
}

std::string AttackerCalls::declared(const ir::NamedType& parameter) {
    const std::string type = is_function(parameter) ? "function() external" : ir::abi_name(parameter.type);
    return type + (parameter.type.is_reference() ? " calldata" : "") + (parameter.name.empty() ? "" : " " + parameter.name);
}

bool AttackerCalls::is_known(DeployedIndex contract) const { return std::ranges::count(known_, contract) != 0; }

std::string AttackerCalls::interface(DeployedIndex index, const std::vector<Call>& calls) const {
    std::set<std::uint32_t> used;
    for (const Call& call : calls) {
        if (call.contract == index) used.insert(call.function);
        if (const auto carried = carried_call(world_, call); carried && carried->contract == index)
            used.insert(carried->function);
    }
    const ir::Contract& contract = world_.contract(index).ir();
    std::string text = "interface " + type(index) + " {\n";
    for (const std::uint32_t number : used) {
        const ir::Function& function = contract.functions[number];
        if (!is_nameable(function)) continue;
        std::string parameters;
        for (ir::NamedType parameter : function.parameters) {
            if (contract.is_opaque) parameter.name.clear();
            parameters += (parameters.empty() ? "" : ", ") + declared(parameter);
        }
        text += "    function " + function.name + "(" + parameters + ") external" +
                (function.mutability == ir::Mutability::Payable ? " payable;\n" : ";\n");
    }
    return text + "}\n";
}

std::string AttackerCalls::statements(const std::vector<Call>& calls, const std::string& indent) {
    std::string text;
    for (const Call& call : calls) text += statement(call, indent);
    return text;
}

std::string AttackerCalls::statement(const Call& call, const std::string& indent) {
    const ir::Function& function = world_.function_of(call);
    const std::string target = indent + variable(call.contract) + "." + function.name + with_value(call);
    if (const auto carried = carried_call(world_, call); carried && is_known(carried->contract))
        return target + "(address(" + variable(carried->contract) + "), " + data_of(*carried) + ");\n";
    if (is_nameable(function) && have_literals(function.parameters)) return target + "(" + arguments_of(call) + ");\n";
    const bool is_plain = function.kind != ir::FunctionKind::Ordinary || std::ranges::none_of(function.parameters, is_raw);
    const std::string note = is_plain ? "" : indent + "// " + variable(call.contract) + "." + world_.text_of(call) + "\n";
    return note + raw_call(call, data_of(call), indent);
}

std::string AttackerCalls::raw_call(const Call& call, const std::string& data, const std::string& indent) const {
    return indent + "{\n" + indent + "    (bool ok, ) = address(" + variable(call.contract) + ").call" + with_value(call) +
           "(" + data + ");\n" + indent + "    require(ok);\n" + indent + "}\n";
}

std::string AttackerCalls::data_of(const Call& call) {
    const ir::Function& function = world_.function_of(call);
    if (function.kind != ir::FunctionKind::Ordinary || std::ranges::any_of(function.parameters, is_raw))
        return hex(world_.call_data(call));
    const std::string arguments = arguments_of(call);
    const std::string target = type(call.contract) + "." + function.name;
    if (has_name(function) && have_literals(function.parameters))
        return "abi.encodeCall(" + target + ", (" + arguments + "))";
    // Function values have no literal; encoded they are bytes24.
    const std::string selector = has_name(function) ? variable(call.contract) + "." + function.name + ".selector"
                                                    : "bytes4(" + bytes4(function.selector) + ")";
    return "abi.encodeWithSelector(" + selector + (arguments.empty() ? "" : ", " + arguments) + ")";
}

std::string AttackerCalls::arguments_of(const Call& call) {
    const ir::Function& function = world_.function_of(call);
    std::string arguments;
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
        arguments += (i ? ", " : "") + literal(function.parameters[i].type, call.arguments[i]);
    return arguments;
}

std::string AttackerCalls::literal(const ir::Type& type, const lang::abi::Data& value) {
    const auto name_of = [&](const Address& person) { return address(person); };
    if (const auto* word = std::get_if<Word>(&value.content)) return source_literal(type, *word, name_of);
    return source_literal(type, value.bytes(), name_of);
}

std::string AttackerCalls::address(const Address& address) {
    if (address == world_.attacker().address) return "address(this)";
    for (const DeployedIndex each : known_)
        if (world_.contract(each).address == address) return "address(" + variable(each) + ")";
    for (const Account& person : world_.senders())
        if (person.address == address) {
            people_.emplace(person.name, address);
            return person.name;
        }
    return "address(uint160(" + vm::to_decimal(vm::to_word(address)) + "))";
}

}  // namespace interlock::analyzer
