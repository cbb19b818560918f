// Deploys the contracts, in the order in which they need each other, with guessed arguments.
#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "analyzer/bases.hpp"
#include "analyzer/explorer/traits.hpp"
#include "analyzer/system/bystanders.hpp"
#include "analyzer/system/draft.hpp"
#include "analyzer/system/environment.hpp"
#include "analyzer/system/questions.hpp"
#include "chain/genesis.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

constexpr std::size_t most_guesses = 8;  // of constructor arguments
const Word deploy_value = Word{10} * chain::ether;

class Deployment {
  public:
    explicit Deployment(Draft& draft) : draft_(draft), world_(draft.world) {}

    std::string deploy_all() {
        std::vector<const lang::Artifact*> waiting;
        std::set<std::string> created;
        const std::set<std::uint32_t> bases = only_bases(world_.compilation());
        for (const lang::Artifact& artifact : world_.compilation().artifacts) {
            if (artifact.ir->is_library) {
                std::string why = world_.perform({world_.owner().name, artifact.identity, false, {}, {}, {}});
                if (!why.empty()) return "`" + artifact.name + "` could not be deployed: " + why;
                continue;
            }
            const auto& chosen = draft_.options.contracts;
            const auto index = static_cast<std::uint32_t>(&artifact - world_.compilation().artifacts.data());
            if (chosen.empty() ? bases.contains(index) : !std::ranges::count(chosen, artifact.name)) continue;
            waiting.push_back(&artifact);
            for (const std::string& identity : artifact.ir->creates)
                if (identity != artifact.identity) created.insert(identity);
        }
        // Proxies come after what they stand for. Contracts that others create come last: perhaps they are there by then.
        std::stable_sort(waiting.begin(), waiting.end(), [&](const auto* a, const auto* b) {
            const auto rank = [&](const lang::Artifact& each) {
                return std::pair{created.contains(each.identity), delegates_unknown_calls(*each.ir)};
            };
            return rank(*a) < rank(*b);
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
            else draft_.missing[artifact.identity] = "`" + artifact.name + "` could not be deployed: " + why;
            if (draft_.deadline.has_passed())
                return draft_.deadline.is_interrupted() ? "the check was interrupted"
                                                        : "the time ran out during the deployment";
        }
        deploy_siblings();
        note_twins();
        return deployed == 0 && !draft_.missing.empty() ? draft_.missing.begin()->second : "";
    }

  private:
    static const std::vector<ir::NamedType>& parameters_of(const lang::Artifact& artifact) {
        static const std::vector<ir::NamedType> none;
        const ir::Contract& contract = *artifact.ir;
        return contract.constructor == ir::Contract::none ? none : contract.functions[contract.constructor].parameters;
    }

    // What stands where a constructor is told an address.
    struct Expected {
        const ir::Contract* role = nullptr;
        const lang::Artifact* caller = nullptr;  // who has rights there, as far as only running it tells
        bool may_be_nobody = false;
        bool is_module = false;  // whose code the contract runs as its own, for some of its functions
    };

    bool needs_nobody(const lang::Artifact& artifact, const std::vector<const lang::Artifact*>& waiting) {
        for (const Expected& expected : expected_by(artifact)) {
            if (expected.caller && std::ranges::count(waiting, expected.caller) != 0 && !needs(*expected.caller, artifact))
                return false;
            if (!expected.role || !draft_.deployed_for(*expected.role).empty()) continue;
            for (const lang::Artifact* other : waiting)
                if (other != &artifact && fits(*other->ir, *expected.role)) return false;
        }
        return true;
    }

    bool needs(const lang::Artifact& artifact, const lang::Artifact& other) {
        return std::ranges::any_of(expected_by(artifact), [&](const Expected& expected) {
            return expected.role && fits(*other.ir, *expected.role);
        });
    }

    // A contract that keeps another one of its kind is there twice: each is told of the other.
    void deploy_siblings() {
        for (const DeployedContract& one : std::vector<DeployedContract>(world_.contracts())) {
            if (!world_.artifact_of(one) || !keeps_another_of_its_kind(*one.artifact) || draft_.deadline.has_passed())
                continue;
            std::string why;
            (void)deploy(*one.artifact, why);
        }
    }

    [[nodiscard]] bool keeps_another_of_its_kind(const lang::Artifact& artifact) const {
        const auto& variables = artifact.ir->state;
        for (std::uint32_t v = 0; v < variables.size(); ++v) {
            const ir::Contract* role =
                variables[v].is_immutable ? nullptr : role_of_variable(world_.compilation(), *artifact.ir, v);
            if (!role || !fits(*artifact.ir, *role) || !environment_for(*role).empty()) continue;
            const auto is_other = [&](const lang::Artifact& each) {
                return each.identity != artifact.identity && !each.ir->is_library && fits(*each.ir, *role);
            };
            if (std::ranges::none_of(world_.compilation().artifacts, is_other)) return true;
        }
        return false;
    }

    // Contracts that are told of a common one, which is no token, may be there twice: markets and their registry.
    void note_twins() {
        for (const DeployedContract& one : std::vector<DeployedContract>(world_.contracts())) {
            if (!world_.artifact_of(one) || !is_made_for_another(*one.artifact)) continue;
            draft_.met.twins = true;
            std::string why;
            if (draft_.choice.has_twins && !draft_.deadline.has_passed()) (void)deploy(*one.artifact, why, true);
        }
    }

    bool is_made_for_another(const lang::Artifact& artifact) {
        // A token is known to many that have nothing to do with each other. Who only keeps balances for others is none.
        const auto is_token = [](const ir::Contract& contract) {
            using namespace token_selector;
            constexpr std::uint32_t counting[] = {balance_of, balance_of_id};
            constexpr std::uint32_t moving[] = {transfer, transfer_from, 0xf242432a /* safeTransferFrom, ERC-1155 */};
            const auto offers_one_of = [&](std::span<const std::uint32_t> selectors) {
                return std::ranges::any_of(contract.functions, [&](const ir::Function& function) {
                    return function.is_entry && std::ranges::find(selectors, function.selector) != selectors.end();
                });
            };
            return offers_one_of(counting) && offers_one_of(moving);
        };
        return std::ranges::any_of(world_.contracts(), [&](const DeployedContract& other) {
            return other.artifact != &artifact && world_.artifact_of(other) && !is_token(other.ir()) &&
                   needs(artifact, *other.artifact);
        });
    }

    // What each parameter of a constructor stands for. Where the declaration does not tell, it is deployed with marked
    // addresses, to see in which variables they end.
    const std::vector<Expected>& expected_by(const lang::Artifact& artifact) {
        if (const auto known = expected_.find(&artifact); known != expected_.end()) return known->second;
        const auto& parameters = parameters_of(artifact);
        std::vector<Expected> all(parameters.size());
        const std::set<std::uint32_t> for_nobody = variables_for_nobody(*artifact.ir);
        bool is_unclear = !for_nobody.empty();
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (parameters[i].type.kind != ir::TypeKind::Address) continue;
            if (!parameters[i].contract.empty()) all[i].role = interface_named(world_.compilation(), parameters[i].contract);
            else is_unclear = true;
        }
        for (std::size_t guess = 0; is_unclear && guess < most_guesses; ++guess) {
            World copy = world_;
            const Bytes data =
                abi::encode(types_of(artifact), arguments(artifact, guess, [](std::size_t i) { return Draft::marked(i); }));
            if (!copy.perform({world_.owner().name, artifact.identity, false, {}, {}, data}).empty()) continue;
            for (std::size_t i = 0; i < parameters.size(); ++i) {
                if (parameters[i].type.kind != ir::TypeKind::Address) continue;
                all[i].may_be_nobody = ends_in_one_of(for_nobody, copy, copy.contracts().back(), Draft::marked(i));
                if (all[i].role) continue;
                all[i].role = role_of_mark(copy, copy.contracts().back(), Draft::marked(i));
                if (!all[i].role) {
                    all[i].role = module_at(artifact, copy, Draft::marked(i));
                    all[i].is_module = all[i].role != nullptr;
                }
                if (!all[i].role) all[i].caller = caller_of(artifact, copy, Draft::marked(i));
            }
            for (Expected& each : all)
                if (each.caller && std::ranges::any_of(all, [&](const Expected& other) {
                        return other.is_module && other.role == each.caller->ir.get();
                    }))
                    each.caller = nullptr;
            break;
        }
        return expected_[&artifact] = std::move(all);
    }

