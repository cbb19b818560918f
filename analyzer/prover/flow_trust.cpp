// The part of a Flow that knows who is taken to call nobody where he is called or paid.
#include <algorithm>

#include "analyzer/prover/accounts.hpp"
#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/written_arrays.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using Kind = Known::Kind;
using CallKind = ir::ExternalCall::Kind;

// The account that stands in the source, if it is one.
std::optional<ir::Word> Flow::written_out(const Known& account) const {
    if (account.is_constant()) return account.word;
    const auto kept = account.kind == Kind::Role ? code_.written_out.find(account.area) : code_.written_out.end();
    return kept == code_.written_out.end() ? std::nullopt : std::optional(kept->second);
}

// Whether the function is declared to change nothing, although an older dialect has it called like any other.
bool Flow::only_looks(const Frame& frame, const ir::ExternalCall& call) const {
    const ir::Method* method = ir::method_of(*code_.contracts.at(frame.entry.contract), call);
    return method && method->is_view && call.kind == CallKind::Method && !call.value;
}

// Whether no stranger has put the account there: what it is asked, it answers as if it could do nothing else. Of contracts of the
// scope it is known what they do, whatever the function is declared to be.
bool Flow::is_trusted_to_look(const Frame& frame, const State& state, std::uint32_t index, const ir::ExternalCall& call,
                              const Known& target) {
    const auto written = written_out(target);
    if (!written && target.kind != Kind::Role) return false;
    const bool is_another = written || target.area.contract == frame.storage;
    if (may_enter_callers(frame, state, index, call, is_another ? std::optional(frame.storage) : std::nullopt)) return false;
    if (written) known_to_look_.insert(*written);
    else trusted_to_look_.insert(target.area);
    return true;
}

namespace {

// Whether somebody may name another account later, by one of these. Who was only named when the contract was made may be after
// the others' money.
bool may_be_replaced(const ir::Contract& contract, const ir::StateVariable& variable,
                     const std::vector<const ir::Function*>& entries) {
    const auto index = static_cast<std::uint32_t>(&variable - contract.state.data());
    return std::ranges::any_of(with_callees(contract, entries), [&](const ir::Function* function) {
        return std::ranges::any_of(function->blocks, [&](const ir::Block& block) {
            return std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
                return each.op == ir::Op::Store && each.place.variable == index;
            });
        });
    });
}

}  // namespace

// Returns the token that the variable is declared to hold, one of which there is a source, if it calls nobody there.
const ir::Contract* Flow::quiet_token(const Known& target, std::optional<std::uint32_t> selector) const {
    if (code_.tokens.empty() || target.kind != Kind::Role || !selector) return nullptr;
    const auto accounts = accounts_of(code_);
    const auto found = std::ranges::find(accounts, target.area, &std::pair<Area, const ir::StateVariable*>::first);
    if (found == accounts.end()) return nullptr;
    const std::string& type = code_.contracts.at(target.area.contract)->storage_types.at(found->second->type).name;
    for (const ir::Contract* token : code_.tokens) {
        if (type != "contract " + token->name) continue;
        for (std::uint32_t i = 0; i < token->functions.size(); ++i)
            if (token->functions[i].is_entry && token->functions[i].selector == *selector && calls_nobody(*token, i))
                return token;
    }
    return nullptr;
}

// Returns the contract of the scope that the variable is declared to hold, one of several maybe, if it calls nobody.
std::optional<std::uint32_t> Flow::quiet_kind_of(const Area& role) const {
    const auto accounts = accounts_of(code_);
    const auto found = std::ranges::find(accounts, role, &std::pair<Area, const ir::StateVariable*>::first);
    if (found == accounts.end()) return std::nullopt;
    const std::string& type = code_.contracts.at(role.contract)->storage_types.at(found->second->type).name;
    for (std::uint32_t i = 0; i < code_.contracts.size(); ++i)
        if (type == "contract " + code_.contracts[i]->name && calls_nobody(*code_.contracts[i])) return i;
    return std::nullopt;
}

// Whether it is a call of a contract that those know who wrote or deployed this one, and which does not make it call others.
bool Flow::is_trusted(const Frame& frame, const State& state, std::uint32_t index, const ir::ExternalCall& call,
                      const Known& target, bool pays) {
    const auto written = written_out(target);
    // No contract stands in its own source.
    if (may_enter_callers(frame, state, index, call, written ? std::optional(frame.storage) : std::nullopt)) return false;
    const bool is_of_nobody = names_nobody(frame, state, index, call);
    if (written) {
        const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
        const bool is_fine = is_of_nobody || only_moves_tokens(selector_of(frame, state, index, call)) ||
                             asks_for_holdings(contract, call) || asks_for_owners(contract, call);
        if (is_fine) trusted_.insert(*written);
        return is_fine;
    }
    if (target.kind != Kind::Role) return false;
    const ir::Method* method = ir::method_of(*code_.contracts.at(frame.entry.contract), call);
    if (pays && (!method || method->mutability != ir::Mutability::Payable)) return false;
    if (method && only_moves_tokens(method->selector) && code_.collections.contains(method->contract)) {
        trusted_collections_.insert(target.area);
        return true;
    }
    const ir::Contract& contract = *code_.contracts.at(target.area.contract);
    if (const auto kind = quiet_kind_of(target.area)) {
        trusted_kinds_.emplace(target.area, *kind);
        return true;
    }
    if (!is_of_nobody) return false;
    std::vector<const ir::Function*> entries;
    for (const Entry& each : entries_of(code_))
        if (each.contract == target.area.contract && !code_.starters.contains(each))
            entries.push_back(&code_.function(each));
    const bool is_contract = std::ranges::any_of(accounts_of(code_), [&](const auto& account) {
        return account.first == target.area && may_be_replaced(contract, *account.second, entries) &&
               contract.storage_types.at(account.second->type).name.starts_with("contract ");
    });
    if (is_contract) trusted_roles_.insert(target.area);
    return is_contract;
}

