// Checks calls: the callee, the arguments and their order, the options, and the results.
#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/conversion.hpp"
#include "lang/program/check/declarations.hpp"
#include "lang/program/check/expressions.hpp"

namespace interlock::lang {

TypeId Expressions::call(ExprId id) {
    const Expr& expr = context_.tree[id];
    for (const ExprId argument : expr.list) check(argument);
    const TypeId type = callee(expr.a, expr);
    switch (types_.kind(type)) {
        case TypeKind::Error: return {};
        case TypeKind::Meta: {
            const Type meant = types_[types_[type].value];
            return meant.kind == TypeKind::Struct ? struct_call(id, meant.structure)
                                                  : conversion_call(id, types_[type].value);
        }
        case TypeKind::Function: return function_call(id, expr.a);
        default: break;
    }
    Diagnostic& diagnostic = context_.report(code::not_callable, fmt::format("`{}` cannot be called", types_.name(type)),
                                             context_.tree[expr.a].range, "this is not a function");
    const std::string text = context_.text(context_.tree[expr.a].range);
    if (types_.kind(type) == TypeKind::Mapping || types_.kind(type) == TypeKind::Array)
        diagnostic.helps.push_back(fmt::format("its entries are written with brackets: `{}[…]`", text));
    else if (context_.program[expr.a].use.meaning == Meaning::Variable)
        diagnostic.helps.push_back(fmt::format("a variable is read without parentheses: `{}`", text));
    return {};
}

// Checks the callee, inside parentheses and options. The arguments choose among functions of the same name.
TypeId Expressions::callee(ExprId id, const Expr& call) {
    const Expr& expr = context_.tree[id];
    TypeId type;
    switch (expr.kind) {
        case ExprKind::Name: type = name(id, &call); break;
        case ExprKind::Member: type = member(id, &call); break;
        case ExprKind::CallOptions: type = call_options(id, &call); break;
        case ExprKind::ElementaryType: type = expr.text == "payable" ? types_.meta(types_.address(true)) : check(id); break;
        case ExprKind::Tuple:
            if (expr.list.size() == 1 && expr.list[0]) {
                type = parenthesised_callee(expr.list[0], call);
                context_.info(id).use = context_.info(expr.list[0]).use;
                break;
            }
            [[fallthrough]];
        default: type = check(id);
    }
    return context_.info(id).type = type;
}

// A name in parentheses is a value of its own, so the arguments do not choose among several functions.
TypeId Expressions::parenthesised_callee(ExprId id, const Expr& call) {
    const ExprKind kind = context_.tree[id].kind;
    if (kind != ExprKind::Name && kind != ExprKind::Member) return callee(id, call);
    const TypeId type = check(id);
    return check_only_meaning(id) ? type : TypeId{};
}

// Some built-in functions take one argument or two, or none.
bool Expressions::check_only_meaning(ExprId id) {
    const Use& use = context_.info(id).use;
    const bool is_several =
        use.builtin == Builtin::Require || use.builtin == Builtin::Revert || use.builtin == Builtin::ArrayPush;
    if (use.meaning != Meaning::Builtin || !is_several) return true;
    const Expr& expr = context_.tree[id];
    context_.report(code::ambiguous_call, fmt::format("`{}` means several", expr.text), expr.range)
        .helps.push_back("the arguments tell which one: write them right behind the name");
    return false;
}

TypeId Expressions::call_options(ExprId id, const Expr* call) {
    const Expr& expr = context_.tree[id];
    for (const ExprId value : expr.list) check_value(value);
    const TypeId type = call ? callee(expr.a, *call) : check(expr.a);
    if (types_.is_error(type)) return {};
    if (types_.kind(type) != TypeKind::Function) {
        context_.report(code::bad_call_options, "only calls of functions have options", expr.range);
        return {};
    }
    context_.info(id).use = context_.info(expr.a).use;
    if (!call) check_options(id, context_.info(id).use, form_of_options(expr.a), types_[type]);
    return type;
}

// Which call the options would belong to.
CallForm Expressions::form_of_options(ExprId callee) const {
    const Use& use = context_.info(callee).use;
    if (use.meaning == Meaning::Builtin) return CallForm::Builtin;
    if (use.meaning == Meaning::Contract) return CallForm::Create;
    const Expr& expr = context_.tree[callee];
    const bool on_contract =
        expr.kind == ExprKind::Member && types_.kind(context_.type_of(expr.a)) == TypeKind::Contract && !use.is_bound;
    if (on_contract) return CallForm::External;
    return use.meaning == Meaning::Function ? CallForm::Internal : CallForm::FunctionValue;
}

TypeId Expressions::function_call(ExprId id, ExprId callee_id) {
    const Expr* callee = &context_.tree[callee_id];
    std::vector<ExprId> options;
    for (ExprId at = callee_id; callee->kind == ExprKind::CallOptions || callee->kind == ExprKind::Tuple;
         callee = &context_.tree[at]) {
        if (callee->kind == ExprKind::CallOptions) options.push_back(at);
        if (callee->kind == ExprKind::Tuple && callee->list.size() != 1) break;
        at = callee->kind == ExprKind::CallOptions ? callee->a : callee->list.front();
    }
    const Use use = context_.info(callee_id).use;
    const Type type = types_[context_.type_of(callee_id)];
    const bool on_contract =
        callee->kind == ExprKind::Member && types_.kind(context_.type_of(callee->a)) == TypeKind::Contract && !use.is_bound;
    ExprInfo& info = context_.info(id);
    switch (use.meaning) {
        case Meaning::Builtin: info.call = CallForm::Builtin; break;
        case Meaning::Event: info.call = CallForm::Event; break;
        case Meaning::Error: info.call = CallForm::Error; break;
        case Meaning::Contract: info.call = CallForm::Create; break;
        default: info.call = on_contract ? CallForm::External : CallForm::Internal;
    }
    const bool is_declared = use.meaning == Meaning::Function || on_contract;
    if (type.form != FunctionForm::Named && !is_declared) info.call = CallForm::FunctionValue;
    const ContractId owner = use.meaning == Meaning::Function ? context_.program[use.function].contract : ContractId{};
    const Visibility visibility = owner ? context_.tree[use.function].visibility : Visibility::None;
    const bool is_linked = owner && use.dispatch == Dispatch::None && context_.tree[owner].kind == ContractKind::Library &&
                           (visibility == Visibility::Public || visibility == Visibility::External);
    if (is_linked) info.call = CallForm::External;
    if (use.meaning == Meaning::Function && !on_contract && !is_linked && use.dispatch == Dispatch::None) {
        context_
            .report(code::not_callable, fmt::format("`{}` needs a contract to be called on", context_.text(callee->range)),
                    callee->range)
            .helps.push_back(
                fmt::format("write `{}(address).{}(…)`", context_.text(context_.tree[callee->a].range), callee->text));
        return {};
    }
    const CallForm form = info.call;
    if (!check_specified_call(id, use, form)) return {};
    if (options.size() > 1)
        context_.report(code::bad_call_options, "this call has options already", context_.tree[callee_id].range)
            .helps.push_back("write all options in one pair of braces");
    else if (!options.empty()) check_options(options.front(), use, form, type);
    if (form == CallForm::Builtin) return builtin_call(id, callee_id);
    if (form == CallForm::Internal) note_call(use.function);
    if (is_linked && !options.empty()) {
        context_.report(code::bad_call_options, "a call of a library has no options", context_.tree[id].range);
        return result_of(type.results, false);
    }
    std::vector<VariableId> names = parameters_of(use);
    if (use.is_bound) names.erase(names.begin());
    if (!check_count(id, type.members.size(), declaration_of(use)))
        return result_of(type.results, form == CallForm::External);
    const std::optional<Arguments> arguments = arrange(id, names);
    if (!arguments) return result_of(type.results, form == CallForm::External);
    if (form == CallForm::External && context_.with_old_coder.contains(unit_here())) {
        const auto takes = [&](TypeId each) {
            return types_[each].location == DataLocation::Storage || old_coder_takes(types_, each);
        };
        if (!std::ranges::all_of(type.members, takes) || !std::ranges::all_of(type.results, takes))
            context_
                .report(code::bad_signature_type, "this call is too much for the ABI coder v1 of this file",
                        context_.tree[id].range)
                .helps.push_back("leave out `pragma abicoder v1;`");
    }
    std::vector<TypeId> parameters = type.members;
    const bool crosses = form != CallForm::Internal && form != CallForm::FunctionValue;
    for (TypeId& parameter : parameters) {
        const bool stays = is_linked && types_[parameter].location == DataLocation::Storage;
        parameter = crosses && !stays ? types_.at(parameter, DataLocation::Memory) : parameter;
    }
    pass(id, *arguments, parameters, names);
    if (use.is_bound) {
        std::vector<ExprId>& all = context_.info(id).arguments;
        all.insert(all.begin(), callee->a);
    }
    return result_of(type.results, form == CallForm::External);
}

void Expressions::note_call(FunctionId function) {
    if (where.function) context_.calls[where.function].push_back(function);
    if (where.modifier) context_.modifier_calls[where.modifier].push_back(function);
}

TypeId Expressions::result_of(const std::vector<TypeId>& results, bool from_outside) {
    std::vector<TypeId> types = results;
    for (TypeId& type : types) {  // only a library can return data in storage
        const bool stays = types_[type].location == DataLocation::Storage;
        type = from_outside && !stays ? types_.at(type, DataLocation::Memory) : type;
    }
    if (types.size() == 1) return types.front();
    return types_.tuple(std::move(types));
}

// --- arguments ---

SourceRange Expressions::declaration_of(const Use& use) const {
    const Tree& tree = context_.tree;
    switch (use.meaning) {
        case Meaning::Function: return tree[use.function].name.range;
        case Meaning::Contract: return use.function ? tree[use.function].name.range : tree[use.contract].name.range;
        case Meaning::Event: return tree[use.event].name.range;
        case Meaning::Error: return tree[use.error].name.range;
        case Meaning::Struct: return tree[use.structure].name.range;
        case Meaning::Variable: return tree[use.variable].name.range;
        default: return {};
    }
}

bool Expressions::check_count(ExprId id, std::size_t expected, SourceRange declared) {
    const Expr& expr = context_.tree[id];
    if (expr.list.size() == expected) return true;
    Diagnostic& diagnostic =
        context_.report(code::argument_count,
                        fmt::format("{} expected, {} given", counted(expected, "argument"), expr.list.size()), expr.range);
    if (declared.end != 0) diagnostic.secondary.push_back({declared, "declared here"});
    return false;
}

// Returns named arguments in the order of the parameters. Their counts must be equal.
std::optional<Expressions::Arguments> Expressions::arrange(ExprId id, const std::vector<VariableId>& parameters) {
    const Expr& expr = context_.tree[id];
    if (expr.names.empty()) return expr.list;
    std::vector<std::string_view> known;
    for (const VariableId parameter : parameters) known.push_back(context_.tree[parameter].name.text);
    Arguments arguments(expr.list.size());
    bool fits = true;
    for (std::size_t i = 0; i < expr.names.size() && i < expr.list.size(); ++i) {
        const Name& name = expr.names[i];
        const auto place = std::ranges::find(known, name.text);
        const bool unknown = place == known.end() || name.text.empty();
        ExprId* slot = unknown ? nullptr : &arguments[static_cast<std::size_t>(place - known.begin())];
        if (slot && !*slot) {
            *slot = expr.list[i];
            continue;
        }
        fits = false;
        Diagnostic& diagnostic = context_.report(code::bad_named_arguments,
                                                 unknown ? fmt::format("there is no parameter `{}`", name.text)
                                                         : fmt::format("argument `{}` is given twice", name.text),
                                                 name.range);
        const std::string_view similar = closest(name.text, known);
        if (unknown && !similar.empty()) diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
    }
    if (!fits) return std::nullopt;
    return arguments;
}

void Expressions::pass(ExprId id, const Arguments& arguments, const std::vector<TypeId>& parameters,
                       const std::vector<VariableId>& names) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        Label because;
        if (i < names.size()) because = {context_.tree[names[i]].range, "for this parameter"};
        const bool is_unbounded = types_.kind(context_.type_of(arguments[i])) == TypeKind::Integer;
        if (in_specification() && is_unbounded && types_.is_integer(parameters[i])) continue;
        convert(arguments[i], parameters[i], because);
    }
    context_.info(id).arguments = arguments;
}

