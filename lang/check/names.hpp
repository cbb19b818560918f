// Which name means what where: the file's scope, one scope per contract (with what it inherits), and the stack of blocks
// around the place that is being checked.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lang/program.hpp"

namespace interlock::lang {

// One declaration that a name can mean.
struct Declared {
    Use use{};
    ModifierId modifier{};
    Name name{};
};

class Names {
  public:
    using Table = std::map<std::string_view, std::vector<Declared>>;

    explicit Names(const Tree& tree) : tree_(tree), own_(tree.contracts.size()), contracts_(tree.contracts.size()) {}

    // Each answers with the earlier declaration that the new one clashes with (functions and events may be overloaded),
    // or null. A clashing declaration is not entered.
    const Declared* declare_in_file(const Declared& declared) { return declare(file_, declared); }
    const Declared* declare_in_contract(ContractId contract, const Declared& declared) {
        const Declared* earlier = declare(own_[contract.index], declared);
        return earlier ? earlier : declare(contracts_[contract.index], declared);
    }
    const Declared* declare_local(const Declared& declared) { return declare(blocks_.back(), declared); }

    // Two declarations of one name in a contract and its base, or in two bases, that cannot stand beside each other.
    struct Clash {
        Declared here, inherited;
    };
    // What `base` itself declares becomes visible in `derived`, behind what is there already; private names do not. The
    // bases in the order of the linearization.
    [[nodiscard]] std::vector<Clash> inherit(ContractId derived, ContractId base);

    void enter(ContractId contract) { contract_ = contract; }  // none: the file's scope
    [[nodiscard]] ContractId contract() const { return contract_; }
    void enter_block() { blocks_.emplace_back(); }
    void leave_block() { blocks_.pop_back(); }

    // The innermost declarations of that name, or null.
    [[nodiscard]] const std::vector<Declared>* find(std::string_view name) const;
    [[nodiscard]] const std::vector<Declared>* find_outside_blocks(std::string_view name) const;
    [[nodiscard]] const std::vector<Declared>* find_in(ContractId contract, std::string_view name) const;
    [[nodiscard]] const std::vector<Declared>* find_own(ContractId contract, std::string_view name) const;  // not inherited

    // The visible name that is closest to a mistyped one, or empty.
    [[nodiscard]] std::string_view similar_to(std::string_view name) const;

  private:
    static const Declared* declare(Table& table, const Declared& declared);

    const Tree& tree_;
    Table file_;
    std::vector<Table> own_;        // what a contract itself declares
    std::vector<Table> contracts_;  // and what it inherits
    std::vector<Table> blocks_;
    ContractId contract_;
};

[[nodiscard]] std::size_t edit_distance(std::string_view a,
                                        std::string_view b);  // Levenshtein, a swap of neighbours counts one

// The closest of `candidates` that is near enough to be meant, or empty.
template <class Candidates>
[[nodiscard]] std::string_view closest(std::string_view name, const Candidates& candidates) {
    std::string_view best;
    std::size_t best_distance = name.size() <= 2 ? 2 : name.size() / 3 + 2;  // not near enough
    for (const std::string_view candidate : candidates) {
        if (candidate.empty() || candidate == name) continue;
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < best_distance) best = candidate, best_distance = distance;
    }
    return best;
}

}  // namespace interlock::lang
