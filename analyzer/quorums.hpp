// Quorum slices, as in the Stellar Consensus Protocol: each node says whom it needs, and a quorum is a set of nodes in
// which each finds enough of those. Where two quorums are disjoint they may decide differently. Z3 looks for such two.
//
// A text is JSON: {"nodes": {"a": {"threshold": 2, "of": ["a", "b", {"threshold": 1, "of": ["c", "d"]}]}, …}}.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace interlock::analyzer {

// At least `threshold` of the members: nodes and inner sets.
struct QuorumSet {
    std::size_t threshold = 0;
    std::vector<std::size_t> nodes;  // indices
    std::vector<QuorumSet> inner;
};

struct QuorumSystem {
    static constexpr std::size_t most_nodes = 200, most_members = 20'000, most_depth = 8, most_name_bytes = 100;
    struct Node {
        std::string name;
        QuorumSet needs;
    };
    std::vector<Node> nodes;

    // Every node that is in it finds enough there, and there is one. Faulty nodes count for all, and belong to none.
    [[nodiscard]] bool is_quorum(const std::vector<bool>& members, const std::vector<bool>& faulty) const;
};

// Returns the system, or what is wrong with the text.
[[nodiscard]] std::variant<QuorumSystem, std::string> parse_quorums(std::string_view text);

struct QuorumAnswer {
    enum class Kind { Intersect, Disjoint, NoQuorum, Unknown } kind = Kind::Unknown;
    std::vector<std::string> left, right;  // the disjoint ones
};

// Whether any two quorums have a node in common that is not faulty. `faulty` has a place for each node.
[[nodiscard]] QuorumAnswer intersect(const QuorumSystem& system, const std::vector<bool>& faulty, unsigned timeout_ms);

}  // namespace interlock::analyzer
