#include "cli/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "lang/diagnostics/spelling.hpp"
#include "lang/loading/load.hpp"
#include "vm/jit/module.hpp"
#include "vm/jit/tier.hpp"

namespace interlock::cli {

namespace {

void require_choice(std::string_view option, const std::string& text, const std::vector<std::string_view>& choices) {
    if (std::ranges::find(choices, text) != choices.end()) return;
    std::string known;
    for (const std::string_view choice : choices) known += (known.empty() ? "" : ", ") + std::string(choice);
    const std::string_view similar = lang::closest(text, choices);
    const std::string meant = similar.empty() ? "" : fmt::format("; did you mean `{}`?", similar);
    throw UsageError{fmt::format("{} is one of {}, not `{}`{}", option, known, text, meant)};
}

// Formats a number: "0.01", "30", "86,400".
std::string shown(double value) {
    return value == std::floor(value) ? grouped(static_cast<std::uint64_t>(value)) : fmt::format("{}", value);
}

}  // namespace

bool Common::color_on(int file_descriptor) const {
    if (color == "always") return true;
    if (color == "never") return false;
    const char* no_color = std::getenv("NO_COLOR");
    return (!no_color || !*no_color) && isatty(file_descriptor);
}

Option flag(std::string_view name, std::string_view help, bool& is_given) {
    return {name, "", std::string(help), [&is_given](const std::string&) { is_given = true; }};
}

Option text(std::string_view name, std::string_view value, std::string_view help, std::string& target) {
    const std::string preset = target.empty() ? "" : " (" + target + ")";
    return {name, value, std::string(help) + preset, [&target](const std::string& text) { target = text; }};
}

Option repeated(std::string_view name, std::string_view value, std::string_view help, std::vector<std::string>& target) {
    return {name, value, std::string(help) + "; repeatable", [&target](const std::string& text) { target.push_back(text); }};
}

Option one_of(std::string_view name, std::string_view value, std::string_view help, std::vector<std::string_view> choices,
              std::string& target) {
    return {name, value, std::string(help), [=, &target](const std::string& text) {
                require_choice(name, text, choices);
                target = text;
            }};
}

Option some_of(std::string_view name, std::string_view value, std::string_view help, std::vector<std::string_view> choices,
               std::vector<std::string>& target) {
    return {name, value, std::string(help), [=, &target](const std::string& text) {
                for (std::size_t begin = 0; begin <= text.size();) {
                    const std::size_t end = std::min(text.find(',', begin), text.size());
                    const std::string each = text.substr(begin, end - begin);
                    require_choice(name, each, choices);
                    if (std::ranges::find(target, each) == target.end()) target.push_back(each);
                    begin = end + 1;
                }
            }};
}

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
    return digits;
}

std::uint64_t whole_number(std::string_view option, const std::string& text, std::uint64_t least, std::uint64_t most) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most)
        throw UsageError{
            fmt::format("{} is a whole number from {} to {}, not `{}`", option, grouped(least), grouped(most), text)};
    return value;
}

double seconds(std::string_view option, const std::string& text, double least, double most) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
    if (!is_number || value < least || value > most)
        throw UsageError{
            fmt::format("{} is a number of seconds from {} to {}, not `{}`", option, shown(least), shown(most), text)};
    return value;
}

Option color_option(Common& common) {
    return one_of("--color", "WHEN", "auto (the default), always or never", {"auto", "always", "never"}, common.color);
}

std::vector<Option> output_options(Common& common) {
    return {flag("--json", "print one JSON document instead of text", common.json), color_option(common)};
}

Option threads_option(unsigned& threads) {
    const auto set = [&threads](const std::string& text) {
        threads = static_cast<unsigned>(whole_number("-j", text, 1, 256));
    };
    return {"-j", "N", "threads (as many as there are processors; 1 to 256)", set};
}

Option jit_option() {
    const auto set = [](const std::string& text) {
        require_choice("--jit", text, {"auto", "always", "never"});
        const vm::NativeTier tier = vm::parse_native_tier(text).value();
        if (tier == vm::NativeTier::Always && !vm::has_native_compiler())
            throw UsageError{
                "--jit always needs libinterlock_jit.so, which is built where LLVM 19 is (./interlock --with-jit)"};
        vm::set_native_tier(tier);
    };
    return {"--jit", "WHEN", "native code: auto (the default), always (compiled before it first runs) or never", set};
}

std::vector<Option> import_options(Common& common) {
    const auto add_remapping = [&common](const std::string& text) {
        if (!lang::parse_remapping(text))
            throw UsageError{"--remap is of the form prefix=target, for example @lib/=lib/src/, not `" + text + "`"};
        common.remappings.push_back(text);
    };
    return {repeated("--include-path", "FOLDER", "where imported files are looked for", common.include_paths),
            {"--remap", "PREFIX=TARGET", "for the paths of imports; repeatable", add_remapping}};
}

std::vector<Option> joined(std::initializer_list<std::vector<Option>> lists) {
    std::vector<Option> all;
    for (const std::vector<Option>& list : lists) all.insert(all.end(), list.begin(), list.end());
    return all;
}

}  // namespace interlock::cli
