#include <algorithm>
#include <set>
#include <utility>

#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/traits.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/system/draft.hpp"
#include "analyzer/system/environment.hpp"
#include "analyzer/system/minimums.hpp"
#include "analyzer/system/purchases.hpp"
#include "chain/genesis.hpp"
#include "vm/code.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

const Word plenty = Word{1000} * chain::ether;  // what alice, who uses everything, has of a token

class Supply {
  public:
    explicit Supply(Draft& draft) : draft_(draft), world_(draft.world) {}

    void run() {
        deploy_tokens_of_functions();
        for (std::size_t i = 0; i < world_.contracts().size(); ++i) {
            const DeployedContract token = world_.contracts()[i];
            const bool is_environment = !world_.artifact_of(token);
            const bool counts = offers(token, token_selector::balance_of) || offers(token, token_selector::balance_of_id) ||
                                offers(token, token_selector::owner_of);
            const bool is_lent = !is_environment && is_lendable(token);
            draft_.met.loans |= is_lent;
            if (!is_environment && !is_used(token) && !(is_lent && draft_.choice.lends) && !is_sold(token)) continue;
            // Shares may be kept under other names; who takes them from whom has approved is known by what it is called.
            if (!is_environment && !counts && offers(token, token_selector::transfer_from)) approve(token);
            if (!is_environment && !counts) continue;
            std::vector<Account> parties{world_.attacker(), world_.users()[0], world_.users()[1]};
            const Word share = share_of(world_, token);
            // Who was not given a supply issues what is needed, and keeps her own.
            const bool issues = balance(world_, token, world_.owner().address).is_zero();
            if (!is_numbered(token) && issues) parties.push_back(world_.owner());
            const auto give_all = [&] {
                for (const Account& party : parties) {
                    const bool has_plenty = is_environment && party.address == world_.users()[0].address;
                    give(token, party.address, has_plenty ? plenty : share, is_environment);
                }
            };
            give_all();
            const auto has_none = [&](const Account& party) { return balance(world_, token, party.address).is_zero(); };
            if (!is_environment && std::ranges::all_of(parties, has_none) && buy_things(draft_, token)) give_all();
            approve(token);
            if (is_lent && draft_.choice.lends) lend(token);
            if (!is_environment) have_her_called(token);
            if (!is_environment) continue;
            for (const DeployedContract& minter : std::vector<DeployedContract>(world_.contracts()))
                if (world_.artifact_of(minter))
                    (void)draft_.attempt(
                        {world_.owner().name,
                         {},
                         false,
                         token.name,
                         {},
                         abi::call_data(abi::selector("allowMinting(address)"), {vm::to_word(minter.address)})});
            if (token.artifact->name == "HookToken")
                world_.prepare({token.name, abi::call_data(abi::selector("register()"))});
        }
    }

    // What others create later, and takes tokens, is approved, too: a market that a registry makes.
    void approve_expected() {
        to_expected_ = true;
        const auto takes = [&](const DeployedContract& each) { return each.is_expected && moves_tokens(each.ir()); };
        if (std::ranges::none_of(world_.contracts(), takes)) return;
        for (const DeployedContract& token : std::vector<DeployedContract>(world_.contracts()))
            if (!token.is_expected && !is_numbered(token) && offers(token, token_selector::balance_of) &&
                !balance(world_, token, world_.users()[0].address).is_zero())
                approve(token);
    }

  private:
    // Returns who has the number, or std::nullopt.
    static std::optional<Address> holder_of_number(World& world, const DeployedContract& token, const Word& number) {
        const auto output = ask_view(world.state(), token.address, abi::call_data(token_selector::owner_of, {number}));
        return output && output->size() == 32 ? std::optional(vm::to_address(vm::word_from_big_endian(*output)))
                                              : std::nullopt;
    }

    // Of numbers that nobody counts, those with which calls are tried.
    Word balance(World& world, const DeployedContract& token, const Address& account) const {
        if (!offers(token, token_selector::balance_of) && !offers(token, token_selector::balance_of_id)) {
            constexpr std::uint32_t most_numbers = 3;
            Word count;
            for (std::uint32_t number = 0; number < most_numbers; ++number)
                if (holder_of_number(world, token, Word{number}) == account) count += Word{1};
            return count;
        }
        const bool has_one_kind = offers(token, token_selector::balance_of);
        const auto output =
            ask_view(world.state(), token.address,
                     has_one_kind ? abi::call_data(token_selector::balance_of, {vm::to_word(account)})
                                  : abi::call_data(token_selector::balance_of_id, {vm::to_word(account), Word{1}}));
        return output && output->size() >= 32 ? vm::word_from_big_endian(ByteView(*output).first(32)) : Word{};
    }

