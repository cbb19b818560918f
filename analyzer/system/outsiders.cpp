// Outsiders: addresses that are written out in the code, and that contracts call, as the code or what it asks tells. What fits
// is put there: a contract of the system that nobody knows by its own address, or a token of the environment.
#include <algorithm>
#include <set>

#include "analyzer/system/draft.hpp"
#include "analyzer/system/environment.hpp"
#include "analyzer/system/roles.hpp"
#include "vm/code.hpp"
#include "vm/opcodes.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::size_t most_outsiders = 8;  // of a system
constexpr unsigned least_bits = 120;       // of a word that is taken for an address

class Outsiders {
  public:
    explicit Outsiders(Draft& draft) : draft_(draft), world_(draft.world) {}

    void place() {
        std::set<Address> seen;
        for (std::size_t i = 0; i < world_.contracts().size(); ++i) {
            const DeployedContract contract = world_.contracts()[i];
            if (!world_.artifact_of(contract)) continue;
            std::size_t asked = 0;
            for (const Address& address : addresses_in(contract)) {
                if (placed_ == most_outsiders || draft_.deadline.has_passed()) return;
                if (!seen.insert(address).second || !is_outside(address)) continue;
                const lang::ir::Contract* role = role_in_code(address, contract);
                if (!role && ++asked <= most_outsiders) role = draft_.role_by_questions(address, contract, world_);
                if (role) fill(address, *role, contract);
            }
        }
    }

  private:
    // The addresses that the contract's code pushes, then those in its storage.
    std::vector<Address> addresses_in(const DeployedContract& contract) {
        std::vector<Address> list;
        const auto add = [&](const Word& word) {
            if (const unsigned bits = vm::bit_length(word); bits >= least_bits && bits <= 160)
                list.push_back(vm::to_address(word));
        };
        const auto code = world_.state().code(contract.address);
        const ByteView bytes = code->bytes();
        for (std::size_t pc = 0; pc < bytes.size(); pc += 1u + vm::info(bytes[pc]).immediate)
            if (const std::size_t size = vm::info(bytes[pc]).immediate; size >= Address::size && pc + size < bytes.size())
                add(vm::word_from_big_endian(bytes.subspan(pc + 1, size)));
        const Word mask = (Word{1} << 160u) - Word{1};
        for (const auto& [slot, value] : world_.state().storage_of(contract.address)) {
            add(value & mask);
            add((value >> 8u) & mask);
        }
        return list;
    }

    // Returns what the code calls at the address, wherever it finds that, or null.
    const lang::ir::Contract* role_in_code(const Address& address, const DeployedContract& contract) const {
        Whereabouts where{.constant = vm::to_word(address)};
        const Word mask = (Word{1} << 160u) - Word{1};
        const auto& variables = contract.ir().state;
        std::set<Word> slots;
        for (std::uint32_t v = 0; v < variables.size(); ++v) {
            if (!variables[v].is_immutable) slots.insert(variables[v].slot);
            if (address_kept_in(world_, contract, v) == address) where.variables.insert(v);
        }
        for (const auto& [slot, value] : world_.state().storage_of(contract.address))
            where.is_elsewhere |= !slots.contains(slot) && (value & mask) == where.constant;
        return role_of_address(world_.compilation(), contract.ir(), where);
    }

    bool is_outside(const Address& address) const {
        World& world = world_;
        const Word all = (Word{1} << 160u) - Word{1};
        return vm::to_word(address) != all && world.state().is_empty(address) && address != world.attacker().address &&
               std::ranges::none_of(world.senders(), [&](const Account& each) { return each.address == address; });
    }

    void fill(const Address& address, const lang::ir::Contract& role, const DeployedContract& asker) {
        SetupStep step;
        step.from = world_.owner().name;
        step.stands_at = address;
        for (const DeployedContract& each : std::vector<DeployedContract>(world_.contracts())) {
            if (is_barren(world_, each) || each.address == asker.address || !world_.artifact_of(each) ||
                !fits(each.ir(), role) || is_known(each))
                continue;
            step.to = each.name;
            if (draft_.attempt(step)) return (void)++placed_;
        }
        const std::optional<Address> token = token_for(draft_, role);
        if (!token) return;
        step.to = world_.contract_at(*token)->name;
        placed_ += draft_.attempt(step) ? 1u : 0u;
    }

    bool is_known(const DeployedContract& contract) const {
        return std::ranges::any_of(world_.contracts(), [&](const DeployedContract& other) {
            return other.address != contract.address && draft_.is_known_to(contract.address, other);
        });
    }

    Draft& draft_;
    World& world_;
    std::size_t placed_ = 0;
};

}  // namespace

void place_outsiders(Draft& draft) { Outsiders(draft).place(); }

}  // namespace interlock::analyzer
