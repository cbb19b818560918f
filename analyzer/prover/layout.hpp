// Layout: the contract's storage as a list of leaves.
//
// A leaf is a place of value type whose keys are left open: `owner`, `balances[·]`, `proposals[·].voted[·]`. For Z3 a
// leaf without keys is a number and a leaf with keys is an array of arrays. Distinct places never overlap: this follows
// from the compiler's layout if keccak is injective. Places without a leaf (arrays, and what they contain) are not
// modelled: reading one gives any value of its type, writing one does nothing.
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
    bool is_summed = false;  // some specification uses its sum
};

class Layout {
  public:
    static constexpr std::size_t max_leaves = 256;
    static constexpr std::size_t max_depth = 8;  // of nested structs and mappings

    // `sums_all`: keeps the sum of each mapping with one key, also where no specification uses it.
    explicit Layout(const ir::Contract& contract, bool sums_all = false);

    [[nodiscard]] const std::vector<Leaf>& leaves() const { return leaves_; }
    [[nodiscard]] std::optional<LeafIndex> find(const ir::Place& place) const;  // std::nullopt: not modelled
    // Returns the leaves that a `delete` of the place clears; it keeps mappings inside.
    [[nodiscard]] std::vector<LeafIndex> cleared_by(const ir::Place& place) const;
    [[nodiscard]] std::optional<LeafIndex> summed_by(const ir::Place& place) const;  // of a Sum: one mapping, all keys

  private:
    // The variable, followed by the fields. The keys follow from the types.
    using Route = std::vector<std::uint32_t>;

    void add(const std::string& name, ir::StorageTypeIndex type, Route route, std::vector<ir::Type> keys, std::size_t depth);
    void collect(ir::StorageTypeIndex type, const Route& route, std::vector<LeafIndex>& out, std::size_t depth) const;
    void mark_sums();

    const ir::Contract& contract_;
    std::vector<Leaf> leaves_;
    std::map<Route, LeafIndex> by_route_;
};

}  // namespace interlock::analyzer::prover
