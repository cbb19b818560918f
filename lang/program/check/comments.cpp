// What comments say to tools: the license of a file, and the tags of documentation, which must fit what they stand at.
// (Solidity documentation, "SPDX License Identifier", "NatSpec Format".)
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/syntax/documentation.hpp"
#include "lang/syntax/documentation_tags.hpp"

namespace interlock::lang {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find_first_of(" \t\r\n")); }

// `custom:` and letters of lower case, the first one a letter, the others with `-` between them.
bool is_custom_tag(std::string_view name) {
    constexpr std::string_view prefix = "custom:";
    if (!name.starts_with(prefix) || name.size() == prefix.size() || name[prefix.size()] == '-') return false;
    return std::ranges::all_of(name.substr(prefix.size()), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

using Allowed = std::initializer_list<std::string_view>;

class Comments {
  public:
    explicit Comments(Context& context) : context_(context), tree_(context.tree) {
        for (const SourceFile& file : context.sources.files()) {
            comments_.emplace_back();
            const bool has_some = file.text.find("//") != std::string::npos || file.text.find("/*") != std::string::npos;
            Diagnostics told_already;
            if (has_some) (void)lex(file, told_already, &comments_.back());
        }
    }

    void run() {
        for (std::size_t number = 0; number < comments_.size(); ++number)
            if (!are_free(UnitId{static_cast<std::uint32_t>(number + 1)}))
                license(context_.sources.files()[number], comments_[number]);
        for (const ContractId id : tree_.top_contracts)
            if (!are_free(tree_[id].unit)) contract(id);
        for (const FunctionId id : tree_.top_functions) function(id, {});
        for (const EventId id : tree_.top_events) event(id);
        for (const ErrorId id : tree_.top_errors) error(id);
        for (const VariableId id : tree_.top_constants) open(tree_[id].range, "a constant outside of contracts", {"dev"});
    }

  private:
    [[nodiscard]] bool are_free(UnitId unit) const {
        return unit.index < tree_.units.size() && tree_[unit].dialect.has(rule::comments_are_free);
    }

    // --- licenses: outside of declarations ---

    [[nodiscard]] bool is_inside(SourceRange comment) const {
        const auto holds = [&](SourceRange range) { return range.begin <= comment.begin && comment.end <= range.end; };
        return std::ranges::any_of(tree_.top_contracts, [&](ContractId id) { return holds(tree_[id].range); }) ||
               std::ranges::any_of(tree_.top_functions, [&](FunctionId id) { return holds(tree_[id].range); });
    }

    void license(const SourceFile& file, const std::vector<Comment>& comments) {
        constexpr std::string_view mark = "SPDX-License-Identifier:";
        std::optional<SourceRange> first;
        for (const Comment& comment : comments) {
            const std::string_view text = std::string_view(file.text).substr(comment.range.begin - file.start,
                                                                             comment.range.end - comment.range.begin);
            for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at)) {
                const auto begin = comment.range.begin + static_cast<std::uint32_t>(at);
                at += mark.size();
                const std::optional<std::string_view> written = license_at(text.substr(at));
                at = std::min(text.find_first_of("\n\r", at), text.size());
                const SourceRange range{begin, comment.range.begin + static_cast<std::uint32_t>(at)};
                if (!written || is_inside(comment.range)) continue;
                check_license(*written, range, first);
                if (!first) first = range;
            }
        }
    }

    void check_license(std::string_view written, SourceRange range, const std::optional<SourceRange>& first) {
        const bool fits = !written.empty() && std::ranges::all_of(written, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   std::string_view(" ()+.-").find(c) != std::string_view::npos;
        });
        if (!fits)
            context_.report(code::bad_license, fmt::format("`{}` is no license", written), range)
                .helps.push_back("write an SPDX expression: `MIT`, `GPL-3.0-or-later`, `MIT OR Apache-2.0`");
        if (first)
            context_.report(code::bad_license, "a second license for this file", range)
                .secondary.push_back({*first, "the first one"});
    }

    // --- documentation ---

    void refuse(std::string message, std::string help = {}) {
        Diagnostic& diagnostic = context_.report(code::bad_documentation, std::move(message), where_);
        if (!help.empty()) diagnostic.helps.push_back(std::move(help));
    }

    // The tags in front of a declaration, after a look at their names.
    Tags open(SourceRange declaration, std::string_view what, Allowed allowed) {
        const SourceFile& file = context_.sources.file_of(declaration);
        std::size_t number = 0;
        while (&context_.sources.files()[number] != &file) ++number;
        const auto comment = documentation_before(file, comments_[number], declaration.begin);
        if (!comment || comment->text.find('@') == std::string::npos) return {};
        where_ = comment->range;
        Tags tags = read_tags(comment->text);
        for (const auto& [name, tag] : tags) {
            const std::string content(trimmed(tag.content));
            if (name == "param" && content.empty())
                refuse(tag.parameter.empty() ? "`@param` names no parameter"
                                             : fmt::format("`@param {}` says nothing about it", tag.parameter),
                       "write `@param name what it is`");
            if (name == "custom" || name.starts_with("custom:")) {
                if (!is_custom_tag(name))
                    refuse(fmt::format("`@{}` is no custom tag", name),
                           "its name is made of small letters and `-`: `@custom:security-contact`");
            } else if (std::ranges::find(allowed, name) == allowed.end()) {
                refuse(fmt::format("{} has no tag `@{}`", what, name),
                       fmt::format("it can have `@{}` and `@custom:…`", fmt::join(allowed, "`, `@")));
            }
        }
        return tags;
    }

    void contract(ContractId id) {
        open(tree_[id].range, "a contract", {"title", "author", "notice", "dev"});
        context_.names.enter(id);
        for (const FunctionId each : tree_[id].functions) function(each, id);
        for (const ModifierId each : tree_[id].modifiers) {
            const Modifier& modifier = tree_[each];
            const Tags tags = open(modifier.range, "a modifier", {"notice", "dev", "param", "inheritdoc"});
            parameters(tags, modifier.parameters);
            inherited(tags, id, [&](ContractId base) {
                return std::ranges::any_of(tree_[base].modifiers,
                                           [&](ModifierId other) { return tree_[other].name.text == modifier.name.text; });
            });
        }
        for (const EventId each : tree_[id].events) event(each);
        for (const ErrorId each : tree_[id].errors) error(each);
        for (const VariableId each : tree_[id].state_variables) state_variable(each, id);
    }

    void function(FunctionId id, ContractId contract) {
        const Function& function = tree_[id];
        if (function.is_ghost) return;
        if (function.kind == FunctionKind::Constructor)
            return parameters(open(function.range, "a constructor", {"author", "notice", "dev", "param"}),
                              function.parameters);
        const Tags tags = open(function.range, "a function", {"notice", "dev", "param", "return", "inheritdoc"});
        // `@param` may name a result, too.
        std::vector<VariableId> named = function.parameters;
        named.insert(named.end(), function.returns.begin(), function.returns.end());
        parameters(tags, named);
        results(tags, function.returns);
        const std::string& key = context_.program[id].key;
        inherited(tags, contract, [&](ContractId base) { return has_function(base, key); });
    }

    [[nodiscard]] bool has_function(ContractId contract, const std::string& key) const {
        return std::ranges::any_of(tree_[contract].functions, [&](FunctionId each) {
            return context_.program[each].key == key && tree_[each].visibility != Visibility::Private;
        });
    }

    void state_variable(VariableId id, ContractId contract) {
        if (tree_[id].is_ghost) return;
        const bool is_public = tree_[id].visibility == Visibility::Public;
        const Tags tags = is_public ? open(tree_[id].range, "a public variable", {"notice", "dev", "return", "inheritdoc"})
                                    : open(tree_[id].range, "a variable", {"notice", "dev", "inheritdoc"});
        const std::string& key = context_.program[id].getter_key;
        inherited(tags, contract, [&](ContractId base) { return is_public && has_function(base, key); });
    }

    void event(EventId id) {
        parameters(open(tree_[id].range, "an event", {"notice", "dev", "param", "return"}), tree_[id].parameters);
    }
    void error(ErrorId id) {
        parameters(open(tree_[id].range, "an error", {"notice", "dev", "param"}), tree_[id].parameters);
    }

    void parameters(const Tags& tags, const std::vector<VariableId>& declared) {
        for (auto [each, end] = tags.equal_range("param"); each != end; ++each) {
            const std::string& name = each->second.parameter;
            const bool is_known =
                std::ranges::any_of(declared, [&](VariableId id) { return !name.empty() && tree_[id].name.text == name; });
            if (!is_known && !(name.empty() && trimmed(each->second.content).empty()))
                refuse(fmt::format("there is no parameter `{}` here to document", name));
        }
    }

    // One tag for each result, in their order; that of a result with a name begins with it.
    void results(const Tags& tags, const std::vector<VariableId>& declared) {
        std::size_t number = 0;
        for (auto [each, end] = tags.equal_range("return"); each != end; ++each, ++number) {
            if (number >= declared.size()) return refuse("more results are documented than there are");
            const std::string_view name = tree_[declared[number]].name.text;
            if (!name.empty() && first_word(trimmed(each->second.content)) != name)
                refuse(fmt::format("the text of `@return` must begin with the result's name, `{}`", name));
        }
    }

    template <class Has>
    void inherited(const Tags& tags, ContractId contract, Has has) {
        const std::size_t count = tags.count("inheritdoc");
        if (count == 0) return;
        if (count > 1) return refuse("`@inheritdoc` is given twice");
        const std::string_view written = trimmed(tags.find("inheritdoc")->second.content);
        if (written.empty()) return refuse("`@inheritdoc` names no contract");
        const std::vector<lang::Declared>* found = contract ? context_.names.find(path_of(written)) : nullptr;
        const ContractId base =
            found && found->front().use.meaning == Meaning::Contract ? found->front().use.contract : ContractId{};
        if (!base && contract) {
            if (!context_.excuses_missing_names()) refuse(fmt::format("there is no contract `{}`", written));
        } else if (!contract || base == contract || !context_.types.is_a(contract, base) || !has(base)) {
            refuse(fmt::format("nothing of `{}` is overridden here", written));
        }
    }

    static Path path_of(std::string_view text) {
        Path path;
        while (true) {
            const std::size_t dot = text.find('.');
            path.parts.push_back({text.substr(0, dot), {}});
            if (dot == std::string_view::npos) return path;
            text.remove_prefix(dot + 1);
        }
    }

    Context& context_;
    const Tree& tree_;
    std::vector<std::vector<Comment>> comments_;  // by file
    SourceRange where_;                           // the comment that is being looked at
};

}  // namespace

void check_comments(Context& context) { Comments(context).run(); }

}  // namespace interlock::lang
