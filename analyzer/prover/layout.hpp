// Layout: the contract's storage as a list of leaves.
//
// A leaf is a place of value type with its keys left open: `owner`, `balances[·]`, `proposals[·].voted[·]`. Z3 sees a
// leaf without keys as a number and one with keys as an array of arrays. Distinct places never overlap: that is the
// compiler's layout, with keccak taken as injective. What has no leaf (arrays, and what lies in them) is not modelled:
// reading it gives any value of its type, writing it does nothing.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;

using LeafIndex = std::uint32_t;

struct Leaf {
    std::string name;  // "proposals[].voted[]"
    std::uint32_t variable = 0;
    std::vector<ir::Type> keys;  // outermost first
    ir::Type value;
    bool is_summed = false;  // some specification asks for its sum
};

class Layout {
  public:
    static constexpr std::size_t max_leaves = 256;
    static constexpr std::size_t max_depth = 8;  // of structs and mappings inside each other

    explicit Layout(const ir::Contract& contract);

    [[nodiscard]] const std::vector<Leaf>& leaves() const { return leaves_; }
    [[nodiscard]] std::optional<LeafIndex> find(const ir::Place& place) const;       // nullopt: not modelled
    [[nodiscard]] std::vector<LeafIndex> cleared_by(const ir::Place& place) const;   // `delete`: mappings inside stay
    [[nodiscard]] std::optional<LeafIndex> summed_by(const ir::Place& place) const;  // of a Sum: one mapping, all keys

  private:
    // The variable, then the fields taken: keys follow from the types.
    using Route = std::vector<std::uint32_t>;

    void add(const std::string& name, ir::StorageTypeIndex type, Route route, std::vector<ir::Type> keys, std::size_t depth);
    void collect(ir::StorageTypeIndex type, const Route& route, std::vector<LeafIndex>& out, std::size_t depth) const;
    void mark_sums();

    const ir::Contract& contract_;
    std::vector<Leaf> leaves_;
    std::map<Route, LeafIndex> by_route_;
};

}  // namespace interlock::analyzer::prover