void Expressions::check_pack(const std::vector<VariableId>& parameters, const std::vector<ExprId>& arguments,
                             SourceRange place, std::string_view what, SourceRange declared) {
    for (const ExprId argument : arguments) check(argument);
    if (parameters.size() != arguments.size()) {
        context_
            .report(code::argument_count,
                    fmt::format("{} `{}` takes {}, {} given", what, context_.text(declared),
                                counted(parameters.size(), "argument"), arguments.size()),
                    place)
            .secondary.push_back({declared, "declared here"});
        return;
    }
    for (std::size_t i = 0; i < arguments.size(); ++i)
        convert(arguments[i], context_.program[parameters[i]].type,
                {context_.tree[parameters[i]].range, "for this parameter"});
}

// --- conversions and structs ---

// Returns whether it is the name of a library, as in address(L).
bool Expressions::is_library_name(ExprId id) const {
    const Type& type = types_[context_.type_of(id)];
    return type.kind == TypeKind::Meta && types_.kind(type.value) == TypeKind::Contract &&
           context_.tree[types_[type.value].contract].kind == ContractKind::Library;
}

TypeId Expressions::conversion_call(ExprId id, TypeId to) {
    const Expr& expr = context_.tree[id];
    context_.info(id).call = CallForm::Conversion;
    context_.info(id).arguments = expr.list;
    if (expr.list.size() != 1 || !expr.names.empty()) {
        context_.report(code::argument_count, fmt::format("a conversion takes one value, {} given", expr.list.size()),
                        expr.range);
        return to;
    }
    const ExprId argument = expr.list[0];
    if (is_library_name(argument) && types_.kind(to) == TypeKind::Address) return types_.address();
    require_value(argument);
    const TypeId from = context_.type_of(argument);
    const DataLocation location = types_.is_reference(from) ? types_[from].location : DataLocation::Memory;
    const TypeId target = types_.at(to, location);
    if (types_.is_error(from) || types_.is_error(to)) return target;
    if (types_.kind(from) == TypeKind::Integer) {
        context_
            .report(code::not_in_specification, "a mathematical integer cannot be converted to a type of the contract",
                    expr.range)
            .helps.push_back("leave the conversion out: a specification calculates without overflow");
        return target;
    }
    if (!casts(types_, from, target)) {
        Diagnostic& diagnostic = context_.report(
            code::cannot_cast, fmt::format("`{}` cannot be converted to `{}`", types_.name(from), types_.name(target)),
            context_.tree[expr.a].range);
        diagnostic.secondary.push_back({context_.tree[argument].range, fmt::format("`{}`", types_.name(from))});
        suggest_cast(from, target, diagnostic);
        return target;
    }
    if (converts(types_, from, target)) {
        apply(argument, target);
    } else if (types_.kind(from) == TypeKind::RationalLiteral) {
        apply(argument, mobile_type(types_, from).value_or(TypeId{}));
    }
    const bool keeps_value = converts(types_, from, target) || types_.kind(from) == TypeKind::RationalLiteral ||
                             (types_.kind(from) == TypeKind::Uint && types_.kind(target) == TypeKind::Address);
    if (keeps_value && types_.kind(target) != TypeKind::FixedBytes)
        context_.info(id).constant = context_.info(argument).constant;
    if (types_.kind(target) == TypeKind::FixedBytes && converts(types_, from, target))
        context_.info(id).constant = context_.info(argument).constant;
    return target;
}