// Whether a contract of the scope, but that one, may be meant, there an entry that calls others: of the sources that is known.
bool Flow::may_enter_callers(const Frame& frame, const State& state, std::uint32_t index, const ir::ExternalCall& call,
                             std::optional<std::uint32_t> but) const {
    for (std::uint32_t i = 0; i < code_.contracts.size(); ++i)
        if (i != but)
            for (const Entry& entry : receivers(frame, state, index, call, i))
                if (!code_.leaves.contains(entry)) return true;
    return false;
}

// Whether it is the owner who can name another account to be paid there. Who is named in the call that pays is a payee.
bool Flow::is_wallet_of_owner(const Area& wallet) const {
    const auto accounts = accounts_of(code_);
    const auto found = std::ranges::find(accounts, wallet, &std::pair<Area, const ir::StateVariable*>::first);
    if (found == accounts.end()) return false;
    const ir::Contract& contract = *code_.contracts.at(wallet.contract);
    const auto asks_for_owner = [&](const ir::Function* each) {
        return std::ranges::any_of(each->blocks, [&](const ir::Block& block) {
            return std::ranges::any_of(block.instructions, [&](const ir::Instruction& load) {
                const bool is_variable = load.op == ir::Op::Load && load.place.steps.empty();
                const bool is_immutable = load.op == ir::Op::LoadImmutable;
                return std::ranges::any_of(accounts, [&](const auto& account) {
                    return (is_variable || is_immutable) && account.first.contract == wallet.contract &&
                           account.second == &contract.state.at(load.place.variable) && account.first != wallet &&
                           code_.owners.contains(account.first);
                });
            });
        });
    };
    std::vector<const ir::Function*> entries;
    for (const Entry& each : entries_of(code_))
        if (each.contract == wallet.contract && !code_.starters.contains(each) &&
            std::ranges::any_of(with_callees(contract, {&code_.function(each)}), asks_for_owner))
            entries.push_back(&code_.function(each));
    const bool is_named_here = wallet.contract == frames_.front()->entry.contract &&
                               may_be_replaced(contract, *found->second, {frames_.front()->function});
    return !is_named_here && may_be_replaced(contract, *found->second, entries);
}

// Whether the call tells whom it calls of no account that it could call: all among its arguments are the contract itself, of
// those who have roles, or what it has told itself.
bool Flow::names_nobody(const Frame& frame, const State& state, std::uint32_t index, const ir::ExternalCall& call) const {
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    const ir::Method* method = ir::method_of(contract, call);
    if (!method) return false;
    const bool is_known = call.kind == CallKind::Method;
    const std::vector<ir::Value> arrays =
        is_known ? std::vector<ir::Value>{} : arrays_of_accounts_in(contract, *frame.function, call);
    const std::vector<Known> arguments = words_of(frame, state, index, call);
    std::size_t passed = 0;
    for (std::size_t i = 0; i < method->parameters.size(); ++i) {
        const ir::NamedType& each = method->parameters[i];
        if (each.type.kind == ir::TypeKind::Bytes) return false;
        if (each.type.kind == ir::TypeKind::Data) {
            const bool is_array = each.data == "address[]" && passed < arrays.size();
            if (!is_array || !holds_nobody(frame, state, index, call, arrays[passed++])) return false;
        }
        if (each.type.kind == ir::TypeKind::Address && (i >= arguments.size() || !is_nobody(arguments[i]))) return false;
    }
    return passed == arrays.size();
}

bool Flow::is_nobody(const Known& account) {
    return account.is_constant() || account.kind == Kind::Self || account.kind == Kind::Role;
}

// The same of the array: what it holds may also be the answers of whom it is sent to.
bool Flow::holds_nobody(const Frame& frame, const State& state, std::uint32_t index, const ir::ExternalCall& call,
                        ir::Value array) const {
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    const Makers& made_by = frame.shape->made_by;
    const auto words = words_written_to(contract, *frame.function, made_by, array);
    if (!words) return false;
    const auto account_of = [&](const ir::ExternalCall& each) {
        return get(frame, state, index, each.kind == CallKind::Raw ? each.arguments.data()[1] : each.target);
    };
    const auto is_told = [&](ir::Value word) {
        const ir::Instruction* made = made_by.at(word.index);
        while (made && made->op == ir::Op::Reinterpret) {
            word = made->operands[0];
            made = made_by.at(word.index);
        }
        const ir::ExternalCall* asked = call_that_answers(*frame.function, word);
        if (!asked || asked->kind != CallKind::Method) return false;
        const Known whom = account_of(*asked), called = account_of(call);
        const auto written = written_out(called);
        const bool is_same_role = whom.kind == Kind::Role && called.kind == Kind::Role && whom.area == called.area;
        return is_same_role || (written && written_out(whom) == written);
    };
    return std::ranges::all_of(*words,
                               [&](ir::Value word) { return is_nobody(get(frame, state, index, word)) || is_told(word); });
}

// Whether it is what the entry was given only to have it called, in no call of its own that comes back to it.
bool Flow::is_named(std::uint32_t frame, ir::Value whom) const {
    if (!whom || !named_.contains({frames_[frame]->function, whom.index})) return false;
    for (; frames_[frame]->caller != Frame::none; frame = frames_[frame]->caller)
        if (frames_[frame]->is_outer) return false;
    return true;
}

}  // namespace interlock::analyzer::prover
