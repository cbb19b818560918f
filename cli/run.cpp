// interlock run FILE 'sig' ARGS…: deploy, send transactions, print receipts.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "analyzer/devnet/revert_reason.hpp"
#include "analyzer/devnet/world.hpp"
#include "chain/blockchain.hpp"
#include "chain/genesis.hpp"
#include "cli/command.hpp"
#include "cli/compiling.hpp"
#include "lang/abi.hpp"
#include "lang/link.hpp"
#include "vm/keccak.hpp"

namespace interlock::cli {

namespace {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Json = nlohmann::ordered_json;
using analyzer::format_wei;
using vm::Address, vm::Bytes, vm::Word;

constexpr std::uint64_t gas_limit = 10'000'000;

// One call as the command line gives it.
struct CallText {
    std::string signature;  // "withdraw(uint256)", or with the contract: "Bank.withdraw(uint256)"
    std::vector<std::string> arguments;
    std::string from = "alice", value = "0";
};

struct UsageError {
    std::string message;
};
struct InputError {
    std::string message;
};

bool is_signature(const std::string& word) {
    const auto open = word.find('(');
    return open != std::string::npos && open > 0 && word.back() == ')' &&
           (std::isalpha(static_cast<unsigned char>(word.front())) || word.front() == '_' || word.front() == '$');
}

// Words after the file: signatures, each followed by its arguments and by --from and --value for it.
std::vector<CallText> parse_calls(const std::vector<std::string>& words, Common& common) {
    std::vector<CallText> calls;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        const auto next = [&]() -> const std::string& {
            if (++i == words.size()) throw UsageError{word + " needs a value"};
            return words[i];
        };
        if (word == "--json") common.json = true;
        else if (word == "--color") common.color = next();
        else if (word == "--from" || word == "--value") {
            if (calls.empty()) throw UsageError{word + " belongs behind the call that it is for"};
            (word == "--from" ? calls.back().from : calls.back().value) = next();
        } else if (word.starts_with("--")) throw UsageError{"there is no option " + word};
        else if (is_signature(word)) calls.push_back({word, {}});
        else if (calls.empty())
            throw UsageError{"`" + word + "` is not a function: write it with its types, as in 'deposit()'"};
        else calls.back().arguments.push_back(word);
    }
    return calls;
}

class Session {
  public:
    Session(const lang::Compilation& compilation, const Common& common)
        : compilation_(compilation),
          common_(common),
          genesis_(chain::Genesis::standard()),
          chain_(genesis_.build(), settings()) {}

    // The exit code; a call that reverts or is refused makes it exit_source.
    int run(std::vector<CallText> calls) {
        const lang::Artifact& main = *compilation_.main();
        CallText construction{"constructor()", {}, "owner"};
        if (!calls.empty() && calls.front().signature.starts_with("constructor(")) {
            const bool is_from_given = calls.front().from != "alice";
            construction = calls.front();
            if (!is_from_given) construction.from = "owner";
            calls.erase(calls.begin());
        }
        const Address owner = person("owner").address;
        libraries_ =
            lang::place_libraries(compilation_.artifacts, [&](std::uint64_t n) { return chain::create_address(owner, n); });
        for (const lang::Artifact& artifact : compilation_.artifacts)
            if (artifact.ir->is_library || (&artifact != &main && constructor_parameters(artifact).empty()))
                deploy(artifact, {"constructor()", {}, "owner"});
        if (!main.ir->is_library) deploy(main, construction);
        for (const CallText& call : calls) send(call);
        balances();
        if (common_.json) std::cout << json_.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
        return exit_;
    }

  private:
    static chain::ChainSettings settings() {
        chain::ChainSettings settings;
        settings.genesis_base_fee = Word{};  // gas is counted, not paid for: balances show what the contracts did
        return settings;
    }

    static const std::vector<ir::NamedType>& constructor_parameters(const lang::Artifact& artifact) {
        static const std::vector<ir::NamedType> none;
        const ir::Contract& contract = *artifact.ir;
        return contract.constructor == ir::Contract::none ? none : contract.functions[contract.constructor].parameters;
    }