    // Returns whose functions the contract, a router, delegates to the marked account.
    const ir::Contract* module_at(const lang::Artifact& router, const World& in, const Address& mark) {
        if (!delegates_unknown_calls(*router.ir)) return nullptr;
        const Address& at = in.contracts().back().address;
        if (code_asked_for(in, at, nobodys_selector)) return nullptr;  // a proxy of anything
        const auto& all = world_.compilation().artifacts;
        const auto module = std::ranges::find_if(all, [&](const lang::Artifact& other) {
            return &other != &router && !other.ir->is_library && routes_to(in, at, *other.ir, mark);
        });
        return module == all.end() ? nullptr : module->ir.get();
    }

    // Returns a contract that calls this one, if whoever stands at the address has rights in it.
    const lang::Artifact* caller_of(const lang::Artifact& artifact, const World& in, const Address& mark) {
        const auto& all = world_.compilation().artifacts;
        const auto may_be = [&](const lang::Artifact& other) {
            return &other != &artifact && !other.ir->is_library && may_call(*other.ir, *artifact.ir);
        };
        if (std::ranges::none_of(all, may_be)) return nullptr;
        const std::set<std::uint32_t> rights = questions_to(mark, in.contracts().back(), in, draft_.deadline).rights;
        const auto caller = std::ranges::find_if(
            all, [&](const lang::Artifact& other) { return may_be(other) && may_call_one_of(*other.ir, rights); });
        return caller == all.end() ? nullptr : &*caller;
    }