    // Returns how much somebody is to get: where the owner has all that there is, a part of it.
    Word share_of(World& world, const DeployedContract& token) const {
        const Word usual = Word{10} * chain::ether, part = balance(world, token, world.owner().address) / Word{8};
        if (part.is_zero()) return usual;
        return part < usual || !offers(token, token_selector::transfer) ? std::min(part, usual)
                                                                        : enough_to_count(world, token, usual, part);
    }

    static bool offers(const DeployedContract& contract, std::uint32_t selector) {
        return std::ranges::any_of(contract.ir().functions,
                                   [&](const auto& f) { return f.is_entry && f.selector == selector; });
    }

    static bool is_numbered(const DeployedContract& token) {
        return offers(token, token_selector::balance_of_id) || offers(token, token_selector::owner_of);
    }

    bool calls_others(const DeployedContract& token) const {
        if (token.ir().is_opaque) return has_opcode(world_.state().code(token.address)->bytes(), vm::Opcode::CALL);
        const auto calls = [](const ir::Block& block) {
            const ir::ExternalCall::Kind kind = block.terminator.call.kind;
            return block.terminator.kind == ir::Terminator::Kind::External && kind != ir::ExternalCall::Kind::Create;
        };
        return std::ranges::any_of(token.ir().functions,
                                   [&](const ir::Function& each) { return std::ranges::any_of(each.blocks, calls); });
    }

    // Who may take some of another's must not get more by being called in the middle of that.
    bool is_lendable(const DeployedContract& token) const {
        return offers(token, token_selector::approve) && offers(token, token_selector::allowance) &&
               offers(token, token_selector::transfer_from) && calls_others(token);
    }

    // Where all there is was the owner's, everybody has some by now, though no contract uses it: who gets some may be called.
    bool is_sold(const DeployedContract& token) const {
        return offers(token, token_selector::transfer) && offers(token, token_selector::balance_of) && calls_others(token) &&
               !balance(world_, token, world_.owner().address).is_zero();
    }

    void lend(const DeployedContract& token) {
        const Word some = share_of(world_, token) / Word{10};
        (void)draft_.attempt({world_.users()[0].name,
                              {},
                              false,
                              token.name,
                              {},
                              abi::call_data(token_selector::approve, {vm::to_word(world_.attacker().address), some})});
    }

