// Quorum slices: what can be read is a system in which quorums join to quorums, and Z3 says the same as trying all sets.
#include "analyzer/quorums.hpp"
#include "tests/fuzz/expect.hpp"

namespace {

using namespace interlock;
using namespace interlock::analyzer;

constexpr std::size_t most_tried = 5;  // nodes: more have too many sets
constexpr unsigned timeout_ms = 10'000;

std::vector<bool> set_of(unsigned mask, std::size_t nodes) {
    std::vector<bool> set(nodes);
    for (std::size_t i = 0; i < nodes; ++i) set[i] = (mask >> i & 1) != 0;
    return set;
}

std::vector<bool> set_of(const QuorumSystem& system, const std::vector<std::string>& names) {
    std::vector<bool> set(system.nodes.size());
    for (const std::string& name : names)
        for (std::size_t i = 0; i < set.size(); ++i)
            if (system.nodes[i].name == name) set[i] = true;
    return set;
}

void try_all(const QuorumSystem& system, unsigned faulty_mask) {
    const std::size_t nodes = system.nodes.size();
    const std::vector<bool> faulty = set_of(faulty_mask, nodes);
    std::vector<unsigned> quorums;
    for (unsigned mask = 0; mask < 1u << nodes; ++mask)
        if (system.is_quorum(set_of(mask, nodes), faulty)) quorums.push_back(mask);
    bool is_disjoint = false;
    for (const unsigned a : quorums)
        for (const unsigned b : quorums) {
            is_disjoint |= (a & b) == 0;
            fuzz::expect(system.is_quorum(set_of(a | b, nodes), faulty), "two quorums together are none");
        }
    const QuorumAnswer answer = intersect(system, faulty, timeout_ms);
    using enum QuorumAnswer::Kind;
    fuzz::expect(answer.kind == (quorums.empty() ? NoQuorum : is_disjoint ? Disjoint : Intersect), "Z3 says something else");
    if (answer.kind != Disjoint) return;
    const std::vector<bool> left = set_of(system, answer.left), right = set_of(system, answer.right);
    fuzz::expect(system.is_quorum(left, faulty) && system.is_quorum(right, faulty), "what is named is no quorum");
    for (std::size_t i = 0; i < nodes; ++i) fuzz::expect(!(left[i] && right[i]), "the quorums have a node in common");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parsed = parse_quorums({reinterpret_cast<const char*>(data), size});
    if (const auto* error = std::get_if<std::string>(&parsed)) {
        fuzz::expect(!error->empty(), "an error says nothing");
        return 0;
    }
    const auto& system = std::get<QuorumSystem>(parsed);
    const std::vector<bool> nobody(system.nodes.size());
    fuzz::expect(!system.is_quorum(nobody, nobody), "nobody is a quorum");
    if (system.nodes.size() > most_tried) return 0;
    try_all(system, 0);
    if (!system.nodes.empty()) try_all(system, 1);
    return 0;
}
