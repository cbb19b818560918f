// solc's form of the syntax tree, where solc itself is no judge: what has no place in it.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "lang/output/standard_json.hpp"

namespace interlock::lang {
namespace {

using Json = nlohmann::json;

Json tree_of(const std::string& source) {
    const Json answer = Json::parse(standard_json("a.ilk", source, {}));
    EXPECT_TRUE(answer["sources"]["a.ilk"].contains("ast")) << answer.dump();
    return answer["sources"]["a.ilk"]["ast"];
}

std::size_t nodes_in(const Json& json, const std::string& type) {
    std::size_t count = json.is_object() && json.value("nodeType", "") == type;
    if (json.is_structured())
        for (const Json& part : json) count += nodes_in(part, type);
    return count;
}

TEST(SolcTree, SpecificationsAreNoPartOfIt) {
    const Json tree = tree_of(R"(contract C {
        uint256 x;
        ghost uint256 g = 0;
        invariant small: x < 100;
        actor whale: eoa holds 1 ether;
        ghost function f(uint256 a) returns (bool) { return a > 1; }
        function set(uint256 a) external requires a < 10 ensures x == a { ghost g = a; assume a < 9; x = a; check x < 10; }
    }
    scenario s { deploy c = C(); c.set(1); })");
    EXPECT_EQ(nodes_in(tree, "ContractDefinition"), 1u);
    EXPECT_EQ(nodes_in(tree, "FunctionDefinition"), 1u);
    EXPECT_EQ(nodes_in(tree, "ExpressionStatement"), 1u);
    EXPECT_EQ(nodes_in(tree, "VariableDeclaration"), 2u);
    EXPECT_EQ(tree.dump().find("whale"), std::string::npos);
}

TEST(SolcTree, AFileThatDoesNotCompileHasNone) {
    const Json answer = Json::parse(standard_json("a.sol", "contract C { uint256 x = true; }", {}));
    EXPECT_FALSE(answer["sources"]["a.sol"].contains("ast"));
    EXPECT_EQ(answer["errors"].size(), 1u);
}

TEST(SolcTree, TheStorageLayoutNamesItsNodes) {
    const Json answer = Json::parse(standard_json("a.sol", "contract C { uint256 x; }", {}));
    const Json& variable = answer["sources"]["a.sol"]["ast"]["nodes"][0]["nodes"][0];
    EXPECT_EQ(answer["contracts"]["a.sol"]["C"]["storageLayout"]["storage"][0]["astId"], variable["id"]);
}

TEST(SolcTree, DeepExpressionsAndLongChainsAreWritten) {
    std::string sum = "1";
    for (int i = 0; i < 900; ++i) sum += " + a";
    EXPECT_EQ(nodes_in(tree_of("contract C { function f(uint256 a) public pure returns (uint256) { return " + sum + "; } }"),
                       "BinaryOperation"),
              900u);
}

}  // namespace
}  // namespace interlock::lang
