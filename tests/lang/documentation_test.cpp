// The manual keeps its word: its examples compile, its tables are the compiler's.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "lang/compile.hpp"
#include "lang/diagnostics/codes.hpp"
#include "lang/diagnostics/source.hpp"
#include "lang/loading/load.hpp"
#include "lang/lower/ssa.hpp"
#include "lang/program/rational.hpp"
#include "lang/syntax/parse.hpp"

namespace interlock::lang {
namespace {

namespace fs = std::filesystem;

const fs::path manual_path = fs::path(INTERLOCK_SOURCE_DIR) / "docs/language.md";
const fs::path readme_path = fs::path(INTERLOCK_SOURCE_DIR) / "README.md";

struct Example {
    std::string text;
    std::size_t line = 0;  // of its first line in the document
};

// Every ```solidity block, but for fragments: those leave something out with "…" or do not begin like a file.
std::vector<Example> examples_of(const std::string& document) {
    std::vector<Example> result;
    std::istringstream lines(document);
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        if (line != "```solidity") continue;
        Example example{.text = {}, .line = number + 1};
        while (std::getline(lines, line) && ++number && line != "```") example.text += line + '\n';
        const auto begins = [&](std::string_view word) { return example.text.starts_with(word); };
        const bool is_file = begins("pragma ") || begins("interface ") || begins("contract ");
        const bool is_whole = example.text.find("…") == std::string::npos;
        if (is_file && is_whole) result.push_back(std::move(example));
    }
    return result;
}

std::size_t compile_examples(const fs::path& document) {
    const std::vector<Example> examples = examples_of(read_file(document));
    for (const Example& example : examples) {
        const std::string name = fmt::format("{}:{}", document.filename().string(), example.line);
        const Compilation compilation = compile(name, example.text);
        EXPECT_EQ("", render(compilation.diagnostics, *compilation.sources, false));
        EXPECT_FALSE(compilation.artifacts.empty()) << name;
    }
    std::cout << fmt::format("{}: {} examples compiled\n", document.filename().string(), examples.size());
    return examples.size();
}

// The part between the two marks, which this test also writes.
constexpr std::string_view begin_mark = "<!-- codes: begin", end_mark = "<!-- codes: end -->";

std::string table_of_codes() {
    std::string table = "| code | what |\n|---|---|\n";
    for (const Code& each : all_codes) table += fmt::format("| {} | {} |\n", each.id, each.title);
    return table;
}

std::string with_table(std::string document, const std::string& table) {
    const std::size_t mark = document.find(begin_mark), end = document.find(end_mark);
    if (mark == std::string::npos || end == std::string::npos) return {};
    const std::size_t begin = document.find('\n', mark) + 1;
    return document.replace(begin, end - begin, table);
}

std::string with_commas(std::size_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
    return digits;
}

TEST(Documentation, EveryExampleOfTheManualCompiles) {
    EXPECT_GE(compile_examples(manual_path), 3u) << "examples were compiled";
}

TEST(Documentation, EveryExampleOfTheReadmeCompiles) { compile_examples(readme_path); }

TEST(Documentation, AnExampleThatLeavesSomethingOutIsAFragment) {
    const std::string document =
        "```solidity\ncontract A { … }\n```\n```solidity\nx = 1;\n```\n```sh\ncontract\n```\n"
        "```solidity\ncontract B {}\n```\n";
    const std::vector<Example> examples = examples_of(document);
    ASSERT_EQ(examples.size(), 1u);
    EXPECT_EQ(examples.front().text, "contract B {}\n");
    EXPECT_EQ(examples.front().line, 11u);
}

TEST(Documentation, TheManualListsEveryCode) {
    const std::string document = read_file(manual_path), wanted = with_table(document, table_of_codes());
    ASSERT_FALSE(wanted.empty());
    expect_file(manual_path, wanted);
}

TEST(Documentation, TheManualSaysOfEveryMissingConstructWhatItIs) {
    const std::string document = read_file(manual_path);
    const std::size_t begin = document.find("## Not supported yet"), end = document.find("## Limits");
    ASSERT_LT(begin, end);
    const std::string section = document.substr(begin, end - begin);
    for (const Code& each : all_codes) {
        const std::string_view id = each.id;
        if (!id.starts_with("E9") || id >= "E940") continue;
        EXPECT_NE(section.find(id), std::string::npos) << id << ": " << each.title;
    }
}

TEST(Documentation, TheManualGivesTheLimitsOfTheCompiler) {
    const std::string document = read_file(manual_path);
    const std::vector<std::string> rows{
        fmt::format("| a file | {} MiB |", Sources::max_file_bytes >> 20),
        fmt::format("| files of a compilation | {} |", with_commas(max_files)),
        fmt::format("| bytes of all files | {} MiB |", max_total_bytes >> 20),
        fmt::format("| tokens of a file | {} |", with_commas(max_tokens)),
        fmt::format("| blocks, parentheses and types inside each other | {} |", max_nesting),
        fmt::format("| `else if` after one `if` | {} | E105", with_commas(max_else_ifs)),
        fmt::format("| depth of one expression | {} |", with_commas(max_expression_depth)),
        fmt::format("| deployed code of a contract | {} bytes |", with_commas(max_runtime_code_bytes)),
        fmt::format("| creation code of a contract | {} bytes |", with_commas(max_creation_code_bytes)),
        fmt::format("| instructions of a function, before simplification | {} |", with_commas(lowering::max_instructions)),
        fmt::format("| branches of a function, before simplification | {} |", with_commas(lowering::max_blocks)),
        fmt::format("| numerator and denominator of a constant | {} bits |", with_commas(max_rational_bits)),
        fmt::format("| errors shown in one run | {} |", Diagnostics::max_errors),
    };
    for (const std::string& row : rows) EXPECT_NE(document.find(row), std::string::npos) << row;
}

}  // namespace
}  // namespace interlock::lang
