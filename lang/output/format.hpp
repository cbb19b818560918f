// Formats source text in the manner of the Solidity style guide. Words, their order and comments stay as they are; only
// white space changes.
#pragma once

#include <optional>
#include <string>

#include "lang/diagnostics/diagnostic.hpp"

namespace interlock::lang {

struct FormatOptions {
    std::size_t width = 120;  // columns
    bool strip = false;       // leave out specifications, so that plain Solidity remains
};

// Returns std::nullopt if the file has errors, which are reported, or if the result would not have the same meaning (E999).
[[nodiscard]] std::optional<std::string> format(const SourceFile& file, Diagnostics& diagnostics,
                                                const FormatOptions& options = {});

}  // namespace interlock::lang
