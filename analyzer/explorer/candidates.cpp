#include "analyzer/explorer/candidates.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "analyzer/bytecode/interface.hpp"
#include "analyzer/devnet/colluder.hpp"
#include "analyzer/explorer/combinations.hpp"
#include "analyzer/explorer/traits.hpp"
#include "analyzer/system/bystanders.hpp"
#include "chain/genesis.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

constexpr std::size_t most_constant_hashes = 3, most_texts = 2;

bool changes_state(const ir::Function& function) {
    return function.is_entry && function.kind != ir::FunctionKind::Getter &&
           (function.mutability == ir::Mutability::NonPayable || function.mutability == ir::Mutability::Payable);
}

bool calls_somebody(const ir::Function& function) {
    return std::ranges::any_of(function.blocks, [](const ir::Block& block) {
        return block.terminator.kind == ir::Terminator::Kind::External ||
               std::ranges::any_of(block.instructions,
                                   [](const ir::Instruction& each) { return each.op == ir::Op::InternalCall; });
    });
}

bool reads_the_clock(const ir::Contract& contract) {
    return std::ranges::any_of(contract.functions, [](const ir::Function& function) {
        return std::ranges::any_of(function.blocks, [](const ir::Block& block) {
            return std::ranges::count(block.instructions, ir::Op::Timestamp, &ir::Instruction::op) != 0;
        });
    });
}

bool has_list(const abi::DataType& type) {
    return type.kind == Kind::Array || std::ranges::any_of(type.parts, [](const auto& part) { return has_list(part); });
}

bool is_list_of(const abi::DataType& type, ir::TypeKind kind) {
    return type.kind == Kind::Array && type.parts.front().kind == Kind::Word && type.parts.front().value.kind == kind;
}

// The word types of a signature lose whether they are addresses of contracts, so the role is kept beside.
bool holds_address(const abi::DataType& type) {
    if (type.kind == Kind::Word) return type.value.kind == ir::TypeKind::Address;
    return (type.kind == Kind::Array || type.kind == Kind::FixedArray) && holds_address(type.parts.front());
}

}  // namespace

namespace {

// Whether it is a word of letters and the like, which begin it.
bool is_text(const ir::Type& type, const Word& word) {
    constexpr std::uint8_t first_printable = 0x20, last_printable = 0x7e;
    if (type.kind != ir::TypeKind::FixedBytes || type.bits != 256 || word.is_zero()) return false;
    const auto bytes = vm::to_big_endian(word);
    const auto end = std::ranges::find(bytes, std::uint8_t{0});
    return std::all_of(bytes.begin(), end,
                       [](std::uint8_t each) { return each >= first_printable && each <= last_printable; }) &&
           std::all_of(end, bytes.end(), [](std::uint8_t each) { return each == 0; });
}

// Whether something may be kept by a name: an entry is given text, and some is hashed, or leads to an entry of a mapping.
bool keeps_by_name(const ir::Contract& contract) {
    const auto is_text = [](const ir::NamedType& each) { return each.type.kind == ir::TypeKind::String; };
    const auto is_given_text = [&](const ir::Function& each) {
        return each.is_entry && std::ranges::any_of(each.parameters, is_text);
    };
    const auto hashes = [](const ir::Function& function) {
        return std::ranges::any_of(function.blocks, [](const ir::Block& block) {
            return std::ranges::any_of(block.instructions,
                                       [](const ir::Instruction& each) { return each.op == ir::Op::Keccak; });
        });
    };
    const auto is_by_text = [](const ir::StorageType& each) {
        return each.kind == ir::StorageType::Kind::Mapping && each.key.kind == ir::TypeKind::String;
    };
    return std::ranges::any_of(contract.functions, is_given_text) &&
           (std::ranges::any_of(contract.functions, hashes) || std::ranges::any_of(contract.storage_types, is_by_text));
}

}  // namespace

