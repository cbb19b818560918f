#include "lang/diagnostics/explanations.hpp"

#include "lang/diagnostics/explain/pages.hpp"

namespace interlock::lang {
namespace {

std::string_view without_first_line_break(std::string_view text) { return text.substr(text.starts_with('\n') ? 1 : 0); }

}  // namespace

std::optional<Explanation> explanation_of(std::string_view code) {
    for (const auto& subject : {reading_pages, syntax_pages, name_pages, type_pages, declaration_pages, inheritance_pages,
                                specification_pages, limit_pages})
        for (const Page& page : subject())
            if (code == page.code.id)
                return Explanation{.code = page.code.id,
                                   .title = page.code.title,
                                   .text = without_first_line_break(page.text),
                                   .wrong = without_first_line_break(page.wrong),
                                   .right = without_first_line_break(page.right)};
    return std::nullopt;
}

}  // namespace interlock::lang