    const chain::Genesis::Person& person(const std::string& name) const {
        if (const auto* found = genesis_.find(name)) return *found;
        std::string names;
        for (const auto& known : genesis_.people()) names += (names.empty() ? "" : ", ") + known.name;
        throw UsageError{"nobody is called `" + name + "`; there are " + names};
    }

    Word amount(const std::string& text) const {
        const abi::Parsed parsed = abi::parse_value(ir::uint256_type, text);
        if (!parsed.value) throw UsageError{"--value " + text + ": " + parsed.error};
        return std::get<Word>(*parsed.value);
    }

    std::vector<abi::Value> values(const std::vector<ir::NamedType>& parameters, const CallText& call) const {
        if (parameters.size() != call.arguments.size())
            throw UsageError{fmt::format("{} takes {} argument{}, not {}", call.signature, parameters.size(),
                                         parameters.size() == 1 ? "" : "s", call.arguments.size())};
        std::vector<abi::Value> values;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (parameters[i].type.kind == ir::TypeKind::Address)
                if (const auto known = address_of(call.arguments[i])) {
                    values.emplace_back(vm::to_word(*known));
                    continue;
                }
            abi::Parsed parsed = abi::parse_value(parameters[i].type, call.arguments[i]);
            if (!parsed.value) throw UsageError{fmt::format("{}, argument {}: {}", call.signature, i + 1, parsed.error)};
            values.push_back(std::move(*parsed.value));
        }
        return values;
    }

    std::optional<Address> address_of(const std::string& name) const {
        for (const auto& [contract, address] : deployed_)
            if (contract->name == name) return address;
        return genesis_.address_of(name);
    }

    std::string name_of(const Address& address) const {
        for (const auto& [contract, at] : deployed_)
            if (at == address) return contract->name;
        if (const auto name = genesis_.name_of(address)) return std::string(*name);
        return vm::to_hex(address);
    }

    void deploy(const lang::Artifact& artifact, const CallText& call) {
        chain::Transaction tx;
        if (const std::string missing = lang::missing_library(artifact.creation_links, libraries_); !missing.empty())
            throw InputError{artifact.name + " needs the library " + missing + ", which is not deployed"};
        tx.data = lang::linked(artifact.creation_code, artifact.creation_links, libraries_);
        const auto& parameters = constructor_parameters(artifact);
        const Bytes encoded = abi::encode(parameters, values(parameters, call));
        tx.data.insert(tx.data.end(), encoded.begin(), encoded.end());
        const chain::Receipt receipt = mine(std::move(tx), call);
        show(artifact, artifact.name + " deployed", call, receipt, nullptr);
        if (!receipt.ok() || !receipt.created) throw InputError{artifact.name + " could not be deployed"};
        deployed_.emplace_back(&artifact, *receipt.created);
    }

    void send(const CallText& call) {
        auto [artifact, function] = find(call.signature);
        chain::Transaction tx;
        for (const auto& [contract, address] : deployed_)
            if (contract == artifact) tx.to = address;
        if (function->kind != ir::FunctionKind::Receive && function->kind != ir::FunctionKind::Fallback)
            tx.data = abi::call_data(*function, values(function->parameters, call));
        std::string text = function->name + "(";
        for (std::size_t i = 0; i < call.arguments.size(); ++i) text += (i ? ", " : "") + call.arguments[i];
        const chain::Receipt receipt = mine(std::move(tx), call);
        show(*artifact, text + ")", call, receipt, function);
    }

    std::pair<const lang::Artifact*, const ir::Function*> find(const std::string& signature) const {
        const lang::Artifact* artifact = compilation_.main();
        std::string rest = signature;
        if (const auto dot = signature.find('.'); dot != std::string::npos && dot < signature.find('(')) {
            artifact = compilation_.find(signature.substr(0, dot));
            rest = signature.substr(dot + 1);
            if (!artifact) throw UsageError{"there is no contract `" + signature.substr(0, dot) + "`"};
        }
        std::string known;
        for (const ir::Function& function : artifact->ir->functions) {
            if (!function.is_entry) continue;
            if (function.signature() == rest || function.name + "()" == rest) {
                if (function.signature() == rest || function.kind == ir::FunctionKind::Receive ||
                    function.kind == ir::FunctionKind::Fallback)
                    return {artifact, &function};
            }
            known += "\n    " + function.signature();
        }
        throw UsageError{artifact->name + " has no function " + rest + "; it has" + known};
    }

