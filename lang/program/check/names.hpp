// Finds what a name means at a place: one scope per file (with what it imports), one per contract (with what it
// inherits), and the stack of blocks around the current place.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lang/diagnostics/spelling.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang {

// One declaration to which a name can refer.
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

    // Each function returns the earlier declaration with which the new one clashes (functions and events may be
    // overloaded), or null. A clashing declaration is not added.
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

    // Two declarations of one name, in a contract and its base or in two bases, that cannot coexist.
    struct Clash {
        Declared here, inherited;
    };
    // Makes the names that `base` itself declares visible in `derived`, after those that are there already; private
    // names are left out. Call it for the bases in the order of the linearization.
    [[nodiscard]] std::vector<Clash> inherit(ContractId derived, ContractId base);

    // Sets the current place: in a contract, or in a file outside its contracts.
    void enter(Scope scope) { scope_ = scope; }
    void enter(ContractId contract) { scope_ = {tree_[contract].unit, contract}; }
    [[nodiscard]] Scope scope() const { return scope_; }
    [[nodiscard]] Dialect dialect() const { return tree_[scope_.unit].dialect; }  // of the current place
    [[nodiscard]] ContractId contract() const { return scope_.contract; }
    void enter_block() { blocks_.emplace_back(); }
    void leave_block() { blocks_.pop_back(); }

    // Returns the innermost declarations of that name, or null.
    [[nodiscard]] const std::vector<Declared>* find(std::string_view name) const;
    [[nodiscard]] const std::vector<Declared>* find_outside_blocks(std::string_view name) const;
    [[nodiscard]] const std::vector<Declared>* find_in(ContractId contract, std::string_view name) const;
    [[nodiscard]] const std::vector<Declared>* find_in(UnitId file, std::string_view name) const;
    // The same, only among the names that the contract itself declares.
    [[nodiscard]] const std::vector<Declared>* find_own(ContractId contract, std::string_view name) const;

    [[nodiscard]] const Table& own_names_of(ContractId contract) const { return own_[contract.index]; }
    // Returns what a local declaration of that name would hide: names of blocks, of the contract itself, of the file.
    [[nodiscard]] const std::vector<Declared>* find_hidden(std::string_view name) const;

    // Returns the private declaration of that name in a base of the current contract, or null.
    [[nodiscard]] const Declared* find_private(std::string_view name, const std::vector<ContractId>& bases) const;

    // Returns the meaning of `a.b.c`: `a` as seen from the current place, then members of files and contracts. `known`, if not null, gets the number of parts of the path that were found.
    [[nodiscard]] const std::vector<Declared>* find(const Path& path, std::size_t* known = nullptr) const;

    // Returns all names of a file, its own and the imported ones.
    [[nodiscard]] const Table& names_of(UnitId file) const { return files_[file.index]; }

    [[nodiscard]] static bool are_external(const Tree& tree, const std::vector<Declared>& all);
    [[nodiscard]] static bool is_built_in(std::string_view name);
    // The same, with names that were once built in.
    [[nodiscard]] static bool hides_built_in(std::string_view name);

    // Returns the visible name that is most similar to a mistyped one, or an empty text.
    [[nodiscard]] std::string_view similar_to(std::string_view name) const;

  private:
    static const Declared* declare(Table& table, const Declared& declared, std::string_view name);

    const Tree& tree_;
    std::vector<Table> files_;      // by unit
    std::vector<Table> own_;        // declared by a contract itself
    std::vector<Table> contracts_;  // these and what it inherits
    std::vector<Table> blocks_;
    Scope scope_;
};

}  // namespace interlock::lang
