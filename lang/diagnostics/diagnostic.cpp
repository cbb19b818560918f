// Collects diagnostics. lang/diagnostics/render.cpp formats them.
#include "lang/diagnostics/diagnostic.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "lang/diagnostics/codes.hpp"

namespace interlock::lang {

Diagnostic& Diagnostics::error(std::string code, std::string message, SourceRange where, std::string label) {
    Diagnostic& result = ++errors_ <= files_ * max_errors ? list_.emplace_back() : (overflow_ = Diagnostic{});
    result.severity = Severity::Error;
    result.code = std::move(code);
    result.message = std::move(message);
    result.primary = {where, std::move(label)};
    return result;
}

Diagnostic& Diagnostics::warning(std::string code, std::string message, SourceRange where, std::string label) {
    Diagnostic& result = ++warnings_ <= files_ * max_warnings ? list_.emplace_back() : (overflow_ = Diagnostic{});
    result.severity = Severity::Warning;
    result.code = std::move(code);
    result.message = std::move(message);
    result.primary = {where, std::move(label)};
    return result;
}

void Diagnostics::add(Diagnostic diagnostic) {
    const auto [severity, where] = std::pair(diagnostic.severity, diagnostic.primary.range);
    (severity == Severity::Error ? error({}, {}, where) : warning({}, {}, where)) = std::move(diagnostic);
}

bool Diagnostics::has_errors_of(std::string_view code) const {
    return std::ranges::any_of(list_, [&](const Diagnostic& each) { return each.code == code; });
}

bool Diagnostics::is_told_at(std::uint32_t place) const {
    return std::ranges::any_of(list_, [&](const Diagnostic& each) {
        return each.severity == Severity::Error && each.primary.range.begin == place;
    });
}

void Diagnostics::sort_by_place() {
    const auto order = [](const Diagnostic& each) {
        return std::pair(each.code != code::import_not_found.id, each.primary.range.begin);
    };
    std::ranges::stable_sort(list_, {}, order);
}

void Diagnostics::sort_by_place(const Sources& sources, const std::vector<std::uint32_t>& rank) {
    const auto order = [&](const Diagnostic& each) {
        return std::tuple(each.code != code::import_not_found.id, rank[sources.number_of(each.primary.range)],
                          each.primary.range.begin);
    };
    std::ranges::stable_sort(list_, {}, order);
}

}  // namespace interlock::lang