    chain::Receipt mine(chain::Transaction tx, const CallText& call) {
        const auto& sender = person(call.from);
        tx.nonce = chain_.next_nonce(sender.address);
        tx.gas_limit = gas_limit;
        tx.value = amount(call.value);
        chain::sign(tx, sender.key);
        const auto rejected = chain_.mine({tx});
        if (!rejected.empty()) {
            const chain::Judgement& judgement = rejected.front().why;
            const bool is_invalid = judgement.refusal == chain::Refusal::InvalidTransaction;
            std::string why = is_invalid ? std::string(chain::name_of(judgement.invalid)) : chain::explain(judgement);
            if (judgement.invalid == chain::Invalid::InsufficientFunds)
                why += fmt::format(": {} has {}, and sends {}", sender.name,
                                   format_wei(chain_.state().balance(sender.address)), format_wei(tx.value));
            throw InputError{call.signature + " is refused: " + why};
        }
        return chain_.head().receipts.front();
    }

    void show(const lang::Artifact& artifact, const std::string& what, const CallText& call, const chain::Receipt& receipt,
              const ir::Function* function) {
        const std::string reason =
            receipt.status == vm::Status::Revert ? analyzer::describe_revert(receipt.output, artifact.ir.get()) : "";
        if (!receipt.ok()) exit_ = exit_source;
        std::string result;
        if (receipt.ok() && function && !function->returns.empty())
            if (const auto returned = abi::decode(function->returns, receipt.output))
                for (std::size_t i = 0; i < returned->size(); ++i)
                    result += (i ? ", " : "") + value_text(function->returns[i].type, (*returned)[i]);

        Json json{{"call", what},
                  {"from", call.from},
                  {"value", vm::to_decimal(amount(call.value))},
                  {"status", vm::name_of(receipt.status)},
                  {"gas_used", receipt.gas_used}};
        if (!reason.empty()) json["reason"] = reason;
        if (!result.empty()) json["result"] = result;
        json["events"] = Json::array();
        std::string text =
            fmt::format("{:<44} {:<8} {:>9} gas   {}", what, call.from, receipt.gas_used, vm::name_of(receipt.status));
        if (!reason.empty()) text += ": " + reason;
        if (!result.empty()) text += "  → " + result;
        text += "\n";
        for (const vm::Log& log : receipt.logs) {
            const std::string event = event_text(artifact, log);
            json["events"].push_back(event);
            text += "    event " + event + "\n";
        }
        json_["receipts"].push_back(std::move(json));
        if (!common_.json) std::cout << text;
    }

    std::string value_text(const ir::Type& type, const abi::Value& value) const {
        if (type.kind == ir::TypeKind::Address) return name_of(vm::to_address(std::get<Word>(value)));
        if (type == ir::uint256_type) return format_wei(std::get<Word>(value));
        return abi::format_value(type, value);
    }

    // An event of the contract, or of any other: libraries emit theirs under its address.
    std::string event_text(const lang::Artifact& artifact, const vm::Log& log) const {
        std::optional<std::string> text = event_of(*artifact.ir, log);
        for (std::size_t i = 0; !text && i < compilation_.artifacts.size(); ++i)
            text = event_of(*compilation_.artifacts[i].ir, log);
        for (std::size_t i = 0; !text && i < compilation_.codeless.size(); ++i)
            text = event_of(*compilation_.codeless[i], log);
        return text.value_or("unknown, from " + name_of(log.address) + ": " + vm::to_hex(log.data));
    }

