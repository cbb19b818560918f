// Finds documentation comments, `/** … */` and `///`, before declarations. (Solidity documentation, "NatSpec Format".
// Line breaks and spaces are kept as solc keeps them.)
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

// Returns the last comment before the token at `offset`: a block, or consecutive lines. `comments` are those of the
// file, as lex() returns them.
[[nodiscard]] std::optional<DocumentationComment> documentation_before(const SourceFile& file,
                                                                       const std::vector<Comment>& comments,
                                                                       std::uint32_t offset);

// Returns what stands behind `SPDX-License-Identifier:` in a text from that place on, perhaps on its next line, as solc
// reads it: nothing if nothing stands there, and an empty text for blanks alone.
[[nodiscard]] std::optional<std::string_view> license_at(std::string_view text);

// Returns "MIT" for the comment `SPDX-License-Identifier: MIT`, or std::nullopt if no comment has a license.
[[nodiscard]] std::optional<std::string> license_of(const SourceFile& file, const std::vector<Comment>& comments);

}  // namespace interlock::lang
