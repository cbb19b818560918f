#include "lang/output/standard_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "lang/abi/abi.hpp"
#include "lang/codegen/link.hpp"
#include "lang/output/abi_json.hpp"
#include "lang/output/ast/ast.hpp"
#include "lang/output/json.hpp"
#include "lang/output/metadata.hpp"
#include "lang/output/storage_layout.hpp"
#include "lang/program/data_layout.hpp"
#include "lang/program/dispatch.hpp"
#include "lang/program/program.hpp"
#include "lang/program/raised.hpp"
#include "vm/opcodes.hpp"

namespace interlock::lang {

namespace {

// --- instructions ---

std::size_t next_instruction(vm::ByteView code, std::size_t pc) { return pc + 1 + vm::info(code[pc]).immediate; }

std::string opcodes_of(vm::ByteView code) {
    std::string text;
    for (std::size_t pc = 0; pc < code.size(); pc = next_instruction(code, pc)) {
        const vm::OpcodeInfo& info = vm::info(code[pc]);
        text += text.empty() ? "" : " ";
        text += info.exists() ? std::string(info.name) : fmt::format("{:#04x}", code[pc]);
        if (info.immediate == 0) continue;
        const std::size_t end = std::min(code.size(), next_instruction(code, pc));
        text += " " + vm::to_hex(code.subspan(pc + 1, end - pc - 1));
    }
    return text;
}

// --- interfaces ---

// The parameters and results of everything that an interface can contain, by kind and signature.
class InternalTypes {
  public:
    InternalTypes(const Program& program, ContractId contract)
        : program_(program), tree_(*program.tree), is_library_(tree_[contract].kind == ContractKind::Library) {
        const Raised raised = raised_by(program, contract);
        for (const EventId each : raised.events) add("event", tree_[each].name, types_of(tree_[each].parameters), {});
        for (const ErrorId each : raised.errors) add("error", tree_[each].name, types_of(tree_[each].parameters), {});
        for (const ContractId each : program[contract].linearization) {
            for (const FunctionId function : tree_[each].functions) {
                const bool is_constructor = tree_[function].kind == FunctionKind::Constructor;
                if (is_constructor && each != contract) continue;
                const Name name = is_constructor ? Name{} : tree_[function].name;
                add(is_constructor ? "constructor" : "function", name, types_of(tree_[function].parameters),
                    types_of(tree_[function].returns));
            }
            for (const VariableId variable : tree_[each].state_variables)
                if (tree_[variable].visibility == Visibility::Public) getter(variable);
        }
    }

    void add_to(Json& abi) const {
        for (Json& entry : abi.elements()) {
            if (!entry.contains("inputs")) continue;
            const Json* name = entry.find("name");
            std::string key = entry["type"].string() + " " + (name == nullptr ? "" : name->string()) + "(";
            for (const Json& input : entry["inputs"].elements()) key += name_of_encoding(input) + ",";
            const auto known = known_.find(key);
            if (known == known_.end()) continue;
            const bool names_types = is_library_ && entry["type"].string() == "function";
            annotate(entry["inputs"], known->second.first, names_types);
            if (entry.contains("outputs")) annotate(entry["outputs"], known->second.second, names_types);
        }
    }

  private:
    using Types = std::vector<TypeId>;

    [[nodiscard]] Types types_of(const std::vector<VariableId>& variables) const {
        Types types;
        for (const VariableId each : variables) types.push_back(program_[each].type);
        return types;
    }

    void add(std::string_view kind, const Name& name, const Types& inputs, const Types& outputs) {
        std::string key = fmt::format("{} {}(", kind, name.text);
        for (const TypeId type : inputs) {
            if (!data::is_encodable(program_, type)) return;  // for example of an internal function
            key += data::abi_name(program_, type) + ",";
        }
        known_.try_emplace(key, inputs, outputs);
    }

    void getter(VariableId variable) {
        Types inputs, outputs;
        TypeId end = program_[variable].type;
        for (; program_[end].kind == TypeKind::Mapping || program_[end].kind == TypeKind::Array; end = program_[end].value)
            inputs.push_back(program_[end].kind == TypeKind::Array ? program_.uint256 : program_[end].key);
        if (program_[end].kind == TypeKind::Struct) {
            for (const VariableId field : tree_[program_[end].structure].fields) {
                const TypeKind kind = program_[program_[field].type].kind;
                if (kind != TypeKind::Mapping && kind != TypeKind::Array) outputs.push_back(program_[field].type);
            }
        } else {
            outputs.push_back(end);
        }
        add("function", tree_[variable].name, inputs, outputs);
    }