void Expressions::suggest_cast(TypeId from_id, TypeId to_id, Diagnostic& diagnostic) {
    const Type &from = types_[from_id], &to = types_[to_id];
    const auto help = [&](std::string line) { diagnostic.helps.push_back(std::move(line)); };
    if (types_.is_integer(from_id) && types_.is_integer(to_id))
        return help(fmt::format("change one thing at a time: `{}` first, then `{}`",
                                from.kind == TypeKind::Uint ? fmt::format("uint{}", to.bits) : fmt::format("int{}", to.bits),
                                types_.name(to_id)));
    if (types_.is_integer(from_id) && to.kind == TypeKind::Address)
        return help("convert to `uint160` first: `address(uint160(x))`");
    if (from.kind == TypeKind::Address && types_.is_integer(to_id))
        return help("convert to `uint160` first: `uint256(uint160(a))`");
    if (from.kind == TypeKind::FixedBytes && types_.is_integer(to_id))
        return help(fmt::format("a `bytes{}` converts to `uint{}` only", from.bits / 8, from.bits));
    if (types_.is_integer(from_id) && to.kind == TypeKind::FixedBytes)
        return help(fmt::format("convert to `uint{}` first", to.bits));
    if (from.kind == TypeKind::Contract && to.kind == TypeKind::Address)
        return help(
            "that contract cannot receive ether: it has no receive function and no payable fallback; write "
            "`payable(address(c))` if you mean it");
    if (from.kind == TypeKind::Address && to.kind == TypeKind::Contract)
        return help("that contract can receive ether: convert the address with `payable(…)` first");
    if (from.kind == TypeKind::Contract && to.kind == TypeKind::Contract)
        return help(fmt::format("go through the address: `{}(address(c))`", context_.tree[to.contract].name.text));
    if (to.kind == TypeKind::Bool) return help("compare it with zero");
    if (from.kind == TypeKind::Bool) return help("write `b ? 1 : 0`");
    if (from.kind == TypeKind::RationalLiteral && types_.is_integer(to_id)) return help("the number does not fit");
}

