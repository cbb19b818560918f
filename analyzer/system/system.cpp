#include "analyzer/system/system.hpp"

#include <algorithm>
#include <set>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/system/environment.hpp"
#include "chain/genesis.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

constexpr std::size_t most_guesses = 8;  // of constructor arguments
constexpr std::size_t most_prelude = 4;  // deposits
const Word deploy_value = Word{10} * chain::ether;

// How a system is put together where there is a choice.
struct Choice {
    bool has_hooks = false;       // tokens of the environment call back
    std::size_t first_guess = 0;  // of numbers in constructors
    bool has_prelude = false;
};

class Builder {
  public:
    Builder(std::shared_ptr<const lang::Compilation> compilation, const SystemOptions& options, const Choice& choice,
            const Deadline& deadline)
        : options_(options), choice_(choice), deadline_(deadline), world_(std::move(compilation)) {}

    std::variant<Root, std::string> build() {
        if (std::string why = deploy_all(); !why.empty()) return why;
        link();
        supply();
        Root root{world_, {}, missing_};
        if (choice_.has_prelude) root.prelude = prelude();
        return root;
    }

    [[nodiscard]] bool met_choice_of_tokens() const { return met_tokens_; }
    [[nodiscard]] bool met_numbers() const { return met_numbers_; }

  private:
    const lang::Compilation& compilation() const { return world_.compilation(); }

    // Executes the step, or leaves the world as it was.
    bool attempt(const SetupStep& step, std::string* why = nullptr) {
        World copy = world_;
        std::string failure = copy.perform(step);
        if (why) *why = failure;
        if (!failure.empty()) return false;
        world_ = std::move(copy);
        return true;
    }

    // --- deployment ---

    std::string deploy_all() {
        std::vector<const lang::Artifact*> waiting;
        std::set<std::string> created;
        for (const lang::Artifact& artifact : compilation().artifacts) {
            if (artifact.ir->is_library) {
                std::string why = world_.perform({world_.owner().name, artifact.identity, false, {}, {}, {}});
                if (!why.empty()) return "`" + artifact.name + "` could not be deployed: " + why;
                continue;
            }
            if (!options_.contracts.empty() && !std::ranges::count(options_.contracts, artifact.name)) continue;
            waiting.push_back(&artifact);
            for (const std::string& identity : artifact.ir->creates)
                if (identity != artifact.identity) created.insert(identity);
        }
        // Contracts that others create come last: perhaps they are there by then.
        std::stable_sort(waiting.begin(), waiting.end(), [&](const auto* a, const auto* b) {
            return created.contains(a->identity) < created.contains(b->identity);
        });
        std::size_t deployed = 0;
        while (!waiting.empty()) {
            auto next =
                std::find_if(waiting.begin(), waiting.end(), [&](const auto* a) { return needs_nobody(*a, waiting); });
            if (next == waiting.end()) next = waiting.begin();
            const lang::Artifact& artifact = **next;
            waiting.erase(next);
            const bool is_there =
                std::ranges::any_of(world_.contracts(), [&](const auto& c) { return c.artifact == &artifact; });
            if (created.contains(artifact.identity) && is_there) continue;
            std::string why;
            if (deploy(artifact, why)) ++deployed;
            else missing_[artifact.identity] = "`" + artifact.name + "` could not be deployed: " + why;
            if (deadline_.has_passed())
                return deadline_.is_interrupted() ? "the check was interrupted" : "the time ran out during the deployment";
        }
        return deployed == 0 && !missing_.empty() ? missing_.begin()->second : "";
    }

    static const std::vector<ir::NamedType>& parameters_of(const lang::Artifact& artifact) {
        static const std::vector<ir::NamedType> none;
        const ir::Contract& contract = *artifact.ir;
        return contract.constructor == ir::Contract::none ? none : contract.functions[contract.constructor].parameters;
    }