    // "tuple[]" in an entry is "(uint256,bytes)[]" in a signature.
    static std::string name_of_encoding(const Json& entry) {
        const std::string& type = entry["type"].string();
        if (!entry.contains("components")) return type;
        std::string fields;
        for (const Json& field : entry["components"].elements())
            fields += (fields.empty() ? "" : ",") + name_of_encoding(field);
        return "(" + fields + ")" + type.substr(5);
    }

    // Functions of libraries have the names of contracts and enums instead of their encodings.
    void annotate(Json& entries, const Types& types, bool names_types) const {
        for (std::size_t i = 0; i < entries.size() && i < types.size(); ++i) {
            entries[i]["internalType"] = unlocated_name(program_, types[i]);
            TypeId element = types[i];
            while (program_[element].kind == TypeKind::Array) element = program_[element].value;
            if (entries[i].contains("components")) {
                annotate(entries[i]["components"], types_of(tree_[program_[element].structure].fields), names_types);
            } else if (names_types) {
                const std::string encoded = data::abi_name(program_, element);
                entries[i]["type"] =
                    data::library_name(program_, element) + entries[i]["type"].string().substr(encoded.size());
            }
        }
    }

    const Program& program_;
    const Tree& tree_;
    bool is_library_;
    std::map<std::string, std::pair<Types, Types>> known_;
};

// --- errors ---

std::string_view solc_type_of(const Diagnostic& diagnostic) {
    if (diagnostic.severity != Severity::Error) return "Warning";
    if (diagnostic.code == "E999") return "InternalCompilerError";
    if (diagnostic.code.size() < 2) return "Exception";
    // What solc tells in another phase than most of their kind.
    for (const std::string_view code : {"E202", "E205", "E207", "E209", "E210"})
        if (diagnostic.code == code) return "TypeError";
    for (const std::string_view code : {"E404", "E426", "E436"})
        if (diagnostic.code == code) return "DeclarationError";
    for (const std::string_view code : {"E309", "E413", "E439"})
        if (diagnostic.code == code) return "SyntaxError";
    switch (diagnostic.code[1]) {
        case '0':
        case '1': return "ParserError";
        case '2': return "DeclarationError";
        case '9': return "UnimplementedFeatureError";
        default: return "TypeError";
    }
}

Json location_of(SourceRange range, const Sources& sources) {
    const SourceFile& file = sources.file_of(range);
    return {{"file", file.path}, {"start", range.begin - file.start}, {"end", range.end - file.start}};
}

void add_errors(const Diagnostics& diagnostics, const Sources& sources, Json& errors) {
    for (const Diagnostic& diagnostic : diagnostics.all()) {
        Json error{{"component", "general"},
                   {"errorCode", diagnostic.code},
                   {"formattedMessage", render(diagnostic, sources, false)},
                   {"message", diagnostic.message},
                   {"severity", diagnostic.severity == Severity::Error ? "error" : "warning"},
                   {"sourceLocation", location_of(diagnostic.primary.range, sources)},
                   {"type", solc_type_of(diagnostic)}};
        for (const Label& label : diagnostic.secondary) {
            Json place = location_of(label.range, sources);
            place["message"] = label.text;
            error["secondarySourceLocations"].push_back(std::move(place));
        }
        errors.push_back(std::move(error));
    }
}

// --- contracts ---

// {"lib.sol": {"Lib": [{"start": 5, "length": 20}]}}
Json links_of(const std::vector<LinkReference>& links) {
    Json json = Json::object();
    for (const LinkReference& each : links) {
        const auto colon = each.library.rfind(':');
        const std::string file = colon == std::string::npos ? "" : each.library.substr(0, colon);
        json[file][each.library.substr(colon + 1)].push_back(Json{{"start", each.offset}, {"length", 20}});
    }
    return json;
}

Json code_json(const vm::Bytes& unlinked, const std::vector<LinkReference>& links, std::string source_map,
               const Libraries& libraries) {
    const vm::Bytes code = linked(unlinked, links, libraries);
    std::vector<LinkReference> open = links;
    std::erase_if(open, [&](const LinkReference& each) { return libraries.contains(each.library); });
    return {{"object", unlinked_hex(code, open)},  {"opcodes", opcodes_of(code)},
            {"sourceMap", std::move(source_map)},  {"linkReferences", links_of(open)},
            {"functionDebugData", Json::object()}, {"generatedSources", Json::array()}};
}

Json methods_of(const Program& program, ContractId contract) {
    const Tree& tree = *program.tree;
    Json methods = Json::object();
    const auto add = [&](const std::string& signature) {
        methods[signature] = fmt::format("{:08x}", abi::selector(signature));
    };
    for (const ContractId base : program[contract].linearization) {
        for (const FunctionId id : tree[base].functions) {
            const Function& function = tree[id];
            const bool is_called = function.visibility == Visibility::Public || function.visibility == Visibility::External;
            if (function.kind == FunctionKind::Function && is_called && !function.is_ghost) add(program[id].signature);
        }
        for (const VariableId id : tree[base].state_variables)
            if (tree[id].visibility == Visibility::Public && !tree[id].is_ghost)
                add(data::signature(program, tree[id].name.text, data::getter_keys(program, program[id].type)));
    }
    return methods;
}

// Lists immutables by the numbers of their nodes; a library stores its own address in this way.
Json immutables_of(const Artifact& artifact, const Program& program, ContractId contract, const ast::NodeIds& ids) {
    Json immutables = Json::object();
    for (const ImmutableReference& reference : artifact.immutables) {
        std::string name = "library_deploy_address";
        for (const StatePlace& place : program[contract].state)
            if ((*program.tree)[place.variable].is_immutable && place.slot == vm::Word{reference.index})
                name = std::to_string(ids.of(place.variable));
        immutables[name].push_back(Json{{"start", reference.offset}, {"length", 32}});
    }
    return immutables;
}

// A part of the document: files that were compiled together.
struct Part {
    const JointCompilation* compilation = nullptr;
    std::vector<std::uint32_t> file_numbers;  // by file
    std::uint32_t first_node = 0;             // of its syntax trees
    std::vector<bool> is_ok;                  // by unit: reached from a file without errors
};

Json evm_json(const Artifact& artifact, const Part& part, ContractId id, const Libraries& libraries) {
    const Program& program = part.compilation->program();
    const vm::Bytes &creation = artifact.creation_code, &runtime = artifact.runtime_code;
    const auto map_of = [&](const vm::Bytes& code, const std::vector<SourceMapEntry>& map) {
        return compressed_source_map(code, map, part.compilation->sources(), part.file_numbers);
    };
    Json evm{
        {"bytecode",
         code_json(creation, artifact.creation_links, map_of(creation, artifact.creation_source_map), libraries)},
        {"deployedBytecode", code_json(runtime, artifact.runtime_links, map_of(runtime, artifact.source_map), libraries)},
        {"methodIdentifiers", methods_of(program, id)}};
    evm["deployedBytecode"]["immutableReferences"] =
        immutables_of(artifact, program, id, ast::NodeIds(*program.tree, part.first_node));
    return evm;
}

std::vector<std::vector<Comment>> comments_of(const Sources& sources) {
    std::vector<std::vector<Comment>> comments(sources.files().size());
    Diagnostics told_already;
    for (std::size_t i = 0; i < comments.size(); ++i) (void)lex(sources.files()[i], told_already, &comments[i]);
    return comments;
}

void add_contracts(const Part& part, const Libraries& libraries, Json& contracts) {
    const Program& program = part.compilation->program();
    const Tree& tree = *program.tree;
    const Sources& sources = part.compilation->sources();
    const std::vector<std::vector<Comment>> comments = comments_of(sources);
    for (const JointCompilation::Made& made : part.compilation->contracts()) {
        const ContractId id = made.id;
        if (!part.is_ok[tree[id].unit.index]) continue;
        const ir::Contract& contract = *made.lowered;
        Json& place = contracts[sources.file_of(contract.range).path][contract.name];
        if (!place.is_null()) continue;  // another part has the file, too
        static const Artifact none;      // used for interfaces
        const Artifact& artifact = made.generated.artifact ? *made.generated.artifact : none;
        Json abi = abi::json_of(contract);
        InternalTypes(program, id).add_to(abi);
        // A constructor that only sets initial values is not shown.
        if (!own_function(tree, id, FunctionKind::Constructor))
            std::erase_if(abi.elements(), [](const Json& entry) { return entry["type"].string() == "constructor"; });
        const ContractDocumentation documentation = documentation_of(program, id, comments);
        place = {{"metadata", metadata_of(program, id, abi, documentation, part.compilation->remappings(),
                                          part.compilation->runs(), libraries, comments)},
                 {"devdoc", documentation.developer},
                 {"userdoc", documentation.user},
                 {"abi", abi},
                 {"storageLayout", storage_layout_json(program, id, part.first_node)},
                 {"transientStorageLayout", transient_layout_json(program, id, part.first_node)},
                 {"evm", evm_json(artifact, part, id, libraries)}};
    }
}

// Numbers files by path, so that a file that is in several parts has one number.
std::vector<Part> parts_of(const Batch& batch, Json& sources) {
    std::vector<Part> parts(batch.parts());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i].compilation = &batch.part(i);
        parts[i].is_ok.resize(batch.part(i).sources().files().size() + 1);
        for (const SourceFile& file : batch.part(i).sources().files()) {
            const std::size_t count = sources.size();
            Json& source = sources[file.path];
            if (source.is_null()) source["id"] = count;
            parts[i].file_numbers.push_back(static_cast<std::uint32_t>(source["id"].number()));
        }
    }
    return parts;
}

