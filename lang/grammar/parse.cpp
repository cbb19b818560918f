// The entry: tokens, then the grammar over them.
#include "lang/parse.hpp"

#include "lang/grammar/rules.hpp"

namespace interlock::lang {

Tree parse(const SourceFile& file, Diagnostics& diagnostics) {
    Tree tree;
    std::vector<Token> tokens = lex(file, diagnostics);
    const std::size_t count = tokens.size();
    tokens.resize(count + grammar::lookahead_tokens, tokens.back());
    grammar::Builder builder(tree, diagnostics, std::span(tokens).first(count));
    grammar::Iterator first = builder.begin();
    try {
        const auto unit = grammar::x3::with<grammar::builder_tag>(std::ref(builder))[grammar::source_unit];
        grammar::x3::parse(first, builder.end(), unit);
    } catch (const grammar::NestedTooDeeply& failure) {
        builder.too_deep(failure.where);
    }
    return tree;
}

}  // namespace interlock::lang