    bool needs_nobody(const lang::Artifact& artifact, const std::vector<const lang::Artifact*>& waiting) {
        const std::vector<const ir::Contract*> roles = roles_of(artifact);
        for (const ir::Contract* role : roles) {
            if (!role || !deployed_for(*role).empty()) continue;
            for (const lang::Artifact* other : waiting)
                if (other != &artifact && fits(*other->ir, *role)) return false;
        }
        return true;
    }

    std::vector<Address> deployed_for(const ir::Contract& role) const {
        std::vector<Address> list;
        for (auto each = world_.contracts().rbegin(); each != world_.contracts().rend(); ++each) {
            const bool is_environment = !world_.artifact_of(*each);
            const auto names = is_environment ? environment_for(role) : std::vector<std::string>{};
            if (is_environment ? std::ranges::count(names, each->artifact->name) != 0 : fits(each->ir(), role))
                list.push_back(each->address);
        }
        return list;
    }

    // Returns what stands for a role. It deploys a token of the environment if nothing else fits.
    Address someone_for(const ir::Contract& role, bool prefers_other, const Address& other) {
        auto list = deployed_for(role);
        if (!list.empty()) {
            if (prefers_other && list.size() > 1 && list.front() == other) return list[1];
            if (!prefers_other) return list.front();
            if (list.front() != other) return list.front();
        }
        const auto names = environment_for(role);
        if (names.empty()) return list.empty() ? world_.attacker().address : list.front();
        met_tokens_ |= names.size() > 1;
        const std::string& name = choice_.has_hooks ? names.back() : names.front();
        if (!attempt({world_.owner().name, name, true, {}, {}, {}})) return world_.attacker().address;
        return world_.contracts().back().address;
    }