TypeId Expressions::struct_call(ExprId id, StructId structure) {
    const Expr& expr = context_.tree[id];
    ExprInfo& info = context_.info(id);
    info.call = CallForm::StructConstructor;
    info.use = {.meaning = Meaning::Struct, .structure = structure};
    const TypeId type = types_.structure(structure, DataLocation::Memory);
    const std::vector<VariableId>& fields = context_.tree[structure].fields;
    if (types_.holds_mapping(type)) {
        context_
            .report(code::bad_mapping,
                    fmt::format("`{}` has a mapping: it can only be made in storage", context_.tree[structure].name.text),
                    expr.range)
            .helps.push_back("take a storage reference and set the fields one by one");
        return {};
    }
    if (!check_count(id, fields.size(), context_.tree[structure].name.range)) return type;
    const std::optional<Arguments> arguments = arrange(id, fields);
    if (!arguments) return type;
    std::vector<TypeId> parameters;
    for (const VariableId field : fields)
        parameters.push_back(types_.at(context_.program[field].type, DataLocation::Memory));
    pass(id, *arguments, parameters, fields);
    return type;
}

// --- options: {value: v, gas: g, salt: s} ---

bool Expressions::is_payable_target(const Use& use, CallForm form, const Type& type) const {
    if (form == CallForm::FunctionValue) return type.mutability == Mutability::Payable;
    if (form == CallForm::Builtin) return use.builtin == Builtin::AddressCall;
    return use.function && context_.tree[use.function].mutability == Mutability::Payable;
}

