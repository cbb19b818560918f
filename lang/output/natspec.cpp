#include "lang/output/natspec.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "lang/abi/abi.hpp"
#include "lang/program/data_layout.hpp"
#include "lang/program/dispatch.hpp"
#include "lang/program/raised.hpp"
#include "lang/syntax/documentation_tags.hpp"

namespace interlock::lang {

namespace {

bool is_space_or_tab(char c) { return c == ' ' || c == '\t'; }

std::string text_of(const Tags& tags, const std::string& name) {
    std::string text;
    for (auto [each, end] = tags.equal_range(name); each != end; ++each) text += each->second.content;
    return text;
}

// --- a contract ---

class ContractComments {
  public:
    ContractComments(const Program& program, ContractId contract, const std::vector<std::vector<Comment>>& comments)
        : program_(program), tree_(*program.tree), contract_(contract), comments_(comments) {}

    ContractDocumentation read() {
        const Tags own = tags_at(tree_[contract_].range.begin);
        made_.user = {{"kind", "user"}, {"version", 1}, {"methods", Json::object()}};
        made_.developer = details(own);
        made_.developer.take({{"kind", "dev"}, {"version", 1}, {"methods", Json::object()}});
        if (const std::string notice = text_of(own, "notice"); !notice.empty()) made_.user["notice"] = notice;
        if (const FunctionId constructor = own_function(tree_, contract_, FunctionKind::Constructor))
            add_method("constructor", tags_at(tree_[constructor].range.begin), {});
        add_functions();
        add_state_variables();
        const Raised raised = raised_by(program_, contract_);
        add_events(raised);
        add_errors(raised);
        return std::move(made_);
    }

  private:
    [[nodiscard]] Tags tags_at(std::uint32_t offset) const {
        const SourceFile& file = program_.sources->file_of({offset, offset});
        std::size_t number = 0;
        while (&program_.sources->files()[number] != &file) ++number;
        const auto comment = documentation_before(file, comments_[number], offset);
        return comment ? read_tags(comment->text) : Tags{};
    }

    static Json details(const Tags& tags) {
        Json json = Json::object();
        for (const auto& [name, shown] : {std::pair{"author", "author"}, {"title", "title"}, {"dev", "details"}})
            if (const std::string text = text_of(tags, name); !text.empty()) json[shown] = text;
        for (const auto& [name, tag] : tags) {
            if (name.starts_with("custom:")) json[name] = text_of(tags, name);
            if (name == "param") json["params"][tag.parameter] = tag.content;
        }
        return json;
    }

    // Returns the text after the name of each result; for a result without a name, the whole text under "_0".
    static Json results(const Tags& tags, const std::vector<std::string_view>& names) {
        Json json = Json::object();
        std::size_t number = 0;
        for (auto [each, end] = tags.equal_range("return"); each != end && number < names.size(); ++each, ++number) {
            std::string name(names[number]), content = each->second.content;
            if (name.empty()) {
                name = "_" + std::to_string(number);
            } else {
                const std::size_t word_end = content.find_first_of(" \t");
                if (word_end != std::string::npos) content = content.substr(word_end + 1);  // else solc repeats the name
            }
            if (!content.empty()) json[name] = content;
        }
        return json;
    }

    void add_method(const std::string& signature, const Tags& tags, const std::vector<std::string_view>& result_names) {
        if (const std::string notice = text_of(tags, "notice"); !notice.empty())
            made_.user["methods"][signature]["notice"] = notice;
        Json method = details(tags);
        if (const Json found = results(tags, result_names); !found.empty()) method["returns"] = found;
        if (!method.empty()) made_.developer["methods"][signature] = method;
    }

    // --- functions and what they inherit ---

    [[nodiscard]] std::vector<std::string_view> names_of(const std::vector<VariableId>& variables) const {
        std::vector<std::string_view> names;
        for (const VariableId each : variables) names.push_back(tree_[each].name.text);
        return names;
    }

