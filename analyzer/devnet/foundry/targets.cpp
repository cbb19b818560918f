// (Foundry Book, "Invariant Testing".)
#include "analyzer/devnet/foundry/targets.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

// Functions that every test contract has for the test itself, and that are not to be called at random.
constexpr std::array own_names{"setUp",
                               "afterInvariant",
                               "failed",
                               "targetContracts",
                               "targetSelectors",
                               "targetSenders",
                               "targetArtifacts",
                               "targetArtifactSelectors",
                               "targetInterfaces",
                               "excludeContracts",
                               "excludeSelectors",
                               "excludeSenders",
                               "excludeArtifacts"};

bool changes_state(const ir::Function& function) {
    return function.is_entry && function.kind == ir::FunctionKind::Ordinary &&
           (function.mutability == ir::Mutability::NonPayable || function.mutability == ir::Mutability::Payable);
}

bool is_for_the_test(const std::string& name) {
    return name.starts_with("test") || name.starts_with("invariant_") || name.starts_with("statefulFuzz") ||
           std::ranges::find(own_names, name) != own_names.end();
}

// The results of the contract's functions; empty if it does not have them.
class Wishes {
  public:
    explicit Wishes(TestContract& test) : test_(test) {}

    std::vector<vm::Address> addresses(std::string_view function) {
        std::vector<vm::Address> all;
        for (const abi::Data& each : list(function)) all.push_back(vm::to_address(each.word()));
        return all;
    }

    std::vector<std::string> texts(std::string_view function) {
        std::vector<std::string> all;
        for (const abi::Data& each : list(function)) all.emplace_back(each.bytes().begin(), each.bytes().end());
        return all;
    }

    // Decodes (who, bytes4[])[]: the selectors of each; `Key` is made from the first field.
    template <class Key, class MakeKey>
    std::map<Key, std::set<std::uint32_t>> selectors(std::string_view function, MakeKey make_key) {
        std::map<Key, std::set<std::uint32_t>> all;
        for (const abi::Data& each : list(function)) {
            std::set<std::uint32_t>& of_this = all[make_key(each.list()[0])];
            for (const abi::Data& selector : each.list()[1].list())
                of_this.insert(static_cast<std::uint32_t>((selector.word() >> 224).low64()));
        }
        return all;
    }

  private:
    // Only a result of the declared shape counts, because another contract may use the same name.
    std::vector<abi::Data> list(std::string_view function) {
        const ir::Function* const found = test_.find(function);
        if (found == nullptr || found->returns.size() != 1) return {};
        const std::string type = ir::abi_name(found->returns.front());
        const bool is_known =
            type == "address[]" || type == "string[]" || type == "(address,bytes4[])[]" || type == "(string,bytes4[])[]";
        auto answer = is_known ? test_.ask(function) : std::nullopt;
        return answer ? std::move(answer->front().list()) : std::vector<abi::Data>{};
    }

    TestContract& test_;
};

template <class T>
bool has(const std::vector<T>& all, const T& one) {
    return std::ranges::find(all, one) != all.end();
}

// Compares with "Token" or "src/Token.sol:Token".
bool is_named(const lang::Artifact& artifact, const std::vector<std::string>& names) {
    return std::ranges::any_of(names, [&](const std::string& name) {
        return name == artifact.name || name == artifact.ir->qualified_name ||
               artifact.ir->qualified_name.ends_with("/" + name);
    });
}

using Selectors = std::set<std::uint32_t>;

class Finder {
  public:
    Finder(TestContract& test, const std::vector<vm::Address>& accounts) : test_(test), accounts_(accounts), wishes_(test) {}

    Targets find() {
        choose_contracts();
        choose_selectors();
        for (const vm::Address& address : order_) add(address);
        targets_.senders = wishes_.addresses("targetSenders");
        if (targets_.senders.empty()) targets_.senders = accounts_;
        const std::vector<vm::Address> excluded = wishes_.addresses("excludeSenders");
        std::erase_if(targets_.senders, [&](const vm::Address& each) { return has(excluded, each); });
        if (targets_.senders.empty()) targets_.senders = accounts_;
        return std::move(targets_);
    }

  private:
    void choose_contracts() {
        const std::vector<vm::Address> targeted = wishes_.addresses("targetContracts");
        const std::vector<vm::Address> excluded = wishes_.addresses("excludeContracts");
        const std::vector<std::string> wanted = wishes_.texts("targetArtifacts");
        const std::vector<std::string> unwanted = wishes_.texts("excludeArtifacts");
        const bool is_forge_test = test_.find("IS_TEST") != nullptr;
        if (!is_forge_test && targeted.empty()) choose(test_.address());
        for (const vm::Address& created : test_.arrangement().created) {
            const lang::Artifact* const artifact = test_.artifact_at(created);
            if (artifact == nullptr || has(excluded, created) || is_named(*artifact, unwanted)) continue;
            if (!targeted.empty() && !has(targeted, created)) continue;
            if (!wanted.empty() && !is_named(*artifact, wanted)) continue;
            choose(created);
        }
        for (const vm::Address& each : targeted)
            if (!has(excluded, each)) choose(each);
    }

    void choose_selectors() {
        const auto as_address = [](const abi::Data& data) { return vm::to_address(data.word()); };
        const auto as_text = [](const abi::Data& data) { return std::string(data.bytes().begin(), data.bytes().end()); };
        only_ = wishes_.selectors<vm::Address>("targetSelectors", as_address);
        for (const auto& [address, selectors] : only_) choose(address);
        never_ = wishes_.selectors<vm::Address>("excludeSelectors", as_address);
        for (const auto& [name, selectors] : wishes_.selectors<std::string>("targetArtifactSelectors", as_text))
            for (const vm::Address& address : order_)
                if (const lang::Artifact* const artifact = test_.artifact_at(address);
                    artifact != nullptr && is_named(*artifact, {name}))
                    only_[address].insert(selectors.begin(), selectors.end());
    }

    void choose(const vm::Address& address) {
        if (!has(order_, address)) order_.push_back(address);
    }

    void add(const vm::Address& address) {
        const lang::Artifact* const artifact = address == test_.address() ? &test_.artifact() : test_.artifact_at(address);
        if (artifact == nullptr) return;
        const auto only = only_.find(address);
        for (const ir::Function& function : artifact->ir->functions) {
            const bool is_asked_for = only != only_.end() && only->second.contains(function.selector);
            if (only != only_.end() && !is_asked_for) continue;
            if (!changes_state(function) && !(is_asked_for && function.is_entry)) continue;
            if (address == test_.address() && is_for_the_test(function.name)) continue;
            if (const auto never = never_.find(address); never != never_.end() && never->second.contains(function.selector))
                continue;
            if (auto types = abi::data_types(function.parameters))
                targets_.functions.push_back({address, &function, std::move(*types)});
        }
    }

    TestContract& test_;
    const std::vector<vm::Address>& accounts_;
    Wishes wishes_;
    std::vector<vm::Address> order_;
    std::map<vm::Address, Selectors> only_, never_;
    Targets targets_;
};

}  // namespace

Targets find_targets(TestContract& test, const std::vector<vm::Address>& accounts) { return Finder(test, accounts).find(); }

}  // namespace interlock::analyzer::foundry