Candidates::Candidates(World& world, const Observations& observations, const std::set<ArtifactIndex>& off_limits)
    : world_(world),
      observations_(observations),
      colluder_(colluder_of(world)),
      asks_who_began_(
          std::ranges::any_of(world.contracts(), [](const DeployedContract& each) { return asks_who_began(each.ir()); })),
      off_limits_(off_limits),
      beginning_(world.state().block().timestamp) {
    for (const DeployedContract& contract : world.contracts())
        if (world.artifact_of(contract) && expects_tokens(contract.ir())) receivers_.push_back(contract.address);
    for (const DeployedContract& contract : world.contracts())
        if (world.artifact_of(contract) && moves_tokens(contract.ir())) movers_.push_back(contract.address);
    for (std::uint32_t i = 0; i < world.contracts().size(); ++i) take_up(DeployedIndex{i});
    find_clients();
    find_carried();
}

void Candidates::expect(DeployedIndex contract) {
    take_up(contract);
    clients_.clear();
    find_clients();
    find_carried();
    for (auto& of_caller : made_)
        for (Made& made : of_caller) made.calls = nullptr;
}

void Candidates::take_up(DeployedIndex index) {
    const std::optional<ArtifactIndex> artifact = world_.artifact_of(index);
    if (!is_bystander(world_, index) && !is_spoken_for(world_, index) && !(artifact && off_limits_.contains(*artifact)))
        add_callables(index);
    if (!artifact) return;
    const DeployedContract& deployed = world_.contract(index);
    const ir::Contract& contract = deployed.ir();
    reads_notes_ |= is_told_of_tokens(contract);
    keeps_by_name_ |= keeps_by_name(contract);
    prices_ |= multiplies_and_divides(contract);
    runs_given_code_ |= creates_from_bytes(contract);
    recovers_signers_ |= recovers_signers(contract);
    std::set<Word> constants(constants_.begin(), constants_.end());
    if (contract.is_opaque)
        for (const Word& word : pushed_constants(deployed.artifact->runtime_code))
            if (is_amount(word)) constants.insert(word);
    for (const ir::Function& function : contract.functions)
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& instruction : block.instructions)
                if (instruction.op == ir::Op::Constant && instruction.type.kind == ir::TypeKind::Uint &&
                    is_amount(instruction.word))
                    constants.insert(instruction.word);
                else if (instruction.op == ir::Op::Constant && is_text(instruction.type, instruction.word) &&
                         texts_.size() < most_texts && std::ranges::count(texts_, instruction.word) == 0)
                    texts_.push_back(instruction.word);
    constants_.assign(constants.begin(), constants.end());
    for (const Word& word : hashed_names(contract))
        if (constant_hashes_.size() < most_constant_hashes && std::ranges::count(constant_hashes_, word) == 0)
            constant_hashes_.push_back(word);
}

void Candidates::find_clients() {
    const auto all = world_.contracts();
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        std::vector<std::uint32_t> selectors;
        for (const ir::Function& function : all[i].ir().functions)
            if (function.kind == ir::FunctionKind::Ordinary && changes_state(function))
                selectors.push_back(function.selector);
        for (std::uint32_t other = 0; other < all.size(); ++other)
            if (other != i && world_.artifact_of(DeployedIndex{other}) && calls_one_of(all[other].ir(), selectors))
                clients_[DeployedIndex{i}].push_back(all[other].address);
    }
}

namespace {

// Everybody has approved those who move tokens, unless it is done token by token, and who may move others' moves mostly her
// own.
std::uint32_t least_level_of_token(const ir::Function& function, bool is_approved_singly) {
    using namespace token_selector;
    if (function.selector == approve || function.selector == set_approval_for_all) return is_approved_singly ? 0 : 2;
    return function.selector == transfer_from ? 1 : 0;
}

}  // namespace

