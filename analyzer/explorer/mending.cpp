#include "analyzer/explorer/mending.hpp"

#include <algorithm>

#include "chain/genesis.hpp"

namespace interlock::analyzer {

std::vector<Call> with_extremes(const lang::ir::Function& function, const Call& call, Extreme extreme) {
    constexpr std::uint64_t gwei = 1'000'000'000;
    const vm::Word number = extreme == Extreme::Least    ? vm::Word{1}
                            : extreme == Extreme::Little ? vm::Word{gwei}
                            : extreme == Extreme::Much   ? vm::Word{10} * chain::ether
                                                         : vm::Word{1} << 120u;  // sums and products still fit
    std::vector<Call> list;
    for (std::size_t i = 0; i < std::min(function.parameters.size(), call.arguments.size()); ++i) {
        const lang::ir::Type& type = function.parameters[i].type;
        if (type.kind != lang::ir::TypeKind::Uint || vm::bit_length(number) > type.bits) continue;
        if (!std::holds_alternative<vm::Word>(call.arguments[i].content)) continue;
        list.push_back(call);
        list.back().arguments[i] = lang::abi::Data{number};
    }
    if (extreme == Extreme::Much && !call.value.is_zero()) {
        list.push_back(call);
        list.back().value = number;
    }
    return list;
}

}  // namespace interlock::analyzer
