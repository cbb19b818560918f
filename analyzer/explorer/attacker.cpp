#include "analyzer/explorer/attacker.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/explorer/attacker_calls.hpp"
#include "analyzer/report/source_literal.hpp"
#include "lang/syntax/token.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

constexpr std::uint64_t least_gas_to_act = 10'000;             // with less she only answers
constexpr std::uint64_t least_gas_to_act_by_storage = 65'000;  // before transient storage

std::vector<Call> preparations(const World& world) {
    std::vector<Call> calls;
    for (const Preparation& each : world.recipe().attacker) {
        const auto to = std::ranges::find(world.contracts(), each.to, &DeployedContract::name);
        if (to == world.contracts().end()) continue;
        if (const auto call = world.call_of(to->address, each.data, each.value)) calls.push_back(*call);
    }
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
        : world_(world), plan_(plan), calls_(world, known_to_attacker(world, plan)), preparations_(preparations(world)) {
        acts_ = std::ranges::any_of(plan, acts_in);
        counts_rounds_ = acts_ && needs_rounds(plan);
        tells_moments_ = acts_ && answers_differ(plan);
    }

    std::string write() {
        line("// Found, replayed and written out by Interlock. For use against your own contracts only.");
        transactions();
        line("pragma solidity ^0.8.28;");
        if (plan_.empty()) return std::move(text_);  // a constructor did the damage without her
        for (const DeployedIndex each : calls_.known()) text_ += "\n" + calls_.interface(each, all_calls());
        line("");
        line("contract " + world_.attacker().name + " {");
        for (const DeployedIndex each : calls_.known()) line("    " + calls_.type(each) + " " + calls_.variable(each) + ";");
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
        for (const auto& [name, address] : calls_.people())
            constants +=
                "    address constant " + name + " = address(uint160(" + vm::to_decimal(vm::to_word(address)) + "));\n";
        text_.insert(people, constants);
        return std::move(text_);
    }

  private:
    void line(const std::string& text) { text_ += text + "\n"; }
    const std::string& name(DeployedIndex index) const { return world_.contract(index).name; }

    std::vector<Call> all_calls() const {
        std::vector<Call> all = preparations_;
        for (const PlannedTransaction& planned : plan_)
            for (const Activation& activation : planned.activations)
                all.insert(all.end(), activation.calls.begin(), activation.calls.end());
        return all;
    }

    // Writes the transactions in their order.
    void transactions() {
        std::size_t number = 0;
        bool is_deployed = false;
        line("//");
        if (plan_.empty()) line("//   owner: deploys the contracts");
        for (std::size_t i = 0; i < plan_.size(); ++i) {
            const PlannedTransaction& planned = plan_[i];
            if (!is_deployed && involves_attacker(world_, planned)) {
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

    void constructor() {
        std::string head = "    constructor(";
        for (const DeployedIndex each : calls_.known())
            head += (each == calls_.known().front() ? "" : ", ") + calls_.type(each) + " a" + name(each);
        line("");
        line(head + ") payable {");
        for (const DeployedIndex each : calls_.known()) line("        " + calls_.variable(each) + " = a" + name(each) + ";");
        text_ += calls_.statements(preparations_, "        ");
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
            text_ += calls_.statements(plan_[i].activations.front().calls, "        ");
            line("    }");
        }
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
                text_ += calls_.statements(activation.calls, "            ");
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
            if (known && AttackerCalls::have_literals(known->parameters) && AttackerCalls::have_literals(known->returns) &&
                are_of(*known, entry.answers))
                named(*known, entry);
            else unnamed.emplace(selector, std::move(entry));
        }
        const std::string body = acts_ ? " { respond(); }" : " {}";
        if (has_plain || entered.empty()) line("    receive() external payable" + body);
        if (!unnamed.empty()) fallback(unnamed);
    }

    // Whether all answers are values of the types that the function returns. Who calls by selector may get nothing.
    static bool are_of(const ir::Method& method, const std::vector<Answer>& answers) {
        return method.returns.empty() || std::ranges::all_of(answers, [&](const Answer& each) {
                   return abi::decode(method.returns, each.data).has_value();
               });
    }

    void named(const ir::Method& method, const Entry& entry) {
        std::string head = "    function " + method.name + "(";
        for (std::size_t i = 0; i < method.parameters.size(); ++i)
            head += (i ? ", " : "") + AttackerCalls::declared({"", method.parameters[i].type});
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
                                                             [&](const Address& a) { return calls_.address(a); });
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
                line("        if (msg.sig == " + AttackerCalls::bytes4(selector) + ") return " +
                     AttackerCalls::hex(entry.answers.front().data) + ";");
        if (acts_) line(tells_moments_ ? "        uint256 now_ = respond();" : "        respond();");
        for (const auto& [selector, entry] : entries) {
            if (entry.is_static || entry.answers.empty()) continue;
            for (std::size_t i = 1; i < entry.answers.size(); ++i)
                if (entry.answers[i].data != entry.answers.front().data && acts_)
                    line("        if (msg.sig == " + AttackerCalls::bytes4(selector) + " && " +
                         moment(counts_rounds_, entry.answers[i].transaction, entry.answers[i].turn, "now_") + ") return " +
                         AttackerCalls::hex(entry.answers[i].data) + ";");
            if (!entry.answers.front().data.empty())
                line("        if (msg.sig == " + AttackerCalls::bytes4(selector) + ") return " +
                     AttackerCalls::hex(entry.answers.front().data) + ";");
        }
        line("        return \"\";");
        line("    }");
    }

    const ir::Method* method(std::uint32_t selector) const {
        for (const DeployedContract& deployed : world_.contracts())
            for (const ir::Method& method : deployed.ir().methods)
                if (method.selector == selector) return &method;
        return nullptr;
    }

    const World& world_;
    const Plan& plan_;
    AttackerCalls calls_;
    const std::vector<Call> preparations_;
    bool acts_ = false;           // whether she does something in a callback
    bool counts_rounds_ = false;  // in callbacks of several transactions
    bool tells_moments_ = false;  // respond() says which turn it was, for the answer
    std::string text_;
};

}  // namespace

void add_addresses(const abi::Data& data, std::set<Address>& addresses) {
    if (const auto* word = std::get_if<Word>(&data.content)) addresses.insert(vm::to_address(*word));
    else if (const auto* list = std::get_if<std::vector<abi::Data>>(&data.content))
        for (const abi::Data& each : *list) add_addresses(each, addresses);
}

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

bool involves_attacker(const World& world, const PlannedTransaction& planned) {
    if (planned.is_attack || planned.sender == World::accomplice || !planned.activations.empty()) return true;
    std::set<Address> named;
    for (const abi::Data& argument : planned.call.arguments) add_addresses(argument, named);
    return named.contains(world.attacker().address);
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
