#include "analyzer/explorer/candidates.hpp"

#include <algorithm>
#include <set>

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

constexpr std::size_t most_amounts[] = {5, 8, 16};  // by level
constexpr std::size_t most_own_calls = 12;
constexpr std::size_t most_constant_hashes = 3;

bool changes_state(const ir::Function& function) {
    return function.is_entry && function.kind != ir::FunctionKind::Getter &&
           (function.mutability == ir::Mutability::NonPayable || function.mutability == ir::Mutability::Payable);
}

// Returns what has the form of a signature, r, s and v: perhaps somebody signs in its place.
Bytes unsigned_bytes() {
    Bytes bytes(65, 0);
    bytes[31] = bytes[63] = 1;
    bytes[64] = 27;
    return bytes;
}

// Returns creation code that hands its ether and the control to the address, and leaves no code.
Bytes code_that_calls(const Address& address) {
    Bytes code{0x60, 0, 0x60, 0, 0x60, 0, 0x60, 0, 0x47, 0x73};  // PUSH1 0, four times; SELFBALANCE; PUSH20
    code.insert(code.end(), address.bytes.begin(), address.bytes.end());
    for (const std::uint8_t byte : {0x5a, 0xf1, 0x00}) code.push_back(byte);  // GAS; CALL; STOP
    return code;
}

bool has_list(const abi::DataType& type) {
    return type.kind == Kind::Array || std::ranges::any_of(type.parts, [](const auto& part) { return has_list(part); });
}

// The word types of a signature lose whether they are addresses of contracts, so the role is kept beside.
bool holds_address(const abi::DataType& type) {
    if (type.kind == Kind::Word) return type.value.kind == ir::TypeKind::Address;
    return (type.kind == Kind::Array || type.kind == Kind::FixedArray) && holds_address(type.parts.front());
}

}  // namespace

Candidates::Candidates(World& world, const Observations& observations, const std::set<ArtifactIndex>& off_limits)
    : world_(world), observations_(observations), colluder_(colluder_of(world)) {
    for (const DeployedContract& contract : world.contracts())
        if (world.artifact_of(contract) && expects_tokens(contract.ir())) receivers_.push_back(contract.address);
    for (const DeployedContract& contract : world.contracts())
        if (world.artifact_of(contract) && moves_tokens(contract.ir())) movers_.push_back(contract.address);
    std::set<Word> seen;
    for (std::uint32_t i = 0; i < world.contracts().size(); ++i) {
        const std::optional<ArtifactIndex> artifact = world.artifact_of(DeployedIndex{i});
        if (!is_bystander(world, DeployedIndex{i}) && !is_spoken_for(world, DeployedIndex{i}) &&
            !(artifact && off_limits.contains(*artifact)))
            add_callables(DeployedIndex{i});
        if (!artifact) continue;
        runs_given_code_ |= creates_from_bytes(world.contracts()[i].ir());
        recovers_signers_ |= recovers_signers(world.contracts()[i].ir());
        if (world.contracts()[i].ir().is_opaque)
            for (const Word& word : pushed_constants(world.contracts()[i].artifact->runtime_code))
                if (is_amount(word)) seen.insert(word);
        for (const ir::Function& function : world.contracts()[i].ir().functions)
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& instruction : block.instructions)
                    if (instruction.op == ir::Op::Constant && instruction.type.kind == ir::TypeKind::Uint &&
                        is_amount(instruction.word))
                        seen.insert(instruction.word);
        for (const Word& word : hashed_names(world.contracts()[i].ir()))
            if (constant_hashes_.size() < most_constant_hashes && std::ranges::count(constant_hashes_, word) == 0)
                constant_hashes_.push_back(word);
    }
    constants_.assign(seen.begin(), seen.end());
}