    const ir::Contract* role_of_mark(World& world, const DeployedContract& contract, const Address& mark) {
        for (std::uint32_t v = 0; v < contract.ir().state.size(); ++v)
            if (holds(world, contract, v, mark))
                if (const ir::Contract* role = role_of_variable(world_.compilation(), contract.ir(), v)) return role;
        return draft_.role_by_questions(mark, contract, world);
    }

    static bool ends_in_one_of(const std::set<std::uint32_t>& variables, World& world, const DeployedContract& contract,
                               const Address& mark) {
        return std::ranges::any_of(variables, [&](std::uint32_t v) { return holds(world, contract, v, mark); });
    }

    static bool holds(World& world, const DeployedContract& contract, std::uint32_t v, const Address& mark) {
        return address_kept_in(world, contract, v) == mark;
    }

    static std::vector<abi::DataType> types_of(const lang::Artifact& artifact) {
        return abi::data_types(parameters_of(artifact)).value_or(std::vector<abi::DataType>{});
    }

    // Returns the n-th guess of a constructor's arguments. `address_at` gives the addresses.
    template <class AddressAt>
    std::vector<abi::Data> arguments(const lang::Artifact& artifact, std::size_t guess, const AddressAt& address_at) {
        const auto& parameters = parameters_of(artifact);
        const auto types = types_of(artifact);
        const ir::Contract& contract = *artifact.ir;
        std::vector<abi::Data> values;
        std::vector<std::size_t> amounts;
        for (std::size_t i = 0; i < types.size(); ++i) {
            if (types[i].kind == Kind::Word && types[i].value.kind == ir::TypeKind::Address) {
                values.emplace_back(address_at(i));
            } else if (const ir::Contract* role = role_of_elements(parameters[i], types[i])) {
                values.emplace_back(some_for(*role, types[i]));
            } else {
                const Measure& measure = draft_.measure_of(contract, contract.functions[contract.constructor], i);
                if (measure.unit == Unit::Money && types[i].value.bits == 256) amounts.push_back(i);
                values.push_back(draft_.plain_value(types[i], guess, numbers(types, i), measure));
            }
        }
        // Of several amounts one is more than the other: a price at first, and one at least.
        for (std::size_t k = 0; amounts.size() > 1 && guess < 2 && k < amounts.size(); ++k)
            values[amounts[k]] = Word{guess == 0 ? amounts.size() - k : k + 1} * chain::ether;
        return values;
    }

