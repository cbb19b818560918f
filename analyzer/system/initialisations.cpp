// What proxies are told to call when they are deployed, in place of a constructor of the code behind them.
#include <algorithm>

#include "analyzer/system/draft.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

bool is_account(const abi::DataType& type) { return type.kind == Kind::Word && type.value.kind == ir::TypeKind::Address; }

// Of the addresses the first is the owner's, if nothing tells that it is a contract's; the others may be of further contracts.
Bytes likely_call(Draft& draft, const DeployedContract& code, const ir::Function& function,
                  const std::vector<abi::DataType>& types) {
    std::vector<abi::Data> values;
    std::vector<Address> others{code.address};
    bool is_first = true;
    const auto further = [&] {
        for (auto each = draft.world.contracts().rbegin(); each != draft.world.contracts().rend(); ++each)
            if (draft.world.artifact_of(*each) && std::ranges::count(others, each->address) == 0) return each->address;
        return draft.world.users()[0].address;
    };
    for (std::size_t i = 0; i < types.size(); ++i) {
        if (!is_account(types[i])) {
            values.push_back(draft.plain_value(types[i], 0, 0, draft.measure_of(code.ir(), function, i)));
            continue;
        }
        const ir::Contract* role = interface_named(draft.world.compilation(), function.parameters[i].contract);
        if (!role && std::exchange(is_first, false)) {
            values.emplace_back(draft.world.owner().address);
            continue;
        }
        others.push_back(role ? draft.someone_for(*role, others) : further());
        values.emplace_back(others.back());
    }
    return abi::call_data(function.selector, abi::encode(types, values));
}

// Whether the proxy, which was told to make the call when it was made, refuses it from now on.
bool is_refused(const World& world, const Bytes& data) {
    World copy = world;
    return std::ranges::all_of(std::vector{World::owner_index, 0u}, [&](std::uint32_t sender) {
        return !copy.perform({copy.senders()[sender].name, {}, false, copy.contracts().back().name, {}, data}).empty();
    });
}

}  // namespace

bool deploy_initialised(Draft& draft, const lang::Artifact& artifact, std::vector<abi::Data> arguments,
                        const std::vector<abi::DataType>& types) {
    const auto place = std::ranges::find_if(types, is_account),
               data = std::ranges::find(types, Kind::Bytes, &abi::DataType::kind);
    if (place == types.end() || data == types.end()) return false;
    const std::vector<DeployedContract> all = draft.world.contracts();
    for (auto code = all.rbegin(); code != all.rend(); ++code) {
        if (!draft.world.artifact_of(*code) || delegates_unknown_calls(code->ir())) continue;
        for (const ir::Function& function : code->ir().functions) {
            const bool is_change =
                function.mutability == ir::Mutability::NonPayable || function.mutability == ir::Mutability::Payable;
            if (!function.is_entry || function.kind != ir::FunctionKind::Ordinary || !is_change) continue;
            const auto told = abi::data_types(function.parameters);
            if (!told || draft.deadline.has_passed()) continue;
            const World before = draft.world;
            const Bytes call = likely_call(draft, *code, function, *told);
            arguments[static_cast<std::size_t>(place - types.begin())] = abi::Data{code->address};
            arguments[static_cast<std::size_t>(data - types.begin())] = abi::Data{call};
            const SetupStep step{draft.world.owner().name, artifact.identity, false, {}, {}, abi::encode(types, arguments)};
            if (draft.attempt(step) && is_refused(draft.world, call)) return true;
            draft.world = before;
        }
    }
    return false;
}

}  // namespace interlock::analyzer