void Candidates::add_callables(DeployedIndex index) {
    const DeployedContract& deployed = world_.contract(index);
    const ir::Contract& contract = deployed.ir();
    const bool has_receive = std::ranges::any_of(
        contract.functions, [](const auto& f) { return f.is_entry && f.kind == ir::FunctionKind::Receive; });
    const bool is_environment = !world_.artifact_of(index);
    for (std::uint32_t i = 0; i < contract.functions.size(); ++i) {
        const ir::Function& function = contract.functions[i];
        if (!changes_state(function)) continue;
        // Of the environment's tokens only what moves or lends them matters.
        if (is_environment && function.name != "transfer" && function.name != "transferFrom" &&
            function.name != "safeTransferFrom")
            continue;
        Callable callable{index, i, function.mutability == ir::Mutability::Payable, false, {}};
        if (function.kind == ir::FunctionKind::Receive) callable.is_plain = true;
        if (function.kind == ir::FunctionKind::Fallback) callable.is_plain = !has_receive && callable.is_payable;
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
        callable.least_level = is_environment && function.name != "transfer" ? 2 : is_environment ? 1 : 0;
        for (std::uint32_t p = 0; p < function.parameters.size(); ++p)
            namesakes_[{index, function.parameters[p].name}].push_back({index, i, p});
        callables_.push_back(std::move(callable));
    }
}

// --- values ---

std::vector<Word> Candidates::amounts(const ChosenNumber& number, unsigned bits, std::uint32_t level) const {
    const bool is_value = number.position == ChosenNumber::of_value;
    std::vector<Word> list;
    const auto add = [&](const Word& value) {
        if (list.size() < most_amounts[level] && vm::bit_length(value) <= bits &&
            std::find(list.begin(), list.end(), value) == list.end())
            list.push_back(value);
    };
    const auto add_small = [&] {
        add(Word{1});
        add(Word{0});
        for (const Word& value : registered_.numbers) add(value);
    };
    const Word unit = bits >= 64 ? chain::ether : Word{1};
    add(unit);
    if (level == 0) {
        if (is_value && observations_.just_meets(number)) add(unit + unit);
        if (!is_value) add_small();
        return list;
    }
    const auto& lessons = observations_.lessons(number);
    for (std::size_t i = 0; i < lessons.size() && (level > 1 || i < 3); ++i) add(lessons[i]);
    if (!is_value)
        if (const std::string& name =
                world_.contract(number.contract).ir().functions[number.function].parameters[number.position].name;
            !name.empty())
            for (const ChosenNumber& namesake : namesakes_.at({number.contract, name}))
                if (const auto& theirs = observations_.lessons(namesake); !theirs.empty()) add(theirs.front());
    if (!is_value) add_small();
    if (level == 1) return list;
    add(Word{0});
    add(Word{1});
    add(unit + unit);
    for (const Word& value : stored_) add(value);
    for (const Word& value : constants_) add(value);
    return list;
}

std::vector<abi::Data> Candidates::addresses(const ir::Contract* role, Caller caller, std::uint32_t level) const {
    std::vector<Data> list;
    const auto add = [&](const Address& address) {
        if (std::find(list.begin(), list.end(), Data{address}) == list.end()) list.emplace_back(address);
    };
    const Address &hers = world_.attacker().address, &accomplice = world_.mallory().address;
    const Address &alice = world_.users()[0].address, &bob = world_.users()[1].address;
    if (role)
        for (const DeployedContract& contract : world_.contracts())
            if (!contract.is_expected &&
                (fits(contract.ir(), *role) ||
                 (!world_.artifact_of(contract) && std::ranges::count(environment_for(*role), contract.artifact->name))))
                add(contract.address);
    if (role && level == 0 && !list.empty() && caller == Caller::Honest) return list;
    switch (caller) {
        case Caller::Attacker:
            add(hers);
            if (colluder_) add(world_.contract(*colluder_).address);
            if (level > 0) add(accomplice), add(alice);
            break;
        case Caller::Accomplice:
            add(hers);
            add(accomplice);
            if (level > 0) add(alice);
            break;
        case Caller::Honest:
            add(alice);
            add(bob);
            if (level > 0) add(hers);
            if (level > 0 && colluder_) add(world_.contract(*colluder_).address);
            break;
    }
    if (level > 0 && caller != Caller::Honest && registered_.has_owner) add(world_.owner().address);
    if (level > 0 && role)
        for (const Address& instance : instances_) add(instance);
    if (level > 1 && !role)
        for (const DeployedContract& contract : world_.contracts())
            if (!contract.is_expected) add(contract.address);
    return list;
}

