// Compiled contracts and searches for the analyzer's tests.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "analyzer/explorer/explorer.hpp"
#include "analyzer/system/system.hpp"

namespace interlock::analyzer::tests {

inline std::string contents(const std::string& path) {
    std::ifstream file(std::string(INTERLOCK_SOURCE_DIR) + "/" + path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

inline std::shared_ptr<const lang::Compilation> compiled(const std::string& name, const std::string& source) {
    auto compilation = std::make_shared<lang::Compilation>(lang::compile(name, source));
    EXPECT_TRUE(compilation->ok()) << render(compilation->diagnostics, *compilation->sources, false);
    return compilation;
}

inline std::shared_ptr<const lang::Compilation> shipped(const std::string& name) {
    return compiled(name, contents("contracts/" + name));
}

// The systems that the contracts make up, with what honest users did before.
inline std::vector<Root> systems_of(const std::shared_ptr<const lang::Compilation>& compilation) {
    auto roots = infer_systems(compilation, {}, {});
    if (const auto* why = std::get_if<std::string>(&roots)) throw std::runtime_error(*why);
    return std::move(std::get<std::vector<Root>>(roots));
}

inline World deployed(const std::shared_ptr<const lang::Compilation>& compilation) {
    return std::move(systems_of(compilation).front().world);
}

// The first function of that name in the world's first contract.
inline Call call_of(const World& world, const std::string& name, std::vector<lang::abi::Data> arguments = {},
                    Word value = {}) {
    const auto& functions = world.contracts().front().ir().functions;
    for (std::uint32_t i = 0; i < functions.size(); ++i)
        if (functions[i].name == name) return {DeployedIndex{0}, i, std::move(arguments), value};
    throw std::runtime_error("no function " + name);
}

}  // namespace interlock::analyzer::tests
