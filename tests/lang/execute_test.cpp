// Programs with their expected behaviour beside them: each fixture is compiled, its last contract deployed, and the calls
// in its comments are made one after the other.
//
//     // constructor(uint256), 5: 7 ->           deploys with an argument and 5 wei; without such a line: with neither
//     // f(uint256,string): 5, "text" -> 10      a call from alice; values as on the command line
//     // f(uint256), 1 ether: 5 -> revert        with ether; failures: revert, revert "text", revert Name(…), Panic(0x11)
//     // f(uint8) raw 0x100 ->                   the words of the call data as they are; `()` stands for no selector
//     // f(uint256[]) raw 32 1 7 -> words 7     the words of the answer, as they are; so also for what has arrays and structs
//     // ~ emit Moved(address,uint256): 0x…, 5   the last call's next event, indexed parameters included
//     // ~ emit Listed(uint256[]): words 0x… / 32 0   its topics, and behind the slash the words of its data
#include <gtest/gtest.h>

#include <sstream>

#include "deployed.hpp"
#include "fixtures.hpp"

namespace interlock::lang::test {
namespace {

std::string_view trim(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// Splits at `separator` outside of quotes and parentheses.
std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    bool quoted = false;
    int depth = 0;
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
        if (quoted) continue;
        depth += (text[i] == '(') - (text[i] == ')');
        if (text[i] != separator || depth > 0) continue;
        parts.push_back(trim(text.substr(start, i - start)));
        start = i + 1;
    }
    if (!trim(text.substr(start)).empty()) parts.push_back(trim(text.substr(start)));
    return parts;
}

ir::Type type_named(std::string_view name) {
    const auto bits = [&](std::size_t prefix) {
        return static_cast<std::uint16_t>(std::stoul("0" + std::string(name.substr(prefix))));
    };
    if (name == "bool") return ir::bool_type;
    if (name == "address") return ir::address_type;
    if (name == "string") return ir::string_type;
    if (name == "bytes") return ir::bytes_type;
    if (name.starts_with("bytes")) return {ir::TypeKind::FixedBytes, static_cast<std::uint16_t>(8 * bits(5))};
    if (name.starts_with("uint")) return {ir::TypeKind::Uint, bits(4)};
    if (name.starts_with("int")) return {ir::TypeKind::Int, bits(3)};
    throw std::runtime_error("unknown type " + std::string(name));
}

std::vector<ir::NamedType> types_of(std::string_view signature) {
    const std::size_t open = signature.find('(');
    std::vector<ir::NamedType> types;
    for (const std::string_view name : split(signature.substr(open + 1, signature.rfind(')') - open - 1), ','))
        types.push_back({"", type_named(name)});
    return types;
}

std::string formatted(const std::vector<ir::NamedType>& types, const std::vector<abi::Value>& values) {
    std::string text;
    for (std::size_t i = 0; i < types.size(); ++i) text += (i > 0 ? ", " : "") + abi::format_value(types[i].type, values[i]);
    return text;
}

// One line of expectation.
struct Expectation {
    std::size_t line = 0;
    bool is_event = false;
    std::string signature;
    vm::Word value;
    vm::Bytes arguments;
    std::string expected;
};

// Where the parenthesis is closed that a signature opens first.
std::size_t end_of_signature(std::string_view text) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        depth += (text[i] == '(') - (text[i] == ')');
        if (text[i] == ')' && depth == 0) return i;
    }
    throw std::runtime_error("no signature: " + std::string(text));
}

// "words 32 0x…", with small ones in decimal; a last word that is cut short is filled with zeros.
std::string words_of(vm::ByteView bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 32) {
        vm::Bytes padded(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                         bytes.begin() + static_cast<std::ptrdiff_t>(std::min(i + 32, bytes.size())));
        padded.resize(32);
        const vm::Word word = vm::word_from_big_endian(padded);
        text += " " + (word.fits_u64() ? vm::to_decimal(word) : vm::to_hex(word));
    }
    return text;
}

Expectation read_expectation(std::string_view text, std::size_t line) {
    Expectation e;
    e.line = line;
    if (text.starts_with("~ emit ")) {
        e.is_event = true;
        text.remove_prefix(7);
        const std::size_t colon = text.find("):");
        e.signature = text.substr(0, colon + 1);
        e.expected = trim(text.substr(colon + 2));
        return e;
    }
    std::size_t arrow = text.rfind("->");
    e.expected = trim(text.substr(arrow + 2));
    text = trim(text.substr(0, arrow));
    const std::size_t close = end_of_signature(text);
    e.signature = text.substr(0, close + 1);
    text = trim(text.substr(close + 1));
    if (text.starts_with(',')) {
        const std::size_t colon = text.find(':');
        const std::string_view amount = trim(text.substr(1, colon == std::string_view::npos ? colon : colon - 1));
        e.value = std::get<vm::Word>(abi::parse_value(ir::uint256_type, amount).value.value());
        text = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
    }
    std::vector<abi::Value> values;
    if (text.starts_with("raw ")) {
        for (const std::string_view word : split(text.substr(4), ' ')) {
            const auto bytes = vm::to_big_endian(vm::parse_word(word).value());
            e.arguments.insert(e.arguments.end(), bytes.begin(), bytes.end());
        }
    } else if (text.starts_with(':')) {
        const std::vector<ir::NamedType> types = types_of(e.signature);
        const std::vector<std::string_view> arguments = split(text.substr(1), ',');
        if (arguments.size() != types.size())
            throw std::runtime_error("wrong number of arguments in line " + std::to_string(line));
        for (std::size_t i = 0; i < types.size(); ++i) {
            abi::Parsed parsed = abi::parse_value(types[i].type, arguments[i]);
            if (!parsed.value) throw std::runtime_error(parsed.error + " in line " + std::to_string(line));
            values.push_back(std::move(*parsed.value));
        }
        e.arguments = abi::encode(types, values);
    }
    return e;
}

