#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "analyzer/system/draft.hpp"
#include "analyzer/system/questions.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

class Linking {
  public:
    explicit Linking(Draft& draft) : draft_(draft), world_(draft.world) {}

    // Calls what fills a variable in which a contract is expected and that is still empty.
    void run() {
        for (int round = 0; round < 2; ++round)
            for (std::size_t c = 0; c < world_.contracts().size(); ++c) {
                if (!world_.artifact_of(world_.contracts()[c])) continue;
                const ir::Contract& contract = world_.contracts()[c].ir();
                for (const ir::Function& function : contract.functions)
                    if (!draft_.deadline.has_passed()) link_by(c, function);
            }
    }

  private:
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
                values.push_back(std::ranges::count(addresses, i)
                                     ? abi::Data{address_at(i)}
                                     : draft_.plain_value((*types)[i], draft_.choice.first_guess, 0,
                                                          draft_.measure_of(world_.contracts()[index].ir(), function, i)));
            return SetupStep{world_.owner().name,
                             {},
                             false,
                             world_.contracts()[index].name,
                             {},
                             abi::call_data(function.selector, abi::encode(*types, values))};
        };
        World copy = world_;
        const std::vector<Word> before = variables(copy, index);
        if (!copy.perform(call([](std::size_t i) { return Draft::marked(i); })).empty()) return;
        const std::vector<Word> after = variables(copy, index);
        std::vector<const ir::Contract*> roles(types->size(), nullptr);
        std::map<std::size_t, Address> clients;
        bool fills = false;
        for (const std::size_t i : addresses) {
            for (std::size_t v = 0; v < after.size(); ++v)
                if (after[v] == vm::to_word(Draft::marked(i)) && before[v].is_zero())
                    if (const auto* role = role_of_variable(world_.compilation(), world_.contracts()[index].ir(),
                                                            static_cast<std::uint32_t>(v)))
                        roles[i] = role;
            if (!roles[i] && fills_an_empty_place(copy, world_.contracts()[index].address, Draft::marked(i)))
                find_peer(copy, index, i, roles[i], clients);
            fills |= roles[i] || clients.contains(i);
        }
        if (!fills) return;
        std::vector<Address> others{world_.contracts()[index].address};
        const auto address_at = [&](std::size_t i) {
            if (const auto client = clients.find(i); client != clients.end()) return client->second;
            if (!roles[i]) return world_.owner().address;
            others.push_back(draft_.someone_for(*roles[i], others));
            return others.back();
        };
        const SetupStep step = call(address_at);
        if (std::ranges::count(world_.recipe().steps, step) != 0) return;  // on a list it would stand twice
        const World unlinked = world_;
        if (!draft_.attempt(step)) return;
        draft_.met.links = true;
        if (std::ranges::count(others, world_.attacker().address) == 0 ||
            !is_owners_choice(draft_, world_.attacker().address, world_.contracts()[index]))
            return;
        World played_by_her = std::exchange(world_, unlinked);
        std::map<std::size_t, Address> trusted;
        for (std::size_t i = 0; i < roles.size(); ++i)
            if (roles[i] && draft_.someone_for(*roles[i]) == world_.attacker().address)
                trusted[i] = honest_one_for(draft_, *roles[i]);
        const auto trusted_step = call([&](std::size_t i) {
            if (const auto one = trusted.find(i); one != trusted.end()) return one->second;
            return address_at(i);
        });
        if (!draft_.attempt(trusted_step)) world_ = std::move(played_by_her);
    }

    // Finds what belongs at the i-th marked address by what the contract does with it: a role, or a contract that knows this
    // one where whoever stands there has rights.
    void find_peer(const World& copy, std::size_t index, std::size_t i, const ir::Contract*& role,
                   std::map<std::size_t, Address>& clients) {
        const DeployedContract contract = world_.contracts()[index];
        role = draft_.role_by_questions(Draft::marked(i), contract, copy);
        if (role || questions_to(Draft::marked(i), contract, copy, draft_.deadline).rights.empty()) return;
        for (const DeployedContract& other : world_.contracts())
            if (other.address != contract.address && world_.artifact_of(other) &&
                draft_.is_known_to(contract.address, other))
                clients[i] = other.address;
    }

    // Returns whether the contract keeps the address where nothing was before, whatever it is that keeps it. What it keeps
    // under the sender's address is that account's own affair: its hook, its delegate.
    bool fills_an_empty_place(World& after, const Address& contract, const Address& address) {
        constexpr std::uint64_t most_fields = 8;
        const Word mask = (Word{1} << 160u) - Word{1}, word = vm::to_word(address);
        const Word sender = vm::to_word(world_.owner().address);
        for (const auto& [slot, value] : after.state().storage_of(contract))
            for (unsigned shift = 0; shift <= 96; shift += 8) {
                if (((value >> shift) & mask) != word) continue;
                const Preimages::Entry* const entry = after.preimages().find_near(slot, most_fields);
                if (entry && entry->key.size() == 32 && vm::word_from_big_endian(entry->key) == sender) return false;
                return ((world_.state().load(contract, slot) >> shift) & mask).is_zero();
            }
        return false;
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

    Draft& draft_;
    World& world_;
};

}  // namespace

void link(Draft& draft) { Linking(draft).run(); }

}  // namespace interlock::analyzer
