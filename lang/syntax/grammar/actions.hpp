// Semantic actions fill a rule's draft from what its parts read. `_val` is the draft, `_attr` the part.
#pragma once

#include "lang/syntax/grammar/terminals.hpp"

namespace interlock::lang::grammar {

// Returns the last token of a part; X3's "where" is after the part.
template <class C>
Iterator last_token(const C& context) {
    return x3::_where(context).begin() - 1;
}

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

// Sets a member that must still have its default.
template <auto member>
struct SetOnce {
    template <class C>
    void operator()(const C& context) const {
        auto& value = x3::_val(context).*member;
        if (value != std::decay_t<decltype(value)>{}) builder_of(context).repeated_attribute(last_token(context));
        value = x3::_attr(context);
    }
};
template <auto member>
inline constexpr SetOnce<member> set_once{};

template <auto member>
struct PutOnce {
    template <class C>
    void operator()(const C& context) const {
        bool& value = x3::_val(context).*member;
        if (value) builder_of(context).repeated_attribute(last_token(context));
        value = true;
    }
};
template <auto member>
inline constexpr PutOnce<member> put_once{};

template <auto member>
struct SetList {
    template <class C>
    void operator()(const C& context) const {
        x3::_val(context).*member = std::move(x3::_attr(context).list);
    }
};
template <auto member>
inline constexpr SetList<member> set_list{};

// override(A, B): sets the member's flag and list, once.
inline constexpr auto take_overrides = [](const auto& context) {
    auto& node = x3::_val(context);
    if (node.is_override) builder_of(context).repeated_attribute(last_token(context));
    node.is_override = true;
    node.overrides = std::move(x3::_attr(context).list);
};

// draft.text = the token's text
inline constexpr auto set_text = [](const auto& context) { x3::_val(context).text = x3::_attr(context).text; };

// The part becomes the draft.
struct Adopt {
    template <class C>
    void operator()(const C& context) const {
        x3::_val(context) = std::move(x3::_attr(context));
    }
};
inline constexpr Adopt adopt{};

// Stores the part, a complete node, in the tree; its id is the result.
struct Store {
    template <class C>
    void operator()(const C& context) const {
        x3::_val(context) = builder_of(context).add(std::move(x3::_attr(context)));
    }
};
inline constexpr Store store{};

// Adds the part, a complete declaration, to the open contract or the top level.
struct Declare {
    template <class C>
    void operator()(const C& context) const {
        builder_of(context).declare(std::move(x3::_attr(context)));
    }
};
inline constexpr Declare declare{};

// Like set and append, for parts with recovery: a missing part becomes an Error node, so that later stages meet no hole.
inline void fill(Builder& builder, ExprId& id, Iterator where) {
    if (!id) id = builder.missing_expr(where);
}
inline void fill(Builder& builder, StmtId& id, Iterator where) {
    if (!id) id = builder.missing_stmt(where);
}
inline void fill(Builder& builder, YulStmtId& id, Iterator where) {
    if (!id) id = builder.missing_yul(where);
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

// INTERLOCK_RULE(name, attribute, description for users): a rule with its own tag.
#define INTERLOCK_RULE(name, attribute, text) \
    struct name##_tag {};                     \
    constexpr x3::rule<name##_tag, attribute> name { text }

}  // namespace interlock::lang::grammar
