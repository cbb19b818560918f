// interlock run FILE 'sig' ARGS…: deploys a contract, sends transactions, prints receipts.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/devnet/devnet.hpp"
#include "chain/genesis.hpp"
#include "cli/command.hpp"
#include "cli/compiling.hpp"
#include "lang/diagnostics/printable.hpp"
#include "lang/output/json.hpp"

namespace interlock::cli {

namespace {

namespace abi = lang::abi;
namespace ir = lang::ir;
using analyzer::format_wei;
using vm::Address, vm::Bytes, vm::Word;

// One call as written on the command line.
struct CallText {
    std::string signature;  // "withdraw(uint256)", or with the contract: "Bank.withdraw(uint256)"
    std::vector<std::string> arguments;
    std::string from = "alice", value = "0";
};

struct InputError {
    std::string message;
};

bool is_signature(const std::string& word) {
    const auto open = word.find('(');
    return open != std::string::npos && open > 0 && word.back() == ')' &&
           (std::isalpha(static_cast<unsigned char>(word.front())) || word.front() == '_' || word.front() == '$');
}

// Parses the words after the file: signatures, each followed by its arguments and by its --from and --value.
std::vector<CallText> parse_calls(const std::vector<std::string>& words) {
    std::vector<CallText> calls;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "--from" || word == "--value") {
            if (calls.empty()) throw UsageError{word + " belongs behind the call that it is for"};
            (word == "--from" ? calls.back().from : calls.back().value) = words.at(++i);
        } else if (is_signature(word)) calls.push_back({word, {}});
        else if (calls.empty())
            throw UsageError{"`" + word + "` is not a function: write it with its types, as in 'deposit()'"};
        else calls.back().arguments.push_back(word);
    }
    return calls;
}

class RunSession {
  public:
    RunSession(const lang::Compilation& compilation, const Common& common)
        : compilation_(compilation), common_(common), devnet_(compilation, settings()) {
        const chain::Genesis genesis = chain::Genesis::standard();
        for (const chain::Genesis::Account& each : genesis.accounts()) devnet_.add_account(each.name, each.balance);
        devnet_.place_libraries(sender("owner"));
    }

    // Returns the exit code, which is exit_source if a call reverts or is refused.
    int run(std::vector<CallText> calls) {
        const lang::Artifact& main = *compilation_.main();
        CallText construction{"constructor()", {}, "owner"};
        if (!calls.empty() && calls.front().signature.starts_with("constructor(")) {
            const bool is_from_given = calls.front().from != "alice";
            construction = calls.front();
            if (!is_from_given) construction.from = "owner";
            calls.erase(calls.begin());
        }
        if (!main.ir->is_library) check(constructor_parameters(main), construction);
        for (const CallText& call : calls) check(call);
        for (const lang::Artifact& artifact : compilation_.artifacts)
            if (artifact.ir->is_library || (&artifact != &main && constructor_parameters(artifact).empty()))
                deploy(artifact, {"constructor()", {}, "owner"});
        if (!main.ir->is_library) deploy(main, construction);
        for (const CallText& call : calls) send(call);
        balances();
        if (common_.json) std::cout << json_.text() << "\n";
        return exit_;
    }

  private:
    // The first block is a genesis, as on a chain.
    static analyzer::DevnetSettings settings() { return {.gas_limit = 10'000'000, .block_number = 0}; }

    static const std::vector<ir::NamedType>& constructor_parameters(const lang::Artifact& artifact) {
        static const std::vector<ir::NamedType> none;
        const ir::Contract& contract = *artifact.ir;
        return contract.constructor == ir::Contract::none ? none : contract.functions[contract.constructor].parameters;
    }

    Address sender(const std::string& name) const {
        std::string names;
        for (const analyzer::Account& known : devnet_.accounts()) {
            if (known.name == name) return known.address;
            names += (names.empty() ? "" : ", ") + known.name;
        }
        throw UsageError{"nobody is called `" + name + "`; there are " + names};
    }

    static Word amount(const std::string& text) {
        const abi::Parsed parsed = abi::parse_value(ir::uint256_type, text);
        if (!parsed.value) throw UsageError{"--value " + text + ": " + parsed.error};
        return std::get<Word>(*parsed.value);
    }