    [[nodiscard]] std::vector<FunctionId> overridden(ContractId contract, const std::string& key) const {
        std::vector<FunctionId> found;
        for (const BaseUse& base : program_[contract].bases) {
            const auto& functions = tree_[base.contract].functions;
            const auto here = std::ranges::find_if(functions, [&](FunctionId each) { return program_[each].key == key; });
            for (const FunctionId each : here != functions.end() ? std::vector{*here} : overridden(base.contract, key))
                if (std::ranges::find(found, each) == found.end()) found.push_back(each);
        }
        return found;
    }

    // Returns the function that `@inheritdoc Base` means: Base's own, or the one that Base inherits.
    [[nodiscard]] FunctionId named_base(const Tags& tags, ContractId contract, const std::string& key) const {
        const auto tag = tags.find("inheritdoc");
        if (tag == tags.end()) return {};
        std::string name = tag->second.content;
        while (!name.empty() && (is_space_or_tab(name.back()) || name.back() == '\r')) name.pop_back();
        name = name.substr(name.rfind('.') + 1);
        for (const ContractId base : program_[contract].linearization) {
            if (tree_[base].name.text != name) continue;
            for (const FunctionId each : tree_[base].functions)
                if (program_[each].key == key) return each;
            const auto further = overridden(base, key);
            return further.empty() ? FunctionId{} : further.front();
        }
        return {};
    }

    [[nodiscard]] Tags tags_of(FunctionId id) const {
        const Function& function = tree_[id];
        Tags tags = tags_at(function.range.begin);
        const ContractId owner = function.scope.contract;
        const std::string& key = program_[id].key;
        if (key.empty() || function.kind == FunctionKind::Constructor) return tags;
        if (const FunctionId base = named_base(tags, owner, key)) {
            take_missing(tags, base, names_of(function.returns));
        } else if (tags.empty()) {
            const auto bases = overridden(owner, key);
            if (bases.size() == 1 && names_of(tree_[bases[0]].parameters) == names_of(function.parameters))
                take_missing(tags, bases[0], names_of(function.returns));
        }
        return tags;
    }

    void take_missing(Tags& tags, FunctionId base, const std::vector<std::string_view>& result_names) const {
        const Tags source = tags_of(base);
        const Tags had = tags;
        std::size_t number = 0;
        for (const auto& [name, tag] : source) {
            if (name == "inheritdoc" || had.contains(name) || name.starts_with("custom")) continue;
            Tag taken = tag;
            if (name == "return" && number < result_names.size()) {
                const std::string_view wanted = result_names[number];
                const std::size_t word_end = tag.content.find_first_of(" \t");
                if (tag.content.substr(0, word_end) != wanted) {
                    const bool is_named =
                        number < tree_[base].returns.size() && !tree_[tree_[base].returns[number]].name.text.empty();
                    const bool keeps = word_end == std::string::npos || !is_named;
                    taken.content = (wanted.empty() ? "" : std::string(wanted) + " ") +
                                    (keeps ? tag.content : tag.content.substr(word_end + 1));
                }
                ++number;
            }
            tags.emplace(name, std::move(taken));
        }
    }

    void add_functions() {
        std::set<std::string> seen;
        for (const ContractId base : program_[contract_].linearization) {
            for (const FunctionId id : tree_[base].functions) {
                const Function& function = tree_[id];
                const bool is_called =
                    function.visibility == Visibility::Public || function.visibility == Visibility::External;
                if (function.kind != FunctionKind::Function || !is_called || function.is_ghost) continue;
                const std::string& signature = program_[id].signature;
                if (seen.insert(signature).second) add_method(signature, tags_of(id), names_of(function.returns));
            }
            for (const VariableId id : tree_[base].state_variables) {
                if (tree_[id].visibility != Visibility::Public) continue;
                const std::string signature = getter_signature(id);
                if (!seen.insert(signature).second) continue;
                if (const std::string notice = text_of(tags_of(id), "notice"); !notice.empty())
                    made_.user["methods"][signature]["notice"] = notice;
            }
        }
    }

    // --- state variables ---

    [[nodiscard]] std::string getter_signature(VariableId id) const {
        return data::signature(program_, tree_[id].name.text, data::getter_keys(program_, program_[id].type));
    }