void add_trees(Part& part, std::uint32_t& next_node, Json& sources) {
    part.first_node = next_node;
    ast::NodeIds ids(part.compilation->tree(), next_node);
    std::vector<Json> units = ast::source_units(part.compilation->program(), ids, part.file_numbers);
    next_node = ids.fresh();
    for (std::size_t i = 0; i < units.size(); ++i) {
        Json& source = sources[part.compilation->sources().files()[i].path];
        if (part.is_ok[i + 1] && !source.contains("ast")) source["ast"] = std::move(units[i]);
    }
}

}  // namespace

std::string compressed_source_map(vm::ByteView code, const std::vector<SourceMapEntry>& entries, const Sources& sources,
                                  const std::vector<std::uint32_t>& file_numbers) {
    std::string text;
    std::array<std::string, 4> last;
    std::size_t entry = 0;
    for (std::size_t pc = 0; pc < code.size(); pc = next_instruction(code, pc)) {
        while (entry + 1 < entries.size() && entries[entry + 1].pc <= pc) ++entry;
        const bool is_known =
            entry < entries.size() && entries[entry].pc <= pc && entries[entry].range.begin < entries[entry].range.end;
        std::array<std::string, 4> now{"0", "0", "-1", "-"};
        if (is_known) {
            const SourceRange range = entries[entry].range;
            const std::size_t file = sources.number_of(range);
            now = {std::to_string(range.begin - sources.files()[file].start), std::to_string(range.end - range.begin),
                   std::to_string(file_numbers[file]), "-"};
        }
        if (pc != 0) text += ";";
        std::size_t used = now.size();
        while (used > 0 && now[used - 1] == last[used - 1]) --used;
        for (std::size_t i = 0; i < used; ++i) text += (i ? ":" : "") + (now[i] == last[i] ? "" : now[i]);
        last = std::move(now);
    }
    return text;
}

