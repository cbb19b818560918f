// Introductions: a registry keeps a list of those who have rights in it (distributors, markets, minters), and its owner
// puts contracts there that know the registry.
#include <algorithm>
#include <set>

#include "analyzer/explorer/mending.hpp"
#include "analyzer/explorer/observations.hpp"
#include "analyzer/explorer/traits.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/system/bystanders.hpp"
#include "analyzer/system/draft.hpp"
#include "analyzer/system/environment.hpp"
#include "analyzer/system/usage.hpp"
#include "chain/genesis.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

constexpr std::size_t most_introductions = 8;
constexpr int most_of_function = 3;

class Introductions {
  public:
    explicit Introductions(Draft& draft) : draft_(draft), world_(draft.world) {}

    void run() {
        std::size_t made = 0;
        for (std::size_t c = 0; c < world_.contracts().size(); ++c) {
            if (!world_.artifact_of(world_.contracts()[c])) continue;
            const ir::Contract& contract = world_.contracts()[c].ir();
            for (const ir::Function& function : contract.functions) {
                const auto position = place_of_guest(function);
                for (int again = 0; position && again < most_of_function; ++again) {
                    if (made == most_introductions || draft_.deadline.has_passed()) return;
                    if (!introduces(c, function, *position)) break;
                    ++made;
                }
            }
        }
    }

  private:
    using Works = std::set<std::pair<bool, Usage::Function>>;

    // Returns the position of the first argument that is an address.
    static std::optional<std::size_t> place_of_guest(const ir::Function& function) {
        if (!function.is_entry || function.kind != ir::FunctionKind::Ordinary ||
            function.mutability != ir::Mutability::NonPayable)
            return std::nullopt;
        for (std::size_t i = 0; i < function.parameters.size(); ++i)
            if (function.parameters[i].type.kind == ir::TypeKind::Address) return i;
        return std::nullopt;
    }

    // Returns the contracts of the system that may be meant.
    std::vector<Address> guests(std::size_t index, const ir::Function& function, std::size_t position) {
        constexpr std::size_t most = 6;
        const DeployedContract& registry = world_.contracts()[index];
        const ir::Contract* role = role_of_parameter(world_.compilation(), registry.ir(), function, position);
        std::vector<Address> list;
        if (role) list = draft_.deployed_for(*role);
        for (const bool is_environment : {false, true})
            for (const DeployedContract& other : world_.contracts())
                if (!role && !world_.artifact_of(other) == is_environment && list.size() < most)
                    list.push_back(other.address);
        std::erase(list, registry.address);
        return list;
    }