    bool attempt(const lang::Artifact& artifact, const Call& creation, std::string& why) {
        return draft_.attempt({world_.owner().name,
                               artifact.identity,
                               false,
                               {},
                               creation.value,
                               abi::encode(types_of(artifact), creation.arguments)},
                              &why);
    }

    // Whoever deploys a token that is made at once has enough of it to share: if he gets as much as he tells, it is more.
    bool attempt_with_plenty(const lang::Artifact& artifact, const Call& creation, std::string& why) {
        constexpr std::uint64_t times = 1000;
        const auto is_balance_of = [](const ir::Function& each) {
            return each.is_entry && each.selector == token_selector::balance_of;
        };
        if (std::ranges::none_of(artifact.ir->functions, is_balance_of)) return attempt(artifact, creation, why);
        const World before = world_;
        if (!attempt(artifact, creation, why)) return false;
        const auto has = [&](const abi::Data& number) {
            const Bytes question = abi::call_data(token_selector::balance_of, {vm::to_word(world_.owner().address)});
            const auto answer = ask_view(world_.state(), newest(artifact).address, question);
            return answer && answer->size() == 32 && abi::Data{vm::word_from_big_endian(*answer)} == number;
        };
        for (std::size_t i = 0; i < creation.arguments.size(); ++i) {
            const auto* const number = std::get_if<Word>(&creation.arguments[i].content);
            if (!number || number->is_zero() || *number >= Word{times} * chain::ether || !has(creation.arguments[i]))
                continue;
            Call more = creation;
            more.arguments[i] = abi::Data{*number * Word{times}};
            World with_little = std::exchange(world_, before);
            std::string refusal;
            if (attempt(artifact, more, refusal) && has(more.arguments[i])) return true;
            world_ = std::move(with_little);
        }
        return true;
    }

    // Returns what the elements of a list are declared as, if that is a contract.
    const ir::Contract* role_of_elements(const ir::NamedType& parameter, const abi::DataType& type) const {
        const bool is_list = type.kind == Kind::Array || type.kind == Kind::FixedArray;
        return is_list && !parameter.contract.empty() ? interface_named(world_.compilation(), parameter.contract) : nullptr;
    }

    // Returns a list of different contracts that can stand for the role, as far as there are any.
    std::vector<abi::Data> some_for(const ir::Contract& role, const abi::DataType& type) {
        constexpr std::size_t most = 2;
        (void)draft_.someone_for(role);
        std::vector<Address> there = draft_.deployed_for(role);
        if (there.empty()) there.push_back(world_.attacker().address);
        const std::size_t size =
            type.kind == Kind::FixedArray ? std::min<std::size_t>(type.length, 64) : std::min(most, there.size());
        std::vector<abi::Data> list;
        for (std::size_t i = 0; i < size; ++i) list.emplace_back(there[i % there.size()]);
        return list;
    }

    // Returns how many of the first `end` types are numbers.
    static std::size_t numbers(const std::vector<abi::DataType>& types, std::size_t end) {
        return static_cast<std::size_t>(std::count_if(
            types.begin(), types.begin() + static_cast<std::ptrdiff_t>(end),
            [](const auto& type) { return type.kind == Kind::Word && type.value.kind == ir::TypeKind::Uint; }));
    }

