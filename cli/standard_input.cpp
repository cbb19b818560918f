#include "cli/standard_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "lang/batch.hpp"
#include "lang/loading/file_loader.hpp"
#include "lang/output/standard_json.hpp"
#include "vm/keccak.hpp"

namespace interlock::cli {

namespace {

using Document = nlohmann::json;

struct Malformed {
    std::string message;
    std::string type = "JSONError";
};

// --- reading ---

const Document& object(const Document& value, std::string_view what) {
    if (!value.is_object()) throw Malformed{fmt::format("{} is not an object", what)};
    return value;
}

const Document& array(const Document& value, std::string_view what) {
    if (!value.is_array()) throw Malformed{fmt::format("{} is not an array", what)};
    return value;
}

std::string text(const Document& value, std::string_view what) {
    if (!value.is_string()) throw Malformed{fmt::format("{} is not a string", what)};
    return value.get<std::string>();
}

void allow_only(const Document& value, std::string_view what, std::initializer_list<std::string_view> keys) {
    for (const auto& each : value.items())
        if (std::ranges::find(keys, each.key()) == keys.end())
            throw Malformed{fmt::format("{} has an unknown key `{}`", what, each.key())};
}

std::string lower(std::string_view name) {
    std::string result(name);
    for (char& each : result)
        if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
    return result;
}

// Files by their names. What the document lacks is read from disk.
class SourceLoader : public lang::Loader {
  public:
    explicit SourceLoader(const std::vector<std::string>& include_paths)
        : files_({"."}, {.loader = nullptr, .remappings = {}, .include_paths = include_paths}) {}

    [[nodiscard]] File read(const std::string& path) override {
        const auto given = contents_.find(path);
        return given == contents_.end() ? files_.read(path) : File{given->second, {}};
    }

    // A source is known by its name in the document, which may look like no path: "https://example.com/a.sol".
    [[nodiscard]] std::string name_of(const std::string& path) const override {
        return contents_.contains(path) ? path : lang::normalized(path);
    }

    // All sources are added before anything is read.
    void add(const std::string& path, const Document& source) {
        const std::string what = fmt::format("the source `{}`", path);
        if (path.empty() || path.size() > lang::max_path_bytes || path.find('\0') != std::string::npos)
            throw Malformed{fmt::format("a source has no path of 1 to {} bytes", lang::max_path_bytes)};
        allow_only(object(source, what), what, {"content", "keccak256", "urls", "license"});
        std::string content =
            source.contains("content") ? text(source["content"], what + "'s content") : from_urls(source, what);
        if (source.contains("keccak256")) check_hash(content, text(source["keccak256"], what + "'s keccak256"), what);
        if (content.size() > lang::Sources::max_file_bytes)
            throw Malformed{fmt::format("{} is larger than {} bytes", what, lang::Sources::max_file_bytes)};
        total_ += content.size();
        if (total_ > lang::max_total_bytes || contents_.size() == lang::max_files)
            throw Malformed{
                fmt::format("there are more than {} sources or {} bytes", lang::max_files, lang::max_total_bytes)};
        contents_.emplace(path, std::move(content));
    }

    [[nodiscard]] const std::map<std::string, std::string>& contents() const { return contents_; }

  private:
    static void check_hash(const std::string& content, const std::string& hash, const std::string& what) {
        const vm::Hash real = vm::keccak256({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()});
        const std::string digits = vm::to_hex(vm::ByteView(real));
        if (lower(hash) != digits && "0x" + lower(hash) != digits)
            throw Malformed{fmt::format("{} has another hash than its keccak256 says", what), "IOError"};
    }

    std::string from_urls(const Document& source, const std::string& what) {
        if (!source.contains("urls")) throw Malformed{what + " has neither content nor urls"};
        std::string why = "no urls";
        for (const Document& each : array(source["urls"], what + "'s urls")) {
            const std::string url = text(each, "a url of " + what);
            File file = files_.read(lang::normalized(url));
            if (file.text) return std::move(*file.text);
            why = fmt::format("`{}`: {}", url, file.why_not.empty() ? "no such file" : file.why_not);
        }
        throw Malformed{fmt::format("{} cannot be read: {}", what, why), "IOError"};
    }