    // Has the owner name the guest for whom most begins to work, or one that knows the registry, where that is hers alone
    // to do and nothing ceases to work then. Returns whether there is one.
    bool introduces(std::size_t index, const ir::Function& function, std::size_t position) {
        const auto types = abi::data_types(function.parameters);
        if (!types) return false;
        const bool has_numbers = std::ranges::any_of(*types, is_number),
                   is_declared = !function.parameters[position].contract.empty();
        std::optional<SetupStep> best;
        std::size_t most = 0;
        Mends mends;
        // Returns whether the owner can make the call, and nobody else.
        const auto consider = [&](const Address& guest, const Word& hash, std::size_t guess) {
            if (draft_.deadline.has_passed()) return true;
            Call call;
            call.contract = DeployedIndex{static_cast<std::uint32_t>(index)};
            call.function = static_cast<std::uint32_t>(&function - world_.contracts()[index].ir().functions.data());
            call.arguments = arguments(index, function, position, guest, hash, guess);
            const auto passing = passes(call, *types, mends);
            if (!passing) return false;
            SetupStep step{world_.owner().name, {}, false, world_.contracts()[index].name, {}, world_.call_data(*passing)};
            SetupStep by_anybody = step;
            by_anybody.from = world_.users()[0].name;
            World after = world_, other = world_;
            if (!after.perform(step).empty() || other.perform(by_anybody).empty()) return false;
            const auto kept = what_is_kept(after, world_.contracts()[index].address, guest);
            if (kept == Kept::Nothing || gives_tokens(after, index, guest)) return true;
            if (!works_) works_ = what_works(world_);
            const Works works = what_works(after);
            if (!std::ranges::includes(works, *works_)) return true;
            const DeployedContract &registry = world_.contracts()[index], &its = *world_.contract_at(guest);
            const bool is_known = (kept == Kept::UnderIt || kept == Kept::OnList) &&
                                  draft_.is_known_to(registry.address, its) && may_call(its.ir(), registry.ir()) &&
                                  (!has_numbers || is_declared || has_more_rights(after, index, guest));
            // Who acts there comes before who only asks.
            const std::size_t known = !is_known ? 0 : may_act_in(its.ir(), registry.ir()) ? 2 : 1;
            if (const std::size_t more = works.size() - works_->size() + known; more > most) {
                most = more;
                best = std::move(step);
            }
            return true;
        };
        for (const Address& guest : guests(index, function, position))
            for (const Word& hash : names_for(index, *types))
                for (const std::size_t more : {0u, 1u, 5u})
                    if (consider(guest, hash, draft_.choice.first_guess + more) || !has_numbers) break;
        if (!best || !draft_.attempt(*best)) return false;
        works_.reset();
        return true;
    }

    // Returns the call of the owner if it works, or works with other numbers, those that it was compared with: a part of a whole
    // that may be no more than nine tenths.
    std::optional<Call> passes(const Call& call, const std::vector<abi::DataType>& types, Mends& mends) {
        const auto make = [&](const Call& each) -> std::optional<Failure> {
            for (std::size_t i = 0; i < types.size(); ++i)
                if (!is_number(types[i]) && each.arguments[i] != call.arguments[i]) return Failure{};
            if (draft_.deadline.has_passed()) return Failure{};
            World copy = world_;
            Observations observations;
            observations.begin_run();
            const chain::Result result =
                copy.execute(copy.transaction(world_.owner().address, world_.contract(each.contract).address, Word{},
                                              world_.call_data(each)),
                             &observations);
            if (result.valid() && result.receipt.ok()) return std::nullopt;
            return observations.failure_of(each);
        };
        std::optional<Failure> failure = make(call);
        if (!failure) return call;
        return mend(std::move(failure), mends, make);
    }

    // Returns what may be said for a hash: where the contract writes out names, of roles for example, each of theirs.
    std::vector<Word> names_for(std::size_t index, const std::vector<abi::DataType>& types) const {
        constexpr std::size_t most = 4;
        std::vector<Word> names;
        if (std::ranges::any_of(types, is_hash)) names = hashed_names(world_.contracts()[index].ir());
        if (names.size() > most) names.resize(most);
        if (names.empty()) names.push_back(draft_.choice.hash);
        return names;
    }

    static bool is_hash(const abi::DataType& type) {
        return type.kind == Kind::Word && type.value.kind == ir::TypeKind::FixedBytes && type.value.bits == 256;
    }

    static bool is_number(const abi::DataType& type) {
        return type.kind == Kind::Word && type.value.kind == ir::TypeKind::Uint;
    }

    // Returns the n-th guess of them.
    std::vector<abi::Data> arguments(std::size_t index, const ir::Function& function, std::size_t position,
                                     const Address& guest, const Word& hash, std::size_t guess) {
        const std::vector<abi::DataType> types = *abi::data_types(function.parameters);
        std::vector<abi::Data> values;
        for (std::size_t i = 0; i < types.size(); ++i)
            values.push_back(i == position ? abi::Data{guest}
                             : is_hash(types[i])
                                 ? abi::Data{hash}
                                 : draft_.plain_value(types[i], guess, 0,
                                                      draft_.measure_of(world_.contracts()[index].ir(), function, i)));
        return values;
    }

