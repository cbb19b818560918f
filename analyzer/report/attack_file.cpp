#include "analyzer/report/attack_file.hpp"

#include <algorithm>

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/report/source_literal.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

// Returns a string literal. A path may contain any character that the file system allows.
std::string quoted(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string literal = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') literal += {'\\', c};
        else if (c >= ' ' && c < 0x7f) literal += c;
        else literal += {'\\', 'x', digits[static_cast<unsigned char>(c) >> 4], digits[static_cast<unsigned char>(c) & 15]};
    }
    return literal + "\"";
}

class Writer {
  public:
    explicit Writer(const Trace& trace) : trace_(trace), compilation_(*trace.script.compilation) {}

    std::string write(const std::string& victims) {
        std::string names;
        for (const lang::Artifact& artifact : compilation_.artifacts) names += (names.empty() ? "" : ", ") + artifact.name;
        text_ = trace_.script.attacker_source;
        const auto pragma = text_.find("pragma ");
        const auto behind = pragma == std::string::npos ? 0 : text_.find('\n', pragma) + 1;
        text_.insert(behind, "import {" + names + "} from " + quoted(victims) + ";\n");
        scenario();
        return std::move(text_);
    }

  private:
    void line(const std::string& text) { text_ += "    " + text + "\n"; }
    static std::string variable(const std::string& contract) { return "the" + contract; }

    void scenario() {
        text_ += "\nscenario attack {\n";
        for (const lang::Artifact& artifact : compilation_.artifacts)
            if (!artifact.ir->is_library) deploy(artifact);  // a scenario has the libraries from the start
        if (!trace_.transactions.empty()) line("let wealth = mallory.balance;");
        for (const TransactionRecord& record : trace_.transactions) step(record.transaction);
        if (!trace_.gain.is_zero())
            line("check mallory.balance + address(" + variable(trace_.attacker) + ").balance == wealth + " +
                 format_wei(trace_.gain) + ";");
        text_ += "}\n";
    }

    void deploy(const lang::Artifact& artifact) {
        const auto code = std::ranges::find(trace_.contracts, artifact.name, &DeployedCode::name);
        if (code == trace_.contracts.end()) return;
        const ir::Contract& contract = *artifact.ir;
        const bool has_arguments = contract.constructor != ir::Contract::none;
        std::string arguments;
        if (has_arguments) {
            const auto& parameters = contract.functions[contract.constructor].parameters;
            arguments =
                list(parameters, vm::ByteView(code->creation_data).subspan(artifact.creation_code.size())).value_or("");
        }
        line("deploy " + variable(artifact.name) + " = " + artifact.name + "(" + arguments + ");");
    }

    void step(const ScriptedTransaction& tx) {
        const std::string with = tx.value.is_zero() ? "" : "{value: " + format_wei(tx.value) + "}";
        if (tx.to.empty()) {
            std::string arguments;
            for (const std::string& victim : attacked())
                arguments += (arguments.empty() ? "I" : ", I") + victim + "(address(" + variable(victim) + "))";
            line("deploy " + variable(trace_.attacker) + " = " + trace_.attacker + with + "(" + arguments + ") by " +
                 tx.from + ";");
            return;
        }
        line(call(tx, with) + " by " + tx.from + ";");
    }

    // Returns the arguments of her constructor in the order of its parameters, which is the order of the contracts.
    std::vector<std::string> attacked() const {
        std::vector<std::string> names;
        for (const lang::Artifact& artifact : compilation_.artifacts)
            if (trace_.script.attacker_source.find("I" + artifact.name + " " + variable(artifact.name) + ";") !=
                std::string::npos)
                names.push_back(artifact.name);
        return names;
    }

    std::string call(const ScriptedTransaction& tx, const std::string& with) const {
        const lang::Artifact* artifact = compilation_.find(tx.to);
        const std::string target = variable(tx.to);
        if (!artifact) return target + "." + attack_of(tx) + with + "()";
        if (tx.data.size() >= 4) {
            const auto selector =
                static_cast<std::uint32_t>(vm::word_from_big_endian(vm::ByteView(tx.data).first(4)).low64());
            for (const ir::Function& function : artifact->ir->functions) {
                if (!function.is_entry || function.selector != selector) continue;
                if (const auto arguments = list(function.parameters, vm::ByteView(tx.data).subspan(4)))
                    return target + "." + function.name + with + "(" + *arguments + ")";
            }
        }
        const std::string data = tx.data.empty() ? "\"\"" : "hex\"" + vm::to_hex(tx.data).substr(2) + "\"";
        return "address(" + target + ").call" + with + "(" + data + ")";
    }

    static std::string attack_of(const ScriptedTransaction& tx) {
        for (std::size_t number = 1;; ++number) {
            const std::string name = number == 1 ? "attack" : "attack" + std::to_string(number);
            const std::uint32_t selector = abi::selector(name + "()");
            if (tx.data.size() < 4 || number > 64 ||
                vm::word_from_big_endian(vm::ByteView(tx.data).first(4)) == Word{selector})
                return name;
        }
    }

    // Returns std::nullopt if there are no literals of such types.
    std::optional<std::string> list(const std::vector<ir::NamedType>& types, vm::ByteView data) const {
        const auto is_function = [](const ir::NamedType& named) { return ir::abi_name(named) == "function"; };
        if (std::ranges::any_of(types, is_function)) return std::nullopt;
        const auto values = abi::decode(types, data);
        if (!values) return std::nullopt;
        std::string text;
        for (std::size_t i = 0; i < values->size(); ++i) text += (i ? ", " : "") + literal(types[i].type, (*values)[i]);
        return text;
    }

    std::string literal(const ir::Type& type, const abi::Value& value) const {
        return source_literal(type, value, [&](const Address& person) { return address(person); });
    }

    std::string address(const Address& address) const {
        for (const DeployedCode& code : trace_.contracts)
            if (code.address == address) return "address(" + variable(code.name) + ")";
        if (const std::string_view name = account_at(address); !name.empty()) return std::string(name);
        return "address(uint160(" + vm::to_hex(vm::to_word(address)) + "))";
    }

    const Trace& trace_;
    const lang::Compilation& compilation_;
    std::string text_;
};

}  // namespace

std::string attack_file(const Trace& trace, const std::string& victims) { return Writer(trace).write(victims); }

}  // namespace interlock::analyzer