// Returns the likeliest calls of each of the contract's other functions, as call data, if it may run such data itself.
std::vector<Bytes> Candidates::own_calls(const ChosenNumber& number, Caller caller) const {
    std::vector<Bytes> list;
    if (!delegates_in_functions(world_.contract(number.contract).ir())) return list;
    for (const Callable& callable : callables_) {
        const bool has_bytes =
            std::ranges::any_of(callable.parameters, [](const auto& p) { return p.type.kind != Kind::Word; });
        if (callable.contract != number.contract || callable.is_plain || has_bytes) continue;
        std::vector<Call> calls;
        append_calls(callable, caller, 0, calls);
        for (std::size_t i = 0; i < std::min<std::size_t>(calls.size(), 2) && list.size() < most_own_calls; ++i)
            list.push_back(world_.call_data(calls[i]));
    }
    return list;
}

// `length` is the number of elements of lists.
std::vector<abi::Data> Candidates::values_of(const Parameter& parameter, const ChosenNumber& number, Caller caller,
                                             std::uint32_t level, std::size_t length) const {
    std::vector<Data> values;
    switch (parameter.type.kind) {
        case Kind::Bytes:
            values.emplace_back(Bytes{});
            if (parameter.type.value.kind == ir::TypeKind::String && level > 0)
                for (const std::uint8_t letter : {'x', 'y'}) values.emplace_back(Bytes(8, letter));
            else if (level > 0) values.emplace_back(Bytes(32, 1));
            if (level > 0 && recovers_signers_) values.emplace_back(unsigned_bytes());
            if (level > 0 && runs_given_code_ && caller == Caller::Attacker)
                values.emplace_back(code_that_calls(world_.attacker().address));
            if (level > 0)
                for (Bytes& data : own_calls(number, caller)) values.emplace_back(std::move(data));
            return values;
        case Kind::Struct: {  // its fields take their n-th values together
            std::vector<std::vector<Data>> fields;
            std::size_t most = 1;
            for (const abi::DataType& part : parameter.type.parts) {
                fields.push_back(values_of({part, nullptr}, number, caller, level, length));
                if (fields.back().empty()) return {};
                most = std::max(most, std::min<std::size_t>(fields.back().size(), 3));
            }
            for (std::size_t n = 0; n < most; ++n) {
                std::vector<Data> one;
                for (const auto& field : fields) one.push_back(field[std::min(n, field.size() - 1)]);
                values.emplace_back(std::move(one));
            }
            return values;
        }
        case Kind::Array:
        case Kind::FixedArray: {
            const std::size_t size = parameter.type.kind == Kind::Array ? length : parameter.type.length;
            if (size > 8) return {};
            const std::vector<Data> elements =
                values_of({parameter.type.parts.front(), parameter.role}, number, caller, level, length);
            if (elements.empty()) return {};
            const std::size_t most = parameter.type.parts.front().kind == Kind::Bytes ? 2 + most_own_calls : 4;
            for (std::size_t first = 0; first < std::min(elements.size(), most); ++first) {
                std::vector<Data> list;
                for (std::size_t i = 0; i < size; ++i) list.push_back(elements[(first + i) % elements.size()]);
                values.emplace_back(std::move(list));
            }
            return values;
        }
        case Kind::Word: break;
    }
    const ir::Type& type = parameter.type.value;
    switch (type.kind) {
        case ir::TypeKind::Bool: return {Word{1}, Word{0}};
        case ir::TypeKind::Address:
            values = addresses(parameter.role, caller, level);
            if (parameter.may_be_nobody) values.emplace_back(Address{});
            return values;
        case ir::TypeKind::Uint:
            for (const Word& amount : amounts(number, type.bits, level)) values.emplace_back(amount);
            return values;
        case ir::TypeKind::Int:
            if (type.bits >= 64) values.emplace_back(chain::ether);
            values.emplace_back(Word{1});
            values.emplace_back(-Word{1});
            if (type.bits >= 64) values.emplace_back(-chain::ether);
            return values;
        case ir::TypeKind::Enum:
            for (std::uint64_t member = 0; member < std::min<std::uint64_t>(type.members, 4); ++member)
                values.emplace_back(Word{member});
            return values;
        case ir::TypeKind::FixedBytes:
            values = {Word{0}, Word{1} << (256u - 8u)};
            for (const Word& word : constant_hashes_)
                if (type.bits == 256) values.emplace_back(word);
            for (const auto* list : {&registered_.hashes, &observations_.hashes()})
                for (std::size_t i = 0; i < list->size() && level > 0 && type.bits == 256; ++i)
                    if (level > 1 || i < 3) values.emplace_back((*list)[i]);
            return values;
        default: return {};
    }
}

