// Environment variables and the real time. Variables that the test has set come before the program's own.
#include <chrono>
#include <cstdlib>

#include "analyzer/devnet/foundry/table.hpp"

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;

std::optional<std::string> variable(const Call& call, const std::string& name) {
    const auto& set = call.arrangement().environment;
    if (const auto found = set.find(name); found != set.end()) return found->second;
    if (const char* const value = std::getenv(name.c_str())) return value;
    return std::nullopt;
}

namespace {

constexpr std::array<const char*, 7> types{"bool", "uint256", "int256", "address", "bytes32", "string", "bytes"};

std::optional<abi::Data> parsed(const abi::DataType& type, std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    abi::Parsed made = abi::parse_value(type.value, text);
    if (!made.value) return std::nullopt;
    if (const auto* word = std::get_if<vm::Word>(&*made.value)) return abi::Data(*word);
    return abi::Data(std::get<vm::Bytes>(*made.value));
}

// Reads one value, or a list if there is a delimiter.
std::optional<abi::Data> read(const abi::DataType& type, const std::string& text, const std::optional<std::string>& by) {
    if (!by) return parsed(type, text);
    std::vector<abi::Data> values;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t next = by->empty() ? text.size() : std::min(text.find(*by, at), text.size());
        const std::optional<abi::Data> value = parsed(type, std::string_view(text).substr(at, next - at));
        if (!value) return std::nullopt;
        values.push_back(*value);
        at = next + std::max<std::size_t>(1, by->size());
    }
    return abi::Data(std::move(values));
}

// For envUint(string) and others: the part between "env" and the parenthesis names the type.
template <std::size_t type_index>
vm::Reply get(const Call& call) {
    const std::optional<std::string> value = variable(call, call.text(0));
    if (!value) return call.refuse("environment variable \"" + call.text(0) + "\" not found");
    const bool is_list = call.count() == 2;
    const std::string type = types[type_index];
    const auto made = read(abi::data_type(type).value(), *value, is_list ? std::optional(call.text(1)) : std::nullopt);
    if (!made) return call.refuse("environment variable \"" + call.text(0) + "\" is no " + type);
    return gives("(" + type + (is_list ? "[])" : ")"), {*made});
}

template <std::size_t type_index>
vm::Reply get_or(const Call& call) {
    const bool is_list = call.count() == 3;
    const std::string type = types[type_index];
    const std::string types_given = "(" + type + (is_list ? "[])" : ")");
    const std::optional<std::string> value = variable(call, call.text(0));
    if (!value) return gives(types_given, {call.arguments.back()});
    const auto made = read(abi::data_type(type).value(), *value, is_list ? std::optional(call.text(1)) : std::nullopt);
    if (!made) return call.refuse("environment variable \"" + call.text(0) + "\" is no " + type);
    return gives(types_given, {*made});
}

vm::Reply set(const Call& call) {
    call.arrangement().environment[call.text(0)] = call.text(1);
    return nothing();
}

vm::Reply exists(const Call& call) { return gives(vm::Word(variable(call, call.text(0)).has_value())); }

vm::Reply unix_time(const Call&) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return gives(vm::Word(static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count())));
}

template <std::size_t type_index>
void add(Cheatcodes& all, const std::string& name) {
    const std::string type = types[type_index];
    all.push_back({"env" + name + "(string)", get<type_index>});
    all.push_back({"env" + name + "(string,string)", get<type_index>});
    all.push_back({"envOr(string," + type + ")", get_or<type_index>});
    all.push_back({"envOr(string,string," + type + "[])", get_or<type_index>});
}

}  // namespace

Cheatcodes environment_cheatcodes() {
    Cheatcodes all{{"setEnv(string,string)", set},
                   {"envExists(string)", exists},
                   {"unixTime()", unix_time},
                   {"sleep(uint256)", accept}};
    add<0>(all, "Bool");
    add<1>(all, "Uint");
    add<2>(all, "Int");
    add<3>(all, "Address");
    add<4>(all, "Bytes32");
    add<5>(all, "String");
    add<6>(all, "Bytes");
    return all;
}

}  // namespace interlock::analyzer::foundry
