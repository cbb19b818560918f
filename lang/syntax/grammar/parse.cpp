// The entry point: reads tokens, then applies the grammar.
#include "lang/syntax/parse.hpp"

#include "lang/syntax/grammar/annotation.hpp"
#include "lang/syntax/grammar/rules.hpp"

namespace interlock::lang {

UnitId parse_into(Tree& tree, const SourceFile& file, Diagnostics& diagnostics, Levels levels) {
    std::vector<Comment> comments;
    std::vector<Token> tokens = lex(file, diagnostics, &comments, levels);
    const bool is_plain_solidity = file.path.ends_with(".sol");
    if (!is_plain_solidity && levels == Levels::all()) levels = Levels::only(newest_level);
    const std::size_t count = tokens.size();
    tokens.resize(count + grammar::lookahead_tokens, tokens.back());
    grammar::Builder builder(tree, diagnostics, file, std::span(tokens).first(count), levels);
    grammar::Iterator first = builder.begin();
    try {
        const auto unit = grammar::x3::with<grammar::builder_tag>(std::ref(builder))[grammar::source_unit];
        grammar::x3::parse(first, builder.end(), unit);
    } catch (const grammar::NestedTooDeeply& failure) {
        builder.too_deep(failure);
    }
    grammar::annotate(tree, builder, find_annotations(file, comments, diagnostics));
    tree.units[builder.unit().index].has_code = count > 1;
    return builder.unit();
}

Tree parse(const SourceFile& file, Diagnostics& diagnostics) {
    Tree tree;
    parse_into(tree, file, diagnostics);
    return tree;
}

}  // namespace interlock::lang