// --- calls ---

std::vector<abi::Data> Candidates::arguments_of(const Callable& callable, std::uint32_t position, Caller caller,
                                                std::uint32_t level, std::size_t length) const {
    const Parameter& parameter = callable.parameters[position];
    std::vector<Data> values = values_of(parameter, {callable.contract, callable.function, position}, caller, level, length);
    if (!callable.is_of_token) return values;
    if (caller == Caller::Honest)
        for (const Address& hers : world_.hers()) std::erase(values, Data{hers});
    if (parameter.type.kind == Kind::Word && parameter.type.value.kind == ir::TypeKind::Address)
        for (const Address& receiver : callable.is_approved_singly ? movers_ : receivers_)
            if (world_.contract(callable.contract).address != receiver && std::ranges::count(values, Data{receiver}) == 0)
                values.emplace_back(receiver);
    return values;
}

void Candidates::append_calls(const Callable& callable, Caller caller, std::uint32_t level, std::vector<Call>& list) const {
    const bool lists = std::ranges::any_of(callable.parameters, [](const auto& p) { return has_list(p.type); });
    const std::size_t longest = !lists ? 1 : level == 0 ? 1 : 2;
    std::vector<Call> all;
    const auto& mended_here = mended_[static_cast<std::size_t>(caller)];
    if (const auto mended = mended_here.find({callable.contract, callable.function}); mended != mended_here.end())
        for (std::size_t i = 0; i < mended->second.size() && (level > 0 || i < 2); ++i) all.push_back(mended->second[i]);
    const std::size_t first = all.size();
    for (std::size_t length = 1; length <= longest; ++length) {
        const Call plain{callable.contract, callable.function, {}, Word{}};
        const ir::Function& function = world_.function_of(plain);
        std::vector<Word> ether{Word{}};
        if (callable.is_payable) {
            ether = amounts({callable.contract, callable.function, ChosenNumber::of_value}, 256, level);
            std::erase_if(ether, [&](const Word& value) {
                return value > World::attack_capital || (callable.is_plain && value.is_zero());
            });
        }
        std::vector<std::vector<Data>> choices;
        if (function.kind == ir::FunctionKind::Fallback && callable.is_plain) choices = {{Data{Bytes{}}}};
        for (std::uint32_t p = 0; p < callable.parameters.size(); ++p)
            choices.push_back(arguments_of(callable, p, caller, level, length));
        std::vector<std::size_t> sizes{ether.size()};
        for (const auto& each : choices) sizes.push_back(each.size());
        visit_combinations(sizes, max_calls_per_function, [&](const std::vector<std::size_t>& indices) {
            Call call = plain;
            call.value = ether[indices.front()];
            for (std::size_t i = 0; i < choices.size(); ++i) call.arguments.push_back(choices[i][indices[i + 1]]);
            if (std::find(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first), call) ==
                all.begin() + static_cast<std::ptrdiff_t>(first))
                all.push_back(std::move(call));
        });
    }
    if (all.size() > max_calls_per_function) all.resize(max_calls_per_function);
    list.insert(list.end(), std::make_move_iterator(all.begin()), std::make_move_iterator(all.end()));
}

void Candidates::add_mended(Caller caller, const Call& call) {
    constexpr std::size_t most = 4;
    std::vector<Call>& known = mended_[static_cast<std::size_t>(caller)][{call.contract, call.function}];
    if (std::ranges::count(known, call) != 0) return;
    known.insert(known.begin(), call);
    if (known.size() > most) known.pop_back();
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
        if (level >= callable.least_level) append_calls(callable, caller, level, *list);
    if (colluder_ && caller == Caller::Attacker)
        for (std::size_t i = 0, own = list->size(); i < own; ++i)
            list->push_back(through_colluder(world_, *colluder_, Call((*list)[i])));
    made.calls = std::move(list);
    return made.calls;
}

}  // namespace interlock::analyzer
