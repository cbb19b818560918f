// What a documentation comment says, by its tags: `@param amount what is taken`.
// (Solidity documentation, "NatSpec Format".)
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace interlock::lang {

struct Tag {
    std::string parameter{};  // of @param
    std::string content{};
};
using Tags = std::multimap<std::string, Tag>;  // by name; alike ones in their order

// Text in front of the first tag is a notice.
[[nodiscard]] Tags read_tags(std::string_view comment);

}  // namespace interlock::lang
