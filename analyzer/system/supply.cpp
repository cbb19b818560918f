#include <algorithm>
#include <set>

#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/system/draft.hpp"
#include "analyzer/system/environment.hpp"
#include "chain/genesis.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

class Supply {
  public:
    explicit Supply(Draft& draft) : draft_(draft), world_(draft.world) {}

    void run() {
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

  private:
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
                        (void)draft_.someone_for(*role, false, {});
                }
            }
        }
    }

    // Lets the owner give tokens to somebody, by whatever function does it.
    void give(const DeployedContract& token, const Address& to, bool is_environment) {
        const Word amount = Word{10} * chain::ether;
        std::vector<Bytes> ways;
        // Collectibles have numbers that calls are tried with: hers is the first, and alice's the one before it.
        if (is_environment && token.artifact->name == "Collectible")
            ways = {to == world_.users()[0].address
                        ? abi::call_data(abi::selector("mint(address,uint256)"), {vm::to_word(to), Word{0}})
                        : abi::call_data(abi::selector("mint(address)"), {vm::to_word(to)})};
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
                if (draft_.attempt(step)) return;
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
                works |= draft_.attempt({user.name, {}, false, token.name, {}, data});
            if (works) world_.prepare({token.name, data});
        }
    }

    Draft& draft_;
    World& world_;
};

}  // namespace

void supply(Draft& draft) { Supply(draft).run(); }

}  // namespace interlock::analyzer
