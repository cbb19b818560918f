// A page for every diagnostic code: what it means, why the rule is there, a small wrong example and the corrected one.
// `interlock explain CODE` shows them; the tests compile both examples of each. The pages themselves lie in
// lang/diagnostics/explain/, by subject.
#pragma once

#include <optional>
#include <string_view>

namespace interlock::lang {

struct Explanation {
    std::string_view code, title;  // from lang/diagnostics/codes.hpp
    std::string_view text;         // lines of at most 96 columns, the last one ended too
    std::string_view wrong;        // a whole file that gives this code and no other
    std::string_view right;  // the same, mended. Both are empty where no small file can show it: the text says what to do
};

// The page of a code as it stands in lang/diagnostics/codes.hpp; std::nullopt where there is no such code.
[[nodiscard]] std::optional<Explanation> explanation_of(std::string_view code);

}  // namespace interlock::lang
