#include "analyzer/explorer/attacker.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/report/source_literal.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

class Writer {
  public:
    Writer(const World& world, const Plan& plan) : world_(world), plan_(plan), victims_(victims_of(plan)) {
        for (const PlannedTransaction& planned : plan)
            for (std::size_t i = planned.is_attack ? 1 : 0; i < planned.activations.size(); ++i)
                callbacks_.push_back(&planned.activations[i]);
        acts_ = std::any_of(callbacks_.begin(), callbacks_.end(),
                            [](const Activation* a) { return !a->calls.empty() || a->reverts; });
    }

    std::string write() {
        line("// Found, replayed and written out by Interlock. For use against your own contracts only.");
        transactions();
        line("pragma solidity ^0.8.24;");
        if (plan_.empty()) return std::move(text_);  // a constructor did the damage without her
        for (const DeployedIndex victim : victims_) interface(victim);
        line("");
        line("contract " + world_.attacker().name + " {");
        for (const DeployedIndex victim : victims_) line("    " + type(victim) + " " + variable(victim) + ";");
        if (acts_) line("    uint256 turn;  // how often control has reached this contract");
        constructor();
        attacks();
        if (acts_) respond();
        entries();
        line("}");
        return std::move(text_);
    }

  private:
    void line(const std::string& text) { text_ += text + "\n"; }
    const ir::Contract& contract(DeployedIndex victim) const { return world_.contract(victim).ir(); }
    std::string type(DeployedIndex victim) const { return "I" + contract(victim).name; }
    std::string variable(DeployedIndex victim) const { return "the" + contract(victim).name; }

    // Writes the transactions in their order.
    void transactions() {
        std::size_t number = 0;
        bool is_deployed = false;
        line("//");
        if (plan_.empty()) line("//   owner: deploys the contracts");
        for (const PlannedTransaction& planned : plan_) {
            if ((planned.is_attack || !planned.activations.empty()) && !is_deployed) {
                line("//   mallory: deploys " + world_.attacker().name + " with " + format_wei(World::attack_capital));
                is_deployed = true;
            }
            if (planned.is_attack) {
                line("//   mallory: " + world_.attacker().name + "." + attack_function(++number) + "()");
            } else {
                const std::string with = planned.call.value.is_zero() ? "" : " with " + format_wei(planned.call.value);
                line("//   " + world_.users()[planned.user].name + ": " + contract(planned.call.contract).name + "." +
                     world_.text_of(planned.call) + with);
            }
        }
    }

    void interface(DeployedIndex victim) {
        std::set<std::uint32_t> used;
        const auto collect = [&](const std::vector<Call>& calls) {
            for (const Call& call : calls)
                if (call.contract == victim) used.insert(call.function);
        };
        for (const PlannedTransaction& planned : plan_)
            for (const Activation& activation : planned.activations) collect(activation.calls);
        line("");
        line("interface " + type(victim) + " {");
        for (const std::uint32_t index : used) {
            const ir::Function& function = contract(victim).functions[index];
            if (function.kind != ir::FunctionKind::Ordinary) continue;
            std::string head = "    function " + function.name + "(";
            for (std::size_t i = 0; i < function.parameters.size(); ++i)
                head += (i ? ", " : "") + parameter(function.parameters[i]);
            line(head + ") external" + (function.mutability == ir::Mutability::Payable ? " payable;" : ";"));
        }
        line("}");
    }

    static bool is_function(const ir::NamedType& named) { return ir::abi_name(named) == "function"; }

    static std::string parameter(const ir::NamedType& named) {
        const std::string type = is_function(named) ? "function() external" : ir::abi_name(named.type);
        return type + (named.type.is_reference() ? " calldata" : "") + (named.name.empty() ? "" : " " + named.name);
    }

    void constructor() {
        std::string head = "    constructor(";
        for (std::size_t i = 0; i < victims_.size(); ++i)
            head += (i ? ", " : "") + type(victims_[i]) + " a" + contract(victims_[i]).name;
        line("");
        line(head + ") payable {");
        for (const DeployedIndex victim : victims_)
            line("        " + variable(victim) + " = a" + contract(victim).name + ";");
        line("    }");
    }

    void attacks() {
        std::size_t number = 0;
        for (const PlannedTransaction& planned : plan_) {
            if (!planned.is_attack) continue;
            line("");
            line("    function " + attack_function(++number) + "() external {");
            calls(planned.activations.front().calls, "        ");
            line("    }");
        }
    }