void Candidates::add_callables(DeployedIndex index) {
    const DeployedContract& deployed = world_.contract(index);
    const ir::Contract& contract = deployed.ir();
    const bool has_receive = std::ranges::any_of(
        contract.functions, [](const auto& f) { return f.is_entry && f.kind == ir::FunctionKind::Receive; });
    const bool is_environment = !world_.artifact_of(index);
    if (!is_environment) {
        const bool has_clock = reads_the_clock(contract);
        for (const auto& [parameter, measure] : measures_of(contract)) {
            const ChosenNumber number{index, parameter.first, static_cast<std::uint32_t>(parameter.second)};
            using enum Unit;
            if (measure.unit == Instant ? has_clock : measure.unit == Key || measure.unit == Span || measure.unit == Part)
                measures_.emplace(number, measure);
        }
    }
    for (std::uint32_t i = 0; i < contract.functions.size(); ++i) {
        const ir::Function& function = contract.functions[i];
        if (!changes_state(function)) continue;
        // Of the environment's tokens only what moves or lends them matters.
        const bool tells_receiver = function.selector == token_selector::transfer_and_call;
        const bool is_transfer = function.name == "transfer" || tells_receiver;
        if (is_environment && !is_transfer && function.name != "transferFrom" && function.name != "safeTransferFrom")
            continue;
        Callable callable{index, i, function.mutability == ir::Mutability::Payable, false, {}};
        if (function.kind == ir::FunctionKind::Receive) callable.is_plain = true;
        if (function.kind == ir::FunctionKind::Fallback) callable.is_plain = !has_receive && callable.is_payable;
        if (callable.is_plain && (contract.is_opaque || calls_somebody(function))) callable.answers_nothing_sent = true;
        if (function.kind == ir::FunctionKind::Ordinary) {
            const auto types = abi::data_types(function.parameters);
            if (!types) continue;
            for (std::size_t p = 0; p < types->size(); ++p) {
                const lang::Compilation& home = world_.compilation();
                const ir::Contract* role =
                    holds_address((*types)[p]) ? role_of_parameter(home, contract, function, p) : nullptr;
                const bool is_address = (*types)[p].kind == Kind::Word && (*types)[p].value.kind == ir::TypeKind::Address;
                callable.parameters.push_back({(*types)[p], role, is_address && may_be_nobody(contract, function, p)});
            }
        }
        callable.is_of_token = std::ranges::any_of(contract.functions, [](const auto& f) {
            return f.is_entry && (f.selector == token_selector::balance_of || f.selector == token_selector::owner_of);
        });
        // Where not everything was approved in advance, somebody approves single tokens.
        callable.is_approved_singly =
            callable.is_of_token && std::ranges::none_of(contract.functions, [](const auto& f) {
                return f.is_entry && (f.selector == token_selector::set_approval_for_all ||
                                      f.selector == token_selector::allowance || f.selector == token_selector::transfer);
            });
        callable.tells_receiver = tells_receiver;
        callable.least_level = is_environment && !is_transfer ? 2 : is_environment ? 1 : 0;
        if (callable.is_of_token && !is_environment)
            callable.least_level = least_level_of_token(function, callable.is_approved_singly);
        for (const Preparation& done : world_.recipe().attacker)
            if (done.to == deployed.name && selector_of(done.data) == function.selector) callable.least_level_of_hers = 2;
        for (std::uint32_t p = 0; p < function.parameters.size(); ++p)
            namesakes_[{index, function.parameters[p].name}].push_back({index, i, p});
        callables_.push_back(std::move(callable));
    }
}

// --- calls ---

