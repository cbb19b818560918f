// A page for every diagnostic code: what it means, why the rule exists, a small wrong example and the corrected one.
// `interlock explain CODE` shows the pages; the tests compile both examples of each. The pages are in
// lang/diagnostics/explain/, by subject.
#pragma once

#include <optional>
#include <string_view>

namespace interlock::lang {

struct Explanation {
    std::string_view code, title;  // from lang/diagnostics/codes.hpp
    std::string_view text;         // lines of at most 96 columns, each with its end
    std::string_view wrong;        // a whole file that gives this code and no other
    std::string_view right;        // the same file, corrected; both are empty if no small file can show the error
};

// Returns the page of a code of lang/diagnostics/codes.hpp, or std::nullopt if there is no such code.
[[nodiscard]] std::optional<Explanation> explanation_of(std::string_view code);

}  // namespace interlock::lang
