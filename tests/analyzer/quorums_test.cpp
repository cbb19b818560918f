// Quorum slices: which systems have disjoint quorums, and which texts are none.
#include "analyzer/quorums.hpp"

#include <gtest/gtest.h>

namespace interlock::analyzer {
namespace {

using Kind = QuorumAnswer::Kind;

QuorumAnswer ask(const std::string& text, const std::vector<std::string>& bad = {}) {
    const auto parsed = parse_quorums(text);
    if (const auto* error = std::get_if<std::string>(&parsed)) {
        ADD_FAILURE() << *error;
        return {};
    }
    const auto& system = std::get<QuorumSystem>(parsed);
    std::vector<bool> faulty(system.nodes.size());
    for (std::size_t i = 0; i < faulty.size(); ++i)
        for (const std::string& name : bad) faulty[i] = faulty[i] || system.nodes[i].name == name;
    return intersect(system, faulty, 60'000);
}

std::string error_of(const std::string& text) {
    const auto parsed = parse_quorums(text);
    return std::holds_alternative<std::string>(parsed) ? std::get<std::string>(parsed) : "";
}

// All need `threshold` of all.
std::string same_for_all(int nodes, int threshold) {
    std::string of, all;
    for (int i = 0; i < nodes; ++i) of += (i == 0 ? "\"n" : ",\"n") + std::to_string(i) + "\"";
    for (int i = 0; i < nodes; ++i)
        all += (i == 0 ? "\"n" : ",\"n") + std::to_string(i) + "\":{\"threshold\":" + std::to_string(threshold) +
               ",\"of\":[" + of + "]}";
    return "{\"nodes\":{" + all + "}}";
}

TEST(QuorumSlices, Row93MajoritiesIntersectAndHalvesAreDisjoint) {
    for (int nodes = 2; nodes <= 12; ++nodes) {
        EXPECT_EQ(ask(same_for_all(nodes, nodes / 2 + 1)).kind, Kind::Intersect) << nodes;
        const QuorumAnswer answer = ask(same_for_all(nodes, nodes / 2));
        EXPECT_EQ(answer.kind, Kind::Disjoint) << nodes;
        EXPECT_EQ(answer.left.size(), answer.right.size()) << nodes;
    }
}

TEST(QuorumSlices, Row93TwoThirdsAndOneIntersectInSpiteOfFaultyNodesAndTwiceFAndOneDoesNot) {
    for (int nodes = 4; nodes <= 7; ++nodes) {
        const int liars = (nodes - 1) / 3;
        std::vector<std::string> bad;
        for (int i = 0; i < liars; ++i) bad.push_back("n" + std::to_string(i));
        EXPECT_EQ(ask(same_for_all(nodes, 2 * nodes / 3 + 1), bad).kind, Kind::Intersect) << nodes;
        const Kind expected = nodes == 3 * liars + 1 ? Kind::Intersect : Kind::Disjoint;
        EXPECT_EQ(ask(same_for_all(nodes, 2 * liars + 1), bad).kind, expected) << nodes;
    }
}

TEST(QuorumSlices, Row93TwoCliquesAreDisjointAndABridgeThatAllNeedMendsIt) {
    const QuorumAnswer answer = ask(R"({"nodes": {
        "a": {"threshold": 2, "of": ["a", "b"]}, "b": {"threshold": 1, "of": ["a"]},
        "c": {"threshold": 1, "of": ["d"]}, "d": {"threshold": 1, "of": ["c"]}}})");
    ASSERT_EQ(answer.kind, Kind::Disjoint);
    EXPECT_EQ(answer.left.size() + answer.right.size(), 4U);
    EXPECT_EQ(ask(R"({"nodes": {
        "a": {"threshold": 2, "of": ["b", "x"]}, "b": {"threshold": 2, "of": ["a", "x"]},
        "c": {"threshold": 2, "of": ["d", {"threshold": 1, "of": ["x"]}]}, "d": {"threshold": 2, "of": ["c", "x"]},
        "x": {"threshold": 1, "of": ["x"]}}})")
                  .kind,
              Kind::Intersect);
}

TEST(QuorumSlices, WhereNobodyFindsWhatHeNeedsThereIsNoQuorum) {
    EXPECT_EQ(ask(R"({"nodes": {}})").kind, Kind::NoQuorum);
    EXPECT_EQ(ask(R"({"nodes": {"a": {"threshold": 1, "of": ["a"]}}})", {"a"}).kind, Kind::NoQuorum);
}

TEST(QuorumSlices, WrongTextsAreRefusedWithTheirReason) {
    EXPECT_EQ(error_of("{"), "this is not JSON");
    EXPECT_EQ(error_of("[]"), "expected {\"nodes\": {NAME: SET, …}}");
    EXPECT_EQ(error_of(R"({"nodes": {"a": 3}})"), "node `a`: expected {\"threshold\": NUMBER, \"of\": [NAME or SET, …]}");
    EXPECT_EQ(error_of(R"({"nodes": {"a": {"threshold": 1, "of": ["b"]}}})"), "node `a`: there is no node `b`");
    EXPECT_EQ(error_of(R"({"nodes": {"a": {"threshold": 2, "of": ["a"]}}})"),
              "node `a`: the threshold 2 is not between 1 and 1");
    EXPECT_EQ(error_of(R"({"nodes": {"a": {"threshold": 1, "of": ["a", "a"]}}})"), "node `a`: `a` stands twice in one set");
    EXPECT_EQ(error_of(std::string(100'000, '[')), "values are nested too deep");
    EXPECT_EQ(error_of(same_for_all(201, 101)), "there are more than 200 nodes");
    std::string deep = "\"a\"";
    for (int i = 0; i < 9; ++i) deep = R"({"threshold": 1, "of": [)" + deep + "]}";
    EXPECT_EQ(error_of(R"({"nodes": {"a": )" + deep + "}}"), "node `a`: sets are nested more than 8 deep");
}

}  // namespace
}  // namespace interlock::analyzer
