// The pages of `interlock explain` keep their word: the wrong example gives exactly the code that it is for, the right
// one compiles without a remark.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "lang/compile.hpp"
#include "lang/diagnostics/codes.hpp"
#include "lang/diagnostics/explanations.hpp"
#include "lang/loading/load.hpp"
#include "lang/output/format.hpp"

namespace interlock::lang {
namespace {

// What no small file can show, and why. These pages say what to do instead.
const std::map<std::string_view, std::string_view> without_example{
    {"E001", "the file would be larger than 4 MiB"},
    {"E003", "the file would not be text, and could not be shown"},
    {"E005", "the file would not be UTF-8, and could not be shown"},
    {"E013", "it takes more than 1000 files"},
    {"E014", "the page itself would be shown in another order"},
    {"E105", "it takes 200 parentheses"},
    {"E942", "what is not supported yet changes with each version"},
    {"E950", "it takes 24 KiB of code"},
    {"E951", "no contract is known that leads there"},
    {"E999", "it is a fault of the compiler, not of a contract"},
};

// The one other file that examples import.
class NeighbourLoader : public Loader {
  public:
    File read(const std::string& path) override {
        return path == "IBank.ilk" ? File{.text = "interface IBank {}\n"} : File{};
    }
};

Compilation compile_example(std::string_view text) {
    NeighbourLoader loader;
    return compile("example.ilk", std::string(text), {.loader = &loader});
}

std::string rendered(const Compilation& compilation) { return render(compilation.diagnostics, *compilation.sources, false); }

std::size_t columns(std::string_view line) {
    return static_cast<std::size_t>(
        std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

template <typename Visit>
void for_each_page(Visit visit) {
    for (const Code& code : all_codes)
        if (const auto page = explanation_of(code.id)) visit(*page);
}

TEST(Explanations, ThereIsAPageForEveryCode) {
    for (const Code& code : all_codes) {
        const auto page = explanation_of(code.id);
        ASSERT_TRUE(page) << code.id << ": " << code.title;
        EXPECT_EQ(page->title, code.title);
        EXPECT_FALSE(page->text.empty()) << code.id;
    }
}

TEST(Explanations, EveryCodeBelongsToOneGroup) {
    for (const Code& code : all_codes) {
        const auto is_in = [&](const CodeGroup& group) { return std::string_view(code.id).starts_with(group.prefix); };
        EXPECT_EQ(std::ranges::count_if(code_groups, is_in), 1) << code.id;
    }
}

TEST(Explanations, ThereIsNoPageForAnythingElse) {
    for (const std::string_view code : {"", "E", "E000", "e301", "E3011", "R001"})
        EXPECT_FALSE(explanation_of(code)) << code;
}

TEST(Explanations, APageHasBothExamplesOrAReasonForNone) {
    for_each_page([](const Explanation& page) {
        const bool has_reason = without_example.contains(page.code);
        EXPECT_EQ(page.wrong.empty(), has_reason) << page.code;
        EXPECT_EQ(page.right.empty(), has_reason) << page.code;
    });
}

TEST(Explanations, TheWrongExampleGivesItsCodeAndNoOther) {
    for_each_page([](const Explanation& page) {
        if (page.wrong.empty()) return;
        const Compilation compilation = compile_example(page.wrong);
        std::set<std::string> codes;
        for (const Diagnostic& each : compilation.diagnostics.all()) codes.insert(each.code);
        EXPECT_EQ(codes, std::set<std::string>{std::string(page.code)}) << rendered(compilation);
    });
}

TEST(Explanations, TheRightExampleCompilesWithoutARemark) {
    for_each_page([](const Explanation& page) {
        if (page.right.empty()) return;
        EXPECT_EQ(rendered(compile_example(page.right)), "") << page.code;
    });
}

TEST(Explanations, TheRightExampleIsLaidOutAsTheFormatterDoes) {
    for_each_page([](const Explanation& page) {
        if (page.right.empty()) return;
        Sources sources;
        Diagnostics diagnostics;
        EXPECT_EQ(format(sources.add("example.ilk", std::string(page.right)), diagnostics), page.right) << page.code;
    });
}

TEST(Explanations, APageIsNotWiderThanATerminal) {
    for_each_page([](const Explanation& page) {
        for (std::string_view text : {page.text, page.wrong, page.right}) {
            EXPECT_TRUE(text.empty() || text.ends_with('\n')) << page.code;
            for (; !text.empty(); text.remove_prefix(text.find('\n') + 1)) {
                const std::string_view line = text.substr(0, text.find('\n'));
                EXPECT_LE(columns(line), 96u) << page.code << ": " << line;
            }
        }
    });
}

}  // namespace
}  // namespace interlock::lang
