#include "analyzer/report/attack_file.hpp"

#include <algorithm>
#include <set>

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/devnet/colluder.hpp"
#include "analyzer/explorer/attacker.hpp"
#include "analyzer/report/source_literal.hpp"
#include "analyzer/system/environment.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

constexpr std::size_t most_code_of_helper = 0x6000;  // EIP-170

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
        const bool has_source = compilation_.bytecodes.empty();
        text_ = trace_.script.attacker_source;
        const auto pragma = text_.find("pragma ");
        const auto behind = pragma == std::string::npos ? 0 : text_.find('\n', pragma) + 1;
        if (has_source) text_.insert(behind, "import {" + names + "} from " + quoted(victims) + ";\n");
        const std::size_t before = text_.size();
        scenario();
        if (!can_be_written_) {  // some arguments have no literals
            text_.resize(before);
            text_ += "\n// `interlock replay` repeats the attack; a scenario has no words for some of its steps.\n";
            return std::move(text_);
        }
        std::string interfaces;
        for (const std::string& name : interfaces_) {
            const std::string other = name_here(name), renamed = other == name ? "" : " as " + other;
            interfaces += "import {" + name + renamed + "} from " + quoted(victims) + ";\n";
        }
        text_.insert(behind, interfaces);
        if (!has_source)
            for (const lang::Artifact& artifact : compilation_.artifacts) text_ += contract_of_code(artifact.name);
        std::set<std::string> used;
        for (const SetupStep& step : trace_.script.recipe.steps)
            if (step.is_environment) used.insert(step.deploys);
        if (!used.empty()) text_ += "\n// What the contracts expect to find on the chain.\n" + environment_source(used);
        return std::move(text_);
    }

  private:
    // A contract that runs given creation code as its own: a helper gets it as its code, to be executed in this contract.
    static std::string contract_of_code(const std::string& name) {
        return "\n// Stands for a contract of which only the bytecode is known.\ncontract " + name + R"( {
    constructor(bytes memory code) payable {
        assembly {
            let size := mload(code)
            mstore(code, or(0x6200000080600d6000396000f3, shl(72, size)))  // returns what follows it
            let helper := create(0, add(code, 19), add(size, 13))
            let ok := delegatecall(gas(), helper, 0, 0, 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(ok) { revert(0, returndatasize()) }
            return(0, returndatasize())
        }
    }
}
)";
    }

    void line(const std::string& text) { text_ += "    " + text + "\n"; }
    static std::string variable(const std::string& contract) { return "the" + contract; }

    void scenario() {
        text_ += "\nscenario attack {\n";
        std::size_t deployed = 0;
        for (const SetupStep& step : trace_.script.recipe.steps) {
            const std::string with = step.value.is_zero() ? "" : "{value: " + format_wei(step.value) + "}";
            // A scenario has no cheatcodes, nor others, and no say in where contracts stand.
            if (step.sets_up || !step.plays.empty() || step.stands_at || step.from == crowd || step.seconds != 0)
                can_be_written_ = false;
            if (step.stands_at || !step.expects.empty()) continue;
            if (!step.speaks_as.empty()) {
                speaks_as(step, deployed);
                continue;
            }
            if (step.deploys.empty()) {
                line(call(step.to, step.data, with) + " by " + step.from + ";");
                continue;
            }
            const lang::Artifact* artifact = artifact_of(step);
            if (!artifact || artifact->ir->is_library) continue;  // a scenario has the libraries from the start
            deploy(*artifact, step, with, deployed);
        }
        if (!trace_.transactions.empty()) line("let wealth = mallory.balance;");
        for (const TransactionRecord& record : trace_.transactions) step(record.transaction);
        const Holding& hers = trace_.ether.back();
        const bool is_poorer = (trace_.has_surplus() || trace_.has_gain()) && hers.after < hers.before;
        if (!trace_.gain.is_zero() || is_poorer) {
            const std::string colluder(variables_.contains(std::string(nursery_name)) ? nursery_name : colluder_name);
            const bool has_second = variables_.contains(colluder);
            line("check mallory.balance + address(" + variable(trace_.attacker) + ").balance" +
                 (has_second ? " + address(" + variable(colluder) + ").balance" : "") + " == wealth " +
                 (is_poorer ? "- " + format_wei(hers.before - hers.after) : "+ " + format_wei(trace_.gain)) + ";");
        }
        if (trace_.passes_limit() && variables_.contains(trace_.script.limit->contract))
            line("check " + variable(trace_.script.limit->contract) + "." + trace_.script.limit->view + "(" +
                 arguments_of(*trace_.script.limit) + ") == " + vm::to_decimal(*trace_.entry) + ";");
        text_ += "}\n";
    }

    // Returns what the view takes that says of her what the limit is on.
    std::string arguments_of(const LedgerLimit& limit) const {
        const std::string her = limit.is_total ? "" : "address(" + variable(trace_.attacker) + ")";
        if (!limit.id) return her;
        const std::string id = vm::to_decimal(*limit.id);
        return limit.is_id_first ? id + ", " + her : her + ", " + id;
    }

    // Gives a proxy a second name, as the contract to which it delegates.
    void speaks_as(const SetupStep& step, std::size_t deployed) {
        const auto proxy = std::ranges::find(trace_.contracts, step.to, &DeployedCode::name);
        if (proxy == trace_.contracts.end()) return;
        for (; deployed < trace_.contracts.size(); ++deployed) {
            const DeployedCode& alias = trace_.contracts[deployed];
            if (alias.address != proxy->address || alias.name == step.to || variables_.contains(alias.name)) continue;
            variables_.insert(alias.name);
            return line("let " + variable(alias.name) + " = address(" + variable(step.to) + ");");
        }
    }

    const lang::Artifact* artifact_of(const SetupStep& step) const {
        const auto& artifacts = step.is_environment ? environment().artifacts : compilation_.artifacts;
        const auto found = std::ranges::find(artifacts, step.deploys, &lang::Artifact::identity);
        return found == artifacts.end() ? nullptr : &*found;
    }

    // Writes the deployment of the next contract of the trace that is an instance of the artifact.
    void deploy(const lang::Artifact& artifact, const SetupStep& step, const std::string& with, std::size_t& deployed) {
        std::string name = artifact.name;
        for (; deployed < trace_.contracts.size(); ++deployed) {
            const Bytes& data = trace_.contracts[deployed].creation_data;
            if (data.size() != artifact.creation_code.size() + step.data.size() ||
                !std::equal(step.data.rbegin(), step.data.rend(), data.rbegin()))
                continue;
            name = trace_.contracts[deployed++].name;
            break;
        }
        variables_.insert(name);
        const ir::Contract& contract = *artifact.ir;
        std::string arguments;
        if (contract.is_opaque) {
            Bytes data = artifact.creation_code;
            data.insert(data.end(), step.data.begin(), step.data.end());
            can_be_written_ &= data.size() <= most_code_of_helper;
            arguments = "hex\"" + vm::to_hex(data).substr(2) + "\"";
        } else if (contract.constructor != ir::Contract::none) {
            const auto written = list(contract.functions[contract.constructor].parameters, step.data);
            can_be_written_ &= written.has_value();
            arguments = written.value_or("");
        }
        line("deploy " + variable(name) + " = " + artifact.name + with + "(" + arguments + ");");
    }

    void step(const ScriptedTransaction& tx) {
        const std::string with = tx.value.is_zero() ? "" : "{value: " + format_wei(tx.value) + "}";
        if (tx.wait.seconds != 0) line("warp " + std::to_string(tx.wait.seconds) + ";");
        if (tx.to.empty()) {
            std::string arguments;
            for (const std::string& known : known_to_attacker())
                arguments += (arguments.empty() ? "I" : ", I") + known + "(" + address_of(known) + ")";
            line("deploy " + variable(trace_.attacker) + " = " + trace_.attacker + with + "(" + arguments + ") by " +
                 tx.from + ";");
            variables_.insert(trace_.attacker);
            return;
        }
        line(call(tx.to, tx.data, with) + " by " + tx.from + ";");
    }

    // Returns the contracts that her constructor takes, in its order, which is the order in which they are declared.
    std::vector<std::string> known_to_attacker() const {
        std::vector<std::pair<std::size_t, std::string>> found;
        for (const DeployedCode& code : trace_.contracts)
            if (const auto at = trace_.script.attacker_source.find("    I" + code.name + " " + variable(code.name) + ";");
                at != std::string::npos)
                found.emplace_back(at, code.name);
        std::ranges::sort(found);
        std::vector<std::string> names;
        for (auto& [at, name] : found) names.push_back(std::move(name));
        return names;
    }

    // A contract that another one created has no variable.
    std::string address_of(const std::string& name) const {
        if (variables_.contains(name)) return "address(" + variable(name) + ")";
        const auto code = std::ranges::find(trace_.contracts, name, &DeployedCode::name);
        return code == trace_.contracts.end() ? "address(0)" : literal_of(code->address);
    }

    static std::string literal_of(const Address& address) {
        return "address(uint160(" + vm::to_decimal(vm::to_word(address)) + "))";
    }

    // Returns the contract's own artifact, or null for the attacker's.
    const lang::Artifact* artifact_named(const std::string& name) const {
        if (const lang::Artifact* artifact = compilation_.find(name)) return artifact;
        return environment().find(name);
    }

    std::string call(const std::string& to, const Bytes& call_data, const std::string& with) {
        if (to == trace_.attacker) return variable(to) + "." + function_of_attacker(call_data) + with + "()";
        const lang::Artifact* artifact = variables_.contains(to) ? artifact_named(to) : nullptr;
        if (artifact && call_data.size() >= 4) {
            const auto selector =
                static_cast<std::uint32_t>(vm::word_from_big_endian(vm::ByteView(call_data).first(4)).low64());
            for (const ir::Function& function : artifact->ir->functions) {
                if (!function.is_entry || function.selector != selector) continue;
                const auto arguments = list(function.parameters, vm::ByteView(call_data).subspan(4));
                if (arguments && artifact->ir->is_opaque)
                    return address_of(to) + ".call" + with + "(" + encoded(function, *arguments) + ")";
                if (arguments) return variable(to) + "." + function.name + with + "(" + *arguments + ")";
            }
        }
        const std::string data = call_data.empty() ? "\"\"" : "hex\"" + vm::to_hex(call_data).substr(2) + "\"";
        return address_of(to) + ".call" + with + "(" + data + ")";
    }

    static std::string encoded(const ir::Function& function, const std::string& arguments) {
        const std::string rest = (arguments.empty() ? "" : ", " + arguments) + ")";
        if (has_name(function)) return "abi.encodeWithSignature(\"" + function.signature() + "\"" + rest;
        const auto selector = vm::to_big_endian(Word{function.selector});
        return "abi.encodeWithSelector(bytes4(" + vm::to_hex(vm::ByteView(selector).last(4)) + ")" + rest;
    }

    // Returns the function of the attacker's contract that the call data selects.
    std::string function_of_attacker(const Bytes& call_data) const {
        constexpr std::size_t most = 64;
        for (std::size_t number = 1; number <= most; ++number)
            for (const std::string& name : {attack_function(number), prepare_function(number)})
                if (call_data.size() >= 4 &&
                    vm::word_from_big_endian(vm::ByteView(call_data).first(4)) == Word{abi::selector(name + "()")})
                    return name;
        return attack_function(1);
    }

    // Returns std::nullopt if there are no literals of such types.
    std::optional<std::string> list(const std::vector<ir::NamedType>& types, vm::ByteView data) {
        const auto is_function = [](const ir::NamedType& named) { return ir::abi_name(named) == "function"; };
        if (std::ranges::any_of(types, is_function)) return std::nullopt;
        if (std::ranges::any_of(types, [](const auto& type) { return type.type.kind == ir::TypeKind::Data; }))
            return std::nullopt;
        const auto values = abi::decode(types, data);
        if (!values) return std::nullopt;
        std::string text;
        for (std::size_t i = 0; i < values->size(); ++i)
            text += (i ? ", " : "") + as_contract(types[i], literal(types[i].type, (*values)[i]));
        return text;
    }

    // An address that is declared as a contract is converted to it.
    std::string as_contract(const ir::NamedType& type, std::string address) {
        if (type.contract.empty()) return address;
        std::string name = type.contract;
        if (constexpr std::string_view prefix = "contract "; name.starts_with(prefix)) name.erase(0, prefix.size());
        if (!compilation_.find(name)) interfaces_.insert(name);
        return name_here(name) + "(" + address + ")";
    }

    // Of a contract or interface of the source: the attacker's own ones are called `I` and the contract's name, too.
    [[nodiscard]] std::string name_here(const std::string& name) const {
        const bool is_taken =
            !compilation_.find(name) && trace_.script.attacker_source.find("interface " + name + " {") != std::string::npos;
        return is_taken ? name + "Expected" : name;
    }

    std::string literal(const ir::Type& type, const abi::Value& value) const {
        return source_literal(type, value, [&](const Address& person) { return address(person); });
    }

    std::string address(const Address& address) const {
        for (const DeployedCode& code : trace_.contracts)
            if (code.address == address) return address_of(code.name);
        if (const std::string_view name = account_at(address); !name.empty()) return std::string(name);
        return literal_of(address);
    }

    const Trace& trace_;
    const lang::Compilation& compilation_;
    std::set<std::string> variables_;   // contracts that have one
    std::set<std::string> interfaces_;  // names that the scenario needs, beside the contracts'
    bool can_be_written_ = true;
    std::string text_;
};

}  // namespace

std::string attack_file(const Trace& trace, const std::string& victims) { return Writer(trace).write(victims); }

}  // namespace interlock::analyzer
