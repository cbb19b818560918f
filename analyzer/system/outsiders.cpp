// Outsiders: addresses that are written out in the code, and that contracts call. What fits is put there: a contract of the
// system that nobody knows by its own address, or a token of the environment.
#include <algorithm>
#include <set>

#include "analyzer/system/draft.hpp"
#include "analyzer/system/environment.hpp"
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
            for (const Address& address : addresses_in(contract)) {
                if (seen.size() == most_outsiders || draft_.deadline.has_passed()) return;
                if (!seen.insert(address).second || !is_outside(address)) continue;
                if (const auto* role = draft_.role_by_questions(address, contract, world_)) fill(address, *role);
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
        constexpr auto push_address = static_cast<std::uint8_t>(vm::Opcode::PUSH20);
        for (std::size_t pc = 0; pc < bytes.size(); pc += 1u + vm::info(bytes[pc]).immediate)
            if (bytes[pc] == push_address && pc + Address::size < bytes.size())
                add(vm::word_from_big_endian(bytes.subspan(pc + 1, Address::size)));
        const Word mask = (Word{1} << 160u) - Word{1};
        for (const auto& [slot, value] : world_.state().storage_of(contract.address)) {
            add(value & mask);
            add((value >> 8u) & mask);
        }
        return list;
    }

    bool is_outside(const Address& address) const {
        World& world = world_;
        const Word all = (Word{1} << 160u) - Word{1};
        return vm::to_word(address) != all && world.state().is_empty(address) && address != world.attacker().address &&
               std::ranges::none_of(world.senders(), [&](const Account& each) { return each.address == address; });
    }

    void fill(const Address& address, const lang::ir::Contract& role) {
        SetupStep step;
        step.from = world_.owner().name;
        step.stands_at = address;
        for (const DeployedContract& each : std::vector<DeployedContract>(world_.contracts())) {
            if (!world_.artifact_of(each) || !fits(each.ir(), role) || is_known(each)) continue;
            step.to = each.name;
            if (draft_.attempt(step)) return;
        }
        const auto names = environment_for(role);
        if (names.empty()) return;
        draft_.met.tokens |= names.size() > 1;
        const std::string& name = draft_.choice.has_hooks ? names.back() : names.front();
        if (!draft_.attempt({world_.owner().name, name, true, {}, {}, {}})) return;
        step.to = world_.contracts().back().name;
        (void)draft_.attempt(step);
    }

    bool is_known(const DeployedContract& contract) const {
        return std::ranges::any_of(world_.contracts(), [&](const DeployedContract& other) {
            return other.address != contract.address && draft_.is_known_to(contract.address, other);
        });
    }

    Draft& draft_;
    World& world_;
};

}  // namespace

void place_outsiders(Draft& draft) { Outsiders(draft).place(); }

}  // namespace interlock::analyzer