    [[nodiscard]] Tags tags_of(VariableId id) const {
        Tags tags = tags_at(tree_[id].range.begin);
        const std::string& key = program_[id].getter_key;
        const ContractId owner = tree_[id].scope.contract;
        if (key.empty()) return tags;
        if (const FunctionId base = named_base(tags, owner, key)) {
            take_missing(tags, base, getter_results(id));
        } else if (tags.empty()) {
            const auto bases = overridden(owner, key);
            if (bases.size() == 1) take_missing(tags, bases[0], getter_results(id));
        }
        return tags;
    }

    // Returns the names of the getter's results: for a struct those of its fields.
    [[nodiscard]] std::vector<std::string_view> getter_results(VariableId id) const {
        TypeId end = program_[id].type;
        TypeNameId written = tree_[id].type;
        std::string_view name;  // of a mapping's value
        for (; program_[end].kind == TypeKind::Mapping || program_[end].kind == TypeKind::Array; end = program_[end].value) {
            if (program_[end].kind == TypeKind::Mapping) name = tree_[written].value_name.text;
            written = tree_[written].value;
        }
        if (program_[end].kind != TypeKind::Struct) return {name};
        std::vector<std::string_view> names;
        for (const VariableId field : tree_[program_[end].structure].fields) {
            const TypeKind kind = program_[program_[field].type].kind;
            if (kind != TypeKind::Mapping && kind != TypeKind::Array) names.push_back(tree_[field].name.text);
        }
        return names;
    }

    void add_state_variables() {
        for (const VariableId id : tree_[contract_].state_variables) {
            if (tree_[id].is_ghost) continue;
            const Tags tags = tags_of(id);
            Json json = details(tags);
            if (tags.count("return") == 1) json["return"] = text_of(tags, "return");
            if (const Json found = results(tags, getter_results(id)); !found.empty()) json["returns"] = found;
            if (!json.empty()) made_.developer["stateVariables"][std::string(tree_[id].name.text)] = json;
        }
    }

    // --- events and errors ---

    template <class Declaration>
    [[nodiscard]] std::string signature_of(const Declaration& declaration) const {
        return data::signature(program_, declaration.name.text, declaration.parameters);
    }

    // An event that several declarations share has the text of the contract's own or an inherited one; among others the
    // text of none.
    void add_events(const Raised& raised) {
        std::map<std::string, EventId> documented;
        for (const ContractId base : program_[contract_].linearization)
            for (const EventId event : tree_[base].events) documented.try_emplace(signature_of(tree_[event]), event);
        std::map<std::string, std::size_t> emitted;
        for (const EventId event : raised.emitted) ++emitted[signature_of(tree_[event])];
        for (const EventId event : raised.emitted)
            if (const std::string signature = signature_of(tree_[event]); emitted[signature] == 1)
                documented.try_emplace(signature, event);
        for (const auto& [signature, event] : documented) {
            const Tags tags = tags_at(tree_[event].range.begin);
            const std::string notice = text_of(tags, "notice");
            if (!notice.empty()) made_.user["events"][signature]["notice"] = notice;
            if (const Json developer = details(tags); !developer.empty()) made_.developer["events"][signature] = developer;
        }
    }

    void add_errors(const Raised& raised) {
        for (const ErrorId error : raised.errors) {
            const std::string signature = signature_of(tree_[error]);
            const Tags tags = tags_at(tree_[error].range.begin);
            const std::string notice = text_of(tags, "notice");
            if (!notice.empty()) made_.user["errors"][signature].push_back(Json{{"notice", notice}});
            if (const Json developer = details(tags); !developer.empty())
                made_.developer["errors"][signature].push_back(developer);
        }
    }

    const Program& program_;
    const Tree& tree_;
    ContractId contract_;
    const std::vector<std::vector<Comment>>& comments_;
    ContractDocumentation made_;
};

}  // namespace

ContractDocumentation documentation_of(const Program& program, ContractId contract,
                                       const std::vector<std::vector<Comment>>& comments) {
    return ContractComments(program, contract, comments).read();
}

}  // namespace interlock::lang