    std::optional<std::string> event_of(const ir::Contract& contract, const vm::Log& log) const {
        for (const ir::Event& event : contract.events) {
            std::string signature = event.name + "(";
            for (std::size_t i = 0; i < event.parameters.size(); ++i)
                signature += (i ? "," : "") + ir::abi_name(event.parameters[i]);
            signature += ")";
            const auto* bytes = reinterpret_cast<const std::uint8_t*>(signature.data());
            if (event.anonymous || log.topics.empty() || log.topics.front() != vm::keccak256({bytes, signature.size()}))
                continue;
            std::vector<ir::NamedType> in_data;
            for (std::size_t i = 0; i < event.parameters.size(); ++i)
                if (!event.indexed[i]) in_data.push_back(event.parameters[i]);
            const auto data = abi::decode(in_data, log.data);
            if (!data) break;
            std::string text = event.name + "(";
            std::size_t topic = 1, plain = 0;
            for (std::size_t i = 0; i < event.parameters.size(); ++i) {
                const ir::NamedType& parameter = event.parameters[i];
                std::string value;
                if (!event.indexed[i]) value = value_text(parameter.type, (*data)[plain++]);
                else if (topic >= log.topics.size()) value = "?";
                else if (parameter.type.is_reference()) value = vm::to_hex(log.topics[topic++]);
                else value = value_text(parameter.type, vm::to_word(log.topics[topic++]));
                text += (i ? ", " : "") + parameter.name + (parameter.name.empty() ? "" : ": ") + value;
            }
            return text + ")";
        }
        return std::nullopt;
    }

    // Contracts, and everybody whose balance changed.
    void balances() {
        Json json = Json::object();
        std::string text;
        const auto add = [&](const std::string& name, const Word& wei) {
            json[name] = vm::to_decimal(wei);
            text += fmt::format("    {:<12} {:>20}\n", name, format_wei(wei));
        };
        for (const auto& [artifact, address] : deployed_) add(artifact->name, chain_.state().balance(address));
        for (const auto& someone : genesis_.people())
            if (const Word now = chain_.state().balance(someone.address); now != someone.balance) add(someone.name, now);
        json_["balances"] = std::move(json);
        if (!common_.json) std::cout << "balances\n" << text;
    }

    const lang::Compilation& compilation_;
    const Common& common_;
    chain::Genesis genesis_;
    chain::Blockchain chain_;
    std::vector<std::pair<const lang::Artifact*, Address>> deployed_;
    std::map<std::string, Address> libraries_;  // where they lie, by their full names
    Json json_{{"receipts", Json::array()}};
    int exit_ = exit_ok;
};

int run(const std::string& file, const std::vector<std::string>& words, Common& common) {
    try {
        std::vector<CallText> calls = parse_calls(words, common);
        const auto compilation = compile_deployable(file, common);
        if (!compilation) return exit_source;
        return Session(*compilation, common).run(std::move(calls));
    } catch (const UsageError& error) {
        std::cerr << "interlock run: " << error.message << "\n";
        return exit_usage;
    } catch (const InputError& error) {
        std::cerr << "interlock run: " << error.message << "\n";
        return exit_source;
    }
}

}  // namespace

void add_run(CLI::App& app, Common& common, int& exit) {
    CLI::App* command = app.add_subcommand("run", "Deploy a contract, send it transactions, print receipts");
    command->footer(
        "Each call is a signature, then its arguments, then --from NAME (alice) and --value AMOUNT for it:\n"
        "  interlock run bank.ilk 'deposit()' --from alice --value 2ether 'withdraw(uint256)' 1ether --from alice\n"
        "A first 'constructor(…)' gives the deployment's arguments. 'Token.mint(uint256)' calls another contract of "
        "the file.\n"
        "People: alice, bob, carol, dave, mallory, owner, deployer; 1000 ether each. Addresses may be given by name.\n"
        "Exit codes: 0; 65 when a transaction reverts or is refused; 64 for unknown functions and wrong arguments.");
    auto file = std::make_shared<std::string>();
    command->add_option("FILE", *file, "A contract (.ilk, .sol)")->required();
    add_common(*command, common);
    add_imports(*command, common);
    command->prefix_command();
    command->callback([command, file, &common, &exit] { exit = run(*file, command->remaining(), common); });
}

}  // namespace interlock::cli
