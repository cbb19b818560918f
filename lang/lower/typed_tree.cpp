#include "lang/lower/typed_tree.hpp"

#include <algorithm>

namespace interlock::lang::lowering {

bool TypedTree::is_passed_as_slot(TypeId type) const {
    return program_[type].kind == TypeKind::Mapping || program_[type].location == DataLocation::Storage;
}

ExprId TypedTree::inner(ExprId id) const {
    while (tree_[id].kind == ExprKind::Tuple && tree_[id].list.size() == 1 && tree_[id].list.front())
        id = tree_[id].list.front();
    return id;
}

ExprId TypedTree::choice_of_module(ExprId member) const {
    const auto is_module = [&](ExprId id) {
        return checked_type(id).kind == TypeKind::Magic && checked_type(id).magic == MagicKind::Module;
    };
    ExprId id = inner(member);
    while (tree_[id].kind == ExprKind::Member && !is_module(id)) id = inner(tree_[id].a);
    return tree_[id].kind == ExprKind::Conditional && is_module(id) ? id : ExprId{};
}

ExprId TypedTree::callee(ExprId call) const {
    ExprId called = inner(tree_[call].a);
    while (tree_[called].kind == ExprKind::CallOptions) called = inner(tree_[called].a);
    return called;
}

const std::vector<ExprId>& TypedTree::arguments_of(ExprId call) const {
    return info(call).arguments.empty() ? tree_[call].list : info(call).arguments;
}

bool TypedTree::is_bound(ExprId argument, ExprId call) const {
    return std::ranges::find(tree_[call].list, argument) == tree_[call].list.end();
}

std::vector<ExprId> TypedTree::written_arguments(ExprId call) const {
    std::vector<ExprId> written = tree_[call].list;
    for (const ExprId each : arguments_of(call))
        if (std::find(written.begin(), written.end(), each) == written.end()) written.insert(written.begin(), each);
    return written;
}

std::vector<TypeId> TypedTree::types_of(const std::vector<VariableId>& variables) const {
    std::vector<TypeId> types;
    for (const VariableId each : variables) types.push_back(program_[each].type);
    return types;
}

bool TypedTree::is_this(ExprId id) const {
    id = inner(id);
    if (tree_[id].kind == ExprKind::Call && info(id).call == CallForm::Conversion) return is_this(arguments_of(id).at(0));
    return tree_[id].kind == ExprKind::Name && info(id).use.builtin == Builtin::This;
}

Builtin TypedTree::builtin_of(ExprId call) const {
    const Builtin own = info(call).use.builtin;
    return own != Builtin::None ? own : info(callee(call)).use.builtin;
}

bool TypedTree::is_text(ExprId id) const {
    const ExprKind kind = tree_[inner(id)].kind;
    return kind == ExprKind::String || kind == ExprKind::HexString;
}

}  // namespace interlock::lang::lowering
