#include "analyzer/devnet/foundry/console.hpp"

#include <algorithm>
#include <unordered_map>

#include "analyzer/devnet/foundry/texts.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

using Types = std::vector<abi::DataType>;
constexpr std::size_t max_line_bytes = 64 << 10;

// --- console.log ---

// Every log(…) that the console libraries declare. The oldest ones hash `uint` and `int` as they are written.
class Signatures {
  public:
    Signatures() {
        add({});
        const std::vector<std::string> common{"uint256", "string", "bool", "address"};
        std::vector<std::vector<std::string>> lists{{}};
        for (int length = 1; length <= 4; ++length) {
            std::vector<std::vector<std::string>> longer;
            for (const auto& list : lists)
                for (const std::string& type : common) {
                    longer.push_back(list);
                    longer.back().push_back(type);
                }
            lists = std::move(longer);
            for (const auto& list : lists) add(list);
        }
        add({"bytes"});
        for (const std::string before : {"", "string"}) {
            std::vector<std::string> list;
            if (!before.empty()) list.push_back(before);
            list.push_back("int256");
            add(list);
        }
        for (int bytes = 1; bytes <= 32; ++bytes) add({"bytes" + std::to_string(bytes)});
    }

    [[nodiscard]] const Types* find(std::uint32_t selector) const {
        const auto found = types_.find(selector);
        return found == types_.end() ? nullptr : &found->second;
    }

  private:
    void add(const std::vector<std::string>& list) {
        std::string written = "log(", shortened = "log(";
        for (std::size_t i = 0; i < list.size(); ++i) {
            written += (i ? "," : "") + list[i];
            const bool is_number = list[i] == "uint256" || list[i] == "int256";
            shortened += (i ? "," : "") + (is_number ? list[i].substr(0, list[i].size() - 3) : list[i]);
        }
        const Types types = abi::parameter_types(written + ")").value();
        types_[abi::selector(written + ")")] = types;
        types_[abi::selector(shortened + ")")] = types;
    }

    std::unordered_map<std::uint32_t, Types> types_;
};

bool is_text(const abi::DataType& type) {
    return type.kind == abi::DataType::Kind::Bytes && type.value.kind == ir::TypeKind::String;
}

// Formats a value for the format character `letter`.
std::string placed(char letter, std::uint64_t decimals, const abi::DataType& type, const abi::Data& value) {
    if (type.kind != abi::DataType::Kind::Word || letter == 's' || letter == 'o') {
        const bool is_number = letter == 'd' || letter == 'i' || letter == 'e';
        return is_number ? "NaN" : plain_text(type, value);
    }
    const bool is_signed = type.value.is_signed();
    if (letter == 'x') return vm::to_hex(value.word());
    if (letter == 'e') return with_decimals(value.word(), is_signed, decimals);
    return is_signed ? signed_decimal(value.word()) : vm::to_decimal(value.word());
}

// Puts the values into a format such as "%s has %d". Values without a place are appended.
std::string formatted(const Types& types, const std::vector<abi::Data>& values) {
    std::string line;
    std::size_t next = 0;
    if (!types.empty() && is_text(types[0]) && types.size() > 1) {
        const std::string format = plain_text(types[0], values[0]);
        next = 1;
        for (std::size_t i = 0; i < format.size(); ++i) {
            std::size_t at = i + 1;
            std::uint64_t decimals = 0;
            if (format[i] == '%')
                for (; at < format.size() && format[at] >= '0' && format[at] <= '9' && decimals < 100; ++at)
                    decimals = 10 * decimals + static_cast<std::uint64_t>(format[at] - '0');
            const char letter = format[i] == '%' && at < format.size() ? format[at] : '\0';
            if (letter == '%') line += '%';
            else if (letter != '\0' && std::string_view("sdioxe").find(letter) != std::string_view::npos &&
                     next < values.size()) {
                line += placed(letter, decimals, types[next], values[next]);
                ++next;
            } else {
                line += format[i];
                continue;
            }
            i = at;
        }
    }
    for (; next < values.size(); ++next) line += (next ? " " : "") + plain_text(types[next], values[next]);
    return line;
}

void shorten(std::string& line) {
    if (line.size() <= max_line_bytes) return;
    line.resize(max_line_bytes);
    line += "…";
}

// --- events of old assertions ---

struct EventForm {
    bool has_name = false;
    bool has_decimals = false;
    Types types;
};

const std::unordered_map<vm::Word, EventForm>& event_forms() {
    static const auto forms = [] {
        std::unordered_map<vm::Word, EventForm> all;
        const auto add = [&](const std::string& signature, bool has_name, bool has_decimals) {
            const vm::Bytes bytes(signature.begin(), signature.end());
            all[vm::to_word(vm::keccak256(bytes))] = {has_name, has_decimals, abi::parameter_types(signature).value()};
        };
        add("log(string)", false, false);
        add("logs(bytes)", false, false);
        for (const std::string type : {"address", "bytes32", "int256", "uint256", "bytes", "string"}) {
            const std::string name = type.substr(0, type.find("256"));
            add("log_" + name + "(" + type + ")", false, false);
            add("log_named_" + name + "(string," + type + ")", true, false);
        }
        for (const std::string type : {"address[]", "int256[]", "uint256[]"}) {
            add("log_array(" + type + ")", false, false);
            add("log_named_array(string," + type + ")", true, false);
        }
        for (const std::string name : {"int", "uint"}) {
            add("log_named_decimal_" + name + "(string," + name + "256,uint256)", true, true);
        }
        return all;
    }();
    return forms;
}

}  // namespace

std::optional<std::string> console_line(vm::ByteView input) {
    static const Signatures signatures;
    if (input.size() < 4) return std::nullopt;
    const Types* const types = signatures.find(static_cast<std::uint32_t>(vm::word_from_big_endian(input.first(4)).low64()));
    if (types == nullptr) return std::nullopt;
    const auto values = abi::decode(*types, input.subspan(4));
    if (!values) return std::nullopt;
    std::string line = formatted(*types, *values);
    shorten(line);
    return line;
}

std::optional<std::string> event_line(const vm::Log& log) {
    if (log.topics.size() != 1) return std::nullopt;
    const auto found = event_forms().find(vm::to_word(log.topics.front()));
    if (found == event_forms().end()) return std::nullopt;
    const EventForm& form = found->second;
    const auto values = abi::decode(form.types, log.data);
    if (!values) return std::nullopt;
    const std::size_t subject = form.has_name ? 1 : 0;
    std::string line = form.has_name ? plain_text(form.types[0], (*values)[0]) + ": " : "";
    if (form.has_decimals && (*values)[2].word().fits_u64())
        line += with_decimals((*values)[1].word(), form.types[1].value.is_signed(), (*values)[2].word().low64());
    else line += plain_text(form.types[subject], (*values)[subject]);
    shorten(line);
    return line;
}

}  // namespace interlock::analyzer::foundry