    lang::FileLoader files_;
    std::map<std::string, std::string> contents_;
    std::size_t total_ = 0;
};

std::vector<lang::Remapping> remappings_of(const Document& settings) {
    std::vector<lang::Remapping> remappings;
    if (!settings.contains("remappings")) return remappings;
    for (const Document& each : array(settings["remappings"], "settings.remappings")) {
        const std::string written = text(each, "a remapping");
        std::optional<lang::Remapping> remapping = lang::parse_remapping(written);
        if (!remapping) throw Malformed{fmt::format("the remapping `{}` is not of the form context:prefix=target", written)};
        remappings.push_back(std::move(*remapping));
    }
    return remappings;
}

vm::Fork fork_of(const std::string& version) {
    for (std::size_t i = static_cast<std::size_t>(vm::Fork::Homestead); i < vm::fork_count; ++i)
        if (lower(vm::name_of(static_cast<vm::Fork>(i))) == lower(version)) return static_cast<vm::Fork>(i);
    throw Malformed{fmt::format("settings.evmVersion `{}` is unknown", version)};
}

lang::CodeOptions options_of(const Document& settings) {
    lang::CodeOptions options;
    if (settings.contains("evmVersion")) options.fork = fork_of(text(settings["evmVersion"], "settings.evmVersion"));
    if (settings.contains("optimizer")) {
        const Document& optimizer = object(settings["optimizer"], "settings.optimizer");
        allow_only(optimizer, "settings.optimizer", {"enabled", "runs", "details"});
        if (optimizer.contains("runs")) {
            const Document& runs = optimizer["runs"];
            if (!runs.is_number_unsigned() || runs.get<std::uint64_t>() > UINT32_MAX)
                throw Malformed{fmt::format("settings.optimizer.runs is not a number from 0 to {}", UINT32_MAX)};
            options.runs = runs.get<std::uint32_t>();
        }
    }
    return options;
}

// {"file": {"Library": "0x…"}}
lang::Libraries libraries_of(const Document& settings) {
    lang::Libraries libraries;
    if (!settings.contains("libraries")) return libraries;
    for (const auto& file : object(settings["libraries"], "settings.libraries").items())
        for (const auto& library : object(file.value(), "a file of settings.libraries").items()) {
            const std::string name = file.key() + ":" + library.key();
            const std::string written = text(library.value(), fmt::format("the address of the library `{}`", name));
            const auto bytes = vm::parse_hex(written);
            vm::Address address;
            if (!written.starts_with("0x") || !bytes || bytes->size() != address.bytes.size())
                throw Malformed{fmt::format("the address of the library `{}` is not 0x and 40 hexadecimal digits", name)};
            std::ranges::copy(*bytes, address.bytes.begin());
            libraries.emplace(name, address);
        }
    return libraries;
}

// Whether sources are only parsed.
bool stops_after_parsing(const Document& settings) {
    if (!settings.contains("stopAfter")) return false;
    if (text(settings["stopAfter"], "settings.stopAfter") != "parsing")
        throw Malformed{"settings.stopAfter can only be \"parsing\""};
    return true;
}

// --- selecting ---

// {"file or *": {"contract, * or the empty name": ["abi", "evm.bytecode"]}}
class Selection {
  public:
    explicit Selection(const Document& settings) {
        if (!settings.contains("outputSelection")) return;
        for (const auto& file : object(settings["outputSelection"], "settings.outputSelection").items())
            for (const auto& contract : object(file.value(), "a file of settings.outputSelection").items())
                for (const Document& output : array(contract.value(), "a contract of settings.outputSelection"))
                    wanted_[{file.key(), contract.key()}].insert(text(output, "an output of settings.outputSelection"));
    }

    // Whether something is wanted that is known only when the sources are compiled. Syntax trees tell of names and types.
    [[nodiscard]] bool wants_more_than_parsing() const {
        const auto is_made_later = [](const std::string& output) {
            return output == "*" || output == "ast" || output.starts_with("ir") || output.starts_with("evm.bytecode") ||
                   output.starts_with("evm.deployedBytecode") || output.starts_with("evm.assembly");
        };
        return std::ranges::any_of(wanted_,
                                   [&](const auto& each) { return std::ranges::any_of(each.second, is_made_later); });
    }

