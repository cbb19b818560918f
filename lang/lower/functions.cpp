#include "lang/lower/functions.hpp"

#include <algorithm>

#include "lang/ir/simplify.hpp"
#include "lang/loading/load.hpp"
#include "lang/lower/word_builder.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::lowering {

bool is_outer(const Function& function) {
    return function.visibility == Visibility::Public || function.visibility == Visibility::External;
}

bool has_outer_functions(const Tree& tree, ContractId contract) {
    return std::ranges::any_of(tree[contract].functions, [&](FunctionId each) { return is_outer(tree[each]); });
}

FunctionId Functions::resolve(const Use& use) const {
    if (use.dispatch == Dispatch::Virtual) return resolve_virtual(program_, use.function, id_);
    if (use.dispatch == Dispatch::Super) return resolve_super(program_, use.function, use.contract, id_);
    return use.function;
}

std::uint32_t Functions::index_of(const Use& use) { return declare(resolve(use)); }

std::uint32_t Functions::declare(FunctionId function) {
    if (const auto known = indices_.find(function); known != indices_.end()) return known->second;
    all_.push_back(head_of(function));  // throws if a type is not supported: then there is no such function
    pending_.push_back(function);
    return indices_[function] = static_cast<std::uint32_t>(all_.size() - 1);
}

bool Functions::is_final(FunctionId function) const {
    const bool is_overridden = resolve_virtual(program_, function, id_) != function;
    return !is_overridden && !getter_with_key(program_, id_, program_[function].key);
}

// An overridden function is only called internally, through `super` or the contract's name, so its name includes the
// contract's.
std::string Functions::name_here(FunctionId function) const {
    const std::string name(tree_[function].name.text);
    const ContractId owner = program_[function].contract;
    const bool is_plain = !owner || (is_member(function) && is_final(function));
    return is_plain ? name : std::string(tree_[owner].name.text) + "." + name;
}

bool Functions::is_member(FunctionId function) const {
    return std::ranges::find(program_[id_].linearization, program_[function].contract) != program_[id_].linearization.end();
}

ir::Function Functions::head_of(FunctionId id) const {
    const Function& function = tree_[id];
    ir::Function made;
    made.name = name_here(id);
    made.range = function.head;
    made.mutability = mutability_of(function.mutability);
    if (is_outer(function) || function.kind == FunctionKind::Constructor)
        for (const auto* list : {&function.parameters, &function.returns})
            for (const VariableId each : *list) types_.refuse_fixed_point(program_[each].type, tree_[each].range);
    if (is_raw(id) && function.kind != FunctionKind::Constructor) {
        for (const VariableId each : function.parameters)
            std::ranges::copy(types_.words(each), std::back_inserter(made.parameters));
        for (const VariableId each : function.returns)
            std::ranges::copy(types_.words(each), std::back_inserter(made.returns));
    } else {
        made.parameters = types_.named(function.parameters);
        made.returns = types_.named(function.returns);
        made.is_raw = is_raw(id);
    }
    switch (function.kind) {
        case FunctionKind::Function:
            if (is_raw(id)) break;
            made.is_entry = is_outer(function) && is_member(id) && is_final(id);
            made.selector = program_[id].selector;
            break;
        case FunctionKind::Constructor:
            made.kind = ir::FunctionKind::Constructor;
            made.name = "constructor";
            break;
        case FunctionKind::Receive:
            made.kind = ir::FunctionKind::Receive;
            made.name = "receive";
            made.is_entry = true;
            break;
        case FunctionKind::Fallback:
            made.kind = is_raw(id) ? ir::FunctionKind::Ordinary : ir::FunctionKind::Fallback;
            made.name = "fallback";
            made.is_entry = !is_raw(id);
            break;
    }
    return made;
}

bool Functions::is_coded_by_lowering(TypeId type) const {
    return data::is_reference(program_, type) || program_[type].kind == TypeKind::Mapping;
}

bool Functions::is_raw(FunctionId function) const {
    const bool is_inner = tree_[function].kind == FunctionKind::Function && sight_.called.contains(function);
    const auto is_coded = [&](VariableId each) {
        return is_coded_by_lowering(program_[each].type) || (is_inner && types_.may_be_dirty(program_[each].type));
    };
    return tree_[function].kind == FunctionKind::Fallback ? !tree_[function].parameters.empty()
                                                          : std::ranges::any_of(tree_[function].parameters, is_coded) ||
                                                                std::ranges::any_of(tree_[function].returns, is_coded);
}

std::vector<FunctionId> Functions::in_source_order(std::vector<FunctionId> functions) const {
    std::map<UnitId, std::size_t> rank;
    for (const UnitId unit : reached_from(tree_, tree_[id_].unit)) rank.emplace(unit, rank.size());
    std::ranges::stable_sort(functions, {}, [&](FunctionId each) { return rank.at(tree_[each].scope.unit); });
    return functions;
}

std::vector<FunctionId> Functions::declared() const {
    std::vector<FunctionId> functions;
    for (const auto& [function, index] : indices_) functions.push_back(function);
    return in_source_order(std::move(functions));
}

std::uint32_t Functions::number_of(const Use& use) {
    const std::uint32_t index = index_of(use);
    if (const auto known = numbers_.find(index); known != numbers_.end()) return known->second;
    const auto given = sight_.numbers.find(resolve(use));
    const std::size_t number = given == sight_.numbers.end() ? sight_.numbers.size() + numbers_.size() + 1 : given->second;
    return numbers_[index] = static_cast<std::uint32_t>(number);
}

std::uint32_t Functions::dispatcher(std::size_t parameters, std::size_t results) {
    const auto [place, is_new] = dispatchers_.try_emplace({parameters, results}, static_cast<std::uint32_t>(all_.size()));
    if (!is_new) return place->second;
    ir::Function made;
    made.name = "call of a function value: " + std::to_string(parameters) + " to " + std::to_string(results);
    made.range = tree_[id_].name.range;
    made.parameters.assign(parameters + 1, {"", ir::uint256_type});
    made.returns.assign(results, {"", ir::uint256_type});
    all_.push_back(std::move(made));
    return place->second;
}

// A number without a function, such as that of an uninitialised variable, causes Panic(0x51).
void Functions::lower_dispatchers() {
    for (const auto& [words, index] : dispatchers_) {
        ir::Function made = all_[index];
        Builder builder(made);
        WordBuilder m(builder, made.range);
        const auto given = made.blocks.front().parameters;
        for (const auto& [function, number] : numbers_) {
            const auto &parameters = all_[function].parameters, &returns = all_[function].returns;
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
        all_[index] = std::move(made);
    }
}

std::uint32_t Functions::add(ir::Function function) {
    all_.push_back(std::move(function));
    return static_cast<std::uint32_t>(all_.size() - 1);
}

}  // namespace interlock::lang::lowering
