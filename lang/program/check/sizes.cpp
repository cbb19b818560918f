// Types that are too large for where their values would lie: nothing of four gigabytes can be addressed there.
#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/program/rational.hpp"

namespace interlock::lang {
namespace {

class Sizes {
  public:
    explicit Sizes(Context& context) : context_(context) {}

    void run() {
        for (std::uint32_t i = 1; i < context_.tree.variables.size(); ++i) {
            const VariableId id{i};
            const TypeId type = context_.program[id].type;
            const DataLocation location = context_.types[type].location;
            if (location != DataLocation::Memory && location != DataLocation::Calldata) continue;
            if (words_of(type, 0) < too_many) continue;
            context_.report(code::wrong_location,
                            fmt::format("`{}` is too large for {}", context_.types.name(type),
                                        location == DataLocation::Memory ? "memory" : "call data"),
                            context_.tree[id].range);
        }
    }

  private:
    static constexpr std::uint64_t too_many = (std::uint64_t(1) << 32) / 32;
    static constexpr unsigned most_depth = 32;  // structs that contain themselves do so behind an array of any length

    // At least so many words, what lies elsewhere left out.
    [[nodiscard]] BigInteger words_of(TypeId id, unsigned depth) const {
        const Type& type = context_.types[id];
        if (depth > most_depth) return 1;
        if (type.kind == TypeKind::Array)
            return type.is_dynamic ? std::max<BigInteger>(inner_of(type.value, depth), 1)
                                   : BigInteger(to_integer(type.length) * words_of(type.value, depth + 1));
        if (type.kind != TypeKind::Struct) return 1;
        BigInteger words = 0;
        for (const VariableId field : context_.tree[type.structure].fields)
            words += words_of(context_.program[field].type, depth + 1);
        return words;
    }

    // An array of any length of arrays that are too large is no better; structs behind one may be this one again.
    [[nodiscard]] BigInteger inner_of(TypeId id, unsigned depth) const {
        return context_.types[id].kind == TypeKind::Array ? words_of(id, depth + 1) : BigInteger(1);
    }

    Context& context_;
};

}  // namespace

void check_sizes(Context& context) { Sizes(context).run(); }

}  // namespace interlock::lang
