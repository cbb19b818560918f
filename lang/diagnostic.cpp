// Collecting diagnostics. How they look is lang/render.cpp.
#include "lang/diagnostic.hpp"

#include <algorithm>
#include <utility>

namespace interlock::lang {

Diagnostic& Diagnostics::error(std::string code, std::string message, SourceRange where, std::string label) {
    Diagnostic& result = ++errors_ <= max_errors ? list_.emplace_back() : (overflow_ = Diagnostic{});
    result.severity = Severity::Error;
    result.code = std::move(code);
    result.message = std::move(message);
    result.primary = {where, std::move(label)};
    return result;
}

Diagnostic& Diagnostics::warning(std::string code, std::string message, SourceRange where, std::string label) {
    Diagnostic& result = ++warnings_ <= max_warnings ? list_.emplace_back() : (overflow_ = Diagnostic{});
    result.severity = Severity::Warning;
    result.code = std::move(code);
    result.message = std::move(message);
    result.primary = {where, std::move(label)};
    return result;
}

void Diagnostics::sort_by_place() {
    std::stable_sort(list_.begin(), list_.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.primary.range.begin < b.primary.range.begin; });
}

}  // namespace interlock::lang