    enum class Kept : std::uint8_t { Nothing, UnderIt, OnList, It };

    // Returns whether the contract keeps something new under the address, or else the address where nothing was: as one more on
    // a list where it is not yet, or elsewhere.
    Kept what_is_kept(World& after, const Address& contract, const Address& guest) {
        constexpr std::uint64_t most_fields = 8;
        const Word word = vm::to_word(guest), mask = (Word{1} << 160u) - Word{1};
        const auto is_hashed = [](const Word& slot) { return vm::bit_length(slot) > 64; };
        bool is_counted = false, is_element = false, was_element = false;
        Kept kept = Kept::Nothing;
        for (const auto& [slot, value] : after.state().storage_of(contract)) {
            const Word before = world_.state().load(contract, slot);
            was_element |= is_hashed(slot) && (before & mask) == word;
            if (before == value) continue;
            is_counted |= !is_hashed(slot) && value == before + Word{1};
            const Preimages::Entry* const entry = after.preimages().find_near(slot, most_fields);
            if (entry && entry->key.size() == 32 && vm::word_from_big_endian(entry->key) == word) return Kept::UnderIt;
            for (unsigned shift = 0; shift <= 96; shift += 8)
                if (((value >> shift) & mask) == word && ((before >> shift) & mask).is_zero()) {
                    kept = Kept::It;
                    is_element |= is_hashed(slot);
                }
        }
        return is_counted && is_element && !was_element ? Kept::OnList : kept;
    }

    // Returns whether the guest has got something that it can pass on.
    bool gives_tokens(World& after, std::size_t index, const Address& guest) {
        const Bytes question = abi::call_data(token_selector::balance_of, {vm::to_word(guest)});
        const Address& token = world_.contracts()[index].address;
        return ask_view(after.state(), token, question) != ask_view(world_.state(), token, question);
    }

    // Returns whether the contract lets the guest do more then. Numbers that it keeps for somebody may as well be his points.
    bool has_more_rights(const World& after, std::size_t index, const Address& guest) {
        const DeployedContract& registry = world_.contracts()[index];
        const auto works = [&](const World& in, const Bytes& data) {
            World copy = in;
            copy.state().set_code(guest, {});
            copy.state().set_balance(guest, chain::ether);
            return copy.execute(copy.transaction(guest, registry.address, Word{}, data)).receipt.ok();
        };
        for (const ir::Function& each : registry.ir().functions) {
            const auto types = abi::data_types(each.parameters);
            if (!each.is_entry || each.kind != ir::FunctionKind::Ordinary || each.mutability != ir::Mutability::NonPayable ||
                !types)
                continue;
            std::vector<abi::Data> values;
            for (const abi::DataType& type : *types) values.push_back(draft_.plain_value(type, Draft::guess_of_one));
            const Bytes data = abi::call_data(each.selector, abi::encode(*types, values));
            if (!draft_.deadline.has_passed() && works(after, data) && !works(world_, data)) return true;
        }
        return false;
    }

    Works what_works(const World& in) const {
        World world = in;
        world.place_attacker();
        world.state().keep_history(true);
        world.state().keep_fingerprint(true);
        chain::Execution execution(world.state());
        execution.machine().set_strangers([&](const Address& a) { return a == world.attacker().address; });
        Observations observations;
        Candidates candidates(world, observations);
        Usage usage(world, execution, candidates, draft_.deadline);
        Works works;
        for (const Usage::Function& each : usage.of(0)) works.insert({false, each});
        for (const Usage::Function& each : usage.of(World::owner_index)) works.insert({true, each});
        return works;
    }

    Draft& draft_;
    World& world_;
    std::optional<Works> works_;  // of the world as it is
};

}  // namespace

void introduce(Draft& draft) { Introductions(draft).run(); }

}  // namespace interlock::analyzer
