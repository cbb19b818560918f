// Layout: the contract's storage as a list of leaves.
//
// A leaf is a place of value type whose keys are left open: `owner`, `balances[·]`, `proposals[·].voted[·]`. For Z3 a
// leaf without keys is a number and a leaf with keys is an array of arrays. Distinct places never overlap: this follows
// from the compiler's layout if keccak is injective. A whole slot of which instructions name the number (the length of an
// array, the slot of a lock, also of transient storage) is a leaf, too. Places without a leaf (what arrays contain) are not
// modelled: reading one gives any value of its type, writing one does nothing.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analyzer/prover/slot_accesses.hpp"

namespace interlock::analyzer::prover {

using LeafIndex = std::uint32_t;

struct Leaf {
    std::string name;  // "proposals[].voted[]"
    Area area;
    bool is_immutable = false;
    std::vector<ir::Type> keys;  // outermost first
    ir::Type value;
    bool is_summed = false;  // some specification uses its sum

    [[nodiscard]] bool is_transient() const { return area.is_transient(); }
};

class Layout {
  public:
    static constexpr std::size_t max_leaves = 256;
    static constexpr std::size_t max_depth = 8;  // of nested structs and mappings

    // `sums_all`: keeps the sum of each mapping with one key, also where no specification uses it.
    explicit Layout(const ir::Contract& contract, bool sums_all = false, const SlotAccesses& by_slot = {});

    [[nodiscard]] const std::vector<Leaf>& leaves() const { return leaves_; }
    [[nodiscard]] std::optional<LeafIndex> find(const ir::Place& place) const;  // std::nullopt: not modelled
    // Returns the leaves that a `delete` of the place clears; it keeps mappings inside.
    [[nodiscard]] std::vector<LeafIndex> cleared_by(const ir::Place& place) const;
    // Returns the leaves which an instruction writes that it does not name: by slot, or as a part of the place that it does.
    [[nodiscard]] const std::vector<LeafIndex>& others_written_by(const ir::Instruction& instruction) const;
    // Returns the leaf that an instruction surely means which names a slot.
    [[nodiscard]] std::optional<LeafIndex> at_slot(const ir::Instruction& instruction) const;
    // Returns the leaf of a slot of storage.
    [[nodiscard]] std::optional<LeafIndex> at_slot(const ir::Word& slot) const;
    [[nodiscard]] std::optional<LeafIndex> summed_by(const ir::Place& place) const;  // of a Sum: one mapping, all keys

  private:
    // The variable, followed by the fields. The keys follow from the types.
    using Route = std::vector<std::uint32_t>;

    void add(const std::string& name, ir::StorageTypeIndex type, const ir::Place& place, Route route,
             std::vector<ir::Type> keys, std::size_t depth);
    void add_slots(const SlotAccesses& by_slot);
    void note(const ir::Instruction& instruction, const SlotAccesses& by_slot);
    [[nodiscard]] std::vector<LeafIndex> overlapping(const Area& area) const;
    void collect(ir::StorageTypeIndex type, const Route& route, std::vector<LeafIndex>& out, std::size_t depth) const;
    void mark_sums();

    const ir::Contract& contract_;
    std::vector<Leaf> leaves_;
    std::map<Route, LeafIndex> by_route_;
    std::map<const ir::Instruction*, LeafIndex> at_slot_;
    std::map<const ir::Instruction*, std::vector<LeafIndex>> others_written_;
};

}  // namespace interlock::analyzer::prover
