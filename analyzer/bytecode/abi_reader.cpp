#include "analyzer/bytecode/abi_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lang/abi/data.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

using Json = nlohmann::json;

constexpr int max_nesting = 64;                // of brackets
constexpr std::size_t max_entries = 4'096;     // functions, events and errors
constexpr std::size_t max_parameters = 1'024;  // of one of them
constexpr std::size_t max_name_bytes = 1'024;

struct NoAbi {
    std::string why;
};

bool is_name(std::string_view name) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; };
    return !name.empty() && name.size() <= max_name_bytes && is_letter(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

std::string text_in(const Json& object, const char* member, const std::string& where) {
    const auto found = object.find(member);
    if (found == object.end()) return {};
    if (!found->is_string()) throw NoAbi{where + ": `" + member + "` is no text"};
    return found->get<std::string>();
}

std::string name_in(const Json& object, const std::string& where) {
    const std::string name = text_in(object, "name", where);
    if (!name.empty() && !is_name(name)) throw NoAbi{where + ": its name is no name"};
    return name;
}

bool flag_in(const Json& object, const char* member) {
    const auto found = object.find(member);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::vector<ir::NamedType> types_in(const Json& object, const char* member, const std::string& where);

ir::NamedType type_of(const Json& parameter, const std::string& where) {
    if (!parameter.is_object()) throw NoAbi{where + ": a parameter is no object"};
    ir::NamedType named;
    named.name = name_in(parameter, where);
    const std::string type = text_in(parameter, "type", where);
    if (type == "function") {
        named.type = {ir::TypeKind::FixedBytes, 192};
        named.data = type;
        return named;
    }
    const bool is_struct = type.starts_with("tuple");
    if (is_struct) named.fields = types_in(parameter, "components", where);
    std::string written = type;
    if (is_struct) {
        std::string parts;
        for (const ir::NamedType& field : named.fields) parts += (parts.empty() ? "" : ",") + ir::abi_name(field);
        written.replace(0, std::string_view("tuple").size(), "(" + parts + ")");
    }
    const auto known = abi::data_type(written);
    if (!known) throw NoAbi{where + ": there is no type `" + type.substr(0, 64) + "`"};
    if (known->kind == abi::DataType::Kind::Word || known->kind == abi::DataType::Kind::Bytes) {
        named.type = known->value;
    } else {
        named.type = ir::data_type;
        named.data = type;
    }
    if (const std::string internal = text_in(parameter, "internalType", where);
        type == "address" && internal.starts_with("contract "))
        named.contract = internal.substr(std::string_view("contract ").size());
    return named;
}

std::vector<ir::NamedType> types_in(const Json& object, const char* member, const std::string& where) {
    std::vector<ir::NamedType> types;
    const auto found = object.find(member);
    if (found == object.end()) return types;
    if (!found->is_array()) throw NoAbi{where + ": `" + member + "` is no list"};
    if (found->size() > max_parameters) throw NoAbi{where + " has too many parameters"};
    for (const Json& each : *found) types.push_back(type_of(each, where));
    return types;
}

ir::Mutability mutability_of(const Json& entry, const std::string& where) {
    const std::string said = text_in(entry, "stateMutability", where);
    if (said == "payable") return ir::Mutability::Payable;
    if (said == "nonpayable") return ir::Mutability::NonPayable;
    if (said == "view") return ir::Mutability::View;
    if (said == "pure") return ir::Mutability::Pure;
    if (!said.empty()) throw NoAbi{where + ": there is no mutability `" + said.substr(0, 64) + "`"};
    if (flag_in(entry, "constant")) return ir::Mutability::View;
    return !entry.contains("payable") || flag_in(entry, "payable") ? ir::Mutability::Payable : ir::Mutability::NonPayable;
}

ir::Function function_of(const Json& entry, const std::string& type, const std::string& where) {
    ir::Function function;
    function.mutability = mutability_of(entry, where);
    function.parameters = types_in(entry, "inputs", where);
    function.returns = types_in(entry, "outputs", where);
    function.is_entry = type != "constructor";
    if (type == "function") {
        function.name = name_in(entry, where);
        if (function.name.empty()) throw NoAbi{where + " has no name"};
        function.selector = abi::selector(function.signature());
    } else {
        function.name = type;
        function.kind = type == "constructor" ? ir::FunctionKind::Constructor
                        : type == "receive"   ? ir::FunctionKind::Receive
                                              : ir::FunctionKind::Fallback;
        if (function.is_entry) function.parameters.clear(), function.returns.clear();
    }
    return function;
}

ir::Event event_of(const Json& entry, const std::string& where) {
    ir::Event event;
    event.name = name_in(entry, where);
    event.parameters = types_in(entry, "inputs", where);
    event.anonymous = flag_in(entry, "anonymous");
    if (!event.parameters.empty())
        for (const Json& each : entry["inputs"]) event.indexed.push_back(flag_in(each, "indexed"));
    return event;
}

void add(const Json& entry, const std::string& where, ir::Contract& contract) {
    if (!entry.is_object()) throw NoAbi{where + " is no object"};
    std::string type = text_in(entry, "type", where);
    if (type.empty()) type = "function";
    if (type == "event") {
        contract.events.push_back(event_of(entry, where));
    } else if (type == "error") {
        ir::Error error{name_in(entry, where), types_in(entry, "inputs", where), 0, true};
        ir::Function as_function;
        as_function.name = error.name;
        as_function.parameters = error.parameters;
        error.selector = abi::selector(as_function.signature());
        contract.errors.push_back(std::move(error));
    } else if (type == "function" || type == "constructor" || type == "receive" || type == "fallback") {
        contract.functions.push_back(function_of(entry, type, where));
        if (type == "constructor") contract.constructor = static_cast<std::uint32_t>(contract.functions.size() - 1);
    } else {
        throw NoAbi{where + ": there is no entry of type `" + type.substr(0, 64) + "`"};
    }
}

}  // namespace

std::variant<ir::Contract, std::string> read_abi(std::string_view text) {
    if (text.size() > max_abi_bytes) return "it is larger than " + std::to_string(max_abi_bytes) + " bytes";
    bool is_too_deep = false;
    const auto enter = [&](int depth, Json::parse_event_t, Json&) {
        is_too_deep |= depth > max_nesting;
        return !is_too_deep;
    };
    const Json json = Json::parse(text, enter, false);
    if (is_too_deep) return "it is nested more than " + std::to_string(max_nesting) + " deep";
    if (json.is_discarded()) return "it is not JSON";
    const Json* list = &json;
    if (json.is_object() && json.contains("abi")) list = &json["abi"];
    if (!list->is_array()) return "it is no list of functions";
    if (list->size() > max_entries) return "it has more than " + std::to_string(max_entries) + " entries";
    ir::Contract contract;
    try {
        for (std::size_t i = 0; i < list->size(); ++i) add((*list)[i], "entry " + std::to_string(i + 1), contract);
    } catch (const NoAbi& no_abi) {
        return no_abi.why;
    }
    return contract;
}

}  // namespace interlock::analyzer