Json standard_output(const Batch& batch, const Libraries& libraries) {
    Json sources = Json::object(), contracts = Json::object(), errors = Json::array();
    std::vector<Part> parts = parts_of(batch, sources);
    Telling telling;
    bool is_ok = false;
    for (std::size_t file = 0; file < batch.size(); ++file) {
        Part& part = parts[batch.place_of(file).part];
        const Diagnostics diagnostics = batch.diagnostics_of(file);
        add_errors(telling.still_untold(diagnostics, part.compilation->sources()), part.compilation->sources(), errors);
        if (diagnostics.has_errors()) continue;
        is_ok = true;
        for (const UnitId unit : part.compilation->units_of(batch.place_of(file).root)) part.is_ok[unit.index] = true;
    }
    std::uint32_t next_node = 0;
    for (Part& part : parts) {
        if (std::ranges::find(part.is_ok, true) == part.is_ok.end()) continue;
        add_trees(part, next_node, sources);
        add_contracts(part, libraries, contracts);
    }
    Json json{{"sources", std::move(sources)}};
    if (!errors.empty()) json["errors"] = std::move(errors);
    if (is_ok) json["contracts"] = std::move(contracts);
    return json;
}

Json parsed_output(const std::vector<RootFile>& files, const ImportOptions& imports) {
    Sources sources;
    Diagnostics diagnostics;
    std::vector<const SourceFile*> roots;
    for (const RootFile& each : files) roots.push_back(&sources.add(each.path, each.text));
    (void)load(roots, sources, diagnostics, imports);
    Json known = Json::object(), errors = Json::array();
    for (const SourceFile& file : sources.files())
        if (known[file.path].is_null()) known[file.path] = {{"id", known.size() - 1}};
    add_errors(diagnostics, sources, errors);
    Json json{{"sources", std::move(known)}};
    if (!errors.empty()) json["errors"] = std::move(errors);
    return json;
}

std::string standard_json(const std::string& path, const std::string& text, const ImportOptions& imports) {
    return standard_output(Batch({{{path, text}, &imports, 0}})).text(Json::Keys::Sorted);
}

}  // namespace interlock::lang
