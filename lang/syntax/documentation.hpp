// The comments that document what stands behind them: `/** … */` and `///`.
// (Solidity documentation, "NatSpec Format". Which line breaks and blanks are kept is solc's.)
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lang/syntax/token.hpp"

namespace interlock::lang {

struct DocumentationComment {
    SourceRange range;
    std::string text;  // without its stars and slashes
};

// The last one in front of the token that begins at `offset`: a block, or lines without a gap between them. `comments`
// are those of the file, as lex() gives them.
[[nodiscard]] std::optional<DocumentationComment> documentation_before(const SourceFile& file,
                                                                       const std::vector<Comment>& comments,
                                                                       std::uint32_t offset);

// "MIT" of the comment `SPDX-License-Identifier: MIT`; std::nullopt where no comment says so.
[[nodiscard]] std::optional<std::string> license_of(const SourceFile& file, const std::vector<Comment>& comments);

}  // namespace interlock::lang
