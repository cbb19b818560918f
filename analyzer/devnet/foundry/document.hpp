// What JSON and TOML texts hold, for tests that read them: a tree of values, the texts of their numbers kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace interlock::analyzer::foundry {

struct Document {
    enum class Kind : std::uint8_t { Null, Flag, Number, Text, List, Object };
    Kind kind = Kind::Null;
    std::string text;                // Flag: "true", "false"; Number: as it stands there; Text
    std::vector<Document> elements;  // List, Object: the values
    std::vector<std::string> keys;   // Object: of the elements, in their order, none twice

    [[nodiscard]] const Document* find(std::string_view key) const;  // null: there is none
    // The member of that name, added where it is missing.
    Document& member(const std::string& key);
};

// How deep lists and objects may lie within each other.
inline constexpr std::size_t max_document_depth = 64;

// The document, or why the text is none.
using ReadDocument = std::variant<Document, std::string>;
[[nodiscard]] ReadDocument read_json(std::string_view text);
// TOML 1.0; dates and times are texts.
[[nodiscard]] ReadDocument read_toml(std::string_view text);

// In one line, objects sorted by their keys.
[[nodiscard]] std::string to_json(const Document& document);

// What a path leads to: ".key", "['key']", "[0]", "[-1]", ".*" and "[*]", one behind the other, `$` in front or not.
// nullopt: it is no such path.
[[nodiscard]] std::optional<std::vector<const Document*>> select(const Document& document, std::string_view path);

}  // namespace interlock::analyzer::foundry