    static bool has_arguments(const ir::Function& function) {
        return function.kind != ir::FunctionKind::Receive && function.kind != ir::FunctionKind::Fallback;
    }

    // What is wrong with a call is said before anything is sent.
    void check(const CallText& call) const {
        const ir::Function& function = *find(call.signature).second;
        check(has_arguments(function) ? function.parameters : std::vector<ir::NamedType>{}, call);
    }

    void check(const std::vector<ir::NamedType>& parameters, const CallText& call) const {
        if (parameters.size() != call.arguments.size())
            throw UsageError{fmt::format("{} takes {} argument{}, not {}", call.signature, parameters.size(),
                                         parameters.size() == 1 ? "" : "s", call.arguments.size())};
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const std::string& text = call.arguments[i];
            const bool is_name = devnet_.address_of(text) || compilation_.find(text) != nullptr;
            if (parameters[i].type.kind != ir::TypeKind::Address || !is_name) (void)parsed(parameters[i].type, call, i);
        }
        (void)sender(call.from);
        (void)amount(call.value);
    }

    static abi::Value parsed(const ir::Type& type, const CallText& call, std::size_t i) {
        abi::Parsed parsed = abi::parse_value(type, call.arguments[i]);
        if (!parsed.value) throw UsageError{fmt::format("{}, argument {}: {}", call.signature, i + 1, parsed.error)};
        return std::move(*parsed.value);
    }

    std::vector<abi::Value> values(const std::vector<ir::NamedType>& parameters, const CallText& call) const {
        std::vector<abi::Value> values;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (parameters[i].type.kind == ir::TypeKind::Address)
                if (const auto known = devnet_.address_of(call.arguments[i])) {
                    values.emplace_back(vm::to_word(*known));
                    continue;
                }
            values.push_back(parsed(parameters[i].type, call, i));
        }
        return values;
    }

    void deploy(const lang::Artifact& artifact, const CallText& call) {
        if (const std::string missing = devnet_.missing_library(artifact); !missing.empty())
            throw InputError{artifact.name + " needs the library " + missing + ", which is not deployed"};
        const auto& parameters = constructor_parameters(artifact);
        const Bytes arguments = abi::encode(parameters, values(parameters, call));
        const Address from = sender(call.from);
        const chain::Receipt receipt = valid(call, devnet_.deploy(from, artifact, amount(call.value), arguments));
        show(artifact.name + " deployed", call, receipt, nullptr);
        if (!receipt.ok() || !receipt.created) throw InputError{artifact.name + " could not be deployed"};
    }

    void send(const CallText& call) {
        auto [artifact, function] = find(call.signature);
        Bytes data = has_arguments(*function) ? abi::call_data(*function, values(function->parameters, call)) : Bytes{};
        const Address from = sender(call.from);
        const Word value = amount(call.value);
        const chain::Receipt receipt = valid(call, devnet_.send(from, address_of(*artifact), value, std::move(data)));
        std::string text = function->name + "(";
        for (std::size_t i = 0; i < call.arguments.size(); ++i) text += (i ? ", " : "") + call.arguments[i];
        show(text + ")", call, receipt, function);
    }

    Address address_of(const lang::Artifact& artifact) const {
        for (const analyzer::DeployedContract& each : devnet_.contracts())
            if (each.artifact == &artifact) return each.address;
        throw UsageError{artifact.name +
                         " is not deployed: its constructor takes arguments, and only the last contract is "
                         "given any"};
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

    // Returns the receipt of a transaction that could be sent.
    chain::Receipt valid(const CallText& call, chain::Result result) {
        if (result.valid()) return std::move(result.receipt);
        std::string why = devnet_.reason_of(result);
        if (result.refusal == chain::TransactionRefusal::InsufficientFunds)
            why += fmt::format(": {} has {}, and sends {}", call.from,
                               format_wei(devnet_.state().balance(sender(call.from))), format_wei(amount(call.value)));
        throw InputError{call.signature + " is refused: " + why};
    }

    void show(const std::string& what, const CallText& call, const chain::Receipt& receipt, const ir::Function* function) {
        const std::string reason = receipt.status == vm::Status::Revert ? devnet_.reason_of(receipt.output) : "";
        if (!receipt.ok()) exit_ = exit_source;
        std::string result;
        if (receipt.ok() && function && !function->returns.empty())
            if (const auto returned = abi::decode(function->returns, receipt.output))
                for (std::size_t i = 0; i < returned->size(); ++i)
                    result += (i ? ", " : "") + devnet_.text_of(function->returns[i].type, (*returned)[i]);

        Json json{{"call", what},
                  {"from", call.from},
                  {"value", vm::to_decimal(amount(call.value))},
                  {"status", vm::name_of(receipt.status)},
                  {"gas_used", receipt.gas_used}};
        if (!reason.empty()) json["reason"] = reason;
        if (!result.empty()) json["result"] = result;
        json["events"] = Json::array();
        std::string text = fmt::format("{:<44} {:<8} {:>9} gas   {}", lang::printable(what), call.from, receipt.gas_used,
                                       vm::name_of(receipt.status));
        if (!reason.empty()) text += ": " + lang::printable(reason);
        if (!result.empty()) text += "  → " + lang::printable(result);
        text += "\n";
        for (const vm::Log& log : receipt.logs) {
            const std::string event = devnet_.text_of(log);
            json["events"].push_back(event);
            text += "    event " + lang::printable(event) + "\n";
        }
        json_["receipts"].push_back(std::move(json));
        if (!common_.json) std::cout << text;
    }

    // Prints the balances of contracts, and of everybody whose balance changed.
    void balances() {
        Json json = Json::object();
        std::string text;
        const auto add = [&](const std::string& name, const Word& wei) {
            json[name] = vm::to_decimal(wei);
            text += fmt::format("    {:<12} {:>20}\n", name, format_wei(wei));
        };
        for (const analyzer::DeployedContract& each : devnet_.contracts())
            add(each.artifact->name, devnet_.state().balance(each.address));
        for (const analyzer::Account& each : devnet_.accounts())
            if (const Word now = devnet_.state().balance(each.address); now != analyzer::Devnet::wealth) add(each.name, now);
        json_["balances"] = std::move(json);
        if (!common_.json) std::cout << "balances\n" << text;
    }

    const lang::Compilation& compilation_;
    const Common& common_;
    analyzer::Devnet devnet_;
    Json json_{{"receipts", Json::array()}};
    int exit_ = exit_ok;
};

