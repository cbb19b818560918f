// Source text laid out anew, in the manner of the Solidity style guide. Words, their order and the comments stay as they
// are: only white space changes.
#pragma once

#include <optional>
#include <string>

#include "lang/diagnostics/diagnostic.hpp"

namespace interlock::lang {

struct FormatOptions {
    std::size_t width = 120;  // columns
    bool strip = false;       // leave specifications out: plain Solidity comes out
};

// It gives std::nullopt where the file has errors, which are reported; or E999, where the result would not read like it.
[[nodiscard]] std::optional<std::string> format(const SourceFile& file, Diagnostics& diagnostics,
                                                const FormatOptions& options = {});

}  // namespace interlock::lang