    // `is_twin`: another one like it is there.
    bool deploy(const lang::Artifact& artifact, std::string& why, bool is_twin = false) {
        if (const std::string missing = world_.missing_library(artifact); !missing.empty()) {
            why = "the library " + missing + " is missing";
            return false;
        }
        const std::vector<Expected>& expected = expected_by(artifact);
        for (const Expected& each : expected) draft_.met.nobody |= each.may_be_nobody && each.role;
        std::vector<Address> people;
        for (const std::uint32_t i : {World::owner_index, 0u, 1u}) people.push_back(world_.senders()[i].address);
        const ir::Contract& contract = *artifact.ir;
        const bool is_payable = contract.constructor != ir::Contract::none &&
                                contract.functions[contract.constructor].mutability == ir::Mutability::Payable;
        const bool is_proxy = delegates_unknown_calls(contract) && std::ranges::none_of(expected, &Expected::is_module);
        if (is_proxy) {
            const auto owner_at = [&](std::size_t) { return world_.owner().address; };
            if (deploy_initialised(draft_, artifact, arguments(artifact, 1, owner_at), types_of(artifact))) return true;
        }
        std::optional<Call> likeliest;
        std::map<std::size_t, Address> trusted;  // parameters, and who stands there instead of her
        for (std::size_t n = 0; n < most_guesses; ++n) {
            const std::size_t guess = (n + draft_.choice.first_guess) % most_guesses;
            std::vector<std::size_t> hers;  // parameters where her contract plays a part
            const auto guessed = [&] {
                std::vector<Address> others;
                std::size_t person = n;
                bool is_first_unknown = true;
                const auto address_at = [&](std::size_t i) {
                    if (const auto caller = expected[i].caller)
                        for (const DeployedContract& there : world_.contracts())
                            if (there.artifact == caller) return there.address;
                    if (!expected[i].role) {
                        const bool is_first = std::exchange(is_first_unknown, false);
                        if (is_proxy && is_first && !world_.contracts().empty()) return world_.contracts().back().address;
                        if (n >= 3 && !world_.contracts().empty()) return world_.contracts().back().address;
                        if (draft_.choice.names_her && is_first) return world_.attacker().address;
                        return people[person++ % people.size()];
                    }
                    if (const auto one = trusted.find(i); one != trusted.end()) return one->second;
                    if (expected[i].may_be_nobody && (draft_.choice.does_without || is_twin)) return Address{};
                    others.push_back(draft_.someone_for(*expected[i].role, others));
                    if (others.back() == world_.attacker().address) hers.push_back(i);
                    return others.back();
                };
                return arguments(artifact, guess, address_at);
            };
            Call creation;
            creation.arguments = guessed();
            for (const Word& value : {is_payable ? deploy_value : Word{}, Word{}}) {
                creation.value = value;
                const std::optional<World> before = hers.empty() ? std::nullopt : std::optional(world_);
                if (attempt_with_plenty(artifact, creation, why)) {
                    if (!before || !is_owners_choice(draft_, world_.attacker().address, newest(artifact))) return true;
                    World played_by_her = std::exchange(world_, *before);
                    for (const std::size_t i : hers) trusted[i] = honest_one_for(draft_, *expected[i].role);
                    creation.arguments = guessed();
                    if (!attempt(artifact, creation, why)) world_ = std::move(played_by_her);
                    return true;
                }
                if (!likeliest) likeliest = creation;
                if (!is_payable) break;
            }
            if (parameters_of(artifact).empty() || draft_.deadline.has_passed()) break;
        }
        const auto mended = mended_creation(draft_, artifact, *likeliest, types_of(artifact));
        return mended && attempt(artifact, *mended, why);
    }

    const DeployedContract& newest(const lang::Artifact& artifact) const {
        return *std::find_if(world_.contracts().rbegin(), world_.contracts().rend(),
                             [&](const DeployedContract& each) { return each.artifact == &artifact; });
    }

    std::map<const lang::Artifact*, std::vector<Expected>> expected_;

    Draft& draft_;
    World& world_;
};

}  // namespace

std::string deploy_all(Draft& draft) { return Deployment(draft).deploy_all(); }

}  // namespace interlock::analyzer