struct RunArguments {
    std::vector<std::string> words;  // the file, followed by the calls
    Common common;
};

int run(const RunArguments& arguments) {
    try {
        std::vector<CallText> calls = parse_calls(arguments.words);
        const auto compilation = compile_deployable(arguments.words.front(), arguments.common);
        if (!compilation) return exit_source;
        return RunSession(*compilation, arguments.common).run(std::move(calls));
    } catch (const InputError& error) {
        std::cerr << "interlock run: " << lang::printable_lines(error.message) << "\n";
        return exit_source;
    }
}

}  // namespace

Command run_command() {
    auto arguments = std::make_shared<RunArguments>();
    // The option belongs to the call before it, so it stays among the words.
    const auto of_call = [arguments = arguments.get()](const char* name) {
        return [=](const std::string& value) {
            if (arguments->words.empty()) throw UsageError{std::string(name) + " belongs behind the call that it is for"};
            arguments->words.insert(arguments->words.end(), {name, value});
        };
    };
    return {
        .name = "run",
        .help = "deploy a contract, send it transactions, print receipts",
        .operands = {"FILE CALL", "a contract (.ilk, .sol), then calls: 'signature(types)' and its arguments", 1, SIZE_MAX,
                     &arguments->words},
        .options = joined({{{"--from", "NAME", "who sends the call before it (alice)", of_call("--from")},
                            {"--value", "AMOUNT", "what is sent with it: 5, 2ether, 3gwei (0)", of_call("--value")},
                            jit_option()},
                           output_options(arguments->common),
                           import_options(arguments->common)}),
        .footer =
            "  interlock run bank.ilk 'deposit()' --from alice --value 2ether 'withdraw(uint256)' 1ether --from alice\n"
            "A first 'constructor(…)' gives the deployment's arguments. 'Token.mint(uint256)' calls another contract of "
            "the file.\n"
            "People: alice, bob, carol, dave, mallory, owner, deployer; 1000 ether each. Addresses may be given by name.\n"
            "Exit codes: 0; 65 when a transaction reverts or is refused; 64 for unknown functions and wrong arguments.",
        .run = [arguments] { return run(*arguments); }};
}

}  // namespace interlock::cli
