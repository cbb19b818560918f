// Handles bases: the list after `is`, its C3 linearization, and the names that it brings. (Solidity reference,
// "Multiple Inheritance and Linearization"; Barrett et al., "A Monotonic Superclass Linearization for Dylan", 1996.)
#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"

namespace interlock::lang {
namespace {

using Order = std::vector<ContractId>;

// Returns the contract that a name after `is` means, or an empty id if it cannot be a base.
ContractId find_base(Context& context, ContractId id, const Invocation& base) {
    const Name& name = base.path.parts.back();
    context.names.enter(Scope{context.tree[id].unit, {}});
    const std::vector<Declared>* found = context.names.find(base.path);
    if (!found && context.misses_names) return {};
    if (!found || found->front().use.meaning != Meaning::Contract) {
        Diagnostic& diagnostic =
            found ? context.report(code::bad_base, fmt::format("`{}` is not a contract or interface", name.text), base.range)
                  : context.report(code::unknown_name, fmt::format("`{}` is not declared", name.text), base.range);
        const std::string_view similar = context.names.similar_to(name.text);
        if (!similar.empty()) diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
        return {};
    }
    const ContractId target = found->front().use.contract;
    const ContractKind kind = context.tree[target].kind;
    const auto refuse = [&](std::string message, std::string_view label) -> ContractId {
        context.report(code::bad_base, std::move(message), base.range)
            .secondary.push_back({context.tree[target].name.range, std::string(label)});
        return {};
    };
    const bool is_later = context.tree[target].unit == context.tree[id].unit &&
                          context.tree[target].range.begin > context.tree[id].range.begin;
    if (target == id) return refuse(fmt::format("`{}` cannot be its own base", name.text), "this contract");
    if (is_later)
        return refuse(
            fmt::format("`{}` is declared behind `{}`, which inherits from it", name.text, context.tree[id].name.text),
            "move this further up");
    if (context.program.dialect_of(target) != context.program.dialect_of(id))
        return refuse(fmt::format("`{}` is for other versions of Solidity", name.text), "the base");
    if (kind == ContractKind::Library) return refuse("nothing can inherit from a library", "this is a library");
    if (context.tree[id].kind == ContractKind::Library) return refuse("a library cannot inherit", "the base");
    if (context.tree[id].kind == ContractKind::Interface && kind != ContractKind::Interface)
        return refuse("an interface can only inherit from interfaces", "this is not an interface");
    return target;
}

class Linearization {
  public:
    explicit Linearization(Context& context)
        : context_(context), tree_(context.tree), direct_(tree_.contracts.size()), progress_(tree_.contracts.size()) {}

    void run() {
        for (const ContractId id : tree_.top_contracts) find_bases(id);
        for (const ContractId id : tree_.top_contracts) linearize(id);
    }

  private:
    enum class Progress : std::uint8_t { New, Running, Done };

    void find_bases(ContractId id) {
        for (const Invocation& base : tree_[id].bases) {
            if (base.path.parts.empty()) continue;
            const ContractId target = find_base(context_, id, base);
            if (!target) {
                context_.misses_base[id.index] = true;
            } else if (std::ranges::find(direct_[id.index], target) != direct_[id.index].end()) {
                context_.report(code::bad_base, fmt::format("`{}` is named twice", tree_[target].name.text), base.range);
            } else {
                direct_[id.index].push_back(target);
                context_.info(id).bases.push_back({target, base.arguments});
            }
        }
    }

    void linearize(ContractId id) {
        if (progress_[id.index] == Progress::Done) return;
        progress_[id.index] = Progress::Running;
        std::deque<std::deque<ContractId>> lists(1);
        for (const ContractId base : direct_[id.index]) {
            if (progress_[base.index] == Progress::Running) {
                report_circle(id);
                continue;
            }
            linearize(base);
            const Order& order = context_.info(base).linearization;
            lists.back().push_front(base);  // the last one in the list is the most derived
            lists.emplace_front(order.begin(), order.end());
            if (context_.misses_base[base.index]) context_.misses_base[id.index] = true;
        }
        lists.back().push_front(id);
        Order merged = merge(std::move(lists));
        if (merged.empty()) {
            report_impossible(id);
            merged = {id};
        }
        context_.info(id).linearization = std::move(merged);
        progress_[id.index] = Progress::Done;
    }

    // C3: the first head that is in no other list's tail comes next. The result is empty if there is no such head.
    static Order merge(std::deque<std::deque<ContractId>> lists) {
        const auto in_a_tail = [&](ContractId id) {
            return std::ranges::any_of(
                lists, [&](const auto& list) { return std::find(list.begin() + 1, list.end(), id) != list.end(); });
        };
        Order order;
        while (true) {
            std::erase_if(lists, [](const auto& list) { return list.empty(); });
            if (lists.empty()) return order;
            const auto next = std::ranges::find_if(lists, [&](const auto& list) { return !in_a_tail(list.front()); });
            if (next == lists.end()) return {};
            const ContractId chosen = next->front();
            order.push_back(chosen);
            for (auto& list : lists) std::erase(list, chosen);
        }
    }

    void report_circle(ContractId id) {
        context_.misses_base[id.index] = true;
        context_.report(code::bad_base, fmt::format("`{}` is its own base, through others", tree_[id].name.text),
                        tree_[id].name.range);
    }

    void report_impossible(ContractId id) {
        context_.misses_base[id.index] = true;
        context_
            .report(code::no_linearization,
                    fmt::format("the bases of `{}` contradict each other's order", tree_[id].name.text),
                    tree_[id].name.range)
            .helps.push_back("name the bases from the most basic to the most derived one");
    }

    Context& context_;
    const Tree& tree_;
    std::vector<Order> direct_;
    std::vector<Progress> progress_;
};

bool may_coexist(const Context& context, ContractId derived, const Names::Clash& clash) {
    const auto is_variable = [](const Declared& each) { return each.use.meaning == Meaning::Variable; };
    return context.program.dialect_of(derived).has(rule::variables_hide_inherited) && is_variable(clash.here) &&
           is_variable(clash.inherited);
}

void report_clash(Context& context, ContractId derived, const Names::Clash& clash) {
    const SourceRange own = context.tree[derived].range;
    const bool is_own = clash.here.name.range.begin >= own.begin && clash.here.name.range.end <= own.end;
    const SourceRange at = is_own ? clash.here.name.range : context.tree[derived].name.range;
    Diagnostic& diagnostic = context.report(
        code::already_declared,
        is_own ? fmt::format("`{}` is declared in a base already", clash.here.name.text)
               : fmt::format("`{}` is declared in two bases of `{}`", clash.here.name.text, context.tree[derived].name.text),
        at, is_own ? "declared again here" : "");
    if (!is_own) diagnostic.secondary.push_back({clash.here.name.range, "declared here"});
    diagnostic.secondary.push_back({clash.inherited.name.range, is_own ? "inherited from here" : "and here"});
}

}  // namespace

void resolve_bases(Context& context) {
    Linearization(context).run();
    for (const ContractId id : context.tree.top_contracts) {
        for (const ContractId base : context.info(id).linearization) {
            if (base == id) continue;
            for (const Names::Clash& clash : context.names.inherit(id, base))
                if (!may_coexist(context, id, clash)) report_clash(context, id, clash);
        }
    }
}

}  // namespace interlock::lang