    void apply_to(Document& output) const {
        for (auto& source : output["sources"].items())
            if (!has(outputs_of(source.key(), {""}), "ast")) source.value().erase("ast");
        if (!output.contains("contracts")) return;
        Document selected = Document::object();
        for (auto& file : output["contracts"].items())
            for (auto& contract : file.value().items()) {
                Document kept = part(contract.value(), "", outputs_of(file.key(), {contract.key(), "*"}));
                if (!kept.empty()) selected[file.key()][contract.key()] = std::move(kept);
            }
        output["contracts"] = std::move(selected);
    }

  private:
    using Outputs = std::set<std::string>;

    [[nodiscard]] Outputs outputs_of(const std::string& source, std::initializer_list<std::string> contracts) const {
        Outputs outputs;
        for (const std::string& file : {source, std::string("*")})
            for (const std::string& contract : contracts)
                if (const auto found = wanted_.find({file, contract}); found != wanted_.end())
                    outputs.insert(found->second.begin(), found->second.end());
        return outputs;
    }

    static bool has(const Outputs& outputs, const std::string& name) {
        return outputs.contains("*") || outputs.contains(name);
    }

    static Document part(Document& whole, const std::string& prefix, const Outputs& outputs) {
        Document kept = Document::object();
        for (auto& each : whole.items()) {
            const std::string name = prefix + each.key();
            if (has(outputs, name)) {
                kept[each.key()] = std::move(each.value());
            } else if (each.value().is_object()) {
                const auto below = outputs.lower_bound(name + ".");
                if (below == outputs.end() || !below->starts_with(name + ".")) continue;
                if (Document inner = part(each.value(), name + ".", outputs); !inner.empty()) kept[each.key()] = inner;
            }
        }
        return kept;
    }

    std::map<std::pair<std::string, std::string>, Outputs> wanted_;  // by file and contract
};

Document answer(const Document& input, const std::vector<std::string>& include_paths, unsigned threads) {
    allow_only(object(input, "the input"), "the input", {"auxiliaryInput", "language", "sources", "settings"});
    if (!input.contains("language") || input["language"] != "Solidity") throw Malformed{"the language must be \"Solidity\""};
    if (!input.contains("sources") || object(input["sources"], "sources").empty()) throw Malformed{"there are no sources"};
    const Document settings = input.value("settings", Document::object());
    allow_only(object(settings, "settings"), "settings",
               {"debug", "evmVersion", "libraries", "metadata", "modelChecker", "optimizer", "outputSelection", "remappings",
                "stopAfter", "viaIR"});
    const Selection selection(settings);
    SourceLoader loader(include_paths);
    for (const auto& source : input["sources"].items()) loader.add(source.key(), source.value());
    const lang::ImportOptions imports{
        .loader = &loader, .remappings = remappings_of(settings), .include_paths = include_paths};
    const lang::CodeOptions options = options_of(settings);
    const lang::Libraries libraries = libraries_of(settings);
    Document output;
    if (stops_after_parsing(settings)) {
        if (selection.wants_more_than_parsing())
            throw Malformed{"settings.stopAfter is \"parsing\", but more than that is selected"};
        std::vector<lang::RootFile> files;
        for (const auto& [path, content] : loader.contents()) files.push_back({path, content});
        output = Document::parse(lang::parsed_output(files, imports).text());
    } else {
        std::vector<lang::BatchFile> files;
        for (const auto& [path, content] : loader.contents()) files.push_back({{path, content}, &imports, 0});
        const lang::Batch batch(std::move(files), options, threads);
        output = Document::parse(lang::standard_output(batch, libraries).text());
    }
    selection.apply_to(output);
    return output;
}

}  // namespace

std::string answer_standard_input(const std::string& document, const std::vector<std::string>& include_paths,
                                  unsigned threads) {
    try {
        const Document input = Document::parse(document, nullptr, false);
        if (input.is_discarded()) throw Malformed{"the input is not JSON"};
        return answer(input, include_paths, threads).dump();
    } catch (const Malformed& wrong) {
        const Document error{{"component", "general"},
                             {"formattedMessage", wrong.type + ": " + wrong.message},
                             {"message", wrong.message},
                             {"severity", "error"},
                             {"type", wrong.type}};
        return Document{{"errors", Document::array({error})}}.dump();
    }
}

}  // namespace interlock::cli
