// interlock demo: finds, replays and explains the DAO attack, then shows and proves its fix. Nothing here is canned:
// every figure comes from the same `check` that a user runs, on contracts/bank.ilk and contracts/bank_fixed.ilk.
#include <unistd.h>

#include <iostream>
#include <sstream>

#include "analyzer/report/report_text.hpp"
#include "cli/command.hpp"
#include "cli/demo_sources.hpp"

namespace interlock::cli {

namespace {

class Demo {
  public:
    explicit Demo(bool color) : color_(color) {}

    int run() {
        title("1. A bank that hands out the money before it writes that down");
        listing(bank_source);
        const analyzer::Report attack = check("bank.ilk", bank_source);
        title("2. interlock check bank.ilk");
        const auto compilation = compiled("bank.ilk", bank_source);
        std::cout << analyzer::to_text(attack, *compilation->sources, {}, {color_});
        title("3. The fix: debit first, then pay");
        difference(code_of(bank_source), code_of(bank_fixed_source));
        title("4. interlock check bank_fixed.ilk");
        const analyzer::Report proof = check("bank_fixed.ilk", bank_fixed_source);
        std::cout << analyzer::to_text(proof, *compilation->sources, {}, {color_});
        title("5. What to type next");
        std::cout << "  ./interlock check contracts/bank.ilk            the same attack, written to interlock-out/\n"
                     "  ./interlock replay interlock-out/bank.Bank.solvent.trace.json\n"
                     "  ./interlock check contracts/dao.ilk             a small DAO in the shape of the real one\n"
                     "  ./interlock run contracts/bank.ilk 'deposit()' --from alice --value 2ether\n"
                     "  ./interlock explain R001\n";
        return attack.has_exploit() && proof.all_safe() ? exit_ok : exit_internal;
    }

  private:
    static std::shared_ptr<const lang::Compilation> compiled(std::string_view name, std::string_view text) {
        return std::make_shared<const lang::Compilation>(lang::compile(std::string(name), std::string(text)));
    }

    static analyzer::Report check(std::string_view name, std::string_view text) {
        return analyzer::check(compiled(name, text));
    }

    std::string paint(std::string_view code, const std::string& text) const {
        return color_ ? "\033[" + std::string(code) + "m" + text + "\033[0m" : text;
    }

    void title(const std::string& text) const { std::cout << "\n" << paint("1", text) << "\n\n"; }

    // Returns the contract itself, without the comment at the head of its file.
    static std::vector<std::string> code_of(std::string_view source) {
        std::vector<std::string> lines;
        std::istringstream text{std::string(source)};
        for (std::string line; std::getline(text, line);)
            if (!lines.empty() || line.starts_with("contract ")) lines.push_back(line);
        return lines;
    }

    static void listing(std::string_view source) {
        for (const std::string& line : code_of(source)) std::cout << "    " << line << "\n";
    }

    // Prints the difference line by line, using the longest common subsequence.
    void difference(const std::vector<std::string>& before, const std::vector<std::string>& after) const {
        const std::size_t n = before.size(), m = after.size();
        std::vector<std::vector<std::size_t>> common(n + 1, std::vector<std::size_t>(m + 1));
        for (std::size_t i = n; i-- > 0;)
            for (std::size_t j = m; j-- > 0;)
                common[i][j] =
                    before[i] == after[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
        struct Line {
            char mark;
            const std::string* text;
        };
        std::vector<Line> lines;
        for (std::size_t i = 0, j = 0; i < n || j < m;) {
            if (i < n && j < m && before[i] == after[j]) lines.push_back({' ', &before[i]}), ++i, ++j;
            else if (j == m || (i < n && common[i + 1][j] >= common[i][j + 1])) lines.push_back({'-', &before[i++]});
            else lines.push_back({'+', &after[j++]});
        }
        constexpr std::size_t around = 2;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            bool is_near = false;
            for (std::size_t k = i < around ? 0 : i - around; k <= i + around && k < lines.size(); ++k)
                is_near |= lines[k].mark != ' ';
            if (!is_near) continue;
            const std::string text = std::string("  ") + lines[i].mark + " " + *lines[i].text;
            std::cout << (lines[i].mark == '-'   ? paint("31", text)
                          : lines[i].mark == '+' ? paint("32", text)
                                                 : text)
                      << "\n";
        }
    }

    bool color_;
};

}  // namespace

Command demo_command() {
    auto common = std::make_shared<Common>();
    return {.name = "demo",
            .help = "the DAO attack found, replayed, explained, and its fix proved",
            .options = {color_option(*common)},
            .run = [common] { return Demo(common->color_on(STDOUT_FILENO)).run(); }};
}

}  // namespace interlock::cli