    // The role of each parameter of a constructor. Where the declaration does not tell, it is deployed with marked
    // addresses, to see in which variables they end.
    std::vector<const ir::Contract*> roles_of(const lang::Artifact& artifact) {
        if (const auto known = roles_.find(&artifact); known != roles_.end()) return known->second;
        const auto& parameters = parameters_of(artifact);
        std::vector<const ir::Contract*> roles(parameters.size(), nullptr);
        bool is_unclear = false;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (parameters[i].type.kind != ir::TypeKind::Address) continue;
            if (!parameters[i].contract.empty()) roles[i] = interface_named(compilation(), parameters[i].contract);
            else is_unclear = true;
        }
        if (is_unclear) {
            for (std::size_t guess = 0; guess < most_guesses; ++guess) {
                World copy = world_;
                const auto mark = [](std::size_t i) { return marked(i); };
                const Bytes data = arguments(artifact, guess, [&](std::size_t i) { return mark(i); });
                if (!copy.perform({world_.owner().name, artifact.identity, false, {}, {}, data}).empty()) continue;
                for (std::size_t i = 0; i < parameters.size(); ++i)
                    if (!roles[i] && parameters[i].type.kind == ir::TypeKind::Address)
                        roles[i] = role_of_mark(copy, copy.contracts().back(), marked(i));
                break;
            }
        }
        roles_[&artifact] = roles;
        return roles;
    }

    static Address marked(std::size_t i) {
        return vm::to_address((Word{0x1234567890abcdefULL} << 64u) + Word{0xfedcba0987654300ULL + i});
    }

    const ir::Contract* role_of_mark(World& world, const DeployedContract& contract, const Address& mark) const {
        const Word word = vm::to_word(mark);
        for (std::uint32_t v = 0; v < contract.ir().state.size(); ++v) {
            const ir::StateVariable& variable = contract.ir().state[v];
            Word value;
            if (variable.is_immutable) {
                const ByteView code = world.state().code(contract.address)->bytes();
                for (const lang::ImmutableReference& reference : contract.artifact->immutables)
                    if (Word{reference.index} == variable.slot && reference.offset + 32 <= code.size())
                        value = vm::word_from_big_endian(code.subspan(reference.offset, 32));
            } else {
                value = world.state().load(contract.address, variable.slot) >> (8u * variable.offset);
            }
            if ((value & ((Word{1} << 160u) - Word{1})) != word) continue;
            if (const ir::Contract* role = role_of_variable(compilation(), contract.ir(), v)) return role;
        }
        return nullptr;
    }

    // Encodes the n-th guess of a constructor's arguments. `address_at` gives the addresses.
    template <class AddressAt>
    Bytes arguments(const lang::Artifact& artifact, std::size_t guess, const AddressAt& address_at) {
        const auto& parameters = parameters_of(artifact);
        const auto types = abi::data_types(parameters);
        if (!types) return {};
        std::vector<abi::Data> values;
        for (std::size_t i = 0; i < types->size(); ++i) {
            if ((*types)[i].kind == Kind::Word && (*types)[i].value.kind == ir::TypeKind::Address)
                values.emplace_back(address_at(i));
            else values.push_back(plain_value((*types)[i], guess, numbers(*types, i)));
        }
        return abi::encode(*types, values);
    }

    abi::Data plain_value(const abi::DataType& type, std::size_t guess, std::size_t position = 0) {
        switch (type.kind) {
            case Kind::Bytes: return abi::Data{std::string_view("X")};
            case Kind::Struct: {
                std::vector<abi::Data> fields;
                for (const abi::DataType& part : type.parts) fields.push_back(plain_value(part, guess));
                return fields;
            }
            case Kind::Array:
            case Kind::FixedArray: {
                std::vector<abi::Data> list;
                const std::size_t size = type.kind == Kind::FixedArray ? std::min<std::size_t>(type.length, 64) : 2;
                for (std::size_t i = 0; i < size; ++i) {
                    if (type.parts.front().kind == Kind::Word && type.parts.front().value.kind == ir::TypeKind::Address)
                        list.emplace_back(world_.senders()[(i + World::owner_index) % 3].address);
                    else list.push_back(plain_value(type.parts.front(), guess));
                }
                return list;
            }
            case Kind::Word: break;
        }
        switch (type.value.kind) {
            case ir::TypeKind::Address: return abi::Data{world_.owner().address};
            case ir::TypeKind::Uint: {
                met_numbers_ |= type.value.bits >= 64;
                const Word future{world_.state().block().timestamp + 86'400};
                const Word large = Word{1000} * chain::ether;
                const Word list[] = {chain::ether, Word{10}, large, Word{10}, future, Word{1}, Word{1000}, Word{0}};
                // The third and the fourth guess take turns: a large amount beside a small count.
                const std::size_t pick = guess % std::size(list) == 2   ? 2 + position % 2
                                         : guess % std::size(list) == 3 ? 3 - position % 2
                                                                        : guess % std::size(list);
                const Word& value = list[pick];
                return vm::bit_length(value) <= type.value.bits ? value : Word{1};
            }
            case ir::TypeKind::Int: return Word{1};
            case ir::TypeKind::Bool: return Word{guess % 2 == 0 ? 1u : 0u};
            default: return Word{};
        }
    }

    // Returns how many of the first `end` types are numbers.
    static std::size_t numbers(const std::vector<abi::DataType>& types, std::size_t end) {
        return static_cast<std::size_t>(std::count_if(
            types.begin(), types.begin() + static_cast<std::ptrdiff_t>(end),
            [](const auto& type) { return type.kind == Kind::Word && type.value.kind == ir::TypeKind::Uint; }));
    }

    bool deploy(const lang::Artifact& artifact, std::string& why) {
        if (const std::string missing = world_.missing_library(artifact); !missing.empty()) {
            why = "the library " + missing + " is missing";
            return false;
        }
        const std::vector<const ir::Contract*> roles = roles_of(artifact);
        std::vector<Address> people;
        for (const std::uint32_t i : {World::owner_index, 0u, 1u}) people.push_back(world_.senders()[i].address);
        const ir::Contract& contract = *artifact.ir;
        const bool is_payable = contract.constructor != ir::Contract::none &&
                                contract.functions[contract.constructor].mutability == ir::Mutability::Payable;
        for (std::size_t n = 0; n < most_guesses; ++n) {
            const std::size_t guess = (n + choice_.first_guess) % most_guesses;
            Address last{};
            std::size_t person = n;
            const auto address_at = [&](std::size_t i) {
                if (!roles[i]) {
                    if (n >= 3 && !world_.contracts().empty()) return world_.contracts().back().address;
                    return people[person++ % people.size()];
                }
                last = someone_for(*roles[i], last != Address{}, last);
                return last;
            };
            const Bytes data = arguments(artifact, guess, address_at);
            for (const Word& value : {is_payable ? deploy_value : Word{}, Word{}}) {
                if (attempt({world_.owner().name, artifact.identity, false, {}, value, data}, &why)) return true;
                if (!is_payable) break;
            }
            if (parameters_of(artifact).empty() || deadline_.has_passed()) break;
        }
        return false;
    }

    // --- links ---

    // Calls what fills a variable in which a contract is expected and that is still empty.
    void link() {
        for (int round = 0; round < 2; ++round)
            for (std::size_t c = 0; c < world_.contracts().size(); ++c) {
                if (!world_.artifact_of(world_.contracts()[c])) continue;
                const ir::Contract& contract = world_.contracts()[c].ir();
                for (const ir::Function& function : contract.functions)
                    if (!deadline_.has_passed()) link_by(c, function);
            }
    }

    void link_by(std::size_t index, const ir::Function& function) {
        if (!function.is_entry || function.kind != ir::FunctionKind::Ordinary ||
            function.mutability != ir::Mutability::NonPayable)
            return;
        const auto types = abi::data_types(function.parameters);
        if (!types) return;
        std::vector<std::size_t> addresses;
        for (std::size_t i = 0; i < types->size(); ++i)
            if ((*types)[i].kind == Kind::Word && (*types)[i].value.kind == ir::TypeKind::Address) addresses.push_back(i);
        if (addresses.empty()) return;
        const auto call = [&](const auto& address_at) {
            std::vector<abi::Data> values;
            for (std::size_t i = 0; i < types->size(); ++i)
                values.push_back(std::ranges::count(addresses, i) ? abi::Data{address_at(i)}
                                                                  : plain_value((*types)[i], choice_.first_guess));
            return SetupStep{world_.owner().name,
                             {},
                             false,
                             world_.contracts()[index].name,
                             {},
                             abi::call_data(function.selector, abi::encode(*types, values))};
        };
        World copy = world_;
        const std::vector<Word> before = variables(copy, index);
        if (!copy.perform(call([](std::size_t i) { return marked(i); })).empty()) return;
        const std::vector<Word> after = variables(copy, index);
        std::vector<const ir::Contract*> roles(types->size(), nullptr);
        bool fills = false;
        for (const std::size_t i : addresses) {
            for (std::size_t v = 0; v < after.size(); ++v)
                if (after[v] == vm::to_word(marked(i)) && before[v].is_zero())
                    if (const auto* role =
                            role_of_variable(compilation(), world_.contracts()[index].ir(), static_cast<std::uint32_t>(v)))
                        roles[i] = role;
            fills |= roles[i] != nullptr;
        }
        if (!fills) return;
        Address last{};
        const SetupStep step = call([&](std::size_t i) {
            if (!roles[i]) return world_.owner().address;
            last = someone_for(*roles[i], last != Address{}, last);
            return last;
        });
        (void)attempt(step);
    }

    // The values of the state variables as words; addresses without what is packed beside them.
    static std::vector<Word> variables(World& world, std::size_t index) {
        const DeployedContract& contract = world.contracts()[index];
        std::vector<Word> values;
        for (const ir::StateVariable& variable : contract.ir().state) {
            Word value;
            if (!variable.is_immutable)
                value = (world.state().load(contract.address, variable.slot) >> (8u * variable.offset)) &
                        ((Word{1} << 160u) - Word{1});
            values.push_back(value);
        }
        return values;
    }

    // --- tokens ---

    Word balance(World& world, const DeployedContract& token, const Address& account) const {
        const auto output =
            ask_view(world.state(), token.address, abi::call_data(token_selector::balance_of, {vm::to_word(account)}));
        return output && output->size() >= 32 ? vm::word_from_big_endian(ByteView(*output).first(32)) : Word{};
    }

    static bool offers(const DeployedContract& contract, std::uint32_t selector) {
        return std::ranges::any_of(contract.ir().functions,
                                   [&](const auto& f) { return f.is_entry && f.selector == selector; });
    }

    // Returns whether another contract of the system knows the contract's address.
    bool is_used(const DeployedContract& token) {
        const Word word = vm::to_word(token.address);
        const auto bytes = vm::to_big_endian(word);
        for (const DeployedContract& other : world_.contracts()) {
            if (other.address == token.address) continue;
            for (const auto& [slot, value] : world_.state().storage_of(other.address))
                if ((value & ((Word{1} << 160u) - Word{1})) == word || (value >> 96u) == word || (value >> 8u) == word)
                    return true;
            const ByteView code = world_.state().code(other.address)->bytes();
            if (std::search(code.begin(), code.end(), bytes.begin() + 12, bytes.end()) != code.end()) return true;
        }
        return false;
    }

    // Tokens that appear only as arguments of functions.
    void deploy_tokens_of_functions() {
        const std::size_t count = world_.contracts().size();
        for (std::size_t c = 0; c < count; ++c) {
            if (!world_.artifact_of(world_.contracts()[c])) continue;
            const ir::Contract& contract = world_.contracts()[c].ir();
            for (const ir::Function& function : contract.functions) {
                if (!function.is_entry) continue;
                for (std::size_t p = 0; p < function.parameters.size(); ++p) {
                    const ir::Contract* role = role_of_parameter(compilation(), contract, function, p);
                    if (role && deployed_for(*role).empty() && !environment_for(*role).empty())
                        (void)someone_for(*role, false, {});
                }
            }
        }
    }

    void supply() {
        deploy_tokens_of_functions();
        for (std::size_t i = 0; i < world_.contracts().size(); ++i) {
            const DeployedContract token = world_.contracts()[i];
            const bool is_environment = !world_.artifact_of(token);
            if (!is_environment && (!offers(token, token_selector::balance_of) || !is_used(token))) continue;
            std::vector<Account> parties{world_.attacker(), world_.users()[0], world_.users()[1]};
            for (const Account& party : parties) give(token, party.address, is_environment);
            approve(token);
            if (!is_environment) continue;
            for (const DeployedContract& minter : std::vector<DeployedContract>(world_.contracts()))
                if (world_.artifact_of(minter))
                    (void)attempt({world_.owner().name,
                                   {},
                                   false,
                                   token.name,
                                   {},
                                   abi::call_data(abi::selector("allowMinting(address)"), {vm::to_word(minter.address)})});
            if (token.artifact->name == "HookToken")
                world_.prepare({token.name, abi::call_data(abi::selector("register()"))});
        }
    }

    // Lets the owner give tokens to somebody, by whatever function does it.
    void give(const DeployedContract& token, const Address& to, bool is_environment) {
        const Word amount = Word{10} * chain::ether;
        std::vector<Bytes> ways;
        if (is_environment && token.artifact->name == "Collectible")
            ways = {abi::call_data(abi::selector("mint(address)"), {vm::to_word(to)})};
        else if (is_environment && token.artifact->name == "Collection")
            ways = {abi::call_data(abi::selector("mint(address,uint256,uint256,bytes)"),
                                   {vm::to_word(to), Word{1}, Word{10}, Bytes{}})};
        else {
            ways.push_back(abi::call_data(token_selector::transfer, {vm::to_word(to), amount}));
            for (const ir::Function& function : token.ir().functions) {
                if (!function.is_entry || function.kind != ir::FunctionKind::Ordinary ||
                    function.mutability != ir::Mutability::NonPayable || function.selector == token_selector::transfer)
                    continue;
                std::vector<abi::Value> values;
                bool has_address = false, is_plain = true;
                for (const ir::NamedType& parameter : function.parameters) {
                    if (parameter.type.kind == ir::TypeKind::Address && !has_address) {
                        values.emplace_back(vm::to_word(to));
                        has_address = true;
                    } else if (parameter.type == ir::uint256_type) {
                        values.emplace_back(amount);
                    } else {
                        is_plain = false;
                    }
                }
                if (is_plain && has_address && values.size() <= 2) ways.push_back(abi::call_data(function.selector, values));
            }
        }
        for (const Bytes& way : ways) {
            const SetupStep step{world_.owner().name, {}, false, token.name, {}, way};
            if (is_environment) {
                if (attempt(step)) return;
                continue;
            }
            World copy = world_;
            if (!copy.perform(step).empty() || !(balance(copy, token, to) > balance(world_, token, to))) continue;
            world_ = std::move(copy);
            return;
        }
    }

    void approve(const DeployedContract& token) {
        const bool is_fungible = offers(token, token_selector::allowance) || offers(token, token_selector::transfer);
        const bool is_collection = offers(token, token_selector::set_approval_for_all);
        if (!is_fungible && !is_collection) return;
        for (const DeployedContract& spender : std::vector<DeployedContract>(world_.contracts())) {
            if (spender.address == token.address || !world_.artifact_of(spender)) continue;
            const Bytes data =
                is_collection ? abi::call_data(token_selector::set_approval_for_all, {vm::to_word(spender.address), Word{1}})
                              : abi::call_data(token_selector::approve, {vm::to_word(spender.address), ~Word{}});
            bool works = false;
            for (const Account& user : std::vector<Account>(world_.users()))
                works |= attempt({user.name, {}, false, token.name, {}, data});
            if (works) world_.prepare({token.name, data});
        }
    }

    // --- what honest users did before ---

    // Alice pays into every contract that takes something from her.
    Plan prelude() {
        Plan plan;
        World world = world_;
        world.place_attacker();
        const Purse purse(world);
        chain::Execution execution(world.state());
        execution.machine().set_strangers([&](const Address& a) { return a == world.attacker().address; });
        Observations observations;
        Candidates candidates(world, observations);
        std::set<std::pair<DeployedIndex, std::uint32_t>> done;
        world.state().keep_history(true);
        for (const std::uint32_t level : {0u, 1u}) {
            for (Call call : *candidates.calls(Caller::Honest, level)) {
                if (plan.size() >= most_prelude || deadline_.has_passed()) return plan;
                if (!world.artifact_of(call.contract) || done.contains({call.contract, call.function})) continue;
                const bool has_ether = !call.value.is_zero();
                for (const std::uint64_t times : {10u, 1u}) {
                    if (times != 1 && (level != 0 || !has_ether)) continue;
                    PlannedTransaction planned;
                    planned.call = call;
                    planned.call.value = call.value * Word{times};
                    const auto here = world.state().checkpoint();
                    const Wealth before = purse.of(world, {world.users()[0].address});
                    const Wealth held = purse.of(world, contracts_of(world));
                    execution.machine().set_tracer(&observations);
                    observations.begin_run();
                    const bool ok = perform(world, execution, planned);
                    execution.machine().set_tracer(nullptr);
                    (void)observations.learn(planned.call, world.state().block().timestamp, world.state().block().number,
                                             !ok);
                    const Wealth after = purse.of(world, {world.users()[0].address});
                    const Wealth now = purse.of(world, contracts_of(world));
                    bool pays = false;
                    for (std::size_t i = 0; i < after.size(); ++i) pays |= after[i] < before[i] && now[i] > held[i];
                    if (ok && pays) {
                        plan.push_back(std::move(planned));
                        done.insert({call.contract, call.function});
                        break;
                    }
                    world.state().rewind_to(here);
                }
            }
        }
        return plan;
    }

    static std::vector<Address> contracts_of(const World& world) {
        std::set<Address> seen;
        for (const DeployedContract& contract : world.contracts()) seen.insert(contract.address);
        return {seen.begin(), seen.end()};
    }

    const SystemOptions& options_;
    const Choice choice_;
    const Deadline& deadline_;
    World world_;
    std::map<const lang::Artifact*, std::vector<const ir::Contract*>> roles_;
    std::map<std::string, std::string> missing_;
    bool met_tokens_ = false, met_numbers_ = false;
};