std::vector<abi::Data> Candidates::arguments_of(const Callable& callable, std::uint32_t position, Caller caller,
                                                std::uint32_t level, std::size_t length) const {
    const Parameter& parameter = callable.parameters[position];
    std::vector<Data> values = values_of(parameter, {callable.contract, callable.function, position}, caller, level, length);
    const bool is_address = parameter.type.kind == Kind::Word && parameter.type.value.kind == ir::TypeKind::Address;
    // What is listed beside accounts is theirs: two of them have the same first, since little of it may be as good as nothing.
    if (length == 2 && is_list_of(parameter.type, ir::TypeKind::Uint) &&
        std::ranges::any_of(callable.parameters,
                            [](const Parameter& each) { return is_list_of(each.type, ir::TypeKind::Address); })) {
        const auto are_equal = [](const Data& value) { return value.list().front() == value.list().back(); };
        std::ranges::stable_partition(values, are_equal);
    }
    // She may let a contract do something for her.
    if (is_address && !callable.is_of_token && !parameter.role && level > 0 && caller == Caller::Attacker)
        if (const auto clients = clients_.find(callable.contract); clients != clients_.end())
            for (const Address& client : clients->second)
                if (std::ranges::count(values, Data{client}) == 0) values.emplace_back(client);
    if (!callable.is_of_token) return values;
    if (caller == Caller::Honest)
        for (const Address& hers : world_.hers()) std::erase(values, Data{hers});
    // Who is told of what he gets has to be somebody who listens.
    if (callable.tells_receiver && position == 0 && !receivers_.empty()) values.clear();
    const std::uint32_t selector = world_.contract(callable.contract).ir().functions[callable.function].selector;
    const bool lets_go = callable.is_approved_singly && selector == token_selector::approve;
    if (is_address)
        for (const Address& receiver : callable.is_approved_singly ? movers_ : receivers_)
            if (world_.contract(callable.contract).address != receiver && std::ranges::count(values, Data{receiver}) == 0)
                values.insert(lets_go ? values.begin() : values.end(), Data{receiver});
    // What is let go singly has a number.
    if (!is_address && lets_go && !values.empty() && values.front() == Data{chain::ether})
        std::rotate(values.begin(), values.begin() + 1, values.end());
    return values;
}

void Candidates::append_calls(const Callable& callable, Caller caller, std::uint32_t level, std::vector<Call>& list) const {
    const bool lists = std::ranges::any_of(callable.parameters, [](const auto& p) { return has_list(p.type); });
    const std::size_t longest = !lists ? 1 : level == 0 ? 1 : 2;
    std::vector<Call> all;
    const auto& mended_here = mended_[static_cast<std::size_t>(caller)];
    if (const auto mended = mended_here.find({callable.contract, callable.function}); mended != mended_here.end())
        for (std::size_t i = 0; i < mended->second.calls.size() && (level > 0 || i < 2); ++i)
            all.push_back(mended->second.calls[i]);
    if (const auto mended = mended_here.find({callable.contract, callable.function}); mended != mended_here.end())
        for (const Call& further : mended->second.further)
            if (level > 0 && std::ranges::count(all, further) == 0) all.push_back(further);
    const std::size_t first = all.size();
    for (std::size_t length = 1; length <= longest; ++length) {
        const Call plain{callable.contract, callable.function, {}, Word{}};
        const ir::Function& function = world_.function_of(plain);
        std::vector<Word> ether{Word{}};
        if (callable.is_payable) {
            ether = amounts({callable.contract, callable.function, ChosenNumber::of_value}, 256, caller, level);
            const bool takes_none = callable.is_plain ? callable.answers_nothing_sent : level > 0;
            std::erase_if(ether, [&](const Word& value) { return value > World::attack_capital || value.is_zero(); });
            if (takes_none) ether.emplace_back();
        }
        std::vector<std::vector<Data>> choices;
        if (function.kind == ir::FunctionKind::Fallback && callable.is_plain) choices = {{Data{Bytes{}}}};
        for (std::uint32_t p = 0; p < callable.parameters.size(); ++p)
            choices.push_back(arguments_of(callable, p, caller, level, length));
        std::vector<std::size_t> sizes{ether.size()};
        for (const auto& each : choices) sizes.push_back(each.size());
        visit_combinations(sizes, max_calls_per_function / longest, [&](const std::vector<std::size_t>& indices) {
            Call call = plain;
            call.value = ether[indices.front()];
            for (std::size_t i = 0; i < choices.size(); ++i) call.arguments.push_back(choices[i][indices[i + 1]]);
            if (std::find(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first), call) ==
                all.begin() + static_cast<std::ptrdiff_t>(first))
                all.push_back(std::move(call));
        });
    }
    // They take turns with the others.
    std::size_t at = first;
    if (all.size() > first)
        for (Call& carried : carried_calls(callable, Call(all[first]), caller)) {
            at = std::min(at + 1, all.size());
            all.insert(all.begin() + static_cast<std::ptrdiff_t>(at++), std::move(carried));
        }
    if (all.size() > max_calls_per_function) all.resize(max_calls_per_function);
    list.insert(list.end(), std::make_move_iterator(all.begin()), std::make_move_iterator(all.end()));
}