void Expressions::check_options(ExprId options, const Use& use, CallForm form, const Type& type) {
    const Expr& expr = context_.tree[options];
    const bool low_level =
        form == CallForm::Builtin && (use.builtin == Builtin::AddressCall || use.builtin == Builtin::AddressStaticCall ||
                                      use.builtin == Builtin::AddressDelegateCall);
    const bool leaves =
        form == CallForm::External || (form == CallForm::FunctionValue && type.form == FunctionForm::External);
    const bool has_gas = leaves || low_level, has_value = leaves || form == CallForm::Create || low_level;
    std::vector<std::string_view> seen;
    for (std::size_t i = 0; i < expr.names.size() && i < expr.list.size(); ++i) {
        const Name& name = expr.names[i];
        const bool possible = (name.text == "value" && has_value) || (name.text == "gas" && has_gas) ||
                              (name.text == "salt" && form == CallForm::Create);
        if (!possible) {
            context_.report(code::bad_call_options, fmt::format("this call has no option `{}`", name.text), name.range)
                .helps.push_back(form == CallForm::Internal || form == CallForm::FunctionValue
                                     ? "only calls that leave the contract have options"
                                     : "calls take `value` and `gas`, `new` takes `value` and `salt`");
            continue;
        }
        if (std::ranges::find(seen, name.text) != seen.end())
            context_.report(code::bad_call_options, fmt::format("option `{}` is given twice", name.text), name.range);
        seen.push_back(name.text);
        convert(expr.list[i], name.text == "salt" ? types_.fixed_bytes(32) : types_.uint());
        if (name.text != "value" || is_payable_target(use, form, type)) continue;
        Diagnostic& diagnostic = context_.report(code::not_payable, "this call cannot carry ether", name.range);
        if (const SourceRange declared = declaration_of(use); declared.end != 0)
            diagnostic.secondary.push_back({declared, "not payable"});
        diagnostic.helps.push_back(form == CallForm::Builtin ? "only `call` sends ether"
                                                             : "make the function that is called `payable`");
    }
}

}  // namespace interlock::lang
