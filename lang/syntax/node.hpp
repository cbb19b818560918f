// The building blocks of syntax tree nodes: ids, and names with their places.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "lang/diagnostics/source.hpp"

namespace interlock::lang {

// An index into one of the Tree's arrays; 0 means "none" (index 0 of each array is a placeholder).
template <class Tag>
struct Id {
    std::uint32_t index = 0;
    explicit operator bool() const { return index != 0; }
    friend auto operator<=>(Id, Id) = default;
};

struct Name {
    std::string_view text;
    SourceRange range;
};

}  // namespace interlock::lang