    void calls(const std::vector<Call>& list, const std::string& indent) {
        for (const Call& call : list) {
            const ir::Function& function = contract(call.contract).functions[call.function];
            if (function.kind == ir::FunctionKind::Receive) {
                line(indent + "{");
                line(indent + "    (bool ok, ) = address(" + variable(call.contract) +
                     ").call{value: " + format_wei(call.value) + "}(\"\");");
                line(indent + "    require(ok);");
                line(indent + "}");
                continue;
            }
            const std::string value = call.value.is_zero() ? "" : "{value: " + format_wei(call.value) + "}";
            const std::string target = variable(call.contract) + "." + function.name;
            std::string arguments;
            for (std::size_t i = 0; i < call.arguments.size(); ++i)
                arguments += (i ? ", " : "") + literal(function.parameters[i].type, call.arguments[i]);
            if (std::ranges::any_of(function.parameters, is_function)) {  // they have no literal; encoded they are bytes24
                line(indent + "{");
                line(indent + "    (bool ok, ) = address(" + variable(call.contract) + ").call" + value +
                     "(abi.encodeWithSelector(" + target + ".selector, " + arguments + "));");
                line(indent + "    require(ok);");
                line(indent + "}");
                continue;
            }
            line(indent + target + value + "(" + arguments + ");");
        }
    }

    std::string literal(const ir::Type& type, const abi::Value& value) const {
        return source_literal(type, value, [&](const Address& person) { return address(person); });
    }

    std::string address(const Address& address) const {
        if (address == world_.attacker().address) return "address(this)";
        for (const DeployedIndex victim : victims_)
            if (world_.contract(victim).address == address) return "address(" + variable(victim) + ")";
        return "address(uint160(" + vm::to_hex(vm::to_word(address)) + "))";
    }

    // Writes what she does when she is called for the n-th time.
    void respond() {
        line("");
        line("    function respond() private {");
        line("        turn += 1;");
        for (std::size_t i = 0; i < callbacks_.size(); ++i) {
            if (callbacks_[i]->calls.empty() && !callbacks_[i]->reverts) continue;
            line("        if (turn == " + std::to_string(i + 1) + ") {");
            calls(callbacks_[i]->calls, "            ");
            if (callbacks_[i]->reverts) line("            revert();");
            line("            return;");
            line("        }");
        }
        line("    }");
    }

    // Writes the entry points: plain payments, functions that the victims call by name, anything else.
    void entries() {
        const std::string body = acts_ ? " { respond(); }" : " {}";
        bool plain = false, other = false;
        std::map<std::uint32_t, const Activation*> named;
        for (const Activation* activation : callbacks_) {
            if (!activation->selector) plain = true;
            else if (method(*activation->selector)) named.emplace(*activation->selector, activation);
            else other = true;
        }
        line("");
        for (const auto& [selector, activation] : named) entry(*method(selector), *activation);
        if (plain || (!other && named.empty())) line("    receive() external payable" + body);
        if (other) line("    fallback() external payable" + body);
    }

    void entry(const ir::Method& method, const Activation& activation) {
        std::string head = "    function " + method.name + "(";
        for (std::size_t i = 0; i < method.parameters.size(); ++i)
            head += (i ? ", " : "") + parameter({"", method.parameters[i].type});
        head += method.mutability == ir::Mutability::Payable ? ") external payable" : ") external";
        std::string results;
        for (const ir::NamedType& type : method.returns)
            results += (results.empty() ? "" : ", ") + ir::abi_name(type.type) + (type.type.is_reference() ? " memory" : "");
        line(head + (results.empty() ? "" : " returns (" + results + ")") + " {");
        if (acts_) line("        respond();");
        if (const auto values = abi::decode(method.returns, activation.answer); values && !values->empty()) {
            std::string text;
            for (std::size_t i = 0; i < values->size(); ++i)
                text += (i ? ", " : "") + literal(method.returns[i].type, (*values)[i]);
            line("        return " + (values->size() == 1 ? text : "(" + text + ")") + ";");
        }
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
    std::vector<DeployedIndex> victims_;
    std::vector<const Activation*> callbacks_;  // in the order in which control reaches her
    bool acts_ = false;                         // whether she does something in a callback
    std::string text_;
};

}  // namespace

std::string attack_function(std::size_t number) { return number == 1 ? "attack" : "attack" + std::to_string(number); }

std::vector<DeployedIndex> victims_of(const Plan& plan) {
    std::set<DeployedIndex> victims;
    for (const PlannedTransaction& planned : plan)
        for (const Activation& activation : planned.activations)
            for (const Call& call : activation.calls) victims.insert(call.contract);
    return {victims.begin(), victims.end()};
}

std::string write_attacker(const World& world, const Plan& plan) { return Writer(world, plan).write(); }

}  // namespace interlock::analyzer
