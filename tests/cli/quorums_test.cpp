// interlock quorums, as a user meets it.
#include <fstream>
#include <nlohmann/json.hpp>

#include "process.hpp"

namespace interlock::tests {
namespace {

class Quorums : public Command {
  protected:
    static constexpr const char* halves =
        R"({"nodes": {"a": {"threshold": 1, "of": ["a"]}, "b": {"threshold": 1, "of": ["b"]}}})";
};

TEST_F(Quorums, DisjointOnesAreNamed) {
    write(folder_ / "halves.json", halves);
    const Finished finished = interlock("quorums halves.json");
    EXPECT_EQ(finished.exit, 1) << finished.err;
    EXPECT_EQ(finished.out.find("DISJOINT   these quorums may decide differently:\n  "), 0U) << finished.out;
    const auto json = nlohmann::json::parse(interlock("quorums halves.json --json").out, nullptr, false);
    EXPECT_EQ(json["verdict"], "disjoint");
    EXPECT_EQ(json["left"].size() + json["right"].size(), 2U);
}

TEST_F(Quorums, AFaultyNodeBelongsToNone) {
    write(folder_ / "halves.json", halves);
    const Finished finished = interlock("quorums halves.json --faulty a");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_EQ(finished.out, "INTERSECT  any two quorums have a node in common\n");
    EXPECT_EQ(interlock("quorums halves.json --faulty z").exit, 64);
}

TEST_F(Quorums, AWrongFileIsRefusedWithItsReason) {
    write(folder_ / "wrong.json", R"({"nodes": {"a": 3}})");
    const Finished finished = interlock("quorums wrong.json");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_EQ(finished.err, "wrong.json: node `a`: expected {\"threshold\": NUMBER, \"of\": [NAME or SET, …]}\n");
}

}  // namespace
}  // namespace interlock::tests
