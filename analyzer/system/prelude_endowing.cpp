#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "analyzer/explorer/traits.hpp"
#include "analyzer/system/bystanders.hpp"
#include "analyzer/system/prelude.hpp"
#include "chain/blockchain.hpp"
#include "chain/genesis.hpp"
#include "vm/tracer.hpp"

// Who sends contracts what they have to have before others can use them.
namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

// The first call by a contract that fails in a run.
class FirstRefusal final : public vm::Tracer {
  public:
    [[nodiscard]] vm::OpcodeSet wanted() const override { return {}; }
    [[nodiscard]] bool wants_cost() const override { return false; }
    void on_exit(const vm::Message& message, const vm::Outcome& outcome) override {
        if (!outcome.ok() && message.depth != 0 && message.kind == vm::CallKind::Call && !refused_) refused_ = message;
    }
    [[nodiscard]] const std::optional<vm::Message>& refused() const { return refused_; }

  private:
    std::optional<vm::Message> refused_;
};

// Whether it may give somebody a number of something.
bool may_give(const ir::Function& function) {
    const auto& told = function.parameters;
    const auto is_receiver = [](const ir::NamedType& each) { return each.type.kind == ir::TypeKind::Address; };
    const auto is_amount = [](const ir::NamedType& each) { return each.type.kind == ir::TypeKind::Uint; };
    return function.is_entry && function.kind == ir::FunctionKind::Ordinary &&
           function.mutability == ir::Mutability::NonPayable && told.size() == 2 &&
           std::ranges::count_if(told, is_receiver) == 1 && std::ranges::count_if(told, is_amount) == 1;
}

}  // namespace

void Prelude::endow() {
    for (std::uint32_t i = 0; i < world_.contracts().size(); ++i) {
        const DeployedContract contract = world_.contracts()[i];
        if (is_over() || !world_.artifact_of(contract)) continue;
        const auto here = world_.state().checkpoint();
        const std::size_t length = plan_.size();
        const std::set<Function> before = usage_.of(0);
        send_tokens_to(contract, true);
        if (plan_.size() == length || !std::ranges::includes(before, usage_.of(0))) continue;
        if (pays_later(here, length, {})) continue;
        const Plan gifts(plan_.begin() + static_cast<std::ptrdiff_t>(length), plan_.end());
        plan_.resize(length);
        world_.state().rewind_to(here);
        if (!pays_once_set(DeployedIndex{i}, gifts)) continue;
        for (const PlannedTransaction& gift : gifts)
            if (perform_observed(gift)) plan_.push_back(gift);
    }
}

// Returns whether the gifts make more of the contract work, now or later, once the owner has made a call of his: a rate that is
// zero until he sets it pays nothing, and needs nothing.
bool Prelude::pays_once_set(DeployedIndex contract, const Plan& gifts) {
    constexpr std::size_t most_settings = 12, most_of_function = 3;
    std::set<Function> others;  // which are not asked
    for (std::uint32_t i = 0; i < world_.contracts().size(); ++i)
        for (std::uint32_t f = 0; f < world_.contracts()[i].ir().functions.size(); ++f)
            if (DeployedIndex{i} != contract) others.insert({DeployedIndex{i}, f});
    const auto here = world_.state().checkpoint();
    const std::size_t length = plan_.size();
    std::size_t settings = 0;
    std::map<Function, std::size_t> of_function;
    bool pays = false;
    const auto calls = candidates_.calls(Caller::Honest, 1);
    for (const Call& call : *calls) {
        if (pays || is_over() || settings == most_settings) break;
        if (call.contract != contract || !call.value.is_zero() || call.arguments.empty() || names_somebody(call)) continue;
        if (of_function[{call.contract, call.function}] == most_of_function) continue;
        const chain::Fingerprint before = world_.state().fingerprint();
        if (by_owner(call) && world_.state().fingerprint() != before) {
            ++settings, ++of_function[{call.contract, call.function}];
            const auto set = world_.state().checkpoint();
            const std::set<Function> works = usage_.of(0, others);
            const std::size_t first = plan_.size();
            for (const PlannedTransaction& gift : gifts)
                if (perform_observed(gift)) plan_.push_back(gift);
            pays = !std::ranges::includes(works, usage_.of(0, others)) || pays_later(set, first, others);
        }
        plan_.resize(length);
        world_.state().rewind_to(here);
    }
    return pays;
}

// What is paid for time that has passed is not due yet, and after too long a time it may be more than there is. The state is left
// as it was with the calls from that one on, if they make a difference. `others` are not asked.
bool Prelude::pays_later(chain::State::Checkpoint before, std::size_t first, const std::set<Function>& others) {
    if (!observations_.reads_time()) return false;
    const vm::BlockContext now = world_.state().block();
    const auto works_after = [&](std::uint64_t seconds) {
        world_.pass({seconds / chain::seconds_per_block, seconds});
        std::set<Function> works = Usage(world_, execution_, candidates_, deadline_).of(0, others);
        world_.state().set_block(now);
        return works;
    };
    constexpr std::array pauses{120u, 86'400u, 30u * 86'400u};  // seconds
    std::array<std::set<Function>, pauses.size()> with;
    std::ranges::transform(pauses, with.begin(), works_after);
    world_.state().rewind_to(before);
    for (std::size_t i = 0; i < pauses.size(); ++i) {
        if (is_over() || std::ranges::includes(works_after(pauses[i]), with[i])) continue;
        for (std::size_t each = first; each < plan_.size(); ++each) (void)perform_observed(plan_[each]);
        return true;
    }
    return false;
}

