// The forks' names, as test suites and command lines spell them.
#include "vm/fork.hpp"

#include <array>

namespace interlock::vm {
namespace {

constexpr std::array<std::string_view, fork_count> names = {
    "Frontier",       "Homestead",  "TangerineWhistle", "SpuriousDragon", "Byzantium",
    "Constantinople", "Petersburg", "Istanbul",         "Berlin",         "London",
    "Paris",          "Shanghai",   "Cancun",           "Prague",         "Osaka",
};

// Other names that the public test suites use.
struct Alias {
    std::string_view name;
    Fork fork;
};
constexpr std::array aliases = {
    Alias{"EIP150", Fork::TangerineWhistle},
    Alias{"EIP158", Fork::SpuriousDragon},
    Alias{"ConstantinopleFix", Fork::Petersburg},
    Alias{"Merge", Fork::Paris},
};

}  // namespace

std::string_view name_of(Fork fork) { return names.at(static_cast<std::size_t>(fork)); }

std::optional<Fork> parse_fork(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<Fork>(i);
    for (const Alias& alias : aliases)
        if (alias.name == name) return alias.fork;
    return std::nullopt;
}

}  // namespace interlock::vm
