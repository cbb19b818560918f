#include "analyzer/explorer/attacker.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/report/source_literal.hpp"
#include "lang/syntax/token.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

constexpr std::uint64_t least_gas_to_act = 10'000;             // with less she only answers
constexpr std::uint64_t least_gas_to_act_by_storage = 65'000;  // before transient storage

bool is_function(const ir::NamedType& named) { return ir::abi_name(named) == "function"; }

// Returns whether the values of these types have literals.
bool has_literals(const std::vector<ir::NamedType>& types) {
    return std::ranges::none_of(
        types, [](const ir::NamedType& type) { return type.type.kind == ir::TypeKind::Data || is_function(type); });
}

// Returns the call that the attacker's contract makes in its constructor.
std::optional<Call> call_of(const World& world, const Preparation& preparation) {
    for (std::uint32_t i = 0; i < world.contracts().size(); ++i) {
        const DeployedContract& contract = world.contracts()[i];
        if (contract.name != preparation.to) continue;
        for (std::uint32_t f = 0; f < contract.ir().functions.size(); ++f) {
            const ir::Function& function = contract.ir().functions[f];
            if (!function.is_entry || function.selector != selector_of(preparation.data)) continue;
            const auto types = abi::data_types(function.parameters);
            const auto values = types ? abi::decode(*types, ByteView(preparation.data).subspan(4)) : std::nullopt;
            if (values) return Call{DeployedIndex{i}, f, *values, Word{}};
        }
    }
    return std::nullopt;
}

std::vector<Call> preparations(const World& world) {
    std::vector<Call> calls;
    for (const Preparation& each : world.recipe().attacker)
        if (const auto call = call_of(world, each)) calls.push_back(*call);
    return calls;
}

bool acts(const Activation& activation) {
    return activation.turn != 0 && !activation.is_static && (!activation.calls.empty() || activation.reverts);
}

// Returns the times when control reaches her from a contract.
std::span<const Activation> callbacks(const PlannedTransaction& planned) {
    return std::span(planned.activations).subspan(planned.is_attack ? 1 : 0);
}

// Returns whether she does something in a callback of this transaction.
bool acts_in(const PlannedTransaction& planned) { return std::ranges::any_of(callbacks(planned), acts); }

bool does_the_same(const Activation& a, const Activation& b) {
    return a.calls == b.calls && a.reverts == b.reverts && (a.selector != b.selector || a.answer == b.answer);
}

