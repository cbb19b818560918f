// Semantic actions: how a rule fills its draft from what its parts read. `_val` is the draft, `_attr` the part.
#pragma once

#include "lang/grammar/terminals.hpp"

namespace interlock::lang::grammar {

// draft.member = part
template <auto member>
struct Set {
    template <class C>
    void operator()(const C& context) const {
        x3::_val(context).*member = std::move(x3::_attr(context));
    }
};
template <auto member>
inline constexpr Set<member> set{};

// draft.member = value
template <auto member, auto value>
struct Put {
    template <class C>
    void operator()(const C& context) const {
        x3::_val(context).*member = value;
    }
};
template <auto member, auto value = true>
inline constexpr Put<member, value> put{};

// draft.kind = value
template <auto value>
struct As {
    template <class C>
    void operator()(const C& context) const {
        x3::_val(context).kind = value;
    }
};
template <auto value>
inline constexpr As<value> as{};

// draft.member.push_back(part)
template <auto member>
struct Append {
    template <class C>
    void operator()(const C& context) const {
        (x3::_val(context).*member).push_back(std::move(x3::_attr(context)));
    }
};
template <auto member>
inline constexpr Append<member> append{};

// draft.member.push_back({}): a hole
template <auto member>
struct AppendHole {
    template <class C>
    void operator()(const C& context) const {
        (x3::_val(context).*member).push_back({});
    }
};
template <auto member>
inline constexpr AppendHole<member> append_hole{};

// draft.text = the token's
inline constexpr auto set_text = [](const auto& context) { x3::_val(context).text = x3::_attr(context).text; };

// The draft is the part.
struct Adopt {
    template <class C>
    void operator()(const C& context) const {
        x3::_val(context) = std::move(x3::_attr(context));
    }
};
inline constexpr Adopt adopt{};

// The part, a complete node, goes into the tree; its id is the result.
struct Store {
    template <class C>
    void operator()(const C& context) const {
        x3::_val(context) = builder_of(context).add(std::move(x3::_attr(context)));
    }
};
inline constexpr Store store{};

// The part, a complete declaration, goes to the open contract or the top level.
struct Declare {
    template <class C>
    void operator()(const C& context) const {
        builder_of(context).declare(std::move(x3::_attr(context)));
    }
};
inline constexpr Declare declare{};

// The last token that a part has read: X3's "where" is behind the part.
template <class C>
Iterator last_token(const C& context) {
    return x3::_where(context).begin() - 1;
}

// Reports the part's last token as something not supported yet.
template <const Code& what>
struct NotSupported {
    template <class C>
    void operator()(const C& context) const {
        builder_of(context).not_supported(what, last_token(context)->range);
    }
};
template <const Code& what>
inline constexpr NotSupported<what> not_supported{};

// Like set and append, for parts with recovery: none becomes an Error node, so that later stages meet no hole.
inline void fill(Builder& builder, ExprId& id, Iterator where) {
    if (!id) id = builder.missing_expr(where);
}
inline void fill(Builder& builder, StmtId& id, Iterator where) {
    if (!id) id = builder.missing_stmt(where);
}

template <auto member>
struct SetFilled {
    template <class C>
    void operator()(const C& context) const {
        fill(builder_of(context), x3::_attr(context), last_token(context));
        x3::_val(context).*member = x3::_attr(context);
    }
};
template <auto member>
inline constexpr SetFilled<member> set_filled{};

template <auto member>
struct AppendFilled {
    template <class C>
    void operator()(const C& context) const {
        fill(builder_of(context), x3::_attr(context), last_token(context));
        (x3::_val(context).*member).push_back(x3::_attr(context));
    }
};
template <auto member>
inline constexpr AppendFilled<member> append_filled{};

// --- rules ---

// INTERLOCK_RULE(name, attribute, what a user calls it): a rule with its own tag.
#define INTERLOCK_RULE(name, attribute, text) \
    struct name##_tag {};                     \
    constexpr x3::rule<name##_tag, attribute> name { text }

}  // namespace interlock::lang::grammar