// Returns the names of the contracts that stand at the bottom: those that others mention, if some mention others and are
// mentioned by nobody. Empty: there is no such difference.
std::vector<std::string> contracts_without_clients(const lang::Compilation& compilation) {
    std::vector<std::string> core;
    std::size_t clients = 0;
    for (const lang::Artifact& artifact : compilation.artifacts) {
        if (artifact.ir->is_library) continue;
        const auto mentions = [](const ir::Contract& by, const lang::Artifact& other) {
            return std::ranges::any_of(by.methods, [&](const ir::Method& m) { return m.contract == other.name; }) ||
                   std::ranges::count(by.creates, other.identity) != 0 ||
                   std::ranges::any_of(by.storage_types, [&](const auto& t) { return t.name == "contract " + other.name; });
        };
        bool is_mentioned = false, mentions_another = false;
        for (const lang::Artifact& other : compilation.artifacts) {
            if (&other == &artifact) continue;
            is_mentioned |= mentions(*other.ir, artifact);
            mentions_another |= mentions(*artifact.ir, other);
        }
        if (mentions_another && !is_mentioned) ++clients;
        else core.push_back(artifact.name);
    }
    return clients == 0 ? std::vector<std::string>{} : core;
}

}  // namespace

std::variant<std::vector<Root>, std::string> infer_systems(const std::shared_ptr<const lang::Compilation>& compilation,
                                                           const SystemOptions& options, const Deadline& deadline) {
    std::vector<Root> roots;
    std::string failure;
    const auto add = [&](const Choice& choice, const SystemOptions* narrower = nullptr) {
        Builder builder(compilation, narrower ? *narrower : options, choice, deadline);
        auto built = builder.build();
        if (auto* why = std::get_if<std::string>(&built)) {
            if (failure.empty()) failure = std::move(*why);
        } else {
            Root& root = std::get<Root>(built);
            const bool is_known = std::ranges::any_of(roots, [&](const Root& other) {
                return other.world.recipe() == root.world.recipe() && other.prelude.size() == root.prelude.size();
            });
            if (!is_known) roots.push_back(std::move(root));
        }
        return std::pair{builder.met_choice_of_tokens(), builder.met_numbers()};
    };
    const auto [tokens, numbers] = add({false, 0, true});
    if (tokens) (void)add({true, 0, true});
    (void)add({false, 0, false});
    if (tokens) (void)add({true, 0, false});
    if (numbers)
        for (const std::size_t guess : {1u, 2u, 3u}) (void)add({tokens, guess, true});
    // A contract that knows another one and that nobody knows may be just a client. What matters may be without it.
    if (options.contracts.empty()) {
        const SystemOptions core{contracts_without_clients(*compilation)};
        if (!core.contracts.empty()) (void)add({tokens, 0, true}, &core);
    }
    if (roots.empty()) return failure;
    return roots;
}

}  // namespace interlock::analyzer
