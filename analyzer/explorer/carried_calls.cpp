#include <algorithm>
#include <optional>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/traits.hpp"
#include "analyzer/system/draft.hpp"

// Calls that a contract is given, to make them: routers, bridges, time locks. Those matter that it makes to who knows it.
namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

constexpr std::size_t most_carried = 12, most_of_one = 2;

bool is_bytes(const abi::DataType& type) { return type.kind == Kind::Bytes && type.value.kind != ir::TypeKind::String; }

bool is_address(const abi::DataType& type) { return type.kind == Kind::Word && type.value.kind == ir::TypeKind::Address; }

bool is_list_of(const abi::DataType& type, bool (*is_it)(const abi::DataType&)) {
    return type.kind == Kind::Array && is_it(type.parts.front());
}

// Where the parameters of a function stand of which it makes a call.
struct Positions {
    std::optional<std::size_t> target, value;
};

// The body of an entry function may be a function of its own, where what is passed has the same names.
Positions positions_in(const ir::Contract& contract, const ir::Function& entry) {
    const auto position_of = [&](const ir::Function& body, ir::Value value) -> std::optional<std::size_t> {
        const auto& values = body.blocks.front().parameters;
        const auto at = std::ranges::find(values, value, &ir::Parameter::value);
        if (at == values.end() || values.size() != body.parameters.size()) return std::nullopt;
        const auto named = std::ranges::find(
            entry.parameters, body.parameters[static_cast<std::size_t>(at - values.begin())].name, &ir::NamedType::name);
        if (named == entry.parameters.end()) return std::nullopt;
        return static_cast<std::size_t>(named - entry.parameters.begin());
    };
    for (const ir::Function& body : contract.functions) {
        if (body.name != entry.name || body.range != entry.range) continue;
        for (const ir::Block& block : body.blocks) {
            const ir::Terminator& end = block.terminator;
            if (end.kind != ir::Terminator::Kind::External || end.call.kind != ir::ExternalCall::Kind::LowLevel) continue;
            if (const auto target = position_of(body, end.call.target)) return {target, position_of(body, end.call.value)};
        }
    }
    return {};
}

}  // namespace

void Candidates::find_carried() {
    carried_to_.clear();
    const auto all = world_.contracts();
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        if (!world_.artifact_of(DeployedIndex{i}) || !carries_calls(all[i].ir())) continue;
        for (std::uint32_t other = 0; other < all.size(); ++other)
            if (other != i && world_.artifact_of(DeployedIndex{other}) &&
                (is_kept_by(world_, all[i].address, all[other]) || is_kept_by(world_, all[other].address, all[i])))
                carried_to_[DeployedIndex{i}].insert(DeployedIndex{other});
    }
}

// Returns the plain call with the likeliest calls of other contracts as what is to be called there, if the function may make
// such a call.
std::vector<Call> Candidates::carried_calls(const Callable& callable, const Call& plain, Caller caller) const {
    std::vector<Call> list;
    const auto targets = carried_to_.find(callable.contract);
    if (targets == carried_to_.end()) return list;
    std::vector<std::size_t> places;  // of addresses
    std::optional<std::size_t> data;
    for (std::size_t i = 0; i < callable.parameters.size(); ++i) {
        const abi::DataType& type = callable.parameters[i].type;
        if (is_address(type) || is_list_of(type, is_address)) places.push_back(i);
        else if (!data && (is_bytes(type) || is_list_of(type, is_bytes))) data = i;
    }
    if (!data) return list;
    const Positions positions = positions_in(world_.contract(callable.contract).ir(), world_.function_of(plain));
    if (positions.target) places = {*positions.target};
    const auto replace = [&](Call& call, std::size_t place, Data with) {
        const bool is_list = callable.parameters[place].type.kind == Kind::Array;
        call.arguments[place] = is_list ? Data{std::vector<Data>{std::move(with)}} : std::move(with);
    };
    const auto add = [&](Call call) {
        if (list.size() < most_carried && std::ranges::count(list, call) == 0) list.push_back(std::move(call));
    };
    // Who is called may expect that somebody it knows is behind the call.
    const auto add_for_known = [&](const Call& call, std::size_t target, DeployedIndex called) {
        for (std::size_t i = 0; i < callable.parameters.size(); ++i)
            for (const auto& user : world_.users())
                if (i != target && is_address(callable.parameters[i].type) &&
                    is_kept_by(world_, user.address, world_.contract(called))) {
                    Call of_user = call;
                    of_user.arguments[i] = Data{user.address};
                    add(std::move(of_user));
                }
    };
    for (const Callable& other : callables_) {
        const bool is_plain_data =
            std::ranges::all_of(other.parameters, [](const auto& each) { return each.type.kind == Kind::Word; });
        if (!targets->second.contains(other.contract) || other.is_plain || other.is_of_token || !is_plain_data) continue;
        std::vector<Call> calls;
        append_calls(other, caller, 0, calls);
        for (std::size_t i = 0; i < std::min(calls.size(), most_of_one); ++i) {
            Call call = plain;
            if (callable.is_payable) call.value = calls[i].value;
            if (positions.value) call.arguments[*positions.value] = Data{calls[i].value};
            replace(call, *data, Data{world_.call_data(calls[i])});
            if (places.empty()) add(call);
            for (const std::size_t place : places) {
                Call there = call;
                replace(there, place, Data{world_.contract(other.contract).address});
                add_for_known(there, place, other.contract);
                add(std::move(there));
            }
        }
    }
    return list;
}

}  // namespace interlock::analyzer
