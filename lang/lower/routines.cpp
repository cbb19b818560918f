#include "lang/lower/routines.hpp"

#include "lang/ir/simplify.hpp"
#include "lang/lower/contract.hpp"

namespace interlock::lang::lowering {

std::uint32_t Routines::routine(const std::string& name, std::size_t parameters, std::size_t results, SourceRange range,
                                const DataBuilder::Body& body) {
    const auto [place, is_new] = by_name_.try_emplace(name, functions_.count());
    const std::uint32_t index = place->second;
    if (!is_new) return index;
    ir::Function made;
    made.name = name;
    made.range = range;
    made.parameters.assign(parameters, {"", ir::uint256_type});
    made.returns.assign(results, {"", ir::uint256_type});
    functions_.add(made);  // its head, because a routine may call itself
    Builder builder(made);
    DataBuilder data(contract_, builder, range);
    DataBuilder::Words arguments;
    for (const ir::Parameter& parameter : made.blocks.front().parameters) arguments.push_back(parameter.value);
    ir::Terminator end;
    end.kind = ir::Terminator::Kind::Return;
    end.values = body(data, arguments);
    builder.finish(std::move(end), range);
    simplify(made);
    functions_.complete(index, std::move(made));
    return index;
}

std::uint32_t Routines::yul_function(YulStmtId id, std::size_t parameters, std::size_t results,
                                     const std::function<void(ir::Function&)>& build) {
    const auto [place, is_new] = of_assembly_.try_emplace(id, functions_.count());
    const std::uint32_t index = place->second;
    if (!is_new) return index;
    ir::Function made;
    made.name = contract_.tree[id].name.text;
    made.range = contract_.tree[id].range;
    made.parameters.assign(parameters, {"", ir::uint256_type});
    made.returns.assign(results, {"", ir::uint256_type});
    functions_.add(made);
    build(made);
    functions_.complete(index, std::move(made));
    return index;
}

}  // namespace interlock::lang::lowering
