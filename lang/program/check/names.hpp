// Which name means what where: one scope per file (with what it imports), one per contract (with what it inherits), and
// the stack of blocks around the place that is being checked.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lang/diagnostics/spelling.hpp"
#include "lang/program/program.hpp"

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

    explicit Names(const Tree& tree)
        : tree_(tree), files_(tree.units.size()), own_(tree.contracts.size()), contracts_(tree.contracts.size()) {}

    // Each answers with the earlier declaration that the new one clashes with (functions and events may be overloaded),
    // or null. A clashing declaration is not entered.
    const Declared* declare_in_file(UnitId unit, const Declared& declared) {
        return declare(files_[unit.index], declared, declared.name.text);
    }
    const Declared* declare_in_file(UnitId unit, const Declared& declared, std::string_view alias) {
        return declare(files_[unit.index], declared, alias);
    }
    const Declared* declare_in_contract(ContractId contract, const Declared& declared) {
        const Declared* earlier = declare(own_[contract.index], declared, declared.name.text);
        return earlier ? earlier : declare(contracts_[contract.index], declared, declared.name.text);
    }
    const Declared* declare_local(const Declared& declared) { return declare(blocks_.back(), declared, declared.name.text); }

    // Two declarations of one name in a contract and its base, or in two bases, that cannot stand beside each other.
    struct Clash {
        Declared here, inherited;
    };
    // What `base` itself declares becomes visible in `derived`, behind what is there already; private names do not. The
    // bases in the order of the linearization.
    [[nodiscard]] std::vector<Clash> inherit(ContractId derived, ContractId base);

    // The place that is being checked: in a contract, or in a file outside of its contracts.
    void enter(Scope scope) { scope_ = scope; }
    void enter(ContractId contract) { scope_ = {tree_[contract].unit, contract}; }
    [[nodiscard]] Scope scope() const { return scope_; }
    [[nodiscard]] ContractId contract() const { return scope_.contract; }
    void enter_block() { blocks_.emplace_back(); }
    void leave_block() { blocks_.pop_back(); }

    // The innermost declarations of that name, or null.
    [[nodiscard]] const std::vector<Declared>* find(std::string_view name) const;
    [[nodiscard]] const std::vector<Declared>* find_outside_blocks(std::string_view name) const;
    [[nodiscard]] const std::vector<Declared>* find_in(ContractId contract, std::string_view name) const;
    [[nodiscard]] const std::vector<Declared>* find_in(UnitId file, std::string_view name) const;
    [[nodiscard]] const std::vector<Declared>* find_own(ContractId contract, std::string_view name) const;  // not inherited

    // The private declaration of that name in a base of the contract that is being checked, or null.
    [[nodiscard]] const Declared* find_private(std::string_view name, const std::vector<ContractId>& bases) const;

    // What `a.b.c` means: `a` as seen from here outside of blocks, then members of files and contracts. `known`, where
    // asked for, is how many parts of the path were found.
    [[nodiscard]] const std::vector<Declared>* find(const Path& path, std::size_t* known = nullptr) const;

    // All names of a file, its own and the imported ones.
    [[nodiscard]] const Table& names_of(UnitId file) const { return files_[file.index]; }

    [[nodiscard]] static bool is_built_in(std::string_view name);

    // The visible name that is closest to a mistyped one, or empty.
    [[nodiscard]] std::string_view similar_to(std::string_view name) const;

  private:
    static const Declared* declare(Table& table, const Declared& declared, std::string_view name);

    const Tree& tree_;
    std::vector<Table> files_;      // by unit
    std::vector<Table> own_;        // what a contract itself declares
    std::vector<Table> contracts_;  // and what it inherits
    std::vector<Table> blocks_;
    Scope scope_;
};

}  // namespace interlock::lang