namespace {

// Whether a number of the call is zero, and was not before.
bool is_of_nothing(const Call& call, const Call& before) {
    for (std::size_t i = 0; i < std::min(call.arguments.size(), before.arguments.size()); ++i)
        if (call.arguments[i] == abi::Data{Word{}} && before.arguments[i] != abi::Data{Word{}}) return true;
    return false;
}

}  // namespace

void Candidates::add_mended(Caller caller, const Call& call, const Call& instead_of) {
    constexpr std::size_t most = 4;
    Mended& known = mended_[static_cast<std::size_t>(caller)][{call.contract, call.function}];
    if (std::ranges::count(known.calls, call) != 0) return;
    if (is_of_nothing(call, instead_of)) {
        if (std::exchange(known.has_one_of_nothing, true)) return;
        known.calls.push_back(call);
    } else {
        known.calls.insert(known.calls.begin(), call);
    }
    if (known.calls.size() > most) known.calls.pop_back();
    ++mended_version_;
}

void Candidates::add_further(const Call& call) {
    constexpr std::size_t most = 3;
    Mended& known = mended_[static_cast<std::size_t>(Caller::Attacker)][{call.contract, call.function}];
    if (known.further.size() == most || std::ranges::count(known.further, call) != 0) return;
    known.further.push_back(call);
    ++mended_version_;
}

void Candidates::refresh() {
    std::set<Word> stored;
    for (const DeployedContract& contract : world_.contracts()) {
        if (const Word balance = world_.state().balance(contract.address); !balance.is_zero() && is_amount(balance))
            stored.insert(balance);
        for (const auto& [slot, value] : world_.state().storage_of(contract.address))
            if (is_amount(value)) stored.insert(value);
    }
    stored_.assign(stored.begin(), stored.end());
    registered_ = registered_in(world_);

    // Contracts that the system created since.
    const auto is_instance = [&](const Address& address) {
        const DeployedContract* const known = world_.contract_at(address);
        return !known || known->is_expected;
    };
    instances_.clear();
    constexpr std::uint64_t most_instances = 3;  // of one creator, the newest
    for (const DeployedContract& contract : world_.contracts()) {
        const std::uint64_t next = world_.state().nonce(contract.address);
        for (std::uint64_t nonce = next; nonce > 1 && nonce + most_instances > next; --nonce)
            if (const Address made = chain::create_address(contract.address, nonce - 1); is_instance(made))
                instances_.push_back(made);
        const bool is_made = contract.is_expected && std::ranges::count(instances_, contract.address) == 0;
        if (is_made && world_.is_there(contract)) instances_.push_back(contract.address);
    }
}

std::shared_ptr<const std::vector<Call>> Candidates::calls(Caller caller, std::uint32_t level) {
    Made& made = made_[static_cast<std::size_t>(caller)][level];
    if (made.calls && made.version == observations_.version() && made.mended_version == mended_version_ &&
        made.instances == instances_ && made.registered == registered_ && (level < 2 || made.stored == stored_))
        return made.calls;
    made.version = observations_.version();
    made.mended_version = mended_version_;
    made.instances = instances_;
    made.stored = stored_;
    made.registered = registered_;
    auto list = std::make_shared<std::vector<Call>>();
    for (const Callable& callable : callables_)
        if (level >= callable.least_level && (caller != Caller::Attacker || level >= callable.least_level_of_hers))
            append_calls(callable, caller, level, *list);
    if (colluder_ && caller == Caller::Attacker)
        for (std::size_t i = 0, own = list->size(); i < own; ++i)
            list->push_back(through_colluder(world_, *colluder_, Call((*list)[i])));
    made.calls = std::move(list);
    return made.calls;
}

}  // namespace interlock::analyzer
