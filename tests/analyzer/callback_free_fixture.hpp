// Sources as they are judged by the proof of what is callback-free.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "analyzer/assumptions.hpp"
#include "analyzer/prover/callback_free.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {

inline std::vector<CallbackFreedom> freedom_of(const lang::Compilation& compilation) {
    return prove_callback_freedom(compilation, {}, Deadline());
}

// Of the last contract.
inline CallbackFreedom freedom(const std::string& source) {
    const lang::Compilation compilation = lang::compile("c.sol", "pragma solidity ^0.8.24;\n" + source);
    EXPECT_TRUE(compilation.ok()) << source;
    return freedom_of(compilation).back();
}

inline CallbackFreedom freedom(const std::string& source, const std::string& name) {
    const lang::Compilation compilation = lang::compile("c.sol", "pragma solidity ^0.8.24;\n" + source);
    EXPECT_TRUE(compilation.ok()) << source;
    const auto is_it = [&](const lang::Artifact& each) { return each.name == name; };
    const auto place = std::ranges::find_if(compilation.artifacts, is_it);
    return freedom_of(compilation).at(static_cast<std::size_t>(place - compilation.artifacts.begin()));
}

inline std::string obstacles(const CallbackFreedom& freedom) {
    std::string text;
    for (const Obstacle& each : freedom.blocked_by) text += each.sentence + '\n';
    return text;
}

#define EXPECT_FREE(source)                                 \
    do {                                                    \
        const CallbackFreedom found = freedom(source);      \
        EXPECT_TRUE(found.is_proved()) << obstacles(found); \
    } while (false)
#define EXPECT_NOT_FREE(source) EXPECT_FALSE(freedom(source).is_proved()) << (source)

// Whether the proof takes it that what is paid needs nothing that comes in meanwhile.
inline bool pays_what_is_at_hand(const std::string& source, const std::string& function) {
    const CallbackFreedom found = freedom(source);
    return found.is_proved() && std::ranges::count(found.assumptions, assumed(Assumed::AtHand, function)) != 0;
}

// Whether the proof takes it that no payment fails for lack of ether.
inline bool is_covered(const std::string& source, const std::string& function) {
    const CallbackFreedom found = freedom(source);
    return found.is_proved() && std::ranges::count(found.assumptions, assumed(Assumed::Covered, function)) != 0;
}

inline const std::string pay = R"((bool ok,) = msg.sender.call{value: a}(""); require(ok);)";
inline std::string bank(const std::string& more, const std::string& members = "") {
    return "contract Bank { mapping(address => uint256) b; " + members +
           " function put() external payable { b[msg.sender] += msg.value; } " + more + "}";
}

}  // namespace interlock::analyzer::tests
