// The pages of `interlock explain`, in tables by subject. Write one as
//
//     {code::name, R"(
//     What it means, and why.
//     )", R"(
//     contract Wrong {}
//     )", R"(
//     contract Right {}
//     )"},
//
// Leave out both examples if there is none. The line break that opens each text is not part of it.
#pragma once

#include <span>
#include <string_view>

#include "lang/diagnostics/codes.hpp"

namespace interlock::lang {

struct Page {
    Code code;
    std::string_view text, wrong = {}, right = {};
};

[[nodiscard]] std::span<const Page> reading_pages();
[[nodiscard]] std::span<const Page> syntax_pages();
[[nodiscard]] std::span<const Page> name_pages();
[[nodiscard]] std::span<const Page> type_pages();
[[nodiscard]] std::span<const Page> declaration_pages();
[[nodiscard]] std::span<const Page> inheritance_pages();
[[nodiscard]] std::span<const Page> specification_pages();
[[nodiscard]] std::span<const Page> limit_pages();

}  // namespace interlock::lang