std::vector<Expectation> read_expectations(const std::string& source) {
    std::vector<Expectation> expectations;
    std::istringstream lines(source);
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number)
        if (line.starts_with("// ") && (line.find(" ->") != std::string::npos || line.starts_with("// ~ ")))
            expectations.push_back(read_expectation(std::string_view(line).substr(3), number));
    return expectations;
}

// Makes the calls of one fixture and says what happened, in the words of its comments.
class Playback {
  public:
    Playback(const Compilation& compilation, const Expectation* constructor)
        : contract_(*compilation.main()->ir),
          deployed_(*compilation.main(), constructor ? constructor->arguments : vm::Bytes{},
                    constructor ? constructor->value : vm::Word{}, &compilation) {}

    std::string creation() { return deployed_.creation().ok() ? "" : failure(deployed_.creation()); }

    std::string observe(const Expectation& e) {
        if (e.is_event) return next_event(e);
        events_seen_ = deployed_.host().state.logs.size();
        const vm::Outcome outcome =
            e.signature == "()" ? deployed_.call(e.arguments, e.value) : deployed_.call(e.signature, e.arguments, e.value);
        if (outcome.ok() && e.expected.starts_with("words")) return "words" + words_of(outcome.output);
        return outcome.ok() ? results(e.signature, outcome.output) : failure(outcome);
    }

  private:
    std::string results(const std::string& signature, const vm::Bytes& output) {
        for (const ir::Function& function : contract_.functions) {
            if (!function.is_entry || function.signature() != signature) continue;
            const auto values = abi::decode(function.returns, output);
            return values ? formatted(function.returns, *values) : "undecodable " + vm::to_hex(vm::ByteView(output));
        }
        return output.empty() ? "" : vm::to_hex(vm::ByteView(output));
    }

    std::string failure(const vm::Outcome& outcome) {
        const vm::ByteView data = outcome.output;
        for (const ir::Error& error : contract_.errors) {
            if (data.size() < 4 || vm::word_from_big_endian(data.first(4)) != vm::Word(error.selector)) continue;
            if (const auto values = abi::decode(error.parameters, data.subspan(4)))
                return "revert " + error.name + "(" + formatted(error.parameters, *values) + ")";
        }
        return Deployed::describe(outcome);
    }

    std::string next_event(const Expectation& e) {
        const std::vector<vm::Log>& logs = deployed_.host().state.logs;
        if (events_seen_ >= logs.size()) return "no event";
        const vm::Log& log = logs[events_seen_++];
        if (e.expected.starts_with("words")) {
            std::string text = "words";
            for (const vm::Hash& topic : log.topics) text += words_of(topic.bytes);
            return text + " /" + words_of(log.data);
        }
        for (const ir::Event& event : contract_.events) {
            std::string signature = event.name + "(";
            for (std::size_t i = 0; i < event.parameters.size(); ++i)
                signature += (i > 0 ? "," : "") + ir::abi_name(event.parameters[i]);
            if (signature + ")" == e.signature) return event_values(event, log, signature + ")");
        }
        return "unknown event";
    }

    static std::string event_values(const ir::Event& event, const vm::Log& log, const std::string& signature) {
        std::size_t topic = 0;
        if (!event.anonymous) {
            const vm::ByteView text{reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()};
            if (log.topics.empty() || log.topics[topic++] != vm::keccak256(text)) return "another event";
        }
        std::vector<ir::NamedType> plain;
        for (std::size_t i = 0; i < event.parameters.size(); ++i)
            if (!event.indexed[i]) plain.push_back(event.parameters[i]);
        const auto data = abi::decode(plain, log.data);
        if (!data) return "undecodable data";
        std::vector<ir::NamedType> types = event.parameters;
        std::vector<abi::Value> values;
        std::size_t next = 0;
        for (std::size_t i = 0; i < types.size(); ++i) {
            if (!event.indexed[i]) {
                values.push_back((*data)[next++]);
                continue;
            }
            if (types[i].type.is_reference()) types[i].type = {ir::TypeKind::FixedBytes, 256};
            values.push_back(vm::to_word(log.topics.at(topic++)));
        }
        return topic == log.topics.size() ? formatted(types, values) : "another number of topics";
    }

    const ir::Contract& contract_;
    Deployed deployed_;
    std::size_t events_seen_ = 0;
};

class Execute : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Execute, does_what_its_comments_say) {
    const std::string name = GetParam().filename();
    const std::string source = read_file(GetParam());
    const Compilation compilation = compile(name, source);
    ASSERT_TRUE(compilation.ok()) << render(compilation.diagnostics, *compilation.sources, false);
    std::vector<Expectation> expectations = read_expectations(source);
    ASSERT_FALSE(expectations.empty());

    std::optional<Expectation> constructor;
    if (expectations.front().signature.starts_with("constructor(")) {
        constructor = expectations.front();
        expectations.erase(expectations.begin());
    }
    Playback playback(compilation, constructor ? &*constructor : nullptr);
    ASSERT_EQ(playback.creation(), constructor ? constructor->expected : "");
    for (const Expectation& e : expectations)
        EXPECT_EQ(playback.observe(e), e.expected) << name << ":" << e.line << ": " << e.signature;
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Execute, testing::ValuesIn(fixtures("run")),
                         [](const auto& info) { return info.param.stem().string(); });

}  // namespace
}  // namespace interlock::lang::test
