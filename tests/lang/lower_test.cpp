// Lowering: each program of fixtures/ir beside its IR as text. With INTERLOCK_UPDATE set the texts are written anew.
#include "lang/lower.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/parse.hpp"
#include "lang/source.hpp"

namespace interlock::lang {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const fs::path fixtures = fs::path(INTERLOCK_SOURCE_DIR) / "tests/lang/fixtures/ir";

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

struct Lowered {
    Sources sources;
    Diagnostics diagnostics;
    std::vector<std::shared_ptr<const ir::Contract>> contracts;

    explicit Lowered(std::string text) {
        const Tree tree = parse(sources.add("test.ilk", std::move(text)), diagnostics);
        const Program program = check(tree, sources, diagnostics);
        if (!diagnostics.has_errors()) contracts = lower(program, diagnostics);
    }
    std::string printed() const {
        std::string text;
        for (const auto& contract : contracts) text += (text.empty() ? "" : "\n") + ir::print(*contract);
        return text;
    }
    std::string errors() const { return render(diagnostics, sources, false); }
};

std::vector<std::string> programs() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(fixtures)) {
        if (entry.path().extension() == ".ilk") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

class LowerFixture : public testing::TestWithParam<std::string> {};

TEST_P(LowerFixture, GivesTheIrBesideIt) {
    const Lowered lowered(read(fixtures / (GetParam() + ".ilk")));
    ASSERT_FALSE(lowered.diagnostics.has_errors()) << lowered.errors();
    const fs::path expected = fixtures / (GetParam() + ".ir");
    if (std::getenv("INTERLOCK_UPDATE") != nullptr) std::ofstream(expected, std::ios::binary) << lowered.printed();
    EXPECT_EQ(lowered.printed(), read(expected));
}

TEST_P(LowerFixture, ObeysTheRulesOfTheIr) {
    const Lowered lowered(read(fixtures / (GetParam() + ".ilk")));
    for (const auto& contract : lowered.contracts) EXPECT_THAT(ir::verify(*contract), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Programs, LowerFixture, testing::ValuesIn(programs()),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace interlock::lang
