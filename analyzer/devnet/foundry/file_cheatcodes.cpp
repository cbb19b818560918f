// Cheatcodes that read the project's files. Files are never written.
#include <algorithm>

#include "analyzer/devnet/foundry/document.hpp"
#include "analyzer/devnet/foundry/table.hpp"

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;
namespace fs = std::filesystem;

namespace {

// Returns the path inside the project, or a reply that refuses it.
std::variant<fs::path, vm::Reply> place(const Call& call) {
    const std::optional<fs::path> path = call.session.project().inside(call.text(0));
    if (!path) return call.refuse("the path " + call.text(0) + " is not allowed to be accessed for read operations");
    return *path;
}

std::variant<std::string, vm::Reply> contents(const Call& call) {
    auto path = place(call);
    if (vm::Reply* const refusal = std::get_if<vm::Reply>(&path)) return std::move(*refusal);
    std::optional<std::string> text = Project::text_of(std::get<fs::path>(path));
    if (!text) return call.refuse("failed to read the file \"" + call.text(0) + "\"");
    return std::move(*text);
}

vm::Reply root(const Call& call) { return gives(std::string_view(call.session.project().root().generic_string())); }

vm::Reply read(const Call& call) {
    auto text = contents(call);
    if (vm::Reply* const refusal = std::get_if<vm::Reply>(&text)) return std::move(*refusal);
    return gives(std::string_view(std::get<std::string>(text)));
}

// Returns the next line without its end, or an empty line after the last.
vm::Reply read_line(const Call& call) {
    auto text = contents(call);
    if (vm::Reply* const refusal = std::get_if<vm::Reply>(&text)) return std::move(*refusal);
    const std::string& all = std::get<std::string>(text);
    std::size_t& at = call.arrangement().lines_read[call.text(0)];
    at = std::min(at, all.size());
    const std::size_t end = std::min(all.find('\n', at), all.size());
    std::string line = all.substr(at, end - at);
    if (line.ends_with('\r')) line.pop_back();
    at = std::min(end + 1, all.size());
    return gives(std::string_view(line));
}

vm::Reply close(const Call& call) {
    call.arrangement().lines_read.erase(call.text(0));
    return nothing();
}

template <bool (*is)(const fs::path&, std::error_code&)>
vm::Reply ask(const Call& call) {
    auto path = place(call);
    if (vm::Reply* const refusal = std::get_if<vm::Reply>(&path)) return std::move(*refusal);
    std::error_code error;
    return gives(vm::Word(is(std::get<fs::path>(path), error)));
}

// The arguments are the folder, the depth, and whether links are followed (they never are).
vm::Reply list(const Call& call) {
    constexpr std::size_t most = 10'000;
    auto path = place(call);
    if (vm::Reply* const refusal = std::get_if<vm::Reply>(&path)) return std::move(*refusal);
    const std::uint64_t depth = call.count() > 1 ? call.word(1).low64() : 1;
    std::error_code error;
    fs::recursive_directory_iterator each(std::get<fs::path>(path), error);
    if (error) return call.refuse("\"" + call.text(0) + "\" is no folder");
    std::vector<std::pair<std::string, abi::Data>> found;
    for (; !error && each != fs::recursive_directory_iterator() && found.size() < most; each.increment(error)) {
        const auto level = static_cast<std::uint64_t>(each.depth()) + 1;
        if (level >= depth) each.disable_recursion_pending();
        const std::string name = each->path().generic_string();
        found.emplace_back(name,
                           std::vector<abi::Data>{std::string_view(""), std::string_view(name), vm::Word(level),
                                                  vm::Word(each->is_directory(error)), vm::Word(each->is_symlink(error))});
    }
    std::ranges::sort(found, {}, [](const auto& entry) { return entry.first; });
    std::vector<abi::Data> entries;
    for (auto& [name, entry] : found) entries.push_back(std::move(entry));
    return gives("((string,string,uint64,bool,bool)[])", {abi::Data(entries)});
}

// Replaces "${NAME}" by environment variables. Returns std::nullopt if a variable is missing.
std::optional<std::string> with_variables(const Call& call, const std::string& text) {
    std::string made;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = std::min(text.find("${", at), text.size());
        made += text.substr(at, begin - at);
        if (begin == text.size()) break;
        const std::size_t end = text.find('}', begin);
        const auto value = end == std::string::npos ? std::nullopt : variable(call, text.substr(begin + 2, end - begin - 2));
        if (!value) return std::nullopt;
        made += *value;
        at = end + 1;
    }
    return made;
}

// Looks a name up in [rpc_endpoints] of foundry.toml, where "${NAME}" is an environment variable. No endpoint is
// contacted; libraries look such names up and compare the text of the failure.
vm::Reply rpc_url(const Call& call) {
    const std::string name = call.text(0);
    if (name.find("://") != std::string::npos) return gives(std::string_view(name));
    const std::string refusal = "invalid rpc url: " + name;
    ReadDocument read = read_toml(Project::text_of(call.session.project().root() / "foundry.toml").value_or(""));
    const Document* const config = std::get_if<Document>(&read);
    const Document* const all = config == nullptr ? nullptr : config->find("rpc_endpoints");
    const Document* found = all == nullptr ? nullptr : all->find(name);
    if (found != nullptr && found->kind == Document::Kind::Object) found = found->find("endpoint");
    if (found == nullptr) return fails(refusal);
    const std::optional<std::string> url = with_variables(call, found->text);
    return url ? gives(std::string_view(*url)) : fails(refusal);
}

bool is_there(const fs::path& path, std::error_code& error) { return fs::exists(path, error); }
bool is_file(const fs::path& path, std::error_code& error) { return fs::is_regular_file(path, error); }
bool is_folder(const fs::path& path, std::error_code& error) { return fs::is_directory(path, error); }

}  // namespace

Cheatcodes file_cheatcodes() {
    return {
        {"projectRoot()", root},          {"readFile(string)", read},        {"readFileBinary(string)", read},
        {"readLine(string)", read_line},  {"closeFile(string)", close},      {"exists(string)", ask<is_there>},
        {"isFile(string)", ask<is_file>}, {"isDir(string)", ask<is_folder>}, {"rpcUrl(string)", rpc_url},
        {"readDir(string)", list},        {"readDir(string,uint64)", list},  {"readDir(string,uint64,bool)", list},
    };
}

}  // namespace interlock::analyzer::foundry