void Prelude::send_tokens_to(const DeployedContract& contract, bool where_none) {
    for (std::uint32_t t = 0; t < world_.contracts().size(); ++t) {
        const DeployedContract token = world_.contracts()[t];
        const auto& functions = token.ir().functions;
        const auto transfer = std::ranges::find_if(functions, [](const lang::ir::Function& function) {
            return function.is_entry && function.selector == token_selector::transfer;
        });
        if (transfer == functions.end() || token.address == contract.address || !knows(contract, token.address)) continue;
        const auto asset = std::ranges::find_if(
            purse_.assets(), [&](const Asset& each) { return each.token == DeployedIndex{t} && !each.id; });
        if (asset == purse_.assets().end()) continue;
        const auto which = static_cast<std::size_t>(asset - purse_.assets().begin());
        if (where_none && !purse_.of(world_, {contract.address}, which).is_zero()) continue;
        const Word half = purse_.of(world_, {world_.users()[0].address}, which) / Word{2};
        PlannedTransaction planned;
        planned.call = {DeployedIndex{t},
                        static_cast<std::uint32_t>(transfer - functions.begin()),
                        {abi::Data{contract.address}, abi::Data{half}},
                        {}};
        if (is_over() || half.is_zero() || !perform_observed(planned)) continue;
        plan_.push_back(std::move(planned));
    }
}

// Shares are passed on by functions of any name: where a call fails since the contract has none to pass on, somebody honest
// passes it some of hers, by the same function.
void Prelude::endow_with_shares() {
    std::set<DeployedIndex> askers;
    for (std::uint32_t i = 0; i < world_.contracts().size(); ++i) {
        const DeployedContract& asker = world_.contracts()[i];
        const auto is_asked = [&](const DeployedContract& other) {
            return other.address != asker.address && world_.artifact_of(other) &&
                   std::ranges::any_of(other.ir().functions, may_give) && may_call(asker.ir(), other.ir());
        };
        if (world_.artifact_of(asker) && std::ranges::any_of(world_.contracts(), is_asked)) askers.insert(DeployedIndex{i});
    }
    if (askers.empty()) return;
    const auto calls = candidates_.calls(Caller::Honest, 1);
    for (const Call& call : *calls) {
        if (is_over()) return;
        if (askers.contains(call.contract) && endows_for(call)) askers.erase(call.contract);
    }
}

// Returns whether somebody gave the contract what it lacked for the call.
bool Prelude::endows_for(const Call& call) {
    const auto here = world_.state().checkpoint();
    PlannedTransaction planned;
    planned.call = call;
    FirstRefusal refusal;
    execution_.machine().set_tracer(&refusal);
    const bool ok = perform(world_, execution_, planned);
    execution_.machine().set_tracer(nullptr);
    world_.state().rewind_to(here);
    const Address& asker = world_.contract(call.contract).address;
    if (ok || !refusal.refused() || refusal.refused()->sender != asker) return false;
    const vm::Message& refused = *refusal.refused();
    for (std::uint32_t i = 0; i < world_.contracts().size(); ++i) {
        const DeployedContract& ledger = world_.contracts()[i];
        if (ledger.address != refused.recipient || !world_.artifact_of(ledger)) continue;
        const auto& functions = ledger.ir().functions;
        const auto giving = std::ranges::find_if(functions, [&](const ir::Function& function) {
            return may_give(function) && function.selector == selector_of(refused.input);
        });
        if (giving == functions.end()) continue;
        for (const std::uint32_t sender : {0u, World::owner_index})
            for (const Word& amount : amounts_to_give(DeployedIndex{i}, world_.senders()[sender].address)) {
                PlannedTransaction gift;
                gift.sender = sender;
                gift.call = {DeployedIndex{i}, static_cast<std::uint32_t>(giving - functions.begin()), {}, {}};
                for (const ir::NamedType& parameter : giving->parameters)
                    gift.call.arguments.push_back(parameter.type.kind == ir::TypeKind::Address ? abi::Data{asker}
                                                                                               : abi::Data{amount});
                if (perform_observed(gift)) {
                    const auto then = world_.state().checkpoint();
                    const bool works = perform_observed(planned);
                    world_.state().rewind_to(then);
                    if (works) plan_.push_back(std::move(gift));
                    if (works) return true;
                }
                world_.state().rewind_to(here);
            }
    }
    return false;
}

// Returns half of what the contract's ledgers say of the account.
std::vector<Word> Prelude::amounts_to_give(DeployedIndex contract, const Address& account) {
    std::vector<Word> amounts;
    for (const Ledger& ledger : purse_.ledgers()) {
        if (ledger.contract != contract || ledger.id) continue;
        const auto output = ask_view(world_.state(), world_.contract(contract).address,
                                     abi::call_data(ledger.selector, {vm::to_word(account)}));
        if (!output || output->size() != 32) continue;
        const Word half = vm::word_from_big_endian(*output) / Word{2};
        if (!half.is_zero() && std::ranges::count(amounts, half) == 0) amounts.push_back(half);
    }
    if (amounts.empty()) amounts.push_back(chain::ether);
    return amounts;
}

}  // namespace interlock::analyzer
