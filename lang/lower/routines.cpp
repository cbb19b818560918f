// Functions that the lowering writes itself: routines, functions of assembly, and the dispatchers that call a function
// by number.
#include "lang/lower/contract.hpp"

#include <algorithm>

#include "lang/ir/simplify.hpp"

namespace interlock::lang::lowering {

// --- routines ---
std::uint32_t ContractLowering::routine(const std::string& name, std::size_t parameters, std::size_t results,
                                        SourceRange range, const DataBuilder::Body& body) {
    const auto [place, is_new] = routines_.try_emplace(name, static_cast<std::uint32_t>(out_.functions.size()));
    const std::uint32_t index = place->second;
    if (!is_new) return index;
    ir::Function made;
    made.name = name;
    made.range = range;
    made.parameters.assign(parameters, {"", ir::uint256_type});
    made.returns.assign(results, {"", ir::uint256_type});
    out_.functions.push_back(made);  // its head, because a routine may call itself
    Builder builder(made);
    DataBuilder data(*this, builder, range);
    DataBuilder::Words arguments;
    for (const ir::Parameter& parameter : made.blocks.front().parameters) arguments.push_back(parameter.value);
    ir::Terminator end;
    end.kind = ir::Terminator::Kind::Return;
    end.values = body(data, arguments);
    builder.finish(std::move(end), range);
    simplify(made);
    out_.functions[index] = std::move(made);
    return index;
}

std::uint32_t ContractLowering::yul_function(YulStmtId id, std::size_t parameters, std::size_t results,
                                             const std::function<void(ir::Function&)>& build) {
    const auto [place, is_new] = yul_functions_.try_emplace(id, static_cast<std::uint32_t>(out_.functions.size()));
    const std::uint32_t index = place->second;
    if (!is_new) return index;
    ir::Function made;
    made.name = tree[id].name.text;
    made.range = tree[id].range;
    made.parameters.assign(parameters, {"", ir::uint256_type});
    made.returns.assign(results, {"", ir::uint256_type});
    out_.functions.push_back(made);
    build(made);
    out_.functions[index] = std::move(made);
    return index;
}

std::optional<vm::Word> ContractLowering::yul_constant(const YulName& name) const {
    if (tree[name.variable].is_constant) {
        const ExprId initial = tree[name.variable].initial;
        return initial ? program[initial].constant : std::nullopt;
    }
    if (const auto place = transient_place(name.variable))
        return name.part == YulPart::Slot ? place->slot : vm::Word{place->offset};
    const auto found = state_.find(name.variable);
    if (found == state_.end() || tree[name.variable].is_immutable) return std::nullopt;
    const ir::StateVariable& variable = out_.state[found->second];
    return name.part == YulPart::Slot ? variable.slot : vm::Word{variable.offset};
}

bool ContractLowering::is_reassigned(VariableId variable) {
    if (reassigned_) return reassigned_->contains(variable);
    reassigned_ = program.yul_assigned;
    std::vector<ExprId> targets;
    for (const Expr& expr : tree.exprs)
        if (expr.kind == ExprKind::Assign) targets.push_back(expr.a);
    while (!targets.empty()) {
        const ExprId target = targets.back();
        targets.pop_back();
        if (!target) continue;
        if (tree[target].kind == ExprKind::Name) reassigned_->insert(program[target].use.variable);
        if (tree[target].kind == ExprKind::Tuple)
            targets.insert(targets.end(), tree[target].list.begin(), tree[target].list.end());
    }
    return reassigned_->contains(variable);
}

// --- functions as values ---
std::uint32_t ContractLowering::function_number(const Use& use) {
    const std::uint32_t index = function_index(use);
    if (const auto known = numbers_.find(index); known != numbers_.end()) return known->second;
    const auto given = known_.numbers.find(resolve(use));
    const std::size_t number = given == known_.numbers.end() ? known_.numbers.size() + numbers_.size() + 1 : given->second;
    return numbers_[index] = static_cast<std::uint32_t>(number);
}

std::uint32_t ContractLowering::dispatcher(std::size_t parameters, std::size_t results) {
    const auto [place, is_new] =
        dispatchers_.try_emplace({parameters, results}, static_cast<std::uint32_t>(out_.functions.size()));
    if (!is_new) return place->second;
    ir::Function made;
    made.name = "call of a function value: " + std::to_string(parameters) + " to " + std::to_string(results);
    made.range = tree[id].name.range;
    made.parameters.assign(parameters + 1, {"", ir::uint256_type});
    made.returns.assign(results, {"", ir::uint256_type});
    out_.functions.push_back(std::move(made));
    return place->second;
}

// A number without a function, such as that of an uninitialised variable, causes Panic(0x51).
void ContractLowering::lower_dispatchers() {
    for (const auto& [words, index] : dispatchers_) {
        ir::Function made = out_.functions[index];
        Builder builder(made);
        WordBuilder m(builder, made.range);
        const auto given = made.blocks.front().parameters;
        for (const auto& [function, number] : numbers_) {
            const auto &parameters = out_.functions[function].parameters, &returns = out_.functions[function].returns;
            if (parameters.size() != words.first || returns.size() != words.second) continue;
            m.when(m.equal(given.front().value, m.word(number)), [&, callee = function] {
                ir::Values arguments;
                for (std::size_t i = 0; i < parameters.size(); ++i)
                    arguments.push_back(m.as(given[i + 1].value, parameters[i].type));
                ir::Terminator end;
                end.kind = ir::Terminator::Kind::Return;
                for (const ir::Value result : builder.call(callee, std::move(arguments), returns, made.range))
                    end.values.push_back(m.raw(result));
                builder.finish(std::move(end), made.range);
            });
        }
        m.panic(panic::no_function);
        simplify(made);
        out_.functions[index] = std::move(made);
    }
}

}  // namespace interlock::lang::lowering
