// Finds functions that reach themselves through internal calls, including modifiers: those in a strongly connected
// component with others, and those that call themselves. (Tarjan: "Depth-First Search and Linear Graph Algorithms",
// 1972; with an explicit stack, since a chain of calls may be long.)
#include <algorithm>

#include "lang/program/check/passes.hpp"

namespace interlock::lang {
namespace {

class Recursion {
  public:
    explicit Recursion(Context& context)
        : context_(context), number_(context.tree.functions.size()), lowest_(number_.size()), waits_(number_.size()) {}

    void run() {
        for (std::uint32_t i = 1; i < number_.size(); ++i)
            if (number_[i] == 0) explore(FunctionId{i});
    }

  private:
    struct Visit {
        FunctionId function;
        std::vector<FunctionId> calls;
        std::size_t next = 0;
    };

    [[nodiscard]] std::vector<FunctionId> called_by(FunctionId id) const {
        std::vector<FunctionId> all;
        const auto add = [&](const auto& table, auto key) {
            if (const auto place = table.find(key); place != table.end())
                all.insert(all.end(), place->second.begin(), place->second.end());
        };
        add(context_.calls, id);
        for (const ModifierUse& use : context_.program[id].modifiers) add(context_.modifier_calls, use.modifier);
        return all;
    }

    void enter(FunctionId id) {
        number_[id.index] = lowest_[id.index] = ++last_;
        waiting_.push_back(id);
        waits_[id.index] = true;
        path_.push_back({id, called_by(id)});
        context_.info(id).is_recursive = std::ranges::find(path_.back().calls, id) != path_.back().calls.end();
    }

    void explore(FunctionId start) {
        enter(start);
        while (!path_.empty()) {
            Visit& visit = path_.back();
            const std::uint32_t here = visit.function.index;
            if (visit.next == visit.calls.size()) {
                path_.pop_back();
                if (!path_.empty()) reach(path_.back().function.index, lowest_[here]);
                if (lowest_[here] == number_[here]) close(FunctionId{here});
                continue;
            }
            const FunctionId callee = visit.calls[visit.next++];
            if (number_[callee.index] == 0) enter(callee);
            else if (waits_[callee.index]) reach(here, number_[callee.index]);
        }
    }

    void reach(std::uint32_t from, std::uint32_t number) { lowest_[from] = std::min(lowest_[from], number); }

    // Everything above the first function of a component in waiting_ belongs to the component.
    void close(FunctionId first) {
        const bool has_others = waiting_.back() != first;
        FunctionId member;
        do {
            member = waiting_.back();
            waiting_.pop_back();
            waits_[member.index] = false;
            if (has_others) context_.info(member).is_recursive = true;
        } while (member != first);
    }

    Context& context_;
    std::vector<std::uint32_t> number_;  // in the order of entering; 0: not entered yet
    std::vector<std::uint32_t> lowest_;  // the lowest number reachable from here
    std::vector<bool> waits_;            // whether it is in waiting_
    std::vector<FunctionId> waiting_;    // functions whose component is not complete yet
    std::vector<Visit> path_;
    std::uint32_t last_ = 0;
};

}  // namespace

void find_recursion(Context& context) { Recursion(context).run(); }

}  // namespace interlock::lang