    // Returns whether another contract of the system knows the contract's address.
    bool is_used(const DeployedContract& token) {
        for (const DeployedContract& other : world_.contracts())
            if (other.address != token.address && draft_.is_known_to(token.address, other)) return true;
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
                    const ir::Contract* role = role_of_parameter(world_.compilation(), contract, function, p);
                    if (role && draft_.deployed_for(*role).empty() && !environment_for(*role).empty())
                        (void)draft_.someone_for(*role);
                }
            }
        }
    }

    struct Way {
        Account giver;
        Bytes data;
    };

    // Returns who may give the number away: somebody honest who has it, else the owner.
    Account giver_of(const DeployedContract& token, const Word& number) const {
        if (const auto holder = holder_of_number(world_, token, number))
            for (const Account& user : world_.users())
                if (user.address == *holder) return user;
        return world_.owner();
    }

    // Returns calls by which somebody may be given tokens that have numbers (ERC-721, ERC-1155): those with which calls are
    // tried, hers first, and alice's the one before it.
    std::vector<Way> ways_of_numbered(const DeployedContract& token, const Address& to) const {
        const Word owner = vm::to_word(world_.owner().address), receiver = vm::to_word(to);
        const Word number{to == world_.users()[0].address ? 0u : to == world_.users()[1].address ? 2u : 1u}, amount{10};
        const bool has_amounts = offers(token, token_selector::balance_of_id);
        std::vector<Way> ways;
        if (has_amounts) {
            ways.push_back(
                {world_.owner(), abi::call_data(abi::selector("safeTransferFrom(address,address,uint256,uint256,bytes)"),
                                                {owner, receiver, Word{1}, amount, Bytes{}})});
        } else {
            const Account giver = giver_of(token, number);
            ways.push_back(
                {giver, abi::call_data(token_selector::transfer_from, {vm::to_word(giver.address), receiver, number})});
        }
        for (const ir::Function& function : token.ir().functions) {
            if (!function.is_entry || function.kind != ir::FunctionKind::Ordinary ||
                function.mutability != ir::Mutability::NonPayable || function.parameters.size() > 4)
                continue;
            std::vector<abi::Value> values;
            bool is_plain = true, has_receiver = false, has_number = false;
            for (const ir::NamedType& parameter : function.parameters) {
                const ir::TypeKind kind = parameter.type.kind;
                if (kind == ir::TypeKind::Bytes) values.emplace_back(Bytes{});
                else if (kind == ir::TypeKind::Address && !std::exchange(has_receiver, true)) values.emplace_back(receiver);
                else if (kind != ir::TypeKind::Uint) is_plain = false;
                else if (std::exchange(has_number, true)) values.emplace_back(amount);
                else values.emplace_back(has_amounts ? Word{1} : number);
            }
            if (is_plain && has_receiver) ways.push_back({world_.owner(), abi::call_data(function.selector, values)});
        }
        return ways;
    }

    // Lets the owner, or who has them, give tokens to somebody, by whatever function does it.
    void give(const DeployedContract& token, const Address& to, const Word& amount, bool is_environment) {
        std::vector<Way> ways;
        const auto add = [&](Bytes data) { ways.push_back({world_.owner(), std::move(data)}); };
        // Collectibles have numbers that calls are tried with: hers is the first, and alice's the one before it.
        if (is_environment && token.artifact->name == "Collectible")
            add(to == world_.users()[0].address
                    ? abi::call_data(abi::selector("mint(address,uint256)"), {vm::to_word(to), Word{0}})
                    : abi::call_data(abi::selector("mint(address)"), {vm::to_word(to)}));
        else if (is_environment && token.artifact->name == "Collection")
            add(abi::call_data(abi::selector("mint(address,uint256,uint256,bytes)"),
                               {vm::to_word(to), Word{1}, Word{10}, Bytes{}}));
        else if (is_numbered(token)) {
            ways = ways_of_numbered(token, to);
        } else {
            add(abi::call_data(token_selector::transfer, {vm::to_word(to), amount}));
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
                if (is_plain && has_address && values.size() <= 2) add(abi::call_data(function.selector, values));
            }
        }
        for (const Way& way : ways) {
            const SetupStep step{way.giver.name, {}, false, token.name, {}, way.data};
            if (is_environment) {
                if (draft_.attempt(step)) return;
                continue;
            }
            World copy = world_;
            if (!copy.perform(step).empty() || !(balance(copy, token, to) > balance(world_, token, to))) continue;
            world_ = std::move(copy);
            return;
        }
    }

    // Where a token calls only those who asked for it, her contract asks: to be told of what she gets, and of what she sends.
    void have_her_called(const DeployedContract& token) {
        if (!offers(token, token_selector::transfer)) return;
        if (!calls_receiver(world_, token))
            if (const auto request = find_request(token, [&](const Bytes& data) {
                    World copy = world_;
                    copy.prepare({token.name, data});
                    return calls_receiver(copy, token);
                }))
                world_.prepare({token.name, *request});
        if (!calls_sender(world_, token, {}))
            if (const auto request =
                    find_request(token, [&](const Bytes& data) { return calls_sender(world_, token, data); }))
                world_.prepare({token.name, *request});
    }

    // Returns the first call of a function with her address that serves.
    template <class Serves>
    std::optional<Bytes> find_request(const DeployedContract& token, const Serves& serves) const {
        for (const ir::Function& function : token.ir().functions) {
            const bool is_plain = std::ranges::all_of(function.parameters, [](const ir::NamedType& parameter) {
                return parameter.type.kind == ir::TypeKind::Address || parameter.type.kind == ir::TypeKind::Bool;
            });
            if (!function.is_entry || function.kind != ir::FunctionKind::Ordinary || !is_plain ||
                function.mutability != ir::Mutability::NonPayable || function.parameters.size() > 3)
                continue;
            std::vector<abi::Value> values;
            for (const ir::NamedType& parameter : function.parameters)
                values.emplace_back(parameter.type.kind == ir::TypeKind::Bool ? Word{1}
                                                                              : vm::to_word(world_.attacker().address));
            Bytes data = abi::call_data(function.selector, values);
            if (serves(data)) return data;
        }
        return std::nullopt;
    }

    // Returns alice, or who has tokens if she has none: a contract, which is made a person for that.
    static Address holder_of(World& world, const DeployedContract& token) {
        const auto has_some = [&](const Address& account) {
            const auto balance =
                ask_view(world.state(), token.address, abi::call_data(token_selector::balance_of, {vm::to_word(account)}));
            return balance && std::ranges::any_of(*balance, [](std::uint8_t byte) { return byte != 0; });
        };
        const Address& alice = world.users()[0].address;
        if (has_some(alice)) return alice;
        for (const DeployedContract& each : world.contracts())
            if (each.address != token.address && has_some(each.address)) {
                world.state().set_code(each.address, {});
                world.state().set_balance(each.address, chain::ether);
                return each.address;
            }
        return alice;
    }

    // Returns whether the token calls her contract when somebody sends her some.
    static bool calls_receiver(const World& world, const DeployedContract& token) {
        World copy = world;
        copy.place_attacker();
        const Address from = holder_of(copy, token);
        return is_called_by_transfer(copy, token, from, copy.attacker().address);
    }

    // Returns whether the token calls her contract when somebody who made that call sends some. Alice does it in her place,
    // since who sends a transaction has no code.
    static bool calls_sender(const World& world, const DeployedContract& token, const Bytes& request) {
        World copy = world;
        copy.place_attacker();
        const Address from = holder_of(copy, token);
        if (!request.empty() && !copy.execute(copy.transaction(from, token.address, Word{}, request)).receipt.ok())
            return false;
        return is_called_by_transfer(copy, token, from, copy.users()[1].address);
    }

    static bool is_called_by_transfer(World& world, const DeployedContract& token, const Address& from, const Address& to) {
        class Watch final : public vm::Tracer {
          public:
            explicit Watch(const Address& her) : her_(her) {}
            [[nodiscard]] vm::OpcodeSet wanted() const override { return {}; }
            void on_enter(const vm::Message& message) override { is_called |= message.code_address == her_; }
            bool is_called = false;

          private:
            const Address her_;
        };
        Watch watch(world.attacker().address);
        (void)world.execute(world.transaction(from, token.address, Word{},
                                              abi::call_data(token_selector::transfer, {vm::to_word(to), Word{1}})),
                            &watch);
        return watch.is_called;
    }

    void approve(const DeployedContract& token) {
        const bool is_fungible = offers(token, token_selector::allowance) || offers(token, token_selector::transfer) ||
                                 (offers(token, token_selector::approve) && !is_numbered(token));
        const bool is_collection = offers(token, token_selector::set_approval_for_all);
        if (!is_fungible && !is_collection) {
            if (is_numbered(token) && offers(token, token_selector::approve)) approve_singly(token);
            return;
        }
        for (const DeployedContract& spender : std::vector<DeployedContract>(world_.contracts())) {
            if (spender.address == token.address || !world_.artifact_of(spender) || spender.is_expected != to_expected_)
                continue;
            const Bytes data =
                is_collection ? abi::call_data(token_selector::set_approval_for_all, {vm::to_word(spender.address), Word{1}})
                              : abi::call_data(token_selector::approve, {vm::to_word(spender.address), ~Word{}});
            bool works = false;
            for (const Account& user : {world_.users()[0], world_.users()[1], world_.owner()})
                works |= draft_.attempt({user.name, {}, false, token.name, {}, data});
            if (works) world_.prepare({token.name, data});
        }
    }

    // Where each thing is let go by itself, the honest do that for the one contract that moves such things.
    void approve_singly(const DeployedContract& token) {
        constexpr std::uint64_t most_numbers = 4;
        std::vector<Address> movers;
        for (const DeployedContract& other : world_.contracts())
            if (other.address != token.address && world_.artifact_of(other) && moves_tokens(other.ir()))
                movers.push_back(other.address);
        if (movers.size() != 1) return;
        for (std::uint64_t number = 0; number < most_numbers; ++number)
            for (const Account& user : {world_.users()[0], world_.users()[1]})
                if (holder_of_number(world_, token, Word{number}) == user.address)
                    (void)draft_.attempt(
                        {user.name,
                         {},
                         false,
                         token.name,
                         {},
                         abi::call_data(token_selector::approve, {vm::to_word(movers.front()), Word{number}})});
    }

    Draft& draft_;
    World& world_;
    bool to_expected_ = false;
};

}  // namespace

void supply(Draft& draft) { Supply(draft).run(); }

void approve_expected(Draft& draft) { Supply(draft).approve_expected(); }

}  // namespace interlock::analyzer