// Returns whether she must know which transaction it is: she is reached for the n-th time in two, and does otherwise.
bool needs_rounds(const Plan& plan) {
    for (std::size_t i = 0; i < plan.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            for (const Activation& a : callbacks(plan[i]))
                for (const Activation& b : callbacks(plan[j]))
                    if (a.turn != 0 && a.turn == b.turn && !a.is_static && !b.is_static && !does_the_same(a, b)) return true;
    return false;
}

void add_addresses(const abi::Data& data, std::set<Address>& addresses) {
    if (const auto* word = std::get_if<Word>(&data.content)) addresses.insert(vm::to_address(*word));
    else if (const auto* list = std::get_if<std::vector<abi::Data>>(&data.content))
        for (const abi::Data& each : *list) add_addresses(each, addresses);
}

// Returns whether she answers the same question otherwise at another time.
bool answers_differ(const Plan& plan) {
    std::map<std::uint32_t, const Bytes*> known;
    for (const PlannedTransaction& planned : plan)
        for (const Activation& activation : callbacks(planned)) {
            if (!activation.selector || activation.is_static || activation.reverts) continue;
            const auto [first, is_new] = known.try_emplace(*activation.selector, &activation.answer);
            if (!is_new && *first->second != activation.answer) return true;
        }
    return false;
}

class Writer {
  public:
    Writer(const World& world, const Plan& plan)
        : world_(world), plan_(plan), known_(known_to_attacker(world, plan)), preparations_(preparations(world)) {
        acts_ = std::ranges::any_of(plan, acts_in);
        counts_rounds_ = acts_ && needs_rounds(plan);
        tells_moments_ = acts_ && answers_differ(plan);
    }

    std::string write() {
        line("// Found, replayed and written out by Interlock. For use against your own contracts only.");
        transactions();
        line("pragma solidity ^0.8.28;");
        if (plan_.empty()) return std::move(text_);  // a constructor did the damage without her
        for (const DeployedIndex each : known_) interface(each);
        line("");
        line("contract " + world_.attacker().name + " {");
        for (const DeployedIndex each : known_) line("    " + type(each) + " " + variable(each) + ";");
        const std::size_t people = text_.size();
        if (counts_rounds_) line("    uint256 round;  // which transaction of the plan this is");
        if (acts_ && has_transient())
            line("    uint256 transient turn;  // how often control has reached this contract in the transaction");
        if (acts_ && !has_transient()) {
            line(
                "    uint256 turn;       // how often control has reached this contract in the block, which has one "
                "transaction");
            line("    uint256 thisBlock;  // its number");
        }
        constructor();
        attacks();
        if (acts_) respond();
        entries();
        line("}");
        std::string constants;
        for (const auto& [name, address] : people_)
            constants +=
                "    address constant " + name + " = address(uint160(" + vm::to_decimal(vm::to_word(address)) + "));\n";
        text_.insert(people, constants);
        return std::move(text_);
    }

  private:
    void line(const std::string& text) { text_ += text + "\n"; }
    const ir::Contract& contract(DeployedIndex index) const { return world_.contract(index).ir(); }
    const std::string& name(DeployedIndex index) const { return world_.contract(index).name; }
    std::string type(DeployedIndex index) const { return "I" + name(index); }
    std::string variable(DeployedIndex index) const { return "the" + name(index); }

    // Writes the transactions in their order.
    void transactions() {
        std::size_t number = 0;
        bool is_deployed = false;
        line("//");
        if (plan_.empty()) line("//   owner: deploys the contracts");
        for (std::size_t i = 0; i < plan_.size(); ++i) {
            const PlannedTransaction& planned = plan_[i];
            if ((planned.is_attack || planned.sender == World::accomplice || !planned.activations.empty()) && !is_deployed) {
                line("//   mallory: deploys " + world_.attacker().name + " with " + format_wei(World::attack_capital));
                is_deployed = true;
            }
            if (planned.wait.blocks != 0)
                line("//   " + std::to_string(planned.wait.blocks) + " block(s) and " +
                     std::to_string(planned.wait.seconds) + " seconds pass");
            if (needs_preparation(plan_, i))
                line("//   mallory: " + world_.attacker().name + "." + prepare_function(i) + "()");
            if (planned.is_attack) {
                line("//   mallory: " + world_.attacker().name + "." + attack_function(++number) + "()");
            } else {
                const std::string with = planned.call.value.is_zero() ? "" : " with " + format_wei(planned.call.value);
                line("//   " + world_.senders()[planned.sender].name + ": " + name(planned.call.contract) + "." +
                     world_.text_of(planned.call) + with);
            }
        }
    }

    void interface(DeployedIndex index) {
        std::set<std::uint32_t> used;
        const auto collect = [&](const std::vector<Call>& calls) {
            for (const Call& call : calls)
                if (call.contract == index) used.insert(call.function);
        };
        collect(preparations_);
        for (const PlannedTransaction& planned : plan_)
            for (const Activation& activation : planned.activations) collect(activation.calls);
        line("");
        line("interface " + type(index) + " {");
        for (const std::uint32_t number : used) {
            const ir::Function& function = contract(index).functions[number];
            if (function.kind != ir::FunctionKind::Ordinary || !has_name(function)) continue;
            if (!has_literals(function.parameters) && !std::ranges::any_of(function.parameters, is_function)) continue;
            if (std::ranges::any_of(function.parameters, [](const auto& p) { return p.type.kind == ir::TypeKind::Data; }))
                continue;
            std::string head = "    function " + function.name + "(";
            for (std::size_t i = 0; i < function.parameters.size(); ++i)
                head += (i ? ", " : "") +
                        parameter(contract(index).is_opaque ? without_name(function.parameters[i]) : function.parameters[i]);
            line(head + ") external" + (function.mutability == ir::Mutability::Payable ? " payable;" : ";"));
        }
        line("}");
    }

    static ir::NamedType without_name(ir::NamedType named) {
        named.name.clear();
        return named;
    }

    static std::string parameter(const ir::NamedType& named) {
        const std::string type = is_function(named) ? "function() external" : ir::abi_name(named.type);
        return type + (named.type.is_reference() ? " calldata" : "") + (named.name.empty() ? "" : " " + named.name);
    }

    void constructor() {
        std::string head = "    constructor(";
        for (std::size_t i = 0; i < known_.size(); ++i) head += (i ? ", " : "") + type(known_[i]) + " a" + name(known_[i]);
        line("");
        line(head + ") payable {");
        for (const DeployedIndex each : known_) line("        " + variable(each) + " = a" + name(each) + ";");
        calls(preparations_, "        ");
        line("    }");
    }

    void attacks() {
        std::size_t number = 0;
        for (std::size_t i = 0; i < plan_.size(); ++i) {
            if (needs_preparation(plan_, i)) {
                line("");
                line("    function " + prepare_function(i) + "() external {");
                line("        round = " + std::to_string(i + 1) + ";");
                line("    }");
            }
            if (!plan_[i].is_attack) continue;
            line("");
            line("    function " + attack_function(++number) + "() external {");
            if (counts_rounds_) line("        round = " + std::to_string(i + 1) + ";");
            calls(plan_[i].activations.front().calls, "        ");
            line("    }");
        }
    }

    void raw_call(const std::string& indent, const Call& call, const std::string& data) {
        const std::string value = call.value.is_zero() ? "" : "{value: " + format_wei(call.value) + "}";
        line(indent + "{");
        line(indent + "    (bool ok, ) = address(" + variable(call.contract) + ").call" + value + "(" + data + ");");
        line(indent + "    require(ok);");
        line(indent + "}");
    }

    void calls(const std::vector<Call>& list, const std::string& indent) {
        for (const Call& call : list) {
            const ir::Function& function = contract(call.contract).functions[call.function];
            if (function.kind != ir::FunctionKind::Ordinary) {
                const Bytes data = world_.call_data(call);
                raw_call(indent, call, data.empty() ? "\"\"" : hex(data));
                continue;
            }
            const std::string target = variable(call.contract) + "." + function.name;
            std::string arguments;
            const bool is_plain =
                std::ranges::none_of(function.parameters, [](const auto& p) { return p.type.kind == ir::TypeKind::Data; });
            if (!is_plain) {  // encoded; the comment says what
                line(indent + "// " + variable(call.contract) + "." + world_.text_of(call));
                raw_call(indent, call, hex(world_.call_data(call)));
                continue;
            }
            for (std::size_t i = 0; i < call.arguments.size(); ++i)
                arguments += (i ? ", " : "") + literal(function.parameters[i].type, call.arguments[i]);
            if (std::ranges::any_of(function.parameters, is_function)) {  // they have no literal; encoded they are bytes24
                raw_call(indent, call, "abi.encodeWithSelector(" + target + ".selector, " + arguments + ")");
                continue;
            }
            if (!has_name(function)) {
                raw_call(indent, call,
                         "abi.encodeWithSelector(bytes4(" + bytes4(function.selector) + ")" +
                             (arguments.empty() ? "" : ", " + arguments) + ")");
                continue;
            }
            const std::string value = call.value.is_zero() ? "" : "{value: " + format_wei(call.value) + "}";
            line(indent + target + value + "(" + arguments + ");");
        }
    }

    static std::string hex(const Bytes& data) { return data.empty() ? "\"\"" : "hex\"" + vm::to_hex(data).substr(2) + "\""; }

    std::string literal(const ir::Type& type, const abi::Data& value) {
        const auto name_of = [&](const Address& person) { return address(person); };
        if (const auto* word = std::get_if<Word>(&value.content)) return source_literal(type, *word, name_of);
        return source_literal(type, value.bytes(), name_of);
    }

    std::string address(const Address& address) {
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

    bool has_transient() const { return world_.recipe().fork >= vm::Fork::Cancun; }

    // In an answer, `turn` may have grown since: she remembers. In a view she cannot count.
    static std::string moment(bool with_round, std::size_t transaction, std::uint32_t turn,
                              std::string_view counter = "turn") {
        return (with_round ? "round == " + std::to_string(transaction + 1) + " && " : "") + std::string(counter) +
               " == " + std::to_string(turn);
    }

    // Writes what she does when she is called for the n-th time. Moments that she cannot tell apart are one.
    void respond() {
        line("");
        line("    function respond() private " + std::string(tells_moments_ ? "returns (uint256 now_) {" : "{"));
        line("        if (gasleft() < " + std::to_string(has_transient() ? least_gas_to_act : least_gas_to_act_by_storage) +
             ") return" + (tells_moments_ ? " 0;" : ";"));
        if (!has_transient()) {
            line("        if (thisBlock != block.number) {");
            line("            thisBlock = block.number;");
            line("            turn = 0;");
            line("        }");
        }
        line("        turn += 1;");
        if (tells_moments_) line("        now_ = turn;");
        for (std::size_t t = 0; t < plan_.size(); ++t) {
            std::set<std::uint32_t> written;
            const auto& activations = plan_[t].activations;
            for (std::size_t i = plan_[t].is_attack ? 1 : 0; i < activations.size(); ++i) {
                const Activation& activation = activations[i];
                if (!acts(activation) || !written.insert(activation.turn).second) continue;
                line("        if (" + moment(counts_rounds_, t, activation.turn) + ") {");
                calls(activation.calls, "            ");
                if (activation.reverts) line("            revert();");
                line(tells_moments_ ? "            return now_;" : "            return;");
                line("        }");
            }
        }
        line("    }");
    }

    // One answer that she gives, and when.
    struct Answer {
        std::size_t transaction = 0;
        std::uint32_t turn = 0;
        Bytes data;
    };
    struct Entry {
        bool is_static = true;  // only ever called so
        std::vector<Answer> answers;
    };

    // Writes the entry points: plain payments, functions that the contracts call by name, anything else.
    void entries() {
        bool has_plain = false;
        std::map<std::uint32_t, Entry> entered;
        for (std::size_t t = 0; t < plan_.size(); ++t)
            for (std::size_t i = plan_[t].is_attack ? 1 : 0; i < plan_[t].activations.size(); ++i) {
                const Activation& activation = plan_[t].activations[i];
                if (!activation.selector) {
                    has_plain = true;
                    continue;
                }
                Entry& entry = entered[*activation.selector];
                entry.is_static &= activation.is_static;
                if (!activation.reverts) entry.answers.push_back({t, activation.turn, activation.answer});
            }
        line("");
        std::map<std::uint32_t, Entry> unnamed;
        for (auto& [selector, entry] : entered) {
            const ir::Method* known = method(selector);
            if (known && has_literals(known->parameters) && has_literals(known->returns)) named(*known, entry);
            else unnamed.emplace(selector, std::move(entry));
        }
        const std::string body = acts_ ? " { respond(); }" : " {}";
        if (has_plain || entered.empty()) line("    receive() external payable" + body);
        if (!unnamed.empty()) fallback(unnamed);
    }

    void named(const ir::Method& method, const Entry& entry) {
        std::string head = "    function " + method.name + "(";
        for (std::size_t i = 0; i < method.parameters.size(); ++i)
            head += (i ? ", " : "") + parameter({"", method.parameters[i].type});
        // Code of old compilers calls a view like anything else.
        const bool is_view =
            entry.is_static && (method.mutability == ir::Mutability::View || method.mutability == ir::Mutability::Pure);
        head += method.mutability == ir::Mutability::Payable ? ") external payable" : ") external";
        std::string results;
        for (const ir::NamedType& type : method.returns)
            results += (results.empty() ? "" : ", ") + ir::abi_name(type.type) + (type.type.is_reference() ? " memory" : "");
        line(head + (is_view ? " view" : "") + (results.empty() ? "" : " returns (" + results + ")") + " {");
        std::vector<std::pair<std::string, const Answer*>> answers;
        for (const Answer& answer : entry.answers)
            if (const auto values = abi::decode(method.returns, answer.data); values && !values->empty()) {
                std::string text;
                for (std::size_t i = 0; i < values->size(); ++i)
                    text += (i ? ", " : "") + source_literal(method.returns[i].type, (*values)[i],
                                                             [&](const Address& a) { return address(a); });
                answers.emplace_back(values->size() == 1 ? text : "(" + text + ")", &answer);
            }
        const bool differ =
            std::ranges::any_of(answers, [&](const auto& each) { return each.first != answers.front().first; });
        if (acts_ && !is_view) line(differ ? "        uint256 now_ = respond();" : "        respond();");
        for (std::size_t i = 1; i < answers.size(); ++i)
            if (answers[i].first != answers.front().first && acts_)
                line("        if (" +
                     moment(counts_rounds_, answers[i].second->transaction, answers[i].second->turn,
                            is_view ? "turn" : "now_") +
                     ") return " + answers[i].first + ";");
        if (!answers.empty()) line("        return " + answers.front().first + ";");
        line("    }");
    }

    void fallback(const std::map<std::uint32_t, Entry>& entries) {
        line("    fallback(bytes calldata) external payable returns (bytes memory) {");
        for (const auto& [selector, entry] : entries)
            if (entry.is_static && !entry.answers.empty())
                line("        if (msg.sig == " + bytes4(selector) + ") return " + hex(entry.answers.front().data) + ";");
        if (acts_) line(tells_moments_ ? "        uint256 now_ = respond();" : "        respond();");
        for (const auto& [selector, entry] : entries) {
            if (entry.is_static || entry.answers.empty()) continue;
            for (std::size_t i = 1; i < entry.answers.size(); ++i)
                if (entry.answers[i].data != entry.answers.front().data && acts_)
                    line("        if (msg.sig == " + bytes4(selector) + " && " +
                         moment(counts_rounds_, entry.answers[i].transaction, entry.answers[i].turn, "now_") + ") return " +
                         hex(entry.answers[i].data) + ";");
            if (!entry.answers.front().data.empty())
                line("        if (msg.sig == " + bytes4(selector) + ") return " + hex(entry.answers.front().data) + ";");
        }
        line("        return \"\";");
        line("    }");
    }

    static std::string bytes4(std::uint32_t selector) {
        const auto bytes = vm::to_big_endian(Word{selector});
        return vm::to_hex(ByteView(bytes).last(4));
    }

    const ir::Method* method(std::uint32_t selector) const {
        for (const DeployedContract& deployed : world_.contracts())
            for (const ir::Method& method : deployed.ir().methods)
                if (method.selector == selector) return &method;
        return nullptr;
    }

    const World& world_;
    const Plan& plan_;
    const std::vector<DeployedIndex> known_;
    const std::vector<Call> preparations_;
    std::map<std::string, Address> people_;  // accounts that the text mentions
    bool acts_ = false;                      // whether she does something in a callback
    bool counts_rounds_ = false;             // in callbacks of several transactions
    bool tells_moments_ = false;             // respond() says which turn it was, for the answer
    std::string text_;
};

}  // namespace

std::string attack_function(std::size_t number) { return number == 1 ? "attack" : "attack" + std::to_string(number); }
std::string prepare_function(std::size_t transaction) { return "prepare" + std::to_string(transaction + 1); }

bool has_name(const ir::Function& function) {
    lang::Diagnostics diagnostics;
    const lang::SourceFile text{"", function.name, 0};
    const auto tokens = lang::lex(text, diagnostics);
    return !tokens.empty() && tokens.front().kind == lang::TokenKind::Identifier && tokens.front().text == function.name;
}

bool needs_preparation(const Plan& plan, std::size_t transaction) {
    return !plan[transaction].is_attack && !callbacks(plan[transaction]).empty() && std::ranges::any_of(plan, acts_in) &&
           needs_rounds(plan);
}

std::vector<DeployedIndex> known_to_attacker(const World& world, const Plan& plan) {
    std::set<DeployedIndex> known;
    std::set<Address> passed;
    const auto add = [&](const Call& call) {
        known.insert(call.contract);
        for (const abi::Data& argument : call.arguments) add_addresses(argument, passed);
    };
    for (const PlannedTransaction& planned : plan)
        for (const Activation& activation : planned.activations)
            for (const Call& call : activation.calls) add(call);
    for (const Call& call : preparations(world)) add(call);
    for (std::uint32_t i = 0; i < world.contracts().size(); ++i)
        if (passed.contains(world.contracts()[i].address)) known.insert(DeployedIndex{i});
    return {known.begin(), known.end()};
}

std::string write_attacker(const World& world, const Plan& plan) { return Writer(world, plan).write(); }

}  // namespace interlock::analyzer
